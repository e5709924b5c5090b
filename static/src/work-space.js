// <work-space>: the panels of the run page. Style sheets lay them out and radio buttons choose what the canvas and the inspector
// show; this adds resizing, the toggle of the inspector, and remembers all of it.
import { storeCookie } from "./cookies.js";

const COOKIE = "likeness_panels"; // read by studio/runs/panel_sizes.py, so that the first paint is right
const [NARROWEST, WIDEST] = [220, 640]; // px
const USUAL = { left: 320, right: 304 }; // px; the same as in workspace.css
const STEP = 16; // px per press of an arrow key
const ROOM = 1280; // px; narrower windows begin without the inspector
const TAB = "likeness-tab";

class WorkSpace extends HTMLElement {
  connectedCallback() {
    this.left = new AbortController();
    const on = (target, name, act) =>
      target?.addEventListener(name, act, { signal: this.left.signal });
    for (const splitter of this.querySelectorAll("[data-splitter]")) this.drag(splitter, on);
    this.toggle = this.querySelector("[data-toggle-inspector]");
    on(this.toggle, "click", (event) => {
      event.preventDefault();
      this.showInspector(!this.isOpen);
    });
    on(this, "change", ({ target }) => target.name === "tab" && this.tabChosen(target.value));
    on(document, "element-picked", () => this.showSide("element"));
    on(document, "show-tab", ({ detail }) => this.showTab(detail));
    on(document, "compose", () => this.showPanel("conversation"));
    for (const name of ["show-place", "show-code"])
      on(document, name, () => this.showPanel("canvas"));
    on(window, "resize", () => this.describe());
    const before = sessionStorage.getItem(TAB);
    if (before) this.showTab(before);
    this.describe();
    this.scrollThread();
  }

  disconnectedCallback() {
    this.left.abort();
  }

  get isOpen() {
    const chosen = this.getAttribute("data-inspector");
    return chosen ? chosen === "open" : window.innerWidth >= ROOM;
  }

  showInspector(open) {
    this.setAttribute("data-inspector", open ? "open" : "closed");
    this.describe();
    this.remember();
  }

  describe() {
    this.toggle?.setAttribute("aria-expanded", this.isOpen);
  }

  // On a phone one panel is shown at a time.
  showPanel(name) {
    const button = this.querySelector(`[name=panel][value=${name}]`);
    if (button) button.checked = true;
  }

  showSide(name) {
    this.querySelector(`[name=side][value=${name}]`).checked = true;
    if (!this.isOpen) this.showInspector(true);
  }

  showTab(name) {
    const button = [...this.querySelectorAll("[name=tab]")].find(({ value }) => value === name);
    if (!button || button.checked) return;
    button.checked = true;
    this.tabChosen(name);
  }

  tabChosen(name) {
    sessionStorage.setItem(TAB, name);
    document.dispatchEvent(new CustomEvent("tab-shown", { detail: name }));
  }

  size(side) {
    const panel = this.querySelector(side === "left" ? ".conversation" : ".inspector");
    const chosen = parseFloat(this.style.getPropertyValue(`--${side}`));
    return chosen || panel.getBoundingClientRect().width || USUAL[side];
  }

  resize(splitter, width) {
    const size = Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)));
    this.style.setProperty(`--${splitter.dataset.splitter}`, `${size}px`);
    splitter.setAttribute("aria-valuenow", size);
  }

  drag(splitter, on) {
    const side = splitter.dataset.splitter;
    const sign = side === "left" ? 1 : -1;
    on(splitter, "pointerdown", (event) => {
      event.preventDefault();
      const [from, width] = [event.clientX, this.size(side)];
      splitter.setPointerCapture(event.pointerId);
      this.toggleAttribute("data-dragging", true); // the frame must not swallow the pointer
      const move = ({ clientX }) => this.resize(splitter, width + sign * (clientX - from));
      splitter.addEventListener("pointermove", move);
      splitter.addEventListener(
        "lostpointercapture",
        () => {
          splitter.removeEventListener("pointermove", move);
          this.toggleAttribute("data-dragging", false);
          this.remember();
        },
        { once: true },
      );
    });
    on(splitter, "keydown", (event) => {
      const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
      if (!step) return;
      event.preventDefault();
      this.resize(splitter, this.size(side) + sign * step);
      this.remember();
    });
    on(splitter, "dblclick", () => {
      this.style.removeProperty(`--${side}`);
      this.remember();
    });
  }

  remember() {
    const sizes = ["left", "right"].map(
      (side) => parseFloat(this.style.getPropertyValue(`--${side}`)) || "",
    );
    const value = [...sizes, this.getAttribute("data-inspector") ?? ""].join(".");
    storeCookie(COOKIE, value);
  }

  // The newest request is at the end of the conversation; a version chosen further up is shown instead.
  scrollThread() {
    const thread = this.querySelector(".thread");
    const current = thread?.querySelector("[aria-current]");
    if (!thread) return;
    thread.scrollTop = thread.scrollHeight;
    current?.scrollIntoView({ block: "nearest" });
  }
}

customElements.define("work-space", WorkSpace);
