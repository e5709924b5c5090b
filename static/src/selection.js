// Selecting an element of the page: its outline and label, its path, the edit form and instructions about it.
import { press } from "./shortcuts.js";

const STEPS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "back", ArrowRight: "next" };
const SHORT = 60; // characters of an element's text in its description

export class Selection {
  constructor(stage, frame) {
    Object.assign(this, { stage, frame, on: false, element: null });
    this.button = stage.querySelector("[data-select]");
    this.panel = document.querySelector("[data-selected]"); // in the inspector
    this.form = this.panel.querySelector("[data-edit]"); // null for viewers
    this.outlines = Object.fromEntries(
      ["hovered", "picked"].map((name) => [name, stage.querySelector(`[data-${name}]`)]),
    );
    this.left = new AbortController();
    const listen = (target, name, act) =>
      target?.addEventListener(name, act, { signal: this.left.signal });
    listen(this.button, "click", () => (this.on ? this.stop() : this.start()));
    listen(document, "shortcut", ({ detail }) => this.key(detail));
    listen(this.form, "input", ({ target }) => this.change(target));
    listen(this.form, "submit", (event) => this.send(event));
    listen(
      this.panel,
      "click",
      ({ target }) =>
        target.dataset.climb && this.frame.say("climb", { steps: Number(target.dataset.climb) }),
    );
    listen(document, "click", ({ target }) => target.closest?.("[data-unbind]") && this.bind(""));
    this.watch = new ResizeObserver(() => this.draw());
    this.watch.observe(stage.canvas);
  }

  leave() {
    this.left.abort();
    this.watch.disconnect();
  }

  start() {
    if (!this.stage.isLive) this.stage.show("page");
    this.turn(true);
  }

  stop() {
    if (!this.on) return;
    this.turn(false);
    this.element = this.hovered = null;
    this.panel.hidden = true;
    this.draw();
  }

  turn(on) {
    this.on = on;
    this.button.setAttribute("aria-pressed", on);
    this.stage.toggleAttribute("data-selecting", on);
    this.frame.say("select", { on });
  }

  key(key) {
    if (!this.on) return;
    if (key === "Escape") this.stop();
    if (STEPS[key]) this.frame.say("move", { step: STEPS[key] });
  }

  hear(what, facts) {
    if (what === "key")
      return facts.key === "Escape" || !STEPS[facts.key] ? press(facts.key) : this.key(facts.key);
    if (what === "ready" && this.on) return this.frame.say("select", { on: true });
    if (!this.on) return;
    if (what === "hover") this.hovered = facts;
    if (what === "left") this.hovered = null;
    if (what === "moved" && this.element) this.element.box = facts.box;
    if (what === "picked") this.pick(facts);
    this.draw();
  }

  pick(element) {
    this.element = element;
    this.hovered = null;
    this.panel.hidden = false;
    this.crumbs(element.path);
    const others =
      element.of > 1
        ? `${ordinal(element.nth)} of ${element.of} similar elements`
        : "the only element of this kind";
    this.panel.querySelector("[data-twins]").textContent = `<${element.tag}>, ${others}`;
    if (this.form) this.fill(element);
    this.bind(this.words(element), element.selector);
    const { selector, box, label } = element;
    document.dispatchEvent(
      new CustomEvent("element-picked", {
        detail: { attempt: this.stage.getAttribute("attempt"), selector, box, label },
      }),
    );
  }

  words({ tag, text, nth, of, selector }) {
    const which = of > 1 ? `the ${ordinal(nth)} of ${of} identical <${tag}>` : `the <${tag}>`;
    const quote = text ? ` “${text.length > SHORT ? `${text.slice(0, SHORT)}…` : text}”` : "";
    return `${which}${quote} (${selector})`;
  }

  crumbs(path) {
    const steps = path.map((label, i) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "plain";
      button.textContent = label;
      button.dataset.climb = path.length - 1 - i;
      if (i === path.length - 1) button.setAttribute("aria-current", "true");
      return button;
    });
    this.panel.querySelector("[data-crumbs]").replaceChildren(...steps);
  }

  fill({ at, text, editable, of, styles }) {
    for (const field of this.form.querySelectorAll("[data-change]")) {
      const name = field.dataset.change;
      delete field.dataset.dirty;
      field.disabled = at === null;
      if (name === "text") field.value = text;
      else if (field.type === "color") field.value = hex(styles[name]);
      else field.value = parseFloat(styles[name]) || (name.endsWith("gap") ? "" : 0);
    }
    this.form.querySelector("[data-only=text]").hidden = !editable;
    const alike = this.form.querySelector("[data-alike]");
    alike.hidden = of < 2;
    alike.querySelector("input").checked = false;
    alike.querySelector("span").textContent = `Apply to all ${of} similar elements`;
    this.form.querySelector("[type=submit]").disabled = true;
    this.form.querySelector("[data-why]").textContent =
      at === null
        ? "A script created this element: it is not in the page's code. Use instructions instead."
        : "";
  }

  change(field) {
    if (!field.dataset.change) return;
    field.dataset.dirty = "true";
    this.form.querySelector("[type=submit]").disabled = false;
    this.frame.say("try", {
      at: String(this.element.at),
      property: field.dataset.change,
      value: readValue(field),
    });
  }

  send(event) {
    const dirty = [...this.form.querySelectorAll("[data-dirty]")].filter(
      (field) => field.value !== "" || field.dataset.change === "text",
    );
    if (!dirty.length) return event.preventDefault();
    const alike = this.form.querySelector("[data-alike] input").checked;
    const changes = dirty.map((field) => ({
      at: this.element.at,
      name: field.dataset.change,
      value: readValue(field),
      alike: alike && field.dataset.change !== "text",
    }));
    this.form.elements.changes.value = JSON.stringify(changes);
  }

  // Make the instructions apply to this element, or to the whole page if `words` is empty.
  bind(words) {
    const form = document.querySelector(".ask-more");
    if (!form) return;
    form.elements.element.value = words.slice(0, 600);
    const about = form.querySelector("[data-about]");
    about.hidden = !words;
    about.querySelector("span").textContent = words ? `About ${words}` : "";
  }

  prefill(words, element) {
    const field = document.getElementById("wish");
    if (!field) return;
    const own = field.value !== (field.dataset.prefilled ?? "") ? field.value.trimEnd() : "";
    field.dataset.prefilled = own ? "" : words;
    field.value = own ? `${own}\n${words}` : words;
    field.dispatchEvent(new Event("input"));
    document.dispatchEvent(new CustomEvent("compose"));
    field.focus();
    this.bind(element ? `the element ${element}` : "");
  }

  draw() {
    const scale =
      this.frame.iframe.getBoundingClientRect().width / this.frame.iframe.offsetWidth || 1;
    for (const [name, what] of Object.entries({ hovered: this.hovered, picked: this.element })) {
      const outline = this.outlines[name];
      outline.hidden = !what;
      if (!what) continue;
      const [left, top, width, height] = what.box.map((side) => `${side * scale}px`);
      Object.assign(outline.style, { left, top, width, height });
      outline.firstElementChild.textContent = what.label;
    }
  }
}

const readValue = (field) => (field.type === "number" ? `${Number(field.value)}px` : field.value);
const ordinal = (n) =>
  `${n}${{ 1: "st", 2: "nd", 3: "rd" }[n % 100 > 10 && n % 100 < 14 ? 0 : n % 10] ?? "th"}`;

function hex(color = "") {
  const [r, g, b, alpha] = (color.match(/[\d.]+/g) ?? []).map(Number);
  if (b === undefined || alpha === 0) return "#ffffff";
  return `#${[r, g, b].map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}
