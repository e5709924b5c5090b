// What a page shows of a server is renewed, but not under the hands of who uses it.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import "../../static/src/page-refresh.js";

let shown;

beforeEach(() => {
  document.body.innerHTML = `<page-refresh every="10"><p>1 run waits</p><button>Install</button></page-refresh>`;
  shown = document.querySelector("page-refresh");
  const text = async () => `<page-refresh every="10"><p>2 runs wait</p></page-refresh>`;
  vi.stubGlobal("fetch", async () => ({ redirected: false, text }));
});

afterEach(() => vi.unstubAllGlobals());

it("shows what the server says now", async () => {
  await shown.refresh();
  expect(shown.textContent).toBe("2 runs wait");
});

it("stays as it is while something in it has the focus", async () => {
  shown.querySelector("button").focus();
  await shown.refresh();
  expect(shown.textContent).toContain("1 run waits");
});

it("stays as it is while the studio does not answer", async () => {
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("no answer");
  });
  await shown.refresh();
  expect(shown.textContent).toContain("1 run waits");
});
