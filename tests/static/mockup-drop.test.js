// An address pasted or dropped outside of a field goes into the field for addresses.
import { beforeEach, expect, test } from "vitest";
import "../../static/src/mockup-drop.js";

beforeEach(() => {
  const page = document.createElement("div");
  page.innerHTML = `<mockup-drop most="20"><input type="file" id="mockup"><ol data-chosen-list></ol>
    <input id="address"><p data-status></p><p data-together></p></mockup-drop><textarea></textarea>`;
  document.body.replaceChildren(page);
});

function paste(target, data, kind = "paste") {
  const event = new Event(kind, { bubbles: true, cancelable: true });
  const transfer = { files: [], getData: (type) => data[type] ?? "" };
  Object.assign(event, { clipboardData: transfer, dataTransfer: transfer });
  target.dispatchEvent(event);
  return event;
}

const address = () => document.getElementById("address").value;

test("an address in the clipboard is taken", () => {
  const event = paste(document.body, { "text/plain": " https://example.com/pricing\n" });
  expect(address()).toBe("https://example.com/pricing");
  expect(event.defaultPrevented).toBe(true);
});

test("a link that is dropped is taken", () => {
  paste(document.body, { "text/uri-list": "https://example.com/a\nhttps://example.com/b" }, "drop");
  expect(address()).toBe("https://example.com/a");
});

test("other words are left alone, and so is what is pasted into a field", () => {
  paste(document.body, { "text/plain": "A page about https://example.com" });
  paste(document.body, { "text/plain": "javascript:alert(1)" });
  const event = paste(document.querySelector("textarea"), { "text/plain": "https://example.com" });
  expect(address()).toBe("");
  expect(event.defaultPrevented).toBe(false);
});

function choose(...files) {
  document.querySelector("mockup-drop").add(files);
}

const status = () => document.querySelector("[data-status]");

test("a refused file is told as an error, until the next one is taken", () => {
  const large = new File(["x"], "large.png", { type: "image/png" });
  Object.defineProperty(large, "size", { value: 60e6 });
  choose(large);
  expect(status().textContent).toBe("large.png has 60.0 MB; up to 20 MB are allowed.");
  expect(status().classList.contains("refused")).toBe(true);
  choose(new File(["x".repeat(2_500)], "small.png", { type: "image/png" }));
  expect(status().textContent).toBe("small.png, 3 kB");
  expect(status().classList.contains("refused")).toBe(false);
});

test("a file that the browser cannot draw leaves no broken picture", () => {
  choose(new File(["%PDF"], "page.pdf", { type: "application/pdf" }));
  const list = document.querySelector("[data-chosen-list]");
  list.querySelector("img").dispatchEvent(new Event("error"));
  expect(list.querySelector("img")).toBe(null);
  expect(list.textContent).toContain("page.pdf");
});
