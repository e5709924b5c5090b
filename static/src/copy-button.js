// <copy-button for="id">: copies the text of an element and confirms it.
import { copyText } from "./copy-text.js";

const CONFIRMED = 1500; // ms

class CopyButton extends HTMLElement {
  connectedCallback() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = "Copy";
    button.addEventListener("click", () => this.copy(button));
    this.replaceChildren(button);
  }

  async copy(button) {
    const source = document.getElementById(this.getAttribute("for"));
    const done = await copyText(source.value ?? source.textContent);
    button.textContent = done ? "Copied" : "The browser blocked copying";
    setTimeout(() => (button.textContent = "Copy"), CONFIRMED);
  }
}

customElements.define("copy-button", CopyButton);
