// Code can be read and grows before its editor is there; the editor goes on from what was shown.
import { beforeEach, expect, it, vi } from "vitest";
import "../../static/src/code-view.js";

class Editor {
  constructor(_root, text, options) {
    Object.assign(this, { text, options });
  }
  replace(text) {
    this.text = text;
  }
  grow(text) {
    this.text += text;
  }
  measure() {}
  destroy() {}
}

let view;

beforeEach(() => {
  view = document.createElement("code-view");
  view.toggleAttribute("editable", true);
  view.innerHTML = "<pre><code>one</code></pre>";
  document.body.replaceChildren(view);
});

it("shows and grows its text without an editor", () => {
  view.grow(" two");
  expect(view.text).toBe("one two");
  expect(view.querySelector("pre").textContent).toBe("one two");
  view.clear();
  expect(view.text).toBe("");
});

it("gives the editor what was shown, and hides that", () => {
  view.grow(" two");
  view.show(Editor);
  expect(view.editor.text).toBe("one two");
  expect(view.querySelector("pre").hidden).toBe(true);
  view.grow(" three");
  expect(view.text).toBe("one two three");
});

it("tells of changes where it is editable, and takes them back", () => {
  const edited = vi.fn();
  document.body.addEventListener("edited", edited);
  view.show(Editor);
  view.editor.replace("changed");
  view.editor.options.changed();
  expect(edited).toHaveBeenCalledOnce();
  expect(view.isChanged).toBe(true);
  view.restore();
  expect(view.text).toBe("one");
});

it("keeps the text where the editor cannot be loaded, and tries again at the next look", async () => {
  document.documentElement.dataset.codeScript = "data:text/javascript,throw new Error('offline')";
  await view.open();
  expect(view.editor).toBeUndefined();
  expect(view.querySelector("pre").hidden).toBe(false);
  expect(view.opening).toBeUndefined();
});
