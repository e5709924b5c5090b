// <live-preview src> shows a page while it is written: reloads it regularly and swaps in only loaded pages.
import { translate } from "./texts.js";

const PACE = 700; // ms between two loads
const PATIENCE = 10_000; // ms for a load; a page whose script never ends is abandoned

class LivePreview extends HTMLElement {
  // Request a reload; requests within the pace are combined.
  refresh() {
    if (this.waiting) return;
    this.waiting = setTimeout(
      () => this.load(),
      Math.max(0, (this.loaded ?? 0) + PACE - Date.now()),
    );
  }

  load() {
    const next = document.createElement("iframe");
    next.title = translate("The page being written");
    next.setAttribute("sandbox", "allow-scripts");
    next.referrerPolicy = "no-referrer";
    next.className = "next";
    const late = setTimeout(() => {
      next.remove();
      this.loaded = Date.now();
      this.waiting = null;
    }, PATIENCE);
    next.addEventListener(
      "load",
      () => {
        clearTimeout(late);
        this.swap(next);
      },
      { once: true },
    );
    next.src = `${this.getAttribute("src")}?${Date.now()}`;
    this.append(next);
  }

  swap(next) {
    this.loaded = Date.now();
    this.waiting = null;
    next.className = "";
    for (const old of [...this.querySelectorAll("iframe")]) if (old !== next) old.remove();
    this.dispatchEvent(new Event("swapped"));
    const loads = Number(this.getAttribute("data-loads") ?? 0);
    this.setAttribute("data-loads", String(loads + 1));
  }

  clear() {
    clearTimeout(this.waiting);
    this.waiting = null;
    this.replaceChildren();
  }
}

customElements.define("live-preview", LivePreview);
