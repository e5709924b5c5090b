// Turns one knob of a page after the other (in its style sheets, or as a style of the elements it rules) and says
// what each moved or recoloured. Leaves the page as it was.
((job) => {
  const round = (value) => Math.round(value * 100) / 100;
  const links = [...document.querySelectorAll("link")].filter((link) => /\bstylesheet\b/i.test(link.rel));
  const styles = [...document.querySelectorAll("style")];
  // A linked sheet is replaced by its text in place, so that it can be changed like one that stands in the page.
  const sheets = job.sheets.map(({ place, linked, text }) => {
    const element = linked ? links[place] : styles[place];
    if (!element || (!linked && element.textContent !== text)) return null;
    if (!linked) return element;
    const style = document.createElement("style");
    if (element.media) style.media = element.media;
    style.textContent = text;
    element.replaceWith(style);
    return style;
  });
  // A colour on its way to another would be read as the old one.
  const still = document.createElement("style");
  still.textContent = "*, *::before, *::after { transition: none !important; }";
  document.head.append(still);
  const dressed = [...document.querySelectorAll("[class]")].map((element) =>
    [element, element.getAttribute("class").trim().replace(/\s+/g, " ")]);
  const ruled = ({ selector, classes, part, children }) => {
    const elements = selector ? [...document.querySelectorAll(selector)]
      : dressed.filter(([, worn]) => (part ? ` ${worn} `.includes(` ${classes} `) : worn === classes)).map(([element]) => element);
    return children ? elements.flatMap((element) => [...element.children].slice(0, -1)) : elements;
  };
  // Sets the styles and gives back what undoes them; null where nothing is ruled.
  const dress = (inline, value) => {
    const old = ruled(inline).map((element) => [element, element.getAttribute("style")]);
    for (const [element] of old) for (const name of inline.names) element.style.setProperty(name, value, "important");
    return old.length ? () => {
      for (const [element, style] of old) style === null ? element.removeAttribute("style") : element.setAttribute("style", style);
    } : null;
  };
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map();
  // Tailwind's palette is in oklch; the numbers that come back are sRGB's.
  const rgb = (color) => {
    if (color.startsWith("rgb")) return color;
    if (!known.has(color)) {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = color;
      pen.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
      known.set(color, alpha === 255 ? `rgb(${red}, ${green}, ${blue})` : `rgba(${red}, ${green}, ${blue}, ${alpha / 255})`);
    }
    return known.get(color);
  };
  const found = job.places.map((selector) => {
    try {
      return document.querySelector(selector);
    } catch {
      return null;
    }
  });
  const words = found.map((element) =>
    element ? [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && /\S/.test(node.data)) : []);
  const range = document.createRange();
  const extent = (index) => {
    const element = found[index];
    const rects = words[index].flatMap((node) => {
      range.selectNodeContents(node);
      return [...range.getClientRects()].filter((rect) => rect.width > 0);
    });
    if (!rects.length) rects.push(element.getBoundingClientRect());
    return [
      Math.min(...rects.map((r) => r.left)), Math.min(...rects.map((r) => r.top)),
      Math.max(...rects.map((r) => r.right)), Math.max(...rects.map((r) => r.bottom)),
    ];
  };
  // Of each place: extent of its words, extent of its box, and what it looks like.
  const state = () => {
    const all = found.map((element, index) => {
      if (!element) return null;
      const style = getComputedStyle(element), box = element.getBoundingClientRect();
      return [
        ...extent(index), box.left, box.top, box.right, box.bottom, parseFloat(style.fontSize),
        parseFloat(style.borderTopLeftRadius) || 0, rgb(style.color), rgb(style.backgroundColor),
        `${rgb(style.borderTopColor)} ${rgb(style.borderBottomColor)}`, style.fontWeight,
      ].map((value, at) => (typeof value === "number" ? round(value + (at < 8 ? (at % 2 ? scrollY : scrollX) : 0)) : value));
    });
    const root = document.documentElement;
    return { all, height: Math.max(root.scrollHeight, document.body?.scrollHeight ?? 0) };
  };
  const before = state();
  const rewrite = ({ sheet, start, end, text }) => {
    const element = sheets[sheet];
    if (!element) return null;
    const source = job.sheets[sheet].text;
    element.textContent = source.slice(0, start) + text + source.slice(end);
    return () => (element.textContent = source);
  };
  const effects = job.tries.map((one) => {
    let undo = null;
    try {
      undo = one.inline ? dress(one.inline, one.text) : rewrite(one);
    } catch {} // a selector that this browser does not know
    if (!undo) return null;
    const after = state();
    undo();
    const changed = {};
    after.all.forEach((values, index) => {
      if (values && values.some((value, at) => value !== before.all[index][at])) changed[index] = values;
    });
    return { changed, height: after.height };
  });
  still.remove();
  return { before, effects };
})
