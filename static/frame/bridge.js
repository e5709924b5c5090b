// Runs inside a previewed page before its own scripts and reports to the run's page what is under the pointer. It knows nothing of
// the studio: the frame has no origin and the page is hostile, so the run's page checks everything. Each message carries a proof
// that the page's scripts cannot know: this script element is removed before they run, and the functions for sending are saved.
((PROOF) => {
  document.currentScript.remove();
  const post = parent.postMessage.bind(parent);
  const MARK = "data-likeness-at";
  const STYLES = [
    "color",
    "background-color",
    "font-size",
    "font-weight",
    "text-align",
    "padding-top",
    "padding-right",
    "padding-bottom",
    "padding-left",
    "margin-top",
    "margin-bottom",
    "row-gap",
    "column-gap",
    "border-radius",
  ];
  const MOST = 4000; // characters of a reported text
  const LOOKED = 400; // elements whose colors are counted
  const tell = (what, facts) => post({ ...facts, likeness: what, proof: PROOF }, "*");
  let selecting = false,
    pointed = null, // the element below the pointer, known before Select is switched on
    picked = null,
    edited = null;

  const boxOf = (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return [left + scrollX, top + scrollY, width, height];
  };
  const words = (element) =>
    // biome-ignore lint/performance/useDomNodeTextContent: only text that people see counts
    (element.innerText ?? element.textContent ?? "").replace(/\s+/g, " ").trim().slice(0, MOST);
  const hex = (color) => {
    const [r, g, b, alpha] = (color.match(/[\d.]+/g) ?? []).map(Number);
    if (b === undefined || alpha === 0) return "";
    return `#${[r, g, b].map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
  };
  const colors = () => {
    const counts = {};
    for (const element of [...document.body.getElementsByTagName("*")].slice(0, LOOKED)) {
      const { color, backgroundColor } = getComputedStyle(element);
      for (const one of [hex(color), hex(backgroundColor)])
        if (one) counts[one] = (counts[one] ?? 0) + 1;
    }
    return Object.keys(counts)
      .sort((one, other) => counts[other] - counts[one])
      .slice(0, 12);
  };
  const attributesOf = (element) => {
    if (element.localName === "img") return { alt: element.getAttribute("alt") ?? "" };
    return element.localName === "a" ? { href: element.getAttribute("href") ?? "" } : {};
  };
  const twins = (element) => {
    const same = [...document.getElementsByTagName(element.localName)].filter(
      (other) => other.className === element.className,
    );
    return { nth: same.indexOf(element) + 1, of: same.length };
  };
  const selectorOf = (element) => {
    if (element === document.body || element === document.documentElement) return element.localName;
    if (element.id && document.querySelectorAll(`#${CSS.escape(element.id)}`).length === 1)
      return `#${CSS.escape(element.id)}`;
    const siblings = [...element.parentElement.children].filter(
      (other) => other.localName === element.localName,
    );
    const place = siblings.length > 1 ? `:nth-of-type(${siblings.indexOf(element) + 1})` : "";
    return `${selectorOf(element.parentElement)} > ${CSS.escape(element.localName)}${place}`;
  };
  const labelOf = (element) =>
    element.localName + (element.classList.length ? `.${element.classList[0]}` : "");
  const factsOf = (element) => {
    const style = getComputedStyle(element);
    const path = [];
    for (let one = element; one && one !== document.documentElement; one = one.parentElement)
      path.unshift(labelOf(one));
    const onlyText =
      element.childNodes.length > 0 &&
      [...element.childNodes].every((node) => node.nodeType === Node.TEXT_NODE);
    return {
      box: boxOf(element),
      label: labelOf(element),
      tag: element.localName,
      path,
      selector: selectorOf(element),
      at: element.getAttribute(MARK),
      text: words(element),
      editable: onlyText,
      attributes: attributesOf(element),
      colors: colors(),
      ...twins(element),
      styles: Object.fromEntries(STYLES.map((name) => [name, style.getPropertyValue(name)])),
    };
  };

  const under = (event) => {
    const element = event.target instanceof Element ? event.target : null;
    return element && element !== document.documentElement ? element : null;
  };
  const leave = () => {
    if (!edited) return;
    edited.removeAttribute("contenteditable");
    edited = null;
  };
  // Text is changed in place; the run's page hears what was typed.
  const edit = (element) => {
    if (!element.childNodes.length || element.childElementCount) return;
    leave();
    edited = element;
    element.contentEditable = "plaintext-only";
    element.focus();
    getSelection().selectAllChildren(element);
  };
  const pick = (element) => {
    if (edited !== element) leave();
    picked = element;
    tell("picked", factsOf(element));
  };
  const steps = {
    up: (element) => element.parentElement,
    down: (element) => element.firstElementChild,
    next: (element) => element.nextElementSibling,
    back: (element) => element.previousElementSibling,
  };
  const move = (step) => {
    const from = picked ?? document.body;
    const to = picked ? steps[step]?.(from) : document.body?.firstElementChild;
    if (to && to !== document.documentElement) pick(to);
  };

  const listen = (name, act) =>
    addEventListener(
      name,
      (event) => {
        if (!selecting || !event.isTrusted) return; // synthetic events do not come from a person
        if (edited?.contains(event.target)) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        act(event);
      },
      { capture: true },
    );
  const hover = () => pointed && tell("hover", { box: boxOf(pointed), label: labelOf(pointed) });
  addEventListener(
    "pointermove",
    (event) => {
      if (event.isTrusted) pointed = under(event);
    },
    { capture: true },
  );
  listen("pointermove", hover);
  listen("click", (event) => under(event) && pick(under(event)));
  for (const name of ["pointerdown", "pointerup", "mousedown", "mouseup", "submit"])
    listen(name, () => {});
  listen("dblclick", (event) => under(event) && edit(under(event)));
  addEventListener("input", (event) => {
    if (edited && event.isTrusted && edited.contains(event.target))
      tell("typed", { text: words(edited) });
  });
  document.addEventListener("mouseleave", () => {
    pointed = null;
    if (selecting) tell("left", {});
  });
  addEventListener(
    "click",
    (event) =>
      event.target instanceof Element && event.target.closest("a, area") && event.preventDefault(),
  );
  addEventListener("keydown", (event) => {
    if (edited && ["Enter", "Escape"].includes(event.key)) {
      event.preventDefault();
      return leave();
    }
    const { key, ctrlKey, metaKey, shiftKey, altKey } = event;
    if (
      selecting &&
      !edited &&
      event.isTrusted &&
      (ctrlKey || metaKey || altKey || key === "Delete")
    ) {
      if (/^[zd]$|^Arrow|^Delete/i.test(key)) event.preventDefault();
      return tell("command", { key, ctrlKey: ctrlKey || metaKey, shiftKey, altKey });
    }
    const typing =
      event.target instanceof Element &&
      event.target.closest("input, textarea, select, [contenteditable]");
    if (event.isTrusted && !typing && !event.ctrlKey && !event.metaKey && !event.altKey)
      tell("key", { key: event.key });
  });

  const size = () =>
    tell("size", {
      width: innerWidth,
      height: Math.max(document.documentElement.scrollHeight, document.body?.scrollHeight ?? 0),
    });
  const orders = {
    select: ({ on }) => {
      selecting = on;
      picked = null;
      leave();
      if (on && pointed?.isConnected) hover();
    },
    pick: ({ at }) => {
      const element = document.querySelector(`[${MARK}="${CSS.escape(at)}"]`);
      if (!element) return;
      element.scrollIntoView({ block: "center" });
      pick(element);
    },
    // A style sheet as it is being written in the editor, in the place of the page's own.
    sheet: ({ name, text }) => {
      for (const link of document.querySelectorAll('link[rel~="stylesheet"]')) {
        if (link.getAttribute("href") !== name) continue;
        link.disabled = true;
        const style = link.nextElementSibling?.matches("style[data-likeness-tried]")
          ? link.nextElementSibling
          : document.createElement("style");
        style.setAttribute("data-likeness-tried", "");
        style.textContent = text;
        link.after(style);
      }
    },
    move: ({ step }) => move(step),
    climb: ({ steps: count }) => {
      let element = picked;
      for (let i = 0; i < count && element?.parentElement; i++) element = element.parentElement;
      if (element) pick(element);
    },
    try: ({ at, property, value }) => {
      const element = document.querySelector(`[${MARK}="${CSS.escape(at)}"]`);
      if (!element) return;
      if (property === "text") element.textContent = value;
      else if (["alt", "href", "src"].includes(property)) element.setAttribute(property, value);
      else element.style.setProperty(property, value);
      if (element === picked) tell("moved", { box: boxOf(element) });
    },
    size,
  };
  addEventListener(
    "message",
    (event) => event.source === parent && orders[event.data?.likeness]?.(event.data),
  );
  addEventListener("load", () => {
    tell("ready", {});
    size();
  });
})("PROOF_OF_THE_BRIDGE");
