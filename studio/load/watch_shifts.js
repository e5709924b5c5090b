// Collects the shifts of a page from its beginning. What follows an input within 500 ms is no surprise
// and does not count. A browser sees no shift where an element is replaced by another one at a new place,
// as a run's page does, so the places of its parts are compared here, weighed as a browser weighs them.
window.layoutShifts = [];
{
  const PARTS = [
    ".pane.mockup",
    ".pane.result",
    ".toolbar",
    "#heading",
    "#ask",
    "#title",
    "#actions",
    ".turn.current .made",
  ];
  const [LOOK, LEAST] = [50, 3]; // ms between two looks, px
  const seen = new Map();
  const look = (part) => {
    const element = [...document.querySelectorAll(part)].find((each) => each.checkVisibility());
    return element && { element, box: element.getBoundingClientRect() };
  };
  const weigh = ([from, to]) => {
    const [wide, tall] = [innerWidth, innerHeight];
    const area = ({ left, right, top, bottom }) =>
      Math.max(0, Math.min(right, wide) - Math.max(left, 0)) *
      Math.max(0, Math.min(bottom, tall) - Math.max(top, 0));
    const shared = area({
      left: Math.max(from.left, to.left),
      right: Math.max(Math.max(from.left, to.left), Math.min(from.right, to.right)),
      top: Math.max(from.top, to.top),
      bottom: Math.max(Math.max(from.top, to.top), Math.min(from.bottom, to.bottom)),
    });
    const way = Math.max(Math.abs(from.left - to.left), Math.abs(from.top - to.top));
    if (way < LEAST) return 0;
    return ((area(from) + area(to) - shared) / (wide * tall)) * (way / Math.max(wide, tall));
  };
  setInterval(() => {
    for (const part of PARTS) {
      const [old, now] = [seen.get(part), look(part)];
      seen.set(part, now);
      if (!old || !now || old.element === now.element) continue;
      const value = weigh([old.box, now.box]);
      const parts = [`${part} (replaced)`];
      if (value) window.layoutShifts.push({ at: performance.now(), value, parts });
    }
  }, LOOK);
}
new PerformanceObserver((list) => {
  const describe = ({ node }) => {
    const element = node?.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    if (!element) return "removed";
    const classes = (element.getAttribute("class") ?? "").split(/\s+/).filter(Boolean);
    const id = element.id ? `#${element.id}` : "";
    return element.localName + id + classes.map((name) => `.${name}`).join("");
  };
  for (const entry of list.getEntries()) {
    if (entry.hadRecentInput) continue;
    const { startTime: at, value, sources } = entry;
    window.layoutShifts.push({ at, value, parts: sources.map(describe) });
  }
}).observe({ type: "layout-shift", buffered: true });
