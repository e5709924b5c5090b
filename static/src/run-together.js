// <run-together socket comments>: shows the other people viewing this run and their comments, live. Without it the
// comments are a form that loads the page again. An element picked in the preview (`element-picked`) is what the next comment is pinned to.
import { outdated } from "./outdated.js";
import { translateCount } from "./texts.js";

const FIRST_DELAY = 500;
const LONGEST_DELAY = 10_000;

class RunTogether extends HTMLElement {
  connectedCallback() {
    this.delay = FIRST_DELAY;
    this.addEventListener("submit", (event) => this.send(event));
    this.addEventListener(
      "click",
      (event) => event.target.closest("[data-unpin]") && this.pin(null),
    );
    /** @param {any} event */
    this.picked = ({ detail }) => this.pin(detail);
    document.addEventListener("element-picked", this.picked);
    this.open();
  }

  disconnectedCallback() {
    document.removeEventListener("element-picked", this.picked);
    clearTimeout(this.retry);
    if (this.socket) this.socket.onclose = null;
    this.socket?.close();
  }

  open() {
    const address = new URL(this.getAttribute("socket"), location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    this.socket = new WebSocket(address);
    this.socket.onmessage = ({ data }) => {
      this.delay = FIRST_DELAY;
      const { people, said } = JSON.parse(data);
      if (people) this.show(people);
      if (said) this.refresh(fetch(this.getAttribute("comments")));
    };
    this.socket.onclose = ({ code }) => {
      this.show([]);
      if (outdated(code)) return;
      this.retry = setTimeout(() => this.open(), this.delay);
      this.delay = Math.min(this.delay * 2, LONGEST_DELAY);
    };
  }

  show(people) {
    const line = document.querySelector("[data-people]");
    if (!line) return;
    const others = people.filter(({ you }) => !you).map(({ name }) => name);
    line.hidden = !others.length;
    line.textContent = others.length
      ? translateCount(
          "{names} is viewing this run",
          "{names} are viewing this run",
          others.length,
          {
            names: others.join(", "),
          },
        )
      : "";
  }

  // Keep the text being typed: replace the list always, the form only after it was sent.
  async refresh(asked, sent = false) {
    const answer = await asked.catch(() => null);
    if (!answer || (!answer.ok && answer.status !== 422)) return;
    const fresh = new DOMParser()
      .parseFromString(await answer.text(), "text/html")
      .getElementById("comments");
    const old = this.querySelector("#comments");
    if (sent && answer.ok) return old.replaceWith(fresh);
    const form = old.querySelector(".say");
    fresh.querySelector(".say").replaceWith(form);
    old.replaceWith(fresh);
    if (sent) form.querySelector("textarea").focus();
  }

  send(event) {
    event.preventDefault();
    const form = event.target;
    const sending = {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Requested-With": "fetch" },
    };
    this.refresh(fetch(form.action, sending), form.matches(".say"));
  }

  pin(element) {
    const form = this.querySelector(".say");
    form.elements.attempt.value = element?.attempt ?? "";
    form.elements.element.value = element?.selector ?? "";
    form.elements.box.value = element?.box ? JSON.stringify(element.box) : "";
    form.querySelector(".pinned").hidden = !element;
    form.querySelector(".pinned code").textContent = element?.label ?? element?.selector ?? "";
  }
}

customElements.define("run-together", RunTogether);
