// What stands on a page and what its author called it: lines of text with their ink, painted boxes, pictures, elements.
(() => {
  const LIMIT = 9000, canvas = document.createElement("canvas").getContext("2d");
  const elements = [], ids = new Map();
  const idOf = (e) => {
    if (!e || e === document.documentElement) return -1;
    if (ids.has(e)) return ids.get(e);
    const parent = idOf(e.parentElement), rect = e.getBoundingClientRect(), style = getComputedStyle(e);
    const id = elements.length;
    ids.set(e, id);
    elements.push({ tag: e.localName, parent, cls: `${e.getAttribute("class") ?? ""} ${e.id ?? ""}`.slice(0, 120), role: e.getAttribute("role") ?? "",
      type: e.getAttribute("type") ?? "", box: [rect.left, rect.top + scrollY, rect.width, rect.height], display: style.display,
      order: [...(e.parentElement?.children ?? [])].indexOf(e) });
    return id;
  };
  const rgba = (text) => { const m = text.match(/[\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
  const shown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()) && lines.length < 1500; ) {
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest("script, style, noscript, svg, template, option") || !shown(parent)) continue;
    const style = getComputedStyle(parent), range = document.createRange();
    const words = [...node.data.matchAll(/\S+/g)], rows = [];
    for (const word of words) {
      range.setStart(node, word.index); range.setEnd(node, word.index + word[0].length);
      const rect = range.getClientRects()[0];
      if (!rect || rect.width < 1 || rect.height < 4) continue;
      const last = rows.at(-1);
      if (last && Math.abs(last.top - rect.top) < 3 && rect.left >= last.right - 2) { last.text += ` ${word[0]}`; last.right = rect.right; }
      else rows.push({ text: word[0], left: rect.left, top: rect.top, right: rect.right, height: rect.height });
    }
    canvas.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    for (const row of rows) {
      const text = style.textTransform === "uppercase" ? row.text.toUpperCase() : row.text, m = canvas.measureText(text);
      const baseline = row.top + scrollY + m.fontBoundingBoxAscent + (row.height - m.fontBoundingBoxAscent - m.fontBoundingBoxDescent) / 2;
      if (baseline > LIMIT || row.right < 0 || row.left > innerWidth) continue;
      lines.push({ element: idOf(parent), text, left: row.left, right: row.right, baseline, up: m.actualBoundingBoxAscent, down: m.actualBoundingBoxDescent,
        size: parseFloat(style.fontSize), leading: parseFloat(style.lineHeight) || 1.15 * parseFloat(style.fontSize), weight: Number(style.fontWeight),
        family: style.fontFamily, color: rgba(style.color), italic: style.fontStyle === "italic", underline: style.textDecorationLine.includes("underline"),
        spacing: parseFloat(style.letterSpacing) || 0 });
    }
  }
  const boxes = [], pictures = [];
  for (const e of document.body.querySelectorAll("*")) {
    if (e.closest("script, style, template, noscript") || (e.closest("svg") && e.localName !== "svg") || !shown(e)) continue;
    const rect = e.getBoundingClientRect();
    if (rect.width < 1 || rect.height < 1 || rect.top + scrollY > LIMIT) continue;
    const style = getComputedStyle(e), box = [rect.left, rect.top + scrollY, rect.width, rect.height];
    if (e.matches("img, svg, canvas, video, picture, object, iframe")) { if (rect.width >= 6 && rect.height >= 6) pictures.push({ element: idOf(e), box, icon: rect.width <= 48 && rect.height <= 48 }); continue; }
    const fill = rgba(style.backgroundColor), sides = ["top", "right", "bottom", "left"];
    const border = sides.filter((s) => parseFloat(style[`border-${s}-width`]) >= 0.5 && style[`border-${s}-style`] !== "none" && rgba(style[`border-${s}-color`])[3] > 0.05);
    const image = style.backgroundImage !== "none", placeholder = e.matches("input, textarea") ? (e.value || e.placeholder || "") : e.matches("select") ? (e.selectedOptions[0]?.text ?? "") : "";
    const field = e.matches("input:not([type=hidden]), textarea, select");
    if (fill[3] > 0.03 || border.length || image || field) boxes.push({ element: idOf(e), box, fill: fill[3] > 0.03 ? fill : null, image, field,
      border: border.map((s) => s[0]).join(""), stroke: border.length ? rgba(style[`border-${border[0]}-color`]) : null, width: border.length ? parseFloat(style[`border-${border[0]}-width`]) : 0,
      radius: parseFloat(style.borderTopLeftRadius) || 0, shadow: style.boxShadow !== "none",
      placeholder: placeholder.slice(0, 60), size: parseFloat(style.fontSize), color: rgba(style.color), pad: parseFloat(style.paddingLeft) || 0 });
  }
  for (const e of document.body.querySelectorAll("ul, ol, nav, header, footer, main, section, article, aside, form")) if (shown(e)) idOf(e);
  const root = getComputedStyle(document.documentElement).backgroundColor, body = getComputedStyle(document.body).backgroundColor;
  const ground = rgba(body)[3] > 0.5 ? rgba(body) : rgba(root)[3] > 0.5 ? rgba(root) : [255, 255, 255, 1];
  return { width: innerWidth, height: Math.min(LIMIT, Math.ceil(document.documentElement.scrollHeight)), ground, lines, boxes, pictures, elements,
    markers: [...document.querySelectorAll("li")].filter((e) => shown(e) && getComputedStyle(e).listStyleType !== "none" && getComputedStyle(e).display === "list-item").map(idOf),
    sheets: document.styleSheets.length };
})()
