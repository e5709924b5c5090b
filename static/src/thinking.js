// The panel in which a model's thinking grows. It is no live region: whoever listens is told once that the model thinks, and
// reads what it thinks when they want to.
const AT_ONCE = 50; // ms between two times that the page is touched
const NEAR = 20; // px from the end at which a reader still follows it

export class Thinking {
  constructor(panel) {
    this.panel = panel;
    this.text = panel.querySelector("pre").appendChild(document.createTextNode(""));
    this.clear();
  }

  // A new thought replaces the last one, but only once it begins: until then that stays to be read.
  begin() {
    this.over = true;
  }

  clear() {
    clearTimeout(this.flushing);
    this.flushing = null;
    this.pending = "";
    this.over = false;
    this.text.parentNode.replaceChildren(this.text);
    this.text.data = "";
    this.panel.hidden = true;
  }

  grow(text) {
    if (this.over) this.clear();
    this.pending += text;
    this.flushing ??= setTimeout(() => this.flush(), AT_ONCE);
  }

  flush() {
    const box = this.text.parentNode;
    const following = box.scrollTop + box.clientHeight >= box.scrollHeight - NEAR;
    this.flushing = null;
    this.panel.hidden = false;
    this.text.appendData(this.pending);
    this.pending = "";
    this.panel.querySelector("[data-length]").textContent = `${this.text.length.toLocaleString("en")} characters`;
    if (following) box.scrollTop = box.scrollHeight;
  }
}
