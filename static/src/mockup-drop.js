// <mockup-drop> around a file input: drop or paste pictures anywhere, see them before they are sent, Ctrl/Cmd+Enter starts.
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
    const all = new DataTransfer();
    for (const file of transfer.files) all.items.add(file);
    this.input.files = all.files;
    this.show();
  }

  show() {
    const files = [...this.input.files];
    this.addresses?.forEach((address) => URL.revokeObjectURL(address));
    this.querySelector(".chosen")?.remove();
    this.toggleAttribute("data-chosen", files.length > 0);
    if (!files.length) return;
    const row = document.createElement("span");
    row.className = "chosen";
    this.addresses = files.map((file) => URL.createObjectURL(file));
    for (const address of this.addresses) {
      const picture = new Image();
      picture.src = address;
      picture.alt = "";
      row.append(picture);
    }
    this.querySelector("label").prepend(row);
    const size = files.reduce((sum, file) => sum + file.size, 0) / 1e6;
    this.status.textContent = `${files.length > 1 ? `${files.length} pictures` : files[0].name}, ${size.toFixed(2)} MB`;
  }

  start(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.input.form.requestSubmit();
  }
}

customElements.define("mockup-drop", MockupDrop);
