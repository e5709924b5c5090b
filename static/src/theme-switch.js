// <theme-switch>: light, dark or the system's theme. A cookie stores it, so the server renders the right theme at once.
import { storeCookie } from "./cookies.js";
import { translate } from "./texts.js";

const ORDER = ["system", "light", "dark"];
const LABELS = {
  system: translate("Theme: system"),
  light: translate("Theme: light"),
  dark: translate("Theme: dark"),
};

class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "quiet";
    this.button.addEventListener("click", () =>
      this.set(ORDER[(ORDER.indexOf(this.theme) + 1) % ORDER.length]),
    );
    this.replaceChildren(this.button);
    this.show();
  }

  get theme() {
    return document.documentElement.dataset.theme ?? "system";
  }

  set(theme) {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    if (theme === "system") storeCookie("likeness_theme", "", 0);
    else storeCookie("likeness_theme", theme);
    this.show();
  }

  show() {
    this.button.innerHTML = `<span class="sun ${this.theme}" aria-hidden="true"></span>`;
    const label = LABELS[this.theme];
    this.button.setAttribute("aria-label", label);
    this.button.title = label;
  }
}

customElements.define("theme-switch", ThemeSwitch);
