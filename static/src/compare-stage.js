// <compare-stage>: mockup and page in several compare modes. Radio buttons and style sheets select the mode; this adds the
// interaction: synchronized scrolling, the divider, holding to blink, widths of the page, and going to a difference.
import { Frame } from "./frame.js";
import { Selection } from "./selection.js";
import { translate } from "./texts.js";

const MODE = "likeness-mode";
const TAB = { page: "preview" }; // the tab of each mode; all others are compare modes
const [NARROWEST, WIDEST] = [320, 1920];
const STEP = 10; // px per press of an arrow key
const WINDOW = 900; // px; initial height of a page at another width

class CompareStage extends HTMLElement {
  connectedCallback() {
    this.own = Number(this.getAttribute("page-width"));
    this.canvas = this.querySelector(".canvas");
    this.ownTall = this.canvas.style.getPropertyValue("--tall");
    this.modes = [...this.querySelectorAll("[name=mode]")];
    this.views = [...this.querySelectorAll(".pane.mockup .view, .pane.result .view")];
    this.device = this.querySelector("[data-device]");
    this.frame = new Frame(
      this.canvas.querySelector("iframe"),
      this.getAttribute("proof"),
      (what, facts) => this.hear(what, facts),
    );
    this.selection = new Selection(this, this.frame);
    this.left = new AbortController();
    const on = (target, name, act) =>
      target?.addEventListener(name, act, { signal: this.left.signal });
    on(document, "shortcut", ({ detail }) => this.key(detail));
    on(document, "shortcut-end", ({ detail }) => detail === "b" && this.blink(false));
    on(this, "change", ({ target }) => target.name === "mode" && this.changed());
    on(document, "click", ({ target }) => this.clicked(target));
    on(document, "tab-shown", () => this.changed());
    on(document, "style-edited", ({ detail }) => this.frame.say("sheet", detail));
    on(document, "find-element", ({ detail }) => this.find(detail));
    on(this.device, "change", () => this.resize(Number(this.device.value)));
    on(this.querySelector("[data-devices]"), "click", ({ target }) => {
      const button = target.closest("[data-width]");
      if (button) this.resize(Number(button.dataset.width));
    });
    this.zoom = this.querySelector("[data-zoom]");
    on(this.zoom, "change", () => this.magnify(this.zoom.value));
    for (const view of this.views) on(view, "scroll", () => this.follow(view));
    this.holding(on);
    this.dividing(on);
    this.dragging(on);
    const before = this.modes.find((mode) => mode.value === sessionStorage.getItem(MODE));
    if (before) before.checked = true;
    this.changed();
  }

  disconnectedCallback() {
    this.left.abort();
    this.frame.leave();
    this.selection.leave();
  }

  // "page" in the preview, else a compare mode.
  get mode() {
    const tab = document.querySelector("[name=tab]:checked")?.value;
    if (tab === "preview" || !this.modes.length) return "page";
    return this.modes.find((mode) => mode.checked).value;
  }

  // The modes that show the page itself, so that its elements can be selected.
  get isLive() {
    const tab = document.querySelector("[name=tab]:checked")?.value;
    return tab !== "code" && ["side", "page"].includes(this.mode);
  }

  show(mode) {
    const tab = TAB[mode] ?? "compare";
    document.dispatchEvent(new CustomEvent("show-tab", { detail: tab }));
    const button = this.modes.find(({ value }) => value === mode);
    if (button) button.checked = true;
    this.changed();
  }

  changed() {
    const mode = this.modes.find(({ checked }) => checked)?.value;
    if (mode) sessionStorage.setItem(MODE, mode);
    if (!this.isLive) this.selection.stop();
  }

  key(key) {
    if (key === "c") this.nextMode();
    if (key === "d") this.nextDevice();
    if (key === "b") this.blink(true);
    if (key === "f") this.magnify("");
    if (["+", "=", "-"].includes(key)) this.stepZoom(key === "-" ? -1 : 1);
  }

  // From another tab, the first press shows the mode that was used last.
  nextMode() {
    if (!this.modes.length) return;
    const at = this.modes.findIndex(({ checked }) => checked);
    const tab = document.querySelector("[name=tab]:checked")?.value;
    const next = tab === "compare" ? (at + 1) % this.modes.length : at;
    this.show(this.modes[next].value);
  }

  hear(what, facts) {
    if (what === "size") this.grow(facts);
    else this.selection.hear(what, facts);
  }

  // Scroll both panes together: by pixels if both have the same width, else by share of the height.
  follow(view) {
    if (this.led === view) {
      this.led = null;
      return;
    }
    for (const other of this.views) {
      if (other === view || !other.clientHeight) continue;
      const [room, ours] = [
        other.scrollHeight - other.clientHeight,
        view.scrollHeight - view.clientHeight,
      ];
      const top =
        this.wide === this.own ? view.scrollTop : ours > 0 ? (view.scrollTop / ours) * room : 0;
      if (Math.abs(other.scrollTop - top) < 1 && other.scrollLeft === view.scrollLeft) continue;
      this.led = other;
      other.scrollTo({ top, left: view.scrollLeft, behavior: "instant" });
    }
  }

  // Widths of the page.
  get wide() {
    return parseFloat(this.canvas.style.getPropertyValue("--wide"));
  }

  nextDevice() {
    if (!this.isLive) this.show("page");
    this.device.selectedIndex = (this.device.selectedIndex + 1) % this.device.options.length;
    this.resize(Number(this.device.value));
  }

  resize(wide) {
    const width = Math.round(Math.min(WIDEST, Math.max(NARROWEST, wide)));
    this.canvas.style.setProperty("--wide", `${width === Math.round(wide) ? wide : width}px`);
    this.canvas.style.setProperty("--tall", width === this.own ? this.ownTall : `${WINDOW}px`);
    this.asking = width !== this.own;
    if (this.asking) this.frame.say("size");
    this.querySelector("[data-handle]").setAttribute("aria-valuenow", width);
    const known = [...this.device.options].find(({ value }) => Number(value) === width);
    const custom =
      this.device.querySelector("[data-custom]") ?? this.device.appendChild(new Option("", ""));
    custom.setAttribute("data-custom", "");
    custom.hidden = Boolean(known);
    if (!known) [custom.value, custom.text] = [width, width];
    (known ?? custom).selected = true;
  }

  // Only once per width: a page as tall as its window would grow forever.
  grow({ height }) {
    if (!this.asking) return;
    this.asking = false;
    this.canvas.style.setProperty("--tall", `${Math.max(WINDOW, height)}px`);
  }

  // `percent` of a CSS pixel; "": as wide as there is room.
  magnify(percent) {
    this.zoom.value = percent;
    this.toggleAttribute("data-zoomed", percent !== "");
    if (percent) this.style.setProperty("--zoom", String(Number(percent) / 100));
    this.selection.draw();
  }

  stepZoom(step) {
    const at =
      this.zoom.selectedIndex || [...this.zoom.options].findIndex((o) => o.value === "100");
    const next = Math.min(this.zoom.options.length - 1, Math.max(1, at + step));
    this.magnify(this.zoom.options[next].value);
  }

  dragging(on) {
    const handle = this.querySelector("[data-handle]");
    on(handle, "pointerdown", (event) => {
      const [from, wide] = [event.clientX, this.wide];
      const scale = this.canvas.getBoundingClientRect().width / wide;
      handle.setPointerCapture(event.pointerId);
      const move = ({ clientX }) => this.resize(Math.round(wide + (2 * (clientX - from)) / scale)); // the page is centered
      handle.addEventListener("pointermove", move);
      handle.addEventListener(
        "lostpointercapture",
        () => handle.removeEventListener("pointermove", move),
        { once: true },
      );
    });
    on(handle, "keydown", (event) => {
      const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      this.resize(this.wide + step);
    });
  }

  // Slider and onion skin.
  dividing(on) {
    const [slider, onion, stack] = ["[data-slider]", "[data-onion]", ".stack"].map((name) =>
      this.querySelector(name),
    );
    if (!stack) return;
    const show = () => {
      stack.style.setProperty("--at", `${slider.value}%`);
      stack.style.setProperty("--onion", onion.value / 100);
    };
    on(slider, "input", show);
    on(onion, "input", show);
    const drag = ({ clientX }) => {
      const { left, width } = stack.getBoundingClientRect();
      slider.value = ((clientX - left) / width) * 100;
      show();
    };
    on(stack, "pointerdown", (event) => {
      if (this.mode !== "slider") return;
      event.preventDefault();
      stack.setPointerCapture(event.pointerId);
      drag(event);
      stack.addEventListener("pointermove", drag);
      stack.addEventListener(
        "lostpointercapture",
        () => stack.removeEventListener("pointermove", drag),
        { once: true },
      );
    });
    show();
  }

  holding(on) {
    const button = this.querySelector("[data-blink]");
    on(button, "pointerdown", () => this.blink(true));
    for (const name of ["pointerup", "pointerleave", "blur"])
      on(button, name, () => this.blink(false));
    on(button, "keydown", ({ key }) => [" ", "Enter"].includes(key) && this.blink(true));
    on(button, "keyup", () => this.blink(false));
  }

  blink(shown) {
    if (shown) this.show("blink");
    this.toggleAttribute("data-blinking", shown);
  }

  // Select the element that the code's cursor is in.
  find(number) {
    this.show("page");
    this.selection.start();
    this.frame.say("pick", { at: String(number) });
  }

  clicked(target) {
    const button = target.closest?.("[data-goto], [data-fix]");
    if (!button) return;
    const entry = button.closest("li").querySelector("[data-goto]");
    this.goto(entry);
    if (button.dataset.fix) this.fix(entry);
  }

  // Scroll both panes to a difference.
  goto(button) {
    document.dispatchEvent(new CustomEvent("show-place")); // on a phone another panel is shown
    this.show("blocks");
    for (const box of this.querySelectorAll("rect.here")) box.classList.remove("here");
    for (const box of this.querySelectorAll(`rect[data-block="${button.dataset.goto}"]`)) {
      box.classList.add("here");
      const view = box.closest(".view");
      const [at, room] = [box.getBoundingClientRect(), view.getBoundingClientRect()];
      this.led = view;
      view.scrollBy({
        top: at.top + at.height / 2 - room.top - room.height / 2,
        left: at.left - room.left - 20,
        behavior: "instant",
      });
    }
    for (const other of document.querySelectorAll("[data-goto]")) {
      if (other === button) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
    }
  }

  // Write the instructions that mend a difference.
  fix(button) {
    const words = button.querySelector(".words").textContent.trim();
    this.selection.prefill(
      translate("{difference}. Make it as in the mockup.", { difference: words }),
      button.dataset.element,
    );
  }
}

customElements.define("compare-stage", CompareStage);
