// What is recognized in a mockup, drawn while the run works: outlines over the mockup, and the same texts, boxes and
// pictures on the empty page beside it, from the top down. Everything drawn comes from the run's "hints" event.
const SVG = "http://www.w3.org/2000/svg";
const LONGEST = 1400; // ms from the first to the last item

export class MockupScan {
  constructor(root) {
    this.root = root;
  }

  get sheets() {
    return [...this.root.querySelectorAll("#outcome [data-scanned]")];
  }

  // A line runs down the mockup while it is analyzed.
  begin() {
    for (const sheet of this.sheets) sheet.toggleAttribute("data-scanning", true);
  }

  clear() {
    for (const sheet of this.sheets) sheet.removeAttribute("data-scanning");
    for (const old of this.root.querySelectorAll(".seen")) old.remove();
  }

  show(hints) {
    this.clear();
    const items = inOrder(hints);
    for (const sheet of this.sheets) sheet.append(draw(hints, items, outline, "seen"));
    const page = this.root.querySelector("[data-building]");
    if (!page) return;
    page.style.setProperty("--wide", `${hints.width}px`);
    page.append(draw(hints, items, paint, "seen built"));
  }
}

export function inOrder({ texts, rects, pictures }) {
  const items = [
    ...rects.map((at) => ({ kind: "rect", at })),
    ...pictures.map((at) => ({ kind: "picture", at })),
    ...texts.map((at) => ({ kind: "text", at })),
  ];
  return items.sort((a, b) => a.at[1] - b.at[1]); // stable: boxes stay below their texts
}

function draw({ width, height, background }, items, make, name) {
  const svg = node("svg", {
    viewBox: `0 0 ${width} ${height}`,
    class: name,
    "aria-hidden": "true",
  });
  if (make === paint) svg.append(node("rect", { width, height, fill: background }));
  items.forEach((item, i) => {
    const shape = make(item);
    shape.style.animationDelay = `${Math.round((i / Math.max(1, items.length)) * LONGEST)}ms`;
    svg.append(shape);
  });
  return svg;
}

function outline({ kind, at: [x, y, width, height] }) {
  return node("rect", {
    class: kind,
    x: x - 2,
    y: y - 2,
    width: width + 4,
    height: height + 4,
    rx: 2,
  });
}

function paint({ kind, at }) {
  const [x, y, width, height] = at;
  if (kind === "rect")
    return node("rect", { x, y, width, height, fill: at[4] || "none", rx: at[5] });
  if (kind === "picture") return node("rect", { class: "picture", x, y, width, height });
  const text = node("text", {
    x,
    y: y + height * 0.82,
    fill: at[6],
    "font-size": at[5],
    "font-weight": at[7],
    textLength: width,
    lengthAdjust: "spacingAndGlyphs",
  });
  text.textContent = at[4];
  return text;
}

function node(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
