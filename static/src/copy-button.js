// <copy-button for="id">: copies the text of an element and confirms it.
import { copyText } from "./copy-text.js";
import { translate } from "./texts.js";

const CONFIRMED = 1500; // ms

class CopyButton extends HTMLElement {
  connectedCallback() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = translate("Copy");
    button.addEventListener("click", () => this.copy(button));
    this.replaceChildren(button);
  }

  async copy(button) {
    const source = document.getElementById(this.getAttribute("for"));
    const done = await copyText(source.value ?? source.textContent);
    button.textContent = done ? translate("Copied") : translate("The browser blocked copying");
    setTimeout(() => (button.textContent = translate("Copy")), CONFIRMED);
  }
}

customElements.define("copy-button", CopyButton);
