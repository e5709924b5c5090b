// Selecting an element of the page: its outline and label, its path, the edit form and instructions about it.
import { ElementForm } from "./element-form.js";
import { press } from "./shortcuts.js";
import { translate } from "./texts.js";

const STEPS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "back", ArrowRight: "next" };
const SHORT = 60; // characters of an element's text in its description

export class Selection {
  constructor(stage, frame) {
    this.stage = stage;
    this.frame = frame;
    this.on = false;
    this.element = null;
    this.button = stage.querySelector("[data-select]");
    this.panel = document.querySelector("[data-selected]"); // in the inspector
    this.outlines = Object.fromEntries(
      ["hovered", "picked"].map((name) => [name, stage.querySelector(`[data-${name}]`)]),
    );
    this.left = new AbortController();
    const listen = (target, name, act) =>
      target?.addEventListener(name, act, { signal: this.left.signal });
    listen(this.button, "click", () => (this.on ? this.stop() : this.start()));
    listen(document, "shortcut", ({ detail }) => this.key(detail));
    listen(document, "keydown", (event) => this.command(event));
    listen(this.panel, "click", ({ target }) => this.clicked(target));
    listen(document, "click", ({ target }) => target.closest?.("[data-unbind]") && this.bind(""));
    const form = this.panel.querySelector("[data-edit]"); // null for viewers
    this.form = form && new ElementForm(form, frame, this.left.signal);
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

  // Keys with Ctrl or Alt, and Delete; they work while the form has the focus, too.
  command(event) {
    if (!this.on || !this.element || !this.form) return;
    const act = commandOf(event, this.form);
    if (!act) return;
    event.preventDefault();
    act();
  }

  clicked(target) {
    const button = target.closest("button");
    if (!button) return;
    const { climb, structure, value } = button.dataset;
    if (climb) this.frame.say("climb", { steps: Number(climb) });
    if (structure) this.form.restructure(structure, value);
    if (button.matches("[data-show-code]") && this.element)
      document.dispatchEvent(new CustomEvent("show-code", { detail: this.element.at }));
  }

  hear(what, facts) {
    if (what === "command") {
      return this.command({ ...facts, target: null, preventDefault: () => {} });
    }
    if (what === "key")
      return facts.key === "Escape" || !STEPS[facts.key] ? press(facts.key) : this.key(facts.key);
    if (what === "ready" && this.on) return this.frame.say("select", { on: true });
    if (!this.on) return;
    if (what === "hover") this.hovered = facts;
    if (what === "left") this.hovered = null;
    if (what === "moved" && this.element) this.element.box = facts.box;
    if (what === "picked") this.pick(facts);
    if (what === "typed") this.typed(facts.text);
    this.draw();
  }

  pick(element) {
    this.element = element;
    this.hovered = null;
    this.panel.hidden = false;
    this.crumbs(element.path);
    const others =
      element.of > 1
        ? translate("number {number} of {of} similar elements", {
            number: element.nth,
            of: element.of,
          })
        : translate("the only element of this kind");
    this.panel.querySelector("[data-twins]").textContent = `<${element.tag}>, ${others}`;
    this.form?.fill(element);
    this.bind(this.words(element));
    const { selector, box, label } = element;
    document.dispatchEvent(
      new CustomEvent("element-picked", {
        detail: { attempt: this.stage.getAttribute("attempt"), selector, box, label },
      }),
    );
  }

  // Text that was changed in the page itself.
  typed(text) {
    const field = this.form?.form.querySelector("[data-change=text]");
    if (!field || field.disabled || !this.element) return;
    field.value = text;
    this.form.change(field, false);
  }

  words({ tag, text, nth, of, selector }) {
    const which =
      of > 1
        ? translate("number {number} of {of} identical <{tag}>", { number: nth, of, tag })
        : translate("the <{tag}>", { tag });
    const quote = text ? ` “${text.length > SHORT ? `${text.slice(0, SHORT)}…` : text}”` : "";
    return `${which}${quote} (${selector})`;
  }

  crumbs(path) {
    const steps = path.map((label, i) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "plain";
      button.textContent = label;
      button.dataset.climb = String(path.length - 1 - i);
      if (i === path.length - 1) button.setAttribute("aria-current", "true");
      return button;
    });
    this.panel.querySelector("[data-crumbs]").replaceChildren(...steps);
  }

  // Make the instructions apply to this element, or to the whole page if `words` is empty.
  bind(words) {
    const form = document.querySelector(".ask-more");
    if (!form) return;
    form.elements.element.value = words.slice(0, 600);
    const about = form.querySelector("[data-about]");
    about.hidden = !words;
    about.querySelector("span").textContent = words ? translate("About {words}", { words }) : "";
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
    this.bind(element ? translate("the element {element}", { element }) : "");
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

const typing = (target) => target?.closest?.("input:not([type=color]), textarea, select");

function commandOf({ key, ctrlKey, metaKey, shiftKey, altKey, target }, form) {
  const control = ctrlKey || metaKey;
  const letter = key.toLowerCase();
  const inForm = Boolean(target?.closest?.("[data-edit]"));
  if (control && letter === "z" && (inForm || !typing(target)))
    return () => (shiftKey ? form.redo() : form.undo());
  if (typing(target)) return null;
  if (control && letter === "d") return () => form.restructure("duplicate");
  if (altKey && key === "ArrowUp") return () => form.restructure("move", "up");
  if (altKey && key === "ArrowDown") return () => form.restructure("move", "down");
  if (key === "Delete") return () => form.restructure("delete");
  return null;
}
