// The texts that scripts show, in the language of the page: base.html holds the catalog as JSON, none in English.
const element = document.getElementById("texts");
const catalog = element ? JSON.parse(element.textContent) : {};

const fill = (text, values) =>
  text.replace(/\{(\w+)\}/g, (field, name) => String(values[name] ?? field));

// The text in the page's language, with {fields} replaced by values.
export function translate(text, values = {}) {
  return fill(catalog[text] ?? text, values);
}

// One of two texts by a number, which fills {count}.
export function translateCount(one, many, count, values = {}) {
  const forms = catalog[one] ?? [one, many];
  return fill(count === 1 ? forms[0] : forms.at(-1), { count, ...values });
}

// A number as the page's language writes it.
export function formatNumber(number) {
  return number.toLocaleString(document.documentElement.lang || "en");
}
