// Messages from and to the previewed page (static/frame/bridge.js). The page is hostile: only messages from its frame with the
// bridge's proof are accepted, and only bounded numbers and short texts of them are used.
import "./frame-guard.js";

const MOST = 20_000; // px
const LETTERS = 200; // characters of a text
const LONGEST = 4000; // of an element's own text
const DEEPEST = 40; // elements of a path

const number = (value) => (Number.isFinite(value) ? Math.min(MOST, Math.max(-MOST, value)) : 0);
const text = (value, most = LETTERS) => (typeof value === "string" ? value.slice(0, most) : "");
const count = (value) => (Number.isInteger(value) && value > 0 && value < 100_000 ? value : 1);

const readers = {
  ready: () => ({}),
  left: () => ({}),
  key: ({ key }) => ({ key: text(key, 12) }),
  size: ({ height }) => ({ height: Math.max(0, number(height)) }),
  hover: ({ box, label }) => ({ box: boxOf(box), label: text(label, 60) }),
  moved: ({ box }) => ({ box: boxOf(box) }),
  typed: ({ text: words }) => ({ text: text(words, LONGEST) }),
  command: ({ key, ctrlKey, shiftKey, altKey }) => ({
    key: text(key, 12),
    ctrlKey: ctrlKey === true,
    shiftKey: shiftKey === true,
    altKey: altKey === true,
  }),
  picked: (facts) => ({
    box: boxOf(facts.box),
    label: text(facts.label, 60),
    tag: text(facts.tag, 30),
    path: Array.isArray(facts.path) ? facts.path.slice(-DEEPEST).map((step) => text(step, 60)) : [],
    selector: text(facts.selector, 300),
    at: /^\d{1,6}$/.test(facts.at) ? Number(facts.at) : null,
    text: text(facts.text, LONGEST),
    editable: facts.editable === true,
    nth: count(facts.nth),
    of: count(facts.of),
    attributes: attributesOf(facts.attributes),
    colors: (Array.isArray(facts.colors) ? facts.colors : [])
      .slice(0, 12)
      .filter((color) => /^#[0-9a-f]{6}$/.test(color)),
    styles: Object.fromEntries(
      Object.entries(Object(facts.styles))
        .slice(0, 20)
        .map(([name, value]) => [text(name, 30), text(value, 60)]),
    ),
  }),
};

function attributesOf(value) {
  const known = ["href", "alt"].filter((name) => typeof value?.[name] === "string");
  return Object.fromEntries(known.map((name) => [name, text(value[name], 2000)]));
}

function boxOf(value) {
  const sides = Array.isArray(value) ? value.slice(0, 4).map(number) : [];
  return sides.length === 4 ? sides : [0, 0, 0, 0];
}

export class Frame {
  constructor(iframe, proof, take) {
    this.iframe = iframe;
    this.listener = (event) => {
      if (
        event.source !== iframe.contentWindow ||
        event.origin !== "null" ||
        !proof ||
        event.data?.proof !== proof
      )
        return;
      const what = text(event.data?.likeness, 20);
      if (Object.hasOwn(readers, what)) take(what, readers[what](event.data));
    };
    window.addEventListener("message", this.listener);
  }

  say(what, facts = {}) {
    this.iframe.contentWindow?.postMessage({ likeness: what, ...facts }, "*");
  }

  leave() {
    window.removeEventListener("message", this.listener);
  }
}
