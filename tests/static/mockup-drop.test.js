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
