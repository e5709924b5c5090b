// What a page says it is, as it stands at its present width: its texts with what they stand in, its landmarks, and counts of its code.
(() => {
  const round = (value) => Math.round(value * 10) / 10;
  const MOST = 3000; // texts; a real page has a few hundred
  const shown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const boxOf = (r) => [round(r.left + scrollX), round(r.top + scrollY), round(r.width), round(r.height)];
  const wordsOf = (e) => `${e.getAttribute("class") ?? ""} ${e.id ?? ""}`.toLowerCase();

  // Tables that only place things: said so, nested, or of a single row or column.
  const LAYOUT = new Map();
  const isLayoutTable = (table) => {
    if (!LAYOUT.has(table)) {
      const rows = [...table.rows], role = table.getAttribute("role");
      const single = rows.length < 2 || rows.every((row) => row.cells.length < 2);
      const nested = table.querySelector("table") !== null || table.parentElement.closest("td") !== null;
      LAYOUT.set(table, role === "presentation" || role === "none" || (!table.querySelector("th") && (single || nested)));
    }
    return LAYOUT.get(table);
  };

  const BUTTON = "button, [role=button], input[type=submit], input[type=button], input[type=reset]";
  const BUTTON_WORD = /(^|[\s_-])(btn|button|cta)([\s_-]|$)/;
  const HEADING = "h1, h2, h3, h4, h5, h6, [role=heading]";
  const BLOCK = "li, dt, dd, td, th, p, blockquote, figcaption, pre, address, label, legend, caption, summary, article, section, form, main";
  const kindOf = (e) => {
    if (e.closest(BUTTON)) return "button";
    if (e.matches("input, textarea, select, option")) return "field";
    if (e.closest(HEADING)) return "heading";
    const link = e.closest("a");
    if (link) return BUTTON_WORD.test(wordsOf(link)) ? "button link" : "link";
    let block = e.closest(BLOCK);
    while (block && block.matches("td, th") && isLayoutTable(block.closest("table"))) block = block.parentElement.closest(BLOCK);
    if (!block) return "text";
    if (block.matches("label, legend")) return "label";
    if (block.matches("td, th")) return "cell";
    return block.matches("li, dt, dd") ? "item" : "text";
  };
  const levelOf = (e) => {
    const heading = e.closest(HEADING);
    if (!heading) return 0;
    return Number(heading.getAttribute("aria-level")) || Number(heading.localName[1]) || 2;
  };

  // The tag and classes of an element; without classes, its way down from the next element that has one.
  // States and variants (`active`, Bulma's `is-primary`) are no names.
  const STATE = /^((is|has)-.*|active|current|selected|disabled|open|show|shown|first|last|odd|even)$/;
  const nameOf = (e) => {
    const way = [];
    for (let up = e; up && up !== document.documentElement; up = up.parentElement) {
      way.unshift(up.localName);
      const classes = [...up.classList].filter((name) => !STATE.test(name));
      if (classes.length) return { way: way.join(">"), classes };
    }
    return { way: way.join(">"), classes: [] };
  };

  // Landmarks: by element or role, and (named) those that only a class or id calls so.
  const KINDS = { nav: "nav, [role=navigation]", header: "header, [role=banner]", footer: "footer, [role=contentinfo]", aside: "aside, [role=complementary]", form: "form, [role=form], [role=search]" };
  const NAMED = { nav: /(^|[\s_-])(nav|navbar|navigation|menu|breadcrumbs?|pagination)([\s_-]|$)/, header: /(^|[\s_-])(header|masthead|topbar)([\s_-]|$)/, footer: /(^|[\s_-])footer([\s_-]|$)/, aside: /(^|[\s_-])(aside|sidebar)([\s_-]|$)/, form: /(^|[\s_-])form([\s_-]|$)/ };
  const landmarks = [], index = new Map();
  for (const e of document.body?.querySelectorAll("*") ?? []) {
    for (const kind of Object.keys(KINDS)) {
      const named = NAMED[kind].test(wordsOf(e));
      if (!shown(e) || !(e.matches(KINDS[kind]) || named)) continue;
      index.set(e, [...(index.get(e) ?? []), landmarks.length]);
      landmarks.push({ kind, stated: e.matches(KINDS[kind]) });
    }
  }
  const landmarksOf = (e) => {
    const inside = [];
    for (let up = e; up; up = up.parentElement) inside.push(...(index.get(up) ?? []));
    return inside;
  };

  const texts = [];
  const add = (id, e, words, rects) => {
    const seen = rects.filter((r) => r.width > 0.5 && r.height > 0.5 && r.bottom + scrollY > 0 && r.right + scrollX > 0);
    const text = words.replace(/\s+/g, " ").trim();
    if (!text || !seen.length || texts.length >= MOST) return;
    const left = Math.min(...seen.map((r) => r.left)), top = Math.min(...seen.map((r) => r.top));
    const box = { left, top, width: Math.max(...seen.map((r) => r.right)) - left, height: Math.max(...seen.map((r) => r.bottom)) - top };
    texts.push({ id, text, box: boxOf(box), kind: kindOf(e), level: levelOf(e), ...nameOf(e), landmarks: landmarksOf(e) });
  };
  const SILENT = ["hidden", "checkbox", "radio", "range", "color", "file", "image"];
  const walker = document.createTreeWalker(document.body ?? document.documentElement, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let id = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    id += 1;
    if (node.nodeType === Node.TEXT_NODE) {
      const e = node.parentElement;
      if (!/\S/.test(node.data) || !shown(e) || e.closest("script, style, noscript, template, select, textarea, svg")) continue;
      range.selectNodeContents(node);
      add(id, e, node.data, [...range.getClientRects()]);
    } else if (node.matches("input, textarea, select") && shown(node) && !SILENT.includes(node.type)) {
      const words = node.localName === "select" ? node.selectedOptions[0]?.text : node.value || node.placeholder || (node.type === "submit" ? "Submit" : "");
      add(id, node, words ?? "", [node.getBoundingClientRect()]);
    }
  }
  const root = document.documentElement;
  return { texts, landmarks, width: root.clientWidth, height: Math.max(root.scrollHeight, document.body?.scrollHeight ?? 0),
    overflow: Math.max(0, Math.max(root.scrollWidth, document.body?.scrollWidth ?? 0) - root.clientWidth) };
})()
