// <mockup-drop> around a file input: drop or paste a picture anywhere, see it before it is sent, Ctrl/Cmd+Enter starts.
class MockupDrop extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=file]");
    this.status = this.querySelector("[data-status]");
    this.input.addEventListener("change", () => this.show());
    window.addEventListener("dragover", (event) => this.hover(event, true));
    window.addEventListener("dragleave", (event) => event.relatedTarget || this.hover(event, false));
    window.addEventListener("drop", (event) => this.take(event, event.dataTransfer));
    window.addEventListener("paste", (event) => this.take(event, event.clipboardData));
    window.addEventListener("keydown", (event) => this.start(event));
    this.show();
  }

  hover(event, on) {
    event.preventDefault();
    this.toggleAttribute("data-hover", on);
  }

  // Text pasted into the prompt brings no files and stays text.
  take(event, transfer) {
    this.removeAttribute("data-hover");
    if (!transfer?.files.length) return;
    event.preventDefault();
    const one = new DataTransfer();
    one.items.add(transfer.files[0]);
    this.input.files = one.files;
    this.show();
  }

  show() {
    const file = this.input.files[0];
    if (this.address) URL.revokeObjectURL(this.address);
    this.querySelector("img")?.remove();
    this.toggleAttribute("data-chosen", Boolean(file));
    if (!file) return;
    const picture = new Image();
    this.address = picture.src = URL.createObjectURL(file);
    picture.alt = "";
    this.querySelector("label").prepend(picture);
    this.status.textContent = `${file.name}, ${(file.size / 1e6).toFixed(2)} MB`;
  }

  start(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.input.form.requestSubmit();
  }
}

customElements.define("mockup-drop", MockupDrop);
