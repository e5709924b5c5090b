// Panels are resized within bounds and remembered in the cookie that the server reads.
import { afterEach, beforeEach, expect, it } from "vitest";
import "../../static/src/work-space.js";

const PAGE = `<work-space>
  <section class="conversation"></section>
  <div data-splitter="left" tabindex="0"></div>
  <input type="radio" name="tab" value="preview" checked><input type="radio" name="tab" value="code">
  <input type="radio" name="panel" value="inspector" checked><input type="radio" name="panel" value="canvas">
  <a data-toggle-inspector href="#inspector"></a>
  <aside class="inspector"><input type="radio" name="side" value="differences" checked><input type="radio" name="side" value="element"></aside>
</work-space>`;
let space;

// The element's script is deferred, so its children are there before it is connected.
function show() {
  const page = document.createElement("div");
  page.innerHTML = PAGE;
  document.body.replaceChildren(page);
}

beforeEach(() => {
  sessionStorage.clear();
  show();
  space = document.querySelector("work-space");
});
afterEach(() => {
  document.body.innerHTML = "";
});

const press = (key) =>
  space
    .querySelector("[data-splitter]")
    .dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));

it("widens by a key and remembers it", () => {
  press("ArrowRight");
  expect(space.style.getPropertyValue("--left")).toBe("336px");
  expect(document.cookie).toContain("likeness_panels=336..");
});

it("is never wider or narrower than the server allows", () => {
  for (let i = 0; i < 60; i++) press("ArrowRight");
  expect(space.style.getPropertyValue("--left")).toBe("640px");
  for (let i = 0; i < 60; i++) press("ArrowLeft");
  expect(space.style.getPropertyValue("--left")).toBe("220px");
});

it("closes and opens the inspector, which an element's selection opens, too", () => {
  const toggle = space.querySelector("[data-toggle-inspector]");
  space.showInspector(false);
  expect(toggle.getAttribute("aria-expanded")).toBe("false");
  document.dispatchEvent(new CustomEvent("element-picked", { detail: {} }));
  expect(space.getAttribute("data-inspector")).toBe("open");
  expect(space.querySelector("[value=element]").checked).toBe(true);
  toggle.click();
  expect(space.getAttribute("data-inspector")).toBe("closed");
});

it("shows the tab that was shown last", () => {
  document.dispatchEvent(new CustomEvent("show-tab", { detail: "code" }));
  show();
  expect(document.querySelector("[value=code]").checked).toBe(true);
});

it("ignores a tab that there is not", () => {
  document.dispatchEvent(new CustomEvent("show-tab", { detail: 'x"] *' }));
  expect(document.querySelector("[value=preview]").checked).toBe(true);
});

it.each(["show-place", "show-code"])("shows the canvas on a phone for %s", (name) => {
  document.dispatchEvent(new CustomEvent(name));
  expect(space.querySelector("[name=panel]:checked").value).toBe("canvas");
});
