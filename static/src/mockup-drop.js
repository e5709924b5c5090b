// <mockup-drop most> around a file input: pictures are dropped or pasted anywhere, seen, put in order and taken out again.
// The input always holds just what is shown, so the form is sent as if they had been chosen by hand.
import { translate } from "./texts.js";

const TYPES = [
  "image/png",
  "image/jpeg",
  "image/webp",
  "image/gif",
  "image/avif",
  "image/heic",
  "image/heif",
  "application/pdf",
];
const ADDRESS = /^https?:\/\/\S+$/;
const NARROW = 0.8; // of the widest: then they are one page at several widths, most likely

class MockupDrop extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=file]");
    this.list = this.querySelector("[data-chosen-list]");
    this.status = this.querySelector("[data-status]");
    this.address = this.querySelector("#address");
    this.chosen = []; // {file, address, wide}
    this.input.addEventListener("change", () => this.add([...this.input.files]));
    window.addEventListener("dragover", (event) => this.hover(event, true));
    window.addEventListener(
      "dragleave",
      (event) => event.relatedTarget || this.hover(event, false),
    );
    window.addEventListener("drop", (event) => this.take(event, event.dataTransfer));
    window.addEventListener("paste", (event) => this.take(event, event.clipboardData));
    this.list.addEventListener("click", (event) => this.act(event.target.closest("button")));
    this.list.addEventListener("keydown", (event) => this.arrow(event));
    this.list.addEventListener("dragstart", ({ target }) => (this.dragged = this.indexOf(target)));
    this.list.addEventListener(
      "dragenter",
      ({ target }) => this.dragged != null && this.move(this.dragged, this.indexOf(target)),
    );
    this.list.addEventListener("dragend", () => (this.dragged = null));
    this.scale = this.querySelector("#scale");
    this.note = this.querySelector("[data-width-note]");
    this.scale?.addEventListener("input", () => this.noteWidth());
  }

  indexOf(target) {
    return [...this.list.children].indexOf(target.closest?.("li"));
  }

  hover(event, on) {
    if (this.dragged != null) return event.preventDefault();
    event.preventDefault();
    this.toggleAttribute("data-hover", on);
  }

  // Pasted text is left alone, unless it is an address that is pasted outside of a field.
  take(event, transfer) {
    this.removeAttribute("data-hover");
    if (!transfer?.files.length) return this.takeAddress(event, transfer);
    event.preventDefault();
    this.add([...transfer.files]);
  }

  takeAddress(event, transfer) {
    if (!this.address || event.target.closest?.("input, textarea, [contenteditable]")) return;
    const text = (
      transfer?.getData("text/uri-list") ||
      transfer?.getData("text/plain") ||
      ""
    ).trim();
    const [line] = text.split("\n");
    if (!ADDRESS.test(line.trim())) return;
    event.preventDefault();
    this.address.value = line.trim();
    this.address.focus();
    this.address.dispatchEvent(new Event("input", { bubbles: true }));
  }

  add(files) {
    const good = files.filter((file) => !this.wrong(file));
    for (const file of good) this.chosen.push({ file, address: URL.createObjectURL(file) });
    this.show();
    if (good.length < files.length)
      this.refuse(
        files.filter((file) => this.wrong(file)),
        good.length,
      );
    this.dispatchEvent(new CustomEvent("chosen", { bubbles: true }));
  }

  wrong(file) {
    // Most systems have no name for the kind of a HEIC file.
    if (!TYPES.includes(file.type) && !/\.hei[cf]$/i.test(file.name))
      return translate(
        "{name} is not a supported picture; use PNG, JPEG, WebP, GIF, AVIF, HEIC or PDF.",
        { name: file.name },
      );
    const most = this.getAttribute("most");
    if (file.size > Number(most) * 1e6)
      return translate("{name} has {size} MB; up to {most} MB are allowed.", {
        name: file.name,
        size: (file.size / 1e6).toFixed(1),
        most,
      });
    return "";
  }

  refuse(bad, kept) {
    const sentences = bad.map((file) => this.wrong(file));
    if (kept || this.chosen.length) sentences.push(translate("The other pictures are kept."));
    this.say(sentences.join(" "), true);
  }

  // A refusal looks like one: with words in the form, Generate would go on without the file.
  say(words, refused = false) {
    this.status.textContent = words;
    this.status.classList.toggle("refused", refused);
  }

  act(button) {
    if (!button) return;
    const at = this.indexOf(button);
    if (button.dataset.act === "out") {
      URL.revokeObjectURL(this.chosen[at].address);
      this.chosen.splice(at, 1);
      this.show();
      (
        this.list.children[Math.min(at, this.chosen.length - 1)]?.querySelector("button") ??
        this.input
      ).focus();
      this.dispatchEvent(new CustomEvent("chosen", { bubbles: true }));
    } else this.move(at, at + Number(button.dataset.act), button.dataset.act);
  }

  arrow(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.move(this.indexOf(event.target), this.indexOf(event.target) + step, String(step));
  }

  move(from, to, focus) {
    if (from < 0 || to < 0 || to >= this.chosen.length || from === to) return;
    this.chosen.splice(to, 0, ...this.chosen.splice(from, 1));
    this.dragged = this.dragged == null ? null : to;
    this.show();
    if (!focus) return;
    this.list.children[to]
      .querySelector(`[data-act="${focus}"]:not(:disabled), button:not(:disabled)`)
      ?.focus();
    this.say(
      translate("{name} moved to position {place}", {
        name: this.chosen[to].file.name,
        place: to + 1,
      }),
    );
  }

  show() {
    const all = new DataTransfer();
    for (const { file } of this.chosen) all.items.add(file);
    // Pictures and an address are two mockups: what was chosen last counts.
    if (this.address && this.chosen.length) this.address.value = "";
    this.input.files = all.files;
    this.toggleAttribute("data-chosen", this.chosen.length > 0);
    this.list.hidden = !this.chosen.length;
    this.list.replaceChildren(...this.chosen.map((one, i) => this.card(one, i)));
    this.querySelector("[data-together]").hidden = this.chosen.length < 2;
    const size = this.chosen.reduce((sum, { file }) => sum + file.size, 0);
    const names =
      this.chosen.length > 1
        ? translate("{count} pictures", { count: this.chosen.length })
        : this.chosen[0]?.file.name;
    this.say(names ? `${names}, ${writeSize(size)}` : "");
    this.noteWidth();
  }

  // How wide the page will be. Without a ratio the worker reads it from the letters, which the run then says.
  noteWidth() {
    if (!this.note) return;
    const ratio = Number(this.scale.value);
    const [first] = this.chosen;
    if (!first?.wide) this.note.textContent = translate("read from the picture");
    else if (ratio)
      this.note.textContent = translate("the page is {width} px wide", {
        width: Math.round(first.wide / ratio),
      });
    else this.note.textContent = widthNote(first.wide);
  }

  card(one, i) {
    const item = document.createElement("li");
    item.draggable = this.chosen.length > 1;
    const picture = new Image();
    picture.alt = one.file.name;
    picture.draggable = false;
    picture.onload = () => this.measured(one, picture, item);
    picture.onerror = () => picture.remove(); // a PDF, HEIC or damaged file; its name is below
    picture.src = one.address;
    const line = document.createElement("span");
    line.className = "chosen-line";
    const name = document.createElement("span");
    name.className = "muted";
    name.textContent = one.wide ? `${one.wide} × ${one.tall}` : one.file.name;
    line.append(name);
    const several = this.chosen.length > 1;
    const buttons = [
      ["-1", "←", translate("Move earlier"), several && i > 0],
      ["1", "→", translate("Move later"), several && i < this.chosen.length - 1],
      ["out", "×", translate("Remove"), true],
    ];
    for (const [act, sign, words, on] of buttons) {
      if (act !== "out" && !several) continue;
      const button = document.createElement("button");
      Object.assign(button, {
        type: "button",
        className: "quiet",
        textContent: sign,
        disabled: !on,
      });
      button.dataset.act = act;
      button.setAttribute("aria-label", `${words}: ${one.file.name}`);
      line.append(button);
    }
    item.append(picture, line);
    return item;
  }

  // Pictures of very different widths are probably one page; the two radio buttons override the guess.
  measured(one, picture, item) {
    [one.wide, one.tall] = [picture.naturalWidth, picture.naturalHeight];
    this.noteWidth();
    item.querySelector(".muted").textContent = `${one.wide} × ${one.tall}`;
    if (this.chosen.length < 2 || this.chosen.some(({ wide }) => !wide)) return;
    const wides = this.chosen.map(({ wide }) => wide);
    const together = Math.min(...wides) < NARROW * Math.max(...wides);
    if (this.guessed === undefined || this.guessed !== together)
      this.querySelector(`[name=together][value="${together ? "on" : ""}"]`).checked = true;
    this.guessed = together;
  }
}

function writeSize(bytes) {
  if (bytes < 1e5) return `${Math.ceil(bytes / 1e3)} kB`;
  return `${(bytes / 1e6).toFixed(2)} MB`;
}

function widthNote(wide) {
  const [half, third] = [Math.round(wide / 2), Math.round(wide / 3)];
  if (wide < 700) return translate("read from the picture: {wide} px wide at 1×", { wide });
  return translate("read from the picture: {wide} px wide at 1×, {half} at 2×, {third} at 3×", {
    wide,
    half,
    third,
  });
}

customElements.define("mockup-drop", MockupDrop);
