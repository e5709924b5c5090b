// Facts about a page's code, counted where it stands at its first width. Judges nothing: `keep.py` does.
(() => {
  const all = [...document.querySelectorAll("body, body *")].filter((e) => !e.closest("svg, script, style, template") || e.localName === "svg");
  const shown = all.filter((e) => e.checkVisibility({ visibilityProperty: true }));
  const styles = new Map(shown.map((e) => [e, getComputedStyle(e)]));
  const ownText = (e) => [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join(" ").trim();
  const texts = shown.filter((e) => ownText(e) || e.matches("input, textarea, select"));
  const letters = (elements) => elements.reduce((sum, e) => sum + (ownText(e).length || 10), 0);
  const count = (selector) => document.querySelectorAll(selector).length;

  // Where things stand: every margin, padding and offset that is not zero, and whether a scale or the layout explains it.
  const SIDES = ["top", "right", "bottom", "left"];
  const spacings = [], offsets = { explained: 0, magic: 0 };
  const LARGEST = 160; // px; the largest space between sections that people write. 1,096 is a multiple of 4 and no scale.
  const NEAR = 0.26; // px; rounding of rem and em
  const isMultiple = (px, step) => Math.abs(px - Math.round(px / step) * step) < NEAR;
  const onScale = (px) => px <= LARGEST && (isMultiple(px, 4) || isMultiple(px, 5) || (px <= 12 && isMultiple(px, 1)));
  const isRound = (percent) => isMultiple(percent * 3, 1) || isMultiple(percent, 0.5);
  for (const [element, style] of styles) {
    if (element === document.body) continue;
    const computed = element.computedStyleMap();
    const size = parseFloat(style.fontSize);
    for (const side of SIDES) {
      for (const property of [`margin-${side}`, `padding-${side}`]) {
        const written = computed.get(property), px = parseFloat(style[property]);
        if (property.startsWith("margin") && written?.toString() === "auto") { offsets.explained += 1; continue; }
        if (!px) continue;
        spacings.push(Math.round(px));
        const explained = written?.unit === "percent" ? isRound(written.value) : px > 0 && (onScale(px) || (px <= LARGEST && isMultiple((px / size) * 16, 4)));
        // A space as wide as half a window stands for a column that is not there.
        if (explained) offsets.explained += 1;
        else offsets.magic += Math.abs(px) > LARGEST ? 3 : 1;
      }
    }
    for (const property of ["rowGap", "columnGap"]) {
      const px = parseFloat(style[property]);
      if (!(px > 0)) continue;
      spacings.push(Math.round(px));
      offsets[onScale(px) ? "explained" : "magic"] += 1;
    }
    const parent = element.parentElement && styles.get(element.parentElement);
    if (parent && /flex|grid/.test(parent.display)) offsets.explained += 1;
    // The line height of a text: unitless, or a ratio that a person would have written.
    const leading = computed.get("line-height");
    if (leading?.unit === "px" && ownText(element) && !isMultiple((leading.value / size) * 100, 5)) offsets.magic += 0.5;
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
  const sheets = [], walk = (list, rules) => { for (const rule of list) { if (rule.selectorText) rules.push(rule); if (rule.cssRules?.length) walk(rule.cssRules, rules); } return rules; };
  for (const sheet of document.styleSheets) { try { sheets.push(walk(sheet.cssRules, [])); } catch { /* another origin's */ } }
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
  // A sheet of so many rules is a library, of which no page uses all.
  const LIBRARY = 300;
  let ownRules = 0, oddTracks = 0;
  for (const sheet of sheets) for (const rule of sheet) {
    judge(rule.style);
    if (/\b(?!1?\d?fr)\d{2,}(\.\d+)?fr\b/.test(rule.style.gridTemplateColumns) && matches(rule.selectorText)) oddTracks += 1;
    if (sheet.length > LIBRARY) continue;
    ownRules += 1;
    if (!matches(rule.selectorText)) dead += 1;
  }
  offsets.magic += 2 * oddTracks;
  const inline = shown.filter((e) => e.hasAttribute("style") && e !== document.documentElement);
  for (const element of inline) judge(element.style);
  for (const element of shown) {
    const width = element.computedStyleMap().get("width"), rect = element.getBoundingClientRect();
    if (width?.unit === "px" && rect.width > 390 && element.innerText?.trim()) fixed += 1;
  }

  // What things are: text in elements that say what it is.
  const MEANING = "h1,h2,h3,h4,h5,h6,p,li,td,th,a[href],button,label,legend,figcaption,dt,dd,blockquote,pre,code,caption,summary,address,time,input,textarea,select,option";
  const meant = texts.filter((e) => e.closest(MEANING));
  return {
    letters: letters(texts), elements: shown.length,
    absolute: texts.filter(outOfFlow).length, absoluteLetters: letters(texts.filter(outOfFlow)),
    inlineStyles: inline.length, offsets, spacings: new Set(spacings).size, colors: colors.size, sizes: sizes.size,
    rules: ownRules, dead, literal, named, fixed,
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
