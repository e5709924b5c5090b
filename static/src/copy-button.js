// <copy-button for="id">: copies the text of an element and confirms it.
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
    const text = source.value ?? source.textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = "The browser blocked copying";
    }
    setTimeout(() => (button.textContent = "Copy"), 1500);
  }
}

customElements.define("copy-button", CopyButton);
