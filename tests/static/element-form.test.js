// The form of a selected element: only what was changed is sent, and every step can be taken back.
import { beforeEach, expect, it, vi } from "vitest";
import { ElementForm, hex } from "../../static/src/element-form.js";

const ELEMENT = {
  at: 4,
  text: "Boats",
  editable: true,
  of: 6,
  attributes: {},
  colors: ["#ff0000"],
  styles: { color: "rgb(0, 0, 0)", "font-size": "17.5008px" },
};
let form;
let frame;

beforeEach(() => {
  document.body.innerHTML = `<form data-edit><input type="hidden" name="changes">
    <label data-only="text"><input type="text" data-change="text"></label>
    <label data-only="href"><input type="text" data-change="href"></label>
    <input type="color" data-change="color"><input type="number" data-change="font-size" step="any">
    <div data-swatches></div><label data-alike><input type="checkbox"><span></span></label>
    <button type="submit"></button><button type="button" data-undo></button><button type="button" data-redo></button>
    <span data-why></span></form>`;
  frame = { say: vi.fn() };
  form = new ElementForm(document.querySelector("form"), frame, new AbortController().signal);
  form.fill(ELEMENT);
});

const field = (name) => document.querySelector(`[data-change=${name}]`);
function type(name, value) {
  field(name).value = value;
  field(name).dispatchEvent(new Event("input", { bubbles: true }));
}
const leave = (name) => field(name).dispatchEvent(new Event("change", { bubbles: true }));

it("sends nothing of a field that nobody touched, whatever its value is", () => {
  expect(form.changes).toEqual([]);
  type("text", "Ships");
  expect(form.changes).toEqual([{ at: 4, name: "text", value: "Ships", alike: false }]);
});

it("rounds a length to what the studio writes", () => {
  type("font-size", "17.50084");
  expect(form.changes[0].value).toBe("17.501px");
});

it("changes all similar elements, but never their texts", () => {
  document.querySelector("[data-alike] input").checked = true;
  type("text", "Ships");
  type("color", "#ff0000");
  expect(form.changes.map(({ alike }) => alike)).toEqual([false, true]);
});

it("takes back and repeats one step after the other, in the page, too", () => {
  type("text", "S");
  type("text", "Ships");
  leave("text");
  type("color", "#00ff00");
  form.undo();
  expect(field("color").value).toBe("#000000");
  expect(field("text").value).toBe("Ships");
  form.undo();
  expect(field("text").value).toBe("Boats");
  expect(frame.say).toHaveBeenLastCalledWith("try", { at: "4", property: "text", value: "Boats" });
  expect(form.changes).toEqual([]);
  form.redo();
  expect(field("text").value).toBe("Ships");
});

it("offers the page's own colors", () => {
  document.querySelector("[data-swatches] button").click();
  expect(form.changes[0]).toMatchObject({ name: "color", value: "#ff0000" });
});

it("hides what the element has not", () => {
  expect(document.querySelector("[data-only=href]").hidden).toBe(true);
  form.fill({ ...ELEMENT, editable: false, attributes: { href: "/boats" } });
  expect(document.querySelector("[data-only=href]").hidden).toBe(false);
  expect(field("href").value).toBe("/boats");
  expect(document.querySelector("[data-only=text]").hidden).toBe(true);
});

it("reads colors as browsers report them", () => {
  expect(hex("rgb(9, 128, 255)")).toBe("#0980ff");
  expect(hex("rgba(0, 0, 0, 0)")).toBe("#ffffff");
});
