// What was recognized is drawn from the top of the page down, over the mockup and on the empty page.
import { beforeEach, expect, it } from "vitest";
import { inOrder, MockupScan } from "../../static/src/mockup-scan.js";

const HINTS = {
  width: 800,
  height: 600,
  background: "#ffffff",
  texts: [[10, 300, 50, 20, "Low", 16, "#111111", 400]],
  rects: [[0, 100, 800, 80, "#eeeeee", 4]],
  pictures: [[20, 200, 100, 50]],
};

beforeEach(() => {
  document.body.innerHTML =
    '<div id="outcome"><div data-scanned></div><div data-building></div></div>';
});

it("goes from the top down", () => {
  expect(inOrder(HINTS).map(({ kind }) => kind)).toEqual(["rect", "picture", "text"]);
});

it("outlines over the mockup and paints on the empty page", () => {
  const scan = new MockupScan(document.body);
  scan.begin();
  expect(document.querySelector("[data-scanning]")).not.toBeNull();
  scan.show(HINTS);
  expect(document.querySelector("[data-scanning]")).toBeNull();
  expect(document.querySelectorAll("[data-scanned] .seen rect")).toHaveLength(3);
  expect(document.querySelector("[data-building] text").textContent).toBe("Low");
});

it("takes a text as text", () => {
  const texts = [[0, 0, 9, 9, "<img src=x onerror=alert(1)>", 9, "#000", 400]];
  new MockupScan(document.body).show({ ...HINTS, texts });
  expect(document.querySelector("[data-building] img")).toBeNull();
});

it("leaves nothing behind when a run begins again", () => {
  const scan = new MockupScan(document.body);
  scan.show(HINTS);
  scan.clear();
  expect(document.querySelectorAll(".seen")).toHaveLength(0);
});
