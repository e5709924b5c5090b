// Names, and whether what is alike is named alike. Counts only: `parts.py` judges.
(() => {
  const all = [...document.querySelectorAll("body *")].filter((e) => !e.closest("svg, script, style, template"));
  const shown = all.filter((e) => e.checkVisibility({ visibilityProperty: true }));
  const boxes = new Map(shown.map((e) => [e, e.getBoundingClientRect()]));
  const ownText = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  const uses = new Map();
  for (const e of shown) for (const name of e.classList) uses.set(name, (uses.get(name) ?? 0) + 1);

  // Names. A number is fine in a utility of a framework (`col-6`, `mb-3`, `blue-500`), which sets one thing or two.
  const UTILITY = /^(?:[\w]+[:-])*(?:col|row|offset|order|[mp][trblxyse]?|g[xy]?|gap|w|h|vh|vw|mw|mh|fs|fw|lh|z|top|start|end|bottom|left|right|inset|grid|cols|flex|span|columns?|large|medium|small|rounded|shadow|elevation|opacity|is|has|leading|space|[xy]|sm|md|lg|xl|xs|percent)-?\d+$|-(50|[1-9]00|950)$|^h[1-6]$/;
  const MOST_DECLARATIONS = 4; // of a utility; Bootstrap's columns have up to four
  const declared = new Map();
  const note = (list) => { for (const rule of list) {
    const name = rule.selectorText?.match(/^\.([\w-]+)$/)?.[1];
    if (name && uses.has(name)) declared.set(name, Math.max(declared.get(name) ?? 0, (rule.style.cssText.match(/:/g) ?? []).length));
    if (rule.cssRules?.length) note(rule.cssRules);
  } };
  for (const sheet of document.styleSheets) { try { note(sheet.cssRules); } catch { /* another origin's */ } }
  const isUtility = (name) => UTILITY.test(name) && (declared.get(name) ?? 0) <= MOST_DECLARATIONS;
  // Words that say nothing of what a thing is for, alone.
  const MEANINGLESS = /^(text|group|box|block|element|el|div|span|node|part|thing|stuff|item|object|area|component|untitled|class|style|frame|rect(angle)?|[a-z])[-_]?\d*$|^(css|sc|jsx|svelte)-\w{5,}$/i;
  const names = [...uses.keys()];
  const numbered = names.filter((name) => /\d$/.test(name) && !isUtility(name));
  const meaningless = names.filter((name) => MEANINGLESS.test(name) && !isUtility(name));

  // What an element is called: its tag and classes, without states and variants (`plan--popular`, `btn-primary` beside `btn`).
  const STATE = /--|^((is|has)-.*|active|current|selected|disabled|open|show|shown|first|last|odd|even)$/;
  const baseNames = (e) => {
    const bases = [...e.classList].filter((name) => !STATE.test(name) && !isUtility(name));
    return bases.filter((name) => !bases.some((other) => other !== name && name.startsWith(`${other}-`)));
  };
  const called = (e) => [e.localName, ...baseNames(e).sort()].join(".");
  let asked = 0, alike = 0, repeated = 0, loose = 0;
  const strays = new Set();
  const ask = (group) => {
    if (group.length < 2 || group[0].matches("i, svg, hr")) return;
    const counts = new Map();
    for (const e of group) counts.set(called(e), (counts.get(called(e)) ?? 0) + 1);
    asked += group.length - 1;
    alike += Math.max(...counts.values()) - 1;
    if (counts.size > 1) for (const e of group) for (const name of baseNames(e)) if (uses.get(name) === 1) strays.add(name);
  };
  // Things of different roles may look alike: a cell and a label, a field and a button.
  const ROLES = ["td, th", "label, legend", "input, select, textarea", "button", "img, picture, video", "i, svg, hr"];
  const roleOf = (e) => ROLES.findIndex((role) => e.matches(role));
  const groupBy = (elements, key) => {
    const groups = new Map();
    for (const e of elements) {
      const k = key(e);
      if (!groups.has(k)) groups.set(k, []);
      groups.get(k).push(e);
    }
    return [...groups.values()];
  };

  // Texts of one look in one row, or three and more in one column.
  const looks = (e) => { const s = getComputedStyle(e); return [roleOf(e), s.fontSize, s.fontWeight, s.fontFamily, s.color, s.textTransform].join(); };
  const STEP = 4; // px; what lies within is one line
  const near = (px) => Math.round(px / STEP);
  // An inline element within a sentence is a part of it.
  const texts = shown.filter((e) => ownText(e) && boxes.get(e).width > 1 && !(getComputedStyle(e).display === "inline" && e.parentElement && ownText(e.parentElement)));
  // Short texts that repeat in a line are a list, a menu, a row of a table, headings: paragraphs that stand loose are none of it.
  const SHORT = 30; // letters
  const REPEAT = "li, dt, dd, td, th, a, button, label, legend, h1, h2, h3, h4, h5, h6, option, figcaption, article, code";
  const noteLoose = (line) => {
    if (line.length < 3 || line.some((e) => e.textContent.trim().length > SHORT)) return;
    repeated += line.length;
    loose += line.filter((e) => !e.closest(REPEAT)).length;
  };
  for (const row of groupBy(texts, (e) => `${looks(e)} ${near(boxes.get(e).top)}`)) { ask(row); noteLoose(row); }
  for (const column of groupBy(texts, (e) => `${looks(e)} ${near(boxes.get(e).left)}`)) if (column.length > 2) { ask(column); noteLoose(column); }

  // Siblings of one size in a row or a column, and siblings of one shape with what is in them.
  const LEAST = 24; // px; smaller boxes are marks
  const shape = (e, depth = 2) => e.localName + (depth ? `(${[...e.children].map((c) => shape(c, depth - 1)).join()})` : "");
  const parts = (e, depth = 2) => [e, ...(depth ? [...e.children].flatMap((c) => parts(c, depth - 1)) : [])];
  for (const parent of [document.body, ...shown]) {
    const children = [...parent.children].filter((e) => boxes.has(e) && boxes.get(e).width >= LEAST && boxes.get(e).height >= LEAST && !e.matches("i, svg, hr"));
    if (children.length < 2) continue;
    for (const row of groupBy(children, (e) => `${near(boxes.get(e).top)} ${near(boxes.get(e).width)} ${roleOf(e)}`)) ask(row);
    for (const column of groupBy(children, (e) => `${near(boxes.get(e).left)} ${near(boxes.get(e).width)} ${near(boxes.get(e).height)} ${roleOf(e)}`)) ask(column);
    for (const group of groupBy(children, (e) => shape(e))) {
      if (group.length < 2) continue;
      const rows = group.map((e) => parts(e));
      for (let i = 1; i < rows[0].length; i++) ask(rows.map((row) => row[i]));
    }
  }
  return { classes: names.length, numbered: numbered.length, meaningless: meaningless.filter((name) => !numbered.includes(name)).length,
    once: names.filter((name) => uses.get(name) === 1).length, strays: strays.size, asked, alike, repeated, loose };
})()
