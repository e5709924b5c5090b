// The panel that shows a model's thinking as it arrives. It is not a live region: screen readers hear once that the model
// is thinking, and people read the panel when they want to.
import { formatNumber, translate } from "./texts.js";

const AT_ONCE = 50; // ms between two updates of the page
const NEAR = 20; // px from the end within which the panel follows new text

export class Thinking {
  constructor(panel) {
    this.panel = panel;
    this.text = panel.querySelector("pre").appendChild(document.createTextNode(""));
    this.clear();
  }

  // The next thinking replaces the last one when its first piece arrives; until then the last one stays.
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
    this.panel.querySelector("[data-length]").textContent = translate("{count} characters", {
      count: formatNumber(this.text.length),
    });
    if (following) box.scrollTop = box.scrollHeight;
  }
}
