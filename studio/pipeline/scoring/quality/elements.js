// What things are called by their elements: headings, landmarks, forms, litter, and the order of reading. Counts only: `parts.py` judges.
(() => {
  const all = [...document.querySelectorAll("body *")].filter((e) => !e.closest("svg, script, style, template") || e.localName === "svg");
  const shown = all.filter((e) => e.checkVisibility({ visibilityProperty: true }));
  const ownText = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  const rectOf = (e) => e.getBoundingClientRect();

  // Headings: levels left out, one look at several levels, one heading split by line.
  const headings = shown.filter((e) => /^h[1-6]$/.test(e.localName) && e.textContent.trim());
  const level = (e) => Number(e.localName[1]);
  const look = (e) => { const s = getComputedStyle(e); return [s.fontSize, s.fontWeight, s.color, s.fontFamily].join(); };
  let skipped = 0, unequal = 0, split = 0;
  const levels = new Map();
  headings.forEach((e, i) => {
    if (i && level(e) > level(headings[i - 1]) + 1) skipped += 1;
    levels.set(look(e), [...(levels.get(look(e)) ?? []), level(e)]);
    const next = e.nextElementSibling;
    if (!next || next.localName !== e.localName || look(next) !== look(e)) return;
    const one = rectOf(e), other = rectOf(next), size = parseFloat(getComputedStyle(e).fontSize);
    if (other.top >= one.bottom - 2 && other.top - one.bottom < 0.5 * size && /[\p{Ll}\p{Lu},&–-]$/u.test(e.textContent.trim())) split += 1;
  });
  for (const found of levels.values()) { const usual = Math.max(...found.map((l) => found.filter((m) => m === l).length)); unequal += found.length - usual; }

  // Landmarks: repeated, nested wrongly, or navigation without links.
  const SECTIONS = "article, section, aside, nav, main";
  const pageWide = (tag) => shown.filter((e) => e.localName === tag && !e.parentElement.closest(SECTIONS));
  const navs = shown.filter((e) => e.localName === "nav");
  const mains = shown.filter((e) => e.localName === "main");
  const repeatedLandmarks = Math.max(0, pageWide("header").length - 1) + Math.max(0, pageWide("footer").length - 1) + Math.max(0, mains.length - 1);
  const nested = shown.filter((e) => e.matches("header header, header footer, footer header, footer footer, nav nav, nav main, section main, article main, aside main, header main, footer main")).length;
  const emptyNavs = navs.filter((e) => e.querySelectorAll("a, button").length < 2).length;

  // Forms: fields outside a form, fields without a label.
  const fields = shown.filter((e) => e.matches("input:not([type=hidden], [type=submit], [type=button], [type=reset], [type=image]), textarea, select"));
  const hasLabel = (e) => e.labels?.length || e.getAttribute("aria-label") || e.getAttribute("aria-labelledby") || e.title;
  const outside = fields.filter((e) => !e.closest("form, [role=search]")).length;
  const unlabelled = fields.reduce((sum, e) => sum + (hasLabel(e) ? 0 : e.placeholder ? 0.5 : 1), 0);

  // The order of reading: texts one after another in the source that go back up the page, or back in their line.
  const BACK = 8; // px; less is a baseline
  const places = shown.filter((e) => ownText(e) && getComputedStyle(e).position !== "fixed").map(rectOf).filter((r) => r.width > 1 && r.height > 1);
  let backwards = 0;
  for (let i = 1; i < places.length; i++) {
    const one = places[i - 1], other = places[i];
    const above = other.bottom < one.top - BACK && other.left < one.right - BACK;
    const before = Math.abs(other.top - one.top) < BACK && other.right < one.left - BACK;
    if (above || before) backwards += 1;
  }

  // Litter: boxes with nothing in them, rules drawn by elements, wrappers of one thing, small pictures where a drawing would do.
  const paints = (e) => { const s = getComputedStyle(e), q = ["::before", "::after"].some((p) => !["none", "normal"].includes(getComputedStyle(e, p).content)); return s.backgroundImage !== "none" || q; };
  const emptyBoxes = shown.filter((e) => e.matches("div, span") && !e.children.length && !e.textContent.trim() && !paints(e) && !e.closest("label, [role=progressbar], .progress")).length;
  const wrappers = shown.filter((e) => e.matches("div, span") && e.children.length === 1 && !ownText(e) && !e.attributes.length).length;
  const images = shown.filter((e) => e.localName === "img");
  const isCrop = (e) => { const r = rectOf(e); return r.width <= 48 && r.height <= 48 && !/^data:image\/svg|\.svg($|[?#])/.test(e.getAttribute("src") ?? "") && !/avatar|face|user|author/i.test(`${e.className} ${e.alt} ${e.src}`); };
  // A crop as wide and low as a field, a button or a line of words is a control or a text that was not written.
  const isStrip = (e) => { const r = rectOf(e); return r.height >= 20 && r.height <= 72 && r.width > 3 * r.height && !/logo|brand/i.test(`${e.className} ${e.alt} ${e.src}`); };
  return { headings: headings.length, firstHeadings: headings.filter((e) => level(e) === 1).length, skipped, unequal, split,
    landmarks: shown.filter((e) => e.matches("header, footer, main, nav, aside")).length, mains: mains.length, repeatedLandmarks, nested, emptyNavs,
    fields: fields.length, outside, unlabelled, places: places.length, backwards,
    emptyBoxes, drawnRules: shown.filter((e) => e.localName === "hr").length, wrappers, iconCrops: images.filter(isCrop).length, stripCrops: images.filter(isStrip).length, images: images.length };
})()
