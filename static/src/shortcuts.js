// Keyboard shortcuts. A key clicks the element with that data-key, or is dispatched as a "shortcut" event.
const SINGLE = "likeness-single-keys"; // can be disabled, because voice input or accidents also type single keys

const TABS = { 1: "preview", 2: "compare", 3: "code" };

const typing = (event) =>
  event
    .composedPath()[0]
    ?.closest?.(
      "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable=true]",
    );
const singleKeys = () => localStorage.getItem(SINGLE) !== "off";

// Keys of the preview's frame come here, too.
export function press(key) {
  if (key.length === 1) {
    if (!singleKeys()) return;
    key = key.toLowerCase();
  }
  if (key === "?") return sheet()?.showModal();
  const carrier = [...document.querySelectorAll("[data-key]")].find(
    (one) => one.dataset.key === key && !one.closest("[hidden]"),
  );
  if (carrier) return carrier.click();
  if (TABS[key]) document.dispatchEvent(new CustomEvent("show-tab", { detail: TABS[key] }));
  if (key === "e") {
    document.dispatchEvent(new CustomEvent("compose"));
    return document.querySelector("#wish, #prompt")?.focus();
  }
  document.dispatchEvent(new CustomEvent("shortcut", { detail: key }));
}

const sheet = () => document.getElementById("keys");

function submit(event) {
  const form =
    event.composedPath()[0]?.closest?.("form") ?? document.querySelector("#start, .ask-more");
  const button = form?.querySelector("[type=submit]:not(:disabled)");
  if (button) form.requestSubmit(button);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    if (!event.repeat) submit(event);
    return;
  }
  // While somebody types, Option and a digit are a character: [ ] | { } on a German Mac.
  if (event.altKey && /^Digit[1-9]$/.test(event.code) && !typing(event)) {
    event.preventDefault();
    return press(`Alt+${event.code.at(-1)}`);
  }
  if (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    event.repeat ||
    document.querySelector("dialog[open]")
  )
    return;
  if (typing(event) && event.key !== "Escape") return;
  if (event.key.toLowerCase() === "e" && singleKeys()) event.preventDefault();
  press(event.key);
});
document.addEventListener("keyup", (event) =>
  document.dispatchEvent(new CustomEvent("shortcut-end", { detail: event.key.toLowerCase() })),
);

document.addEventListener("DOMContentLoaded", () => {
  const single = document.querySelector("#keys [data-single]");
  if (!single) return;
  single.checked = singleKeys();
  single.addEventListener("change", () =>
    localStorage.setItem(SINGLE, single.checked ? "on" : "off"),
  );
});
