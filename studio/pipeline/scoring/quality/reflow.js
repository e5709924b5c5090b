// How a page stands at the width it has now: what sticks out, which letters are cut off, covered, crushed or at the window's
// edge, and how much of it is empty between one thing and the next.
(() => {
  const root = document.documentElement;
  const width = root.clientWidth;
  const overflow = Math.max(0, Math.max(root.scrollWidth, document.body?.scrollWidth ?? 0) - width);
  const lines = [];
  const walker = document.createTreeWalker(document.body ?? root, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode() && lines.length < 2000) {
    const node = walker.currentNode, element = node.parentElement;
    if (!node.data.trim() || element.closest("script, style, svg, option") || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()].filter((r) => r.width > 1 && r.height > 1);
    const letters = node.data.trim().length / Math.max(1, rects.length);
    const scroller = element.closest("[data-scrolls]") ?? [...ancestors(element)].find((e) => /auto|scroll/.test(getComputedStyle(e).overflowX));
    for (const rect of rects) lines.push({ rect, letters, element, scrolls: Boolean(scroller) });
    if (rects.length > 3 && rects.every((r) => r.width < 3 * parseFloat(getComputedStyle(element).fontSize))) lines.at(-1).crushed = letters * rects.length;
  }
  function* ancestors(e) { for (; e && e !== document.body; e = e.parentElement) yield e; }
  // The share of a line that an ancestor's edge hides; what is meant for screen readers alone lies in a box of a pixel.
  const clipped = ({ rect, element }) => {
    for (const e of ancestors(element)) {
      const style = getComputedStyle(e);
      if (style.display === "inline" || (style.overflowX === "visible" && style.overflowY === "visible")) continue;
      const box = e.getBoundingClientRect();
      if (box.width < 4 || box.height < 4) return 0;
      const w = Math.min(rect.right, box.right) - Math.max(rect.left, box.left), h = Math.min(rect.bottom, box.bottom) - Math.max(rect.top, box.top);
      const seen = (Math.max(0, w) * Math.max(0, h)) / (rect.width * rect.height);
      if (seen < 0.7) return 1 - seen;
    }
    return 0;
  };
  const EDGE = 4; // px; letters nearer to the window's edge touch it
  const EMPTY = 240; // px of nothing that a page may have in one place: a picture's room, a generous section
  let total = 0, cut = 0, covered = 0, crushed = 0, edge = 0;
  const sorted = lines.sort((a, b) => a.rect.top - b.rect.top);
  sorted.forEach((line, i) => {
    const { rect, letters } = line;
    total += letters;
    crushed += line.crushed ?? 0;
    if (rect.left < EDGE || (rect.right > width - EDGE && !line.scrolls)) edge += letters;
    if (!line.scrolls && (rect.left < -2 || rect.right > width + 2)) cut += letters;
    else if (!line.scrolls) cut += letters * clipped(line);
    for (let j = i + 1; j < sorted.length && sorted[j].rect.top < rect.bottom; j++) {
      const other = sorted[j].rect;
      const w = Math.min(rect.right, other.right) - Math.max(rect.left, other.left);
      const h = Math.min(rect.bottom, other.bottom) - Math.max(rect.top, other.top);
      // Line boxes of close lines touch; letters lie on letters only where a good part of both is shared.
      if (w > 4 && h > 0.45 * Math.min(rect.height, other.height)) { covered += Math.min(letters, sorted[j].letters); break; }
    }
  });
  // From top to bottom: texts, pictures and controls; what lies between two of them beyond EMPTY is a gap.
  const things = [...lines.map((line) => line.rect), ...[...document.querySelectorAll("img, svg, video, canvas, iframe, input, select, textarea, button")].filter((e) => e.checkVisibility()).map((e) => e.getBoundingClientRect())]
    .filter((r) => r.width > 1 && r.height > 1).sort((a, b) => a.top - b.top);
  let gaps = 0, low = things[0]?.top ?? 0;
  for (const thing of things) { gaps += Math.max(0, thing.top - low - EMPTY); low = Math.max(low, thing.bottom); }
  return { overflow, letters: total, cut, covered, crushed, edge, gaps, height: root.scrollHeight };
})()
