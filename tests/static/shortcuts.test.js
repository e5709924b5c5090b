// Keys act on the page, but never while somebody types, and single ones only where they are enabled.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { press } from "../../static/src/shortcuts.js";

let clicked;

beforeEach(() => {
  localStorage.clear();
  document.body.innerHTML = `<a href="#one" data-key="u">Undo</a><a href="#two" data-key="Alt+5">Variant 5</a>
    <textarea></textarea><form class="ask-more"><button type="submit">Generate</button></form>`;
  clicked = vi.fn((event) => event.preventDefault());
  for (const carrier of document.querySelectorAll("[data-key]"))
    carrier.addEventListener("click", clicked);
});
afterEach(() => {
  document.body.innerHTML = "";
});

const type = (target, options) => {
  const event = new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...options });
  target.dispatchEvent(event);
  return event;
};

it("leaves Option and a digit to whoever types", () => {
  const event = type(document.querySelector("textarea"), {
    key: "[",
    code: "Digit5",
    altKey: true,
  });
  expect(event.defaultPrevented).toBe(false);
  expect(clicked).not.toHaveBeenCalled();
  type(document.body, { key: "[", code: "Digit5", altKey: true });
  expect(clicked).toHaveBeenCalledOnce();
});

it("takes a key of the preview's frame in either case", () => {
  press("U");
  expect(clicked).toHaveBeenCalledOnce();
});

it("takes no single key where they are disabled, from the frame neither", () => {
  localStorage.setItem("likeness-single-keys", "off");
  press("u");
  type(document.body, { key: "u" });
  expect(clicked).not.toHaveBeenCalled();
});

it("submits once while Ctrl+Enter is held", () => {
  const form = document.querySelector("form");
  const sent = vi.fn((event) => event.preventDefault());
  form.addEventListener("submit", sent);
  type(document.body, { key: "Enter", ctrlKey: true });
  type(document.body, { key: "Enter", ctrlKey: true, repeat: true });
  expect(sent).toHaveBeenCalledOnce();
});
