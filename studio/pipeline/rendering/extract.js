// Reads a page: every visible line of text with its style, every element that paints, and the page's extent.
(() => {
  const MOST = 5000; // lines and boxes each; a real page has a few hundred
  const root = document.documentElement;
  const width = window.innerWidth;
  const round = (value) => Math.round(value * 100) / 100;

  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const remembered = (compute) => {
    const known = new Map();
    return (key) => {
      if (!known.has(key)) known.set(key, compute(key));
      return known.get(key);
    };
  };

  // [r, g, b, alpha 0–1] of any CSS colour, however it is written.
  const rgba = remembered((color) => {
    pen.canvas.width = pen.canvas.height = 1;
    pen.fillStyle = "rgba(0,0,0,0)";
    pen.fillStyle = color;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  });
  const hex = ([r, g, b]) => "#" + [r, g, b].map((v) => Math.round(v).toString(16).padStart(2, "0")).join("");
  const over = ([r, g, b], alpha, [R, G, B]) => [r, g, b].map((v, i) => v * alpha + [R, G, B][i] * (1 - alpha));

  const styleOf = remembered((element) => getComputedStyle(element));
  const rectOf = remembered((element) => element.getBoundingClientRect());
  const opacityOf = remembered((element) =>
    (element.parentElement ? opacityOf(element.parentElement) : 1) * Number(styleOf(element).opacity));
  const groundOf = remembered((element) => {
    const below = element.parentElement ? groundOf(element.parentElement) : [255, 255, 255];
    const color = rgba(styleOf(element).backgroundColor);
    return color[3] > 0 ? over(color, color[3] * opacityOf(element), below) : below;
  });

  const meet = (a, b) => ({
    left: Math.max(a.left, b.left), top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right), bottom: Math.min(a.bottom, b.bottom),
  });
  const area = (r) => Math.max(0, r.right - r.left) * Math.max(0, r.bottom - r.top);
  const everywhere = { left: 0, top: -1e9, right: width, bottom: 1e9 };
  // What ancestors that hide their overflow leave visible of an element's content.
  const windowOf = remembered((element) => {
    const outer = element.parentElement ? windowOf(element.parentElement) : everywhere;
    const style = styleOf(element);
    const clips = element !== root && element !== document.body && style.display !== "inline" &&
      (style.overflowX !== "visible" || style.clip !== "auto");
    return clips ? meet(outer, rectOf(element)) : outer;
  });

  const positions = remembered((parent) => {
    const counts = {}, places = new Map();
    for (const child of parent.children) {
      counts[child.localName] = (counts[child.localName] || 0) + 1;
      places.set(child, counts[child.localName]);
    }
    return { counts, places };
  });
  const ids = {};
  for (const element of document.querySelectorAll("[id]")) ids[element.id] = (ids[element.id] || 0) + 1;
  const selectorOf = remembered((element) => {
    if (element === root) return "html";
    if (element === document.body) return "body";
    const name = CSS.escape(element.localName);
    if (element.id && ids[element.id] === 1) return `#${CSS.escape(element.id)}`;
    const parent = element.parentElement;
    if (!parent) return name;
    const { counts, places } = positions(parent);
    const place = counts[element.localName] > 1 ? `:nth-of-type(${places.get(element)})` : "";
    return `${selectorOf(parent)} > ${name}${place}`;
  });

  const visible = (element) => {
    const style = styleOf(element);
    return style.visibility === "visible" && style.display !== "none" && opacityOf(element) > 0.05;
  };
  const boxOf = (r) => [round(r.left + scrollX), round(r.top + scrollY), round(r.right - r.left), round(r.bottom - r.top)];

  const texts = [];
  const shown = (text, transform) => {
    if (transform === "uppercase") return text.toUpperCase();
    if (transform === "lowercase") return text.toLowerCase();
    if (transform === "capitalize") return text.replace(/(^|[\s\-([])(\p{L})/gu, (_, gap, letter) => gap + letter.toUpperCase());
    return text;
  };
  const addText = (element, words, rect, color) => {
    const text = words.replace(/\s+/g, " ").trim();
    const seen = meet(rect, windowOf(element));
    if (!text || texts.length >= MOST || area(rect) < 1 || area(seen) < 0.25 * area(rect) || rect.bottom + scrollY <= 0) return;
    const style = styleOf(element);
    const alpha = rgba(color)[3] * opacityOf(element);
    if (alpha < 0.05) return;
    texts.push({
      text: shown(text, style.textTransform), box: boxOf(rect), size: round(parseFloat(style.fontSize)),
      weight: parseInt(style.fontWeight, 10) || 400, family: style.fontFamily,
      color: hex(over(rgba(color), alpha, groundOf(element))), element: selectorOf(element),
    });
  };
  const union = (a, b) => ({
    left: Math.min(a.left, b.left), top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right), bottom: Math.max(a.bottom, b.bottom),
  });

  const range = document.createRange();
  const rectsOf = (node, start, end) => {
    range.setStart(node, start);
    range.setEnd(node, end);
    return [...range.getClientRects()].filter((rect) => rect.width > 0);
  };
  const sameLine = (a, b) => Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.5 * Math.min(a.bottom - a.top, b.bottom - b.top);
  // A text node's lines: by words, and by characters where a single word is broken.
  const linesOf = (node) => {
    const data = node.data, whole = rectsOf(node, 0, data.length);
    if (!whole.length) return [];
    if (whole.every((rect) => sameLine(rect, whole[0]))) return [{ text: data, rect: whole.reduce(union) }];
    const lines = [];
    const add = (text, rect) => {
      const last = lines.at(-1);
      if (last && sameLine(last.rect, rect)) {
        last.text += text;
        last.rect = union(last.rect, rect);
      } else lines.push({ text, rect });
    };
    for (const { 0: word, index } of data.matchAll(/\S+\s*/g)) {
      const length = word.trimEnd().length;
      const rects = rectsOf(node, index, index + length);
      if (!rects.length) continue;
      if (rects.every((rect) => sameLine(rect, rects[0]))) add(word, rects.reduce(union));
      else for (let i = 0; i < length; i++) {
        const [rect] = rectsOf(node, index + i, index + i + 1);
        if (rect) add(word[i], rect);
      }
    }
    return lines;
  };

  // The text of a form control is no text node; its place is worked out from the box and the font.
  const BUTTONS = ["submit", "button", "reset"];
  const SILENT = ["hidden", "checkbox", "radio", "range", "color", "file", "image"];
  const controlText = (element) => {
    if (element.localName === "select") return element.selectedOptions[0]?.text ?? "";
    if (element.localName === "input" && SILENT.includes(element.type)) return "";
    if (element.type === "password" && element.value) return "•".repeat(element.value.length);
    if (element.type === "submit" && !element.hasAttribute("value")) return "Submit";
    return element.value || element.placeholder || "";
  };
  const addControl = (element) => {
    const style = styleOf(element), outer = rectOf(element), words = controlText(element);
    const side = (name) => parseFloat(style[`padding${name}`]) + parseFloat(style[`border${name}Width`]);
    const inner = {
      left: outer.left + side("Left"), top: outer.top + side("Top"),
      right: outer.right - side("Right"), bottom: outer.bottom - side("Bottom"),
    };
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const isArea = element.localName === "textarea", centred = BUTTONS.includes(element.type) || style.textAlign === "center";
    const high = parseFloat(style.fontSize) * 1.15, step = parseFloat(style.lineHeight) || high;
    const placeholder = element.localName !== "select" && !element.value && !BUTTONS.includes(element.type);
    const color = placeholder ? getComputedStyle(element, "::placeholder").color : style.color;
    (isArea ? words.split("\n") : [words]).forEach((text, i) => {
      const wide = Math.min(pen.measureText(text).width, Math.max(0, inner.right - inner.left));
      const free = inner.right - inner.left - wide;
      const left = inner.left + (centred ? free / 2 : style.textAlign === "right" ? free : 0);
      const top = isArea ? inner.top + i * step + (step - high) / 2 : (inner.top + inner.bottom - high) / 2;
      addText(element, text, { left, top, right: left + wide, bottom: top + high }, color);
    });
  };

  const boxes = [];
  const CONTROLS = ["input", "button", "select", "textarea"];
  const PICTURES = ["img", "svg", "video", "canvas", "iframe", "object", "embed"];
  const borderOf = (style) => {
    for (const side of ["Top", "Right", "Bottom", "Left"]) {
      const wide = parseFloat(style[`border${side}Width`]), color = rgba(style[`border${side}Color`]);
      if (wide > 0 && style[`border${side}Style`] !== "none" && color[3] > 0.02) return `${wide}px ${hex(color)}`;
    }
    return null;
  };
  const addBox = (element) => {
    const style = styleOf(element), rect = meet(rectOf(element), windowOf(element));
    if (boxes.length >= MOST || area(rect) < 1) return;
    const painted = rgba(style.backgroundColor)[3] > 0.02, border = borderOf(style);
    const special = CONTROLS.includes(element.localName) || PICTURES.includes(element.localName);
    if (!painted && !border && !special && style.backgroundImage === "none" && style.boxShadow === "none") return;
    boxes.push({
      tag: element.localName, box: boxOf(rect), element: selectorOf(element),
      fill: painted ? hex(groundOf(element)) : null, border, radius: round(parseFloat(style.borderTopLeftRadius) || 0),
    });
  };

  const walker = document.createTreeWalker(document.body ?? root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walker.currentNode; node && (texts.length < MOST || boxes.length < MOST); node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) {
      const element = node.parentElement;
      if (texts.length >= MOST || !element || !/\S/.test(node.data) || !visible(element) || element.closest("select, textarea")) continue;
      const style = styleOf(element), color = element instanceof SVGElement ? style.fill : style.color;
      for (const { text, rect } of linesOf(node)) addText(element, text, rect, color);
    } else if (node.nodeType === Node.ELEMENT_NODE && visible(node)) {
      if (!(node instanceof SVGElement) || node.localName === "svg") addBox(node);
      if (["input", "select", "textarea"].includes(node.localName)) addControl(node);
    }
  }
  const wide = Math.max(root.scrollWidth, document.body?.scrollWidth ?? 0);
  const height = Math.max(root.scrollHeight, document.body?.scrollHeight ?? 0);
  return { texts, boxes, height, overflow: Math.max(0, wide - width) };
})()
