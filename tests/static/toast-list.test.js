// Messages stay until they are closed, by their button or by Escape, and are read out by a region of their own.
import { beforeEach, expect, test, vi } from "vitest";
import "../../static/src/toast-list.js";

const TOASTS = `<main id="main"><toast-list data-close="Close">
  <div class="notice" role="status"><span>“Harbour” is deleted.</span><form class="undo"><button>Undo U</button></form></div>
  <div class="notice" role="status">Saved.</div>
</toast-list></main>`;

beforeEach(() => {
  vi.useFakeTimers();
  // The element's script is deferred, so its children are there before it is connected.
  const page = document.createElement("div");
  page.innerHTML = TOASTS;
  document.body.replaceChildren(page);
});

const list = () => document.querySelector("toast-list");
const toasts = () => [...list().querySelectorAll(".notice")];

test("words come into a live region that was there before, without those of buttons", () => {
  const region = list().querySelector("p[role=status]");
  expect(region.textContent).toBe("");
  vi.runAllTimers();
  expect(region.textContent).toBe("“Harbour” is deleted. Saved.");
  expect(toasts().some((toast) => toast.hasAttribute("role"))).toBe(false);
});

test("a closed one gives the focus to the next, the last one to the page", () => {
  toasts()[0].querySelector(".close").click();
  expect(toasts().length).toBe(1);
  expect(document.activeElement).toBe(toasts()[0].querySelector(".close"));
  toasts()[0].querySelector(".close").click();
  expect(document.activeElement.id).toBe("main");
});

test("Escape within one closes that one", () => {
  toasts()[1].dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  expect(toasts().map((toast) => toast.querySelector("span")?.textContent)).toEqual([
    "“Harbour” is deleted.",
  ]);
});

test("the button of closing has a name", () => {
  expect(list().querySelector(".close").getAttribute("aria-label")).toBe("Close");
});
