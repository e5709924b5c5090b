// What a hostile previewed page says is reduced to bounded numbers and short texts.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Frame } from "../../static/src/frame.js";

const PROOF = "a secret of the bridge";

describe("Frame", () => {
  let iframe;
  let frame;
  let take;

  beforeEach(() => {
    iframe = { contentWindow: window };
    take = vi.fn();
    frame = new Frame(iframe, PROOF, take);
  });

  afterEach(() => frame.leave());

  function send(data, { source = iframe.contentWindow, origin = "null", proof = PROOF } = {}) {
    const sent = data && typeof data === "object" ? { proof, ...data } : data;
    window.dispatchEvent(new MessageEvent("message", { data: sent, source, origin }));
  }

  it("hears its own page", () => {
    send({ likeness: "size", height: 900 });
    expect(take).toHaveBeenCalledWith("size", { height: 900 });
  });

  it("ignores other windows and other origins", () => {
    send({ likeness: "size", height: 900 }, { source: null });
    send({ likeness: "size", height: 900 }, { origin: "https://example.org" });
    expect(take).not.toHaveBeenCalled();
  });

  it("ignores what a page without the bridge's proof says", () => {
    send({ likeness: "size", height: 900 }, { proof: "a guess" });
    send({ likeness: "size", height: 900 }, { proof: null });
    expect(take).not.toHaveBeenCalled();
  });

  it("hears nothing without a proof of its own", () => {
    frame.leave();
    frame = new Frame(iframe, "", take);
    send({ likeness: "size", height: 900 }, { proof: "" });
    expect(take).not.toHaveBeenCalled();
  });

  it("ignores messages it does not know, also names of Object's own", () => {
    for (const likeness of ["steal", "constructor", "__proto__", 7, null, undefined])
      send({ likeness });
    send(null);
    send("size");
    expect(take).not.toHaveBeenCalled();
  });

  it.each([
    [Number.POSITIVE_INFINITY, 0],
    [Number.NaN, 0],
    [-50, 0],
    [1e12, 20_000],
    ["900", 0],
  ])("bounds the height %s to %s", (height, bounded) => {
    send({ likeness: "size", height });
    expect(take).toHaveBeenCalledWith("size", { height: bounded });
  });

  it("cuts texts, paths and styles of a picked element", () => {
    const long = "x".repeat(10_000);
    const styles = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`p${n}`, long]));
    send({
      likeness: "picked",
      box: [1, 2, 3, 4],
      label: long,
      tag: long,
      path: Array(500).fill(long),
      selector: long,
      at: "12",
      text: long,
      editable: "yes",
      nth: -1,
      of: 1e9,
      styles,
    });
    const [, facts] = take.mock.calls[0];
    expect(facts.label).toHaveLength(60);
    expect(facts.tag).toHaveLength(30);
    expect(facts.path).toHaveLength(40);
    expect(facts.path[0]).toHaveLength(60);
    expect(facts.selector).toHaveLength(300);
    expect(facts.text).toHaveLength(4000);
    expect(Object.keys(facts.styles)).toHaveLength(20);
    expect(facts).toMatchObject({ at: 12, editable: false, nth: 1, of: 1 });
  });

  it("takes only colors, links and descriptions that are such", () => {
    send({
      likeness: "picked",
      colors: ["#ff0000", "url(x)", 7, "#FFF"],
      attributes: { href: "/boats", alt: 7, onclick: "steal()" },
    });
    const [, facts] = take.mock.calls[0];
    expect(facts.colors).toEqual(["#ff0000"]);
    expect(facts.attributes).toEqual({ href: "/boats" });
  });

  it("takes a command's keys and nothing else of it", () => {
    send({ likeness: "command", key: "z", ctrlKey: 1, shiftKey: true, target: "x" });
    const keys = { key: "z", ctrlKey: false, shiftKey: true, altKey: false };
    expect(take).toHaveBeenCalledWith("command", keys);
  });

  it("takes no number of a tag that is none", () => {
    for (const at of ["1e3", "../1", "12345678", 4.5]) send({ likeness: "picked", at });
    expect(take.mock.calls.map(([, facts]) => facts.at)).toEqual([null, null, null, null]);
  });

  it("hears nothing after it left", () => {
    frame.leave();
    send({ likeness: "ready" });
    expect(take).not.toHaveBeenCalled();
  });
});
