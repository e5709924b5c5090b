// Counts what tells kept code from thrown-away code. Reads only.
(() => {
  const body = document.body;
  const count = (selector) => document.querySelectorAll(selector).length;
  const hasText = (element) => element.innerText?.trim() || element.matches("input, textarea, select");
  const outOfFlow = (element) => ["absolute", "fixed"].includes(getComputedStyle(element).position);
  const absolute = [...(body?.querySelectorAll("*") ?? [])].filter(
    (element) => outOfFlow(element) && element.checkVisibility() && hasText(element),
  );
  return {
    // `settle.js` leaves one declaration on the root element; the page's own are below it.
    inlineStyles: [...document.querySelectorAll("[style]")].filter((element) => element !== document.documentElement).length,
    absolute: absolute.length,
    elements: {
      nav: count("nav"), list: count("ul, ol, dl"), table: count("table"), form: count("form, input, select, textarea"),
      heading: count("h1, h2, h3, h4, h5, h6"), landmark: count("header, main, footer, aside, section, article"),
      link: count("a[href]"), button: count("button, input[type=submit], input[type=button]"), image: count("img, picture, svg"),
    },
  };
})()
