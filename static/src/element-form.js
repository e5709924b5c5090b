// The form of the selected element: filled with what the page says, tried in the page while it is changed, with undo and redo.
import { translate } from "./texts.js";

const DIGITS = 1000; // thousandths of a pixel are the finest length that the studio writes

export class ElementForm {
  constructor(form, frame, signal) {
    this.form = form;
    this.frame = frame;
    this.element = null;
    this.done = [];
    this.undone = [];
    const on = (target, name, act) => target?.addEventListener(name, act, { signal });
    this.undoButton = form.querySelector("[data-undo]");
    this.redoButton = form.querySelector("[data-redo]");
    on(form, "input", ({ target }) => this.change(target));
    on(form, "change", () => (this.open = null));
    on(form, "submit", (event) => this.send(event));
    on(this.undoButton, "click", () => this.undo());
    on(this.redoButton, "click", () => this.redo());
    on(form.querySelector("[data-swatches]"), "click", ({ target }) => this.useColor(target));
    on(form, "focusin", ({ target }) => {
      if (target.type === "color") this.colorField = target;
    });
  }

  get fields() {
    return [...this.form.querySelectorAll("[data-change]")];
  }

  fill(element) {
    Object.assign(this, { element, done: [], undone: [], open: null });
    const { at, editable, of, attributes } = element;
    for (const field of this.fields) {
      field.disabled = at === null;
      if (field.type === "file") field.value = "";
      else field.value = this.valueOf(field);
      field.dataset.was = field.value;
    }
    const shown = { text: editable, href: "href" in attributes, alt: "alt" in attributes };
    for (const [name, on] of Object.entries(shown))
      for (const part of this.form.querySelectorAll(`[data-only=${name}]`)) part.hidden = !on;
    const alike = this.form.querySelector("[data-alike]");
    alike.hidden = of < 2;
    alike.querySelector("input").checked = false;
    alike.querySelector("span").textContent = translate("Apply to all {of} similar elements", {
      of,
    });
    this.form.querySelector("[data-why]").textContent =
      at === null
        ? translate(
            "A script created this element: it is not in the page's code. Use instructions instead.",
          )
        : "";
    this.showColors(element.colors);
    this.update();
  }

  valueOf(field) {
    const name = field.dataset.change;
    const { text, styles, attributes } = this.element;
    if (name === "text") return text;
    if (name in attributes) return attributes[name];
    if (field.type === "color") return hex(styles[name]);
    if (field.type !== "number") return styles[name] ?? "";
    const size = parseFloat(styles[name]);
    if (!size) return name.endsWith("gap") ? "" : "0";
    return String(Math.round(size * 100) / 100);
  }

  // The colors that the page itself uses.
  showColors(colors) {
    const buttons = colors.map((color) => {
      const button = document.createElement("button");
      button.type = "button";
      button.value = color;
      button.style.background = color;
      button.title = color;
      button.setAttribute("aria-label", color);
      return button;
    });
    this.form.querySelector("[data-swatches]").replaceChildren(...buttons);
  }

  useColor(button) {
    if (!button.value) return;
    const field = this.colorField ?? this.form.querySelector("[data-change=color]");
    this.set(field, button.value);
    this.open = null;
  }

  set(field, value) {
    field.value = value;
    this.change(field);
  }

  // Typing in a field until it is left is one step.
  change(field, tried = true) {
    const name = field.dataset.change;
    if (!name) return;
    if (this.open?.field === field) this.open.after = field.value;
    else {
      const before = this.done.findLast((step) => step.field === field)?.after;
      this.open = { field, before: before ?? field.dataset.was, after: field.value };
      this.done.push(this.open);
    }
    this.undone = [];
    if (tried) this.try(field);
    this.update();
  }

  try(field) {
    const [at, property] = [String(this.element.at), field.dataset.change];
    if (property !== "src") return this.frame.say("try", { at, property, value: readValue(field) });
    const [file] = field.files;
    if (!file) return;
    const reader = new FileReader(); // the frame has no origin, so it cannot load our blobs
    reader.onload = () => this.frame.say("try", { at, property, value: reader.result });
    reader.readAsDataURL(file);
  }

  undo() {
    const step = this.done.pop();
    if (!step) return;
    this.undone.push(step);
    this.restore(step.field, step.before);
  }

  redo() {
    const step = this.undone.pop();
    if (!step) return;
    this.done.push(step);
    this.restore(step.field, step.after);
  }

  restore(field, value) {
    this.open = null;
    if (field.type === "file") field.value = "";
    else field.value = value;
    this.try(field);
    this.update();
  }

  get dirty() {
    return this.fields.filter(
      (field) => field.value !== field.dataset.was && (field.value !== "" || isText(field)),
    );
  }

  update() {
    this.form.querySelector("[type=submit]").disabled = !this.dirty.length;
    this.undoButton.disabled = !this.done.length;
    this.redoButton.disabled = !this.undone.length;
  }

  get changes() {
    const alike = this.form.querySelector("[data-alike] input").checked;
    return this.dirty.map((field) => ({
      at: this.element.at,
      name: field.dataset.change,
      value: readValue(field),
      alike: alike && !isText(field) && field.type !== "file",
    }));
  }

  send(event) {
    const { changes } = this;
    if (!changes.length) return event.preventDefault();
    this.form.elements.changes.value = JSON.stringify(changes);
  }

  // Delete, duplicate or move the element, with what was changed before.
  restructure(name, value = "") {
    if (this.element?.at == null) return;
    const changes = [...this.changes, { at: this.element.at, name, value }];
    this.form.elements.changes.value = JSON.stringify(changes);
    this.form.submit();
  }
}

const isText = (field) => ["text", "href", "alt"].includes(field.dataset.change);

function readValue(field) {
  if (field.type !== "number") return field.value;
  return `${Math.round(Number(field.value) * DIGITS) / DIGITS}px`;
}

export function hex(color = "") {
  const [r, g, b, alpha] = (color.match(/[\d.]+/g) ?? []).map(Number);
  if (b === undefined || alpha === 0) return "#ffffff";
  return `#${[r, g, b].map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}
