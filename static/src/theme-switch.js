// <theme-switch>: light, dark or the system's theme. A cookie stores it, so the server renders the right theme at once.
const ORDER = ["system", "light", "dark"];
const YEAR = 31_536_000; // s

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
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox
    document.cookie = `likeness_theme=${theme}; path=/; max-age=${theme === "system" ? 0 : YEAR}; samesite=lax`;
    this.show();
  }

  show() {
    this.button.innerHTML = `<span class="sun ${this.theme}" aria-hidden="true"></span>`;
    this.button.setAttribute("aria-label", `Theme: ${this.theme}`);
    this.button.title = `Theme: ${this.theme}`;
  }
}

customElements.define("theme-switch", ThemeSwitch);
