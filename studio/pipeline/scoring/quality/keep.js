// Facts about a page's code, counted where it stands at its first width. Judges nothing: `keep.py` does.
(() => {
  const all = [...document.querySelectorAll("body, body *")].filter((e) => !e.closest("svg, script, style, template") || e.localName === "svg");
  const shown = all.filter((e) => e.checkVisibility({ visibilityProperty: true }));
  const styles = new Map(shown.map((e) => [e, getComputedStyle(e)]));
  const ownText = (e) => [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join(" ").trim();
  const texts = shown.filter((e) => ownText(e) || e.matches("input, textarea, select"));
  const letters = (elements) => elements.reduce((sum, e) => sum + (ownText(e).length || 10), 0);
  const count = (selector) => document.querySelectorAll(selector).length;

  // Where things stand: every margin, padding, gap and offset that is not zero, and whether a scale or the layout explains it.
  const SIDES = ["top", "right", "bottom", "left"];
  const spacings = [], offsets = { explained: 0, magic: 0 };
  const onScale = (px) => Math.abs(px - Math.round(px / 4) * 4) < 0.26;
  for (const [element, style] of styles) {
    if (element === document.body) continue;
    const computed = element.computedStyleMap();
    const size = parseFloat(style.fontSize);
    const margin = (side) => computed.get(`margin-${side}`)?.toString();
    for (const side of SIDES) {
      for (const property of [`margin-${side}`, `padding-${side}`]) {
        if (property.startsWith("margin") && margin(side) === "auto") { offsets.explained += 1; continue; }
        const px = parseFloat(style[property]);
        if (!px) continue;
        spacings.push(Math.round(px));
        const explained = px > 0 && (onScale(px) || onScale((px / size) * 16) || computed.get(property)?.unit === "percent");
        offsets[explained ? "explained" : "magic"] += 1;
      }
    }
    for (const property of ["rowGap", "columnGap"]) {
      const px = parseFloat(style[property]);
      if (px > 0) { spacings.push(Math.round(px)); offsets.explained += 1; }
    }
    const parent = element.parentElement && styles.get(element.parentElement);
    if (parent && /flex|grid/.test(parent.display)) offsets.explained += 1;
    const moved = style.position !== "static" && SIDES.some((side) => computed.get(side)?.toString() !== "auto" && parseFloat(style[side]));
    if (moved || /^matrix\(1, 0, 0, 1, -?[1-9]/.test(style.transform)) offsets.magic += 2;
  }
  const outOfFlow = (e) => ["absolute", "fixed"].includes(styles.get(e)?.position) || (e !== document.body && e.parentElement && outOfFlow(e.parentElement));

  // What is used: colours, sizes of type.
  const colors = new Set(), sizes = new Set();
  for (const element of texts) { colors.add(styles.get(element).color); sizes.add(Math.round(parseFloat(styles.get(element).fontSize) * 2)); }
  for (const style of styles.values()) {
    if (style.backgroundColor !== "rgba(0, 0, 0, 0)") colors.add(style.backgroundColor);
    for (const side of SIDES) if (parseFloat(style[`border-${side}-width`])) colors.add(style[`border-${side}-color`]);
  }

  // What was written: rules and declarations of the page's own sheets.
  const rules = [], walk = (list) => { for (const rule of list) { if (rule.selectorText) rules.push(rule); if (rule.cssRules?.length) walk(rule.cssRules); } };
  for (const sheet of document.styleSheets) { try { walk(sheet.cssRules); } catch { /* another origin's */ } }
  const STATES = /:(hover|focus|focus-visible|focus-within|active|visited|link|target|disabled|enabled|checked|invalid|valid|required|indeterminate|autofill|placeholder-shown|open|before|after|first-line|first-letter)(?![-\w])|::[-\w]+(\([^)]*\))?/g;
  const matches = (selector) => {
    const plain = selector.replace(STATES, "").replace(/(^|[\s>+~,(])(?=$|[\s>+~,)])/g, "$1*");
    try { return document.querySelector(plain) !== null; } catch { return true; }
  };
  let dead = 0, literal = 0, named = 0, fixed = 0;
  const COLOR = /#[0-9a-f]{3,8}\b|\b(rgb|hsl|oklch|lab)a?\(/gi;
  const judge = (style) => {
    const text = style.cssText.replace(/--[\w-]+\s*:[^;]*;?/g, "");
    literal += (text.match(COLOR) ?? []).length;
    named += (text.match(/var\(/g) ?? []).length;
  };
  for (const rule of rules) { if (!matches(rule.selectorText)) dead += 1; judge(rule.style); }
  const inline = shown.filter((e) => e.hasAttribute("style") && e !== document.documentElement);
  for (const element of inline) judge(element.style);
  for (const element of shown) {
    const width = element.computedStyleMap().get("width"), rect = element.getBoundingClientRect();
    if (width?.unit === "px" && rect.width > 390 && element.innerText?.trim()) fixed += 1;
  }

  // What repeats: siblings of one shape, and whether they and what is in them are named alike.
  const shape = (e, depth = 2) => e.localName + (depth ? `(${[...e.children].map((c) => shape(c, depth - 1)).join()})` : "");
  const names = (e, depth = 2) => [e.getAttribute("class") ?? "", ...(depth ? [...e.children].flatMap((c) => names(c, depth - 1)) : [])];
  let twins = 0, alike = 0;
  for (const parent of shown) {
    const groups = new Map();
    for (const child of parent.children) if (styles.has(child)) groups.set(shape(child), [...(groups.get(shape(child)) ?? []), child]);
    for (const group of groups.values()) {
      if (group.length < 2) continue;
      const rows = group.map((e) => names(e));
      for (let i = 0; i < rows[0].length; i++) {
        const column = rows.map((row) => row[i]), usual = Math.max(...[...new Set(column)].map((n) => column.filter((m) => m === n).length));
        twins += column.length - 1;
        alike += usual - 1;
      }
    }
  }
  const uses = new Map();
  for (const element of shown) for (const name of element.classList) uses.set(name, (uses.get(name) ?? 0) + 1);

  // What things are: text in elements that say what it is.
  const MEANING = "h1,h2,h3,h4,h5,h6,p,li,td,th,a[href],button,label,legend,figcaption,dt,dd,blockquote,pre,code,caption,summary,address,time,input,textarea,select,option";
  const meant = texts.filter((e) => e.closest(MEANING));
  return {
    letters: letters(texts), elements: shown.length,
    absolute: texts.filter(outOfFlow).length, absoluteLetters: letters(texts.filter(outOfFlow)),
    inlineStyles: inline.length, offsets, spacings: new Set(spacings).size, colors: colors.size, sizes: sizes.size,
    rules: rules.length, dead, literal, named, fixed, twins, alike,
    classes: uses.size, classUses: [...uses.values()].reduce((a, b) => a + b, 0),
    meantLetters: letters(meant),
    old: count("center, font, marquee, big, strike, tt, [align], [bgcolor], [valign]"),
    twiceIds: [...document.querySelectorAll("[id]")].length - new Set([...document.querySelectorAll("[id]")].map((e) => e.id)).size,
    quirks: document.compatMode !== "CSS1Compat",
    kinds: {
      nav: count("nav"), list: count("ul, ol, dl"), table: count("table"), form: count("form, input, select, textarea"),
      heading: count("h1, h2, h3, h4, h5, h6"), landmark: count("header, main, footer, aside, section, article"),
      link: count("a[href]"), button: count("button, input[type=submit], input[type=button]"), image: count("img, picture, svg"),
    },
  };
})()
