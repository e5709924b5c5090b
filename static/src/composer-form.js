// <composer-form>: the field grows with its text, and an attached picture is seen before it is sent.
const TALLEST = 220; // px; then the field scrolls

class ComposerForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.field = this.querySelector("textarea");
    this.file = this.querySelector("input[type=file]");
    this.shown = this.querySelector("[data-attached]");
    this.field.addEventListener("input", () => this.grow());
    this.file?.addEventListener("change", () => this.show());
    this.field.addEventListener("paste", (event) => this.paste(event));
    this.querySelector("[data-detach]")?.addEventListener("click", () => {
      this.file.value = "";
      this.show();
      this.field.focus();
    });
    this.form.addEventListener("submit", () => this.form.setAttribute("aria-busy", "true"));
  }

  grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(TALLEST, this.field.scrollHeight)}px`;
  }

  paste({ clipboardData }) {
    if (!this.file || !clipboardData.files.length) return;
    const one = new DataTransfer();
    one.items.add(clipboardData.files[0]);
    this.file.files = one.files;
    this.show();
  }

  show() {
    const [file] = this.file.files;
    URL.revokeObjectURL(this.address);
    this.shown.hidden = !file;
    if (!file) return;
    this.address = URL.createObjectURL(file);
    this.shown.querySelector("img").src = this.address;
    this.shown.querySelector("span").textContent = file.name;
  }
}

customElements.define("composer-form", ComposerForm);
