// Counts of what a reviewer stops at in a page's code. Judges nothing.
(() => {
  const shown = [...document.querySelectorAll("body *")].filter((e) => !e.closest("svg, script, style, template") && e.checkVisibility());
  const uses = new Map();
  for (const e of shown) for (const name of e.classList) uses.set(name, (uses.get(name) ?? 0) + 1);
  const names = [...uses.keys()];

  // Siblings of one shape of which one has a class that nothing else has.
  const shape = (e, depth = 2) => e.localName + (depth ? `(${[...e.children].map((c) => shape(c, depth - 1)).join()})` : "");
  const alone = new Set();
  for (const parent of [document.body, ...shown]) {
    const groups = new Map();
    for (const child of parent.children) if (child.classList.length) groups.set(shape(child), [...(groups.get(shape(child)) ?? []), child]);
    for (const group of groups.values()) {
      if (group.length < 2) continue;
      for (const e of group) for (const name of e.classList) if (uses.get(name) === 1 && !name.includes("--")) alone.add(name);
    }
  }

  const styles = [];
  const walk = (list) => { for (const rule of list) { if (rule.selectorText && rule.style) styles.push(rule.style); if (rule.cssRules?.length) walk(rule.cssRules); } };
  for (const sheet of document.styleSheets) { try { walk(sheet.cssRules); } catch { /* another origin's */ } }
  for (const e of shown) if (e.hasAttribute("style")) styles.push(e.style);
  const SPACE = /^(margin|padding|gap|row-gap|column-gap|inset|top|right|bottom|left)/;
  const FAR = 160; // px; the largest space between sections that people write
  let rems = 0, offScale = 0, negative = 0, far = 0;
  for (const style of styles) for (const [, property, value] of style.cssText.matchAll(/([-\w]+)\s*:\s*([^;]*)/g)) {
    for (const [, number] of value.matchAll(/(-?[\d.]+)rem\b/g)) {
      const px = Number(number) * 16;
      rems += 1;
      if (Math.abs(px - Math.round(px / 4) * 4) > 0.26) offScale += 1;
    }
    if (!SPACE.test(property)) continue;
    if (property.startsWith("margin") && /(^|\s)-[\d.]+[a-z%]/.test(value)) negative += 1;
    for (const [, number, unit] of value.matchAll(/([\d.]+)(rem|px)\b/g)) if (Number(number) * (unit === "rem" ? 16 : 1) > FAR) far += 1;
  }
  const images = shown.filter((e) => e.localName === "img");
  const isIcon = (e) => { const r = e.getBoundingClientRect(); return r.width <= 48 && r.height <= 48 && !/^data:image\/svg|\.svg($|[?#])/.test(e.getAttribute("src") ?? ""); };
  return {
    classes: names.length, numbered: names.filter((n) => /\d$/.test(n)).length, once: names.filter((n) => uses.get(n) === 1).length, alone: alone.size,
    rems, offScale, negative, far,
    emptyDivs: shown.filter((e) => e.matches("div, span") && !e.children.length && !e.textContent.trim()).length,
    rules: shown.filter((e) => e.localName === "hr").length, images: images.length, iconCrops: images.filter(isIcon).length,
    headers: document.querySelectorAll("header").length, mains: document.querySelectorAll("main").length,
  };
})()
