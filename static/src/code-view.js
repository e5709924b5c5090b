// <code-view language="html|css|js"> around <pre><code>: shows the text in an editor as soon as it is looked at; more can be
// appended. With `editable` the text can be changed, which it says by the event "edited".
class CodeView extends HTMLElement {
  connectedCallback() {
    this.source = this.querySelector("pre");
    this.was = this.source.textContent;
    // Hidden when it began, an editor would put the numbers beside the wrong lines.
    this.watch = new ResizeObserver(() => this.look());
    this.watch.observe(this);
  }

  disconnectedCallback() {
    this.watch.disconnect();
    this.editor?.destroy();
  }

  look() {
    if (this.editor) this.editor.measure();
    else if (this.checkVisibility()) this.open();
  }

  // Load the editor. Where that fails (offline), the text stays as it is, and the next look tries again.
  open() {
    this.opening ??= import(document.documentElement.dataset.codeScript).then(
      ({ CodeEditor }) => this.show(CodeEditor),
      () => {
        this.opening = undefined;
      },
    );
    return this.opening;
  }

  show(CodeEditor) {
    if (!this.isConnected) return;
    const box = document.createElement("div");
    box.className = "editor";
    this.append(box);
    const edited = () => this.dispatchEvent(new CustomEvent("edited", { bubbles: true }));
    this.editor = new CodeEditor(box.attachShadow({ mode: "open" }), this.text, {
      language: this.getAttribute("language"),
      label: this.getAttribute("label") ?? "Code",
      changed: this.hasAttribute("editable") ? edited : undefined,
    });
    this.source.hidden = true;
  }

  get text() {
    return this.editor ? this.editor.text : this.source.textContent;
  }

  get isChanged() {
    return this.text !== this.was;
  }

  restore() {
    if (this.isChanged) this.editor.replace(this.was);
  }

  async revealTag(number) {
    await this.open();
    this.editor?.revealTag(number);
  }

  // The number of the last element that begins before the cursor; -1 before the first, and without a cursor.
  tagAtCursor() {
    return this.editor ? this.editor.tagAtCursor() : -1;
  }

  clear() {
    if (this.editor) this.editor.replace("");
    else this.source.textContent = "";
  }

  grow(text) {
    if (this.editor) this.editor.grow(text);
    else this.source.append(text);
  }
}

customElements.define("code-view", CodeView);
