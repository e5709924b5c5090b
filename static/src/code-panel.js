// <code-panel> around the files of a version: edit them and save a version, see what differs from another version, and go
// from an element of the page to its code and back.
class CodePanel extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("[data-save]");
    this.left = new AbortController();
    const { signal } = this.left;
    document.addEventListener("show-code", ({ detail }) => this.reveal(detail), { signal });
    this.addEventListener("edited", ({ target }) => this.edited(target), { signal });
    this.form?.addEventListener("submit", () => this.save(), { signal });
    this.querySelector("[data-discard]")?.addEventListener("click", () => this.discard());
    this.querySelector("[data-find]")?.addEventListener("click", () => this.find());
    const select = this.querySelector("[data-against]");
    select?.addEventListener("change", () => this.compare(select));
  }

  disconnectedCallback() {
    this.left.abort();
  }

  get views() {
    return [...this.querySelectorAll("code-view")];
  }

  fileOf(view) {
    return view.closest("[data-name]").dataset.name;
  }

  get texts() {
    const changed = this.views.filter((view) => view.isChanged);
    return Object.fromEntries(changed.map((view) => [this.fileOf(view), view.text]));
  }

  edited(view) {
    const names = Object.keys(this.texts);
    this.form.hidden = !names.length;
    this.form.querySelector("[data-changed]").textContent = names.join(", ");
    const name = this.fileOf(view);
    if (name.endsWith(".css"))
      document.dispatchEvent(
        new CustomEvent("style-edited", { detail: { name, text: view.text } }),
      );
  }

  save() {
    this.form.elements.files.value = JSON.stringify(this.texts);
  }

  discard() {
    for (const view of this.views) view.restore();
  }

  // From an element of the page, known by the number of its start tag, to the place in the code.
  reveal(number) {
    const file = this.querySelector('[data-name="index.html"]');
    if (!file || number === null) return;
    document.dispatchEvent(new CustomEvent("show-tab", { detail: "code" }));
    this.querySelector(`[name=file][value="${file.dataset.file}"]`).checked = true;
    this.showDiff(null);
    file.querySelector("code-view").revealTag(number);
  }

  // From the code to the element of the page.
  find() {
    const view = this.querySelector('[data-name="index.html"] code-view');
    const number = view?.tagAtCursor() ?? -1;
    if (number >= 0) document.dispatchEvent(new CustomEvent("find-element", { detail: number }));
  }

  async compare(select) {
    if (!select.value) return this.showDiff(null);
    const address = new URL(select.form.action);
    address.searchParams.set("from", select.value);
    address.searchParams.set("to", select.form.elements.to.value);
    const answer = await fetch(address);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    this.showDiff([...page.querySelectorAll("main .diff, main p.empty")]);
  }

  showDiff(parts) {
    const shown = this.querySelector("[data-diff]");
    shown.hidden = !parts;
    shown.replaceChildren(...(parts ?? []));
    if (!parts) this.querySelector("[data-against]").value = "";
  }
}

customElements.define("code-panel", CodePanel);
