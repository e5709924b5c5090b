// <start-form> around the form: shows what a run may cost, and sends the form without losing input when it is refused.
import { formatNumber, translate } from "./texts.js";

class StartForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.cost = this.querySelector("[data-cost]");
    this.form.addEventListener("submit", (event) => this.send(event));
    this.form.addEventListener("input", () => this.estimate());
    window.addEventListener("pageshow", () => this.wait(false));
    this.estimate();
  }

  estimate() {
    const { model, rounds, candidates, thinking } = this.form.elements;
    const choice = model.selectedOptions[0];
    const draft = choice.value === "draft";
    for (const part of this.querySelectorAll("[data-with-model]")) part.hidden = draft;
    const stack = this.form.querySelector("[name=stack]:checked")?.parentElement.textContent.trim();
    const time = usual(Number(choice.dataset.seconds));
    if (draft)
      return this.say(
        translate("{stack}: the layout draft, on this machine, {time}, at no cost.", {
          stack,
          time: time || translate("in seconds"),
        }),
      );
    const { tokens, read, written } = this.cost.dataset;
    const answers = Math.max(0, Number(rounds.value)) * Math.max(1, Number(candidates.value));
    const input = answers * Number(read);
    const output = answers * Number(written) * (thinking.value ? 2 : 1);
    const share = Math.min(1, Number(tokens) / Math.max(1, input + output));
    const most = Math.round((input + output) * share);
    const values = {
      stack: time ? `${stack}, ${time}` : stack,
      model: choice.textContent,
      tokens: formatNumber(most),
    };
    if (choice.hasAttribute("data-local") && !choice.dataset.in)
      return this.say(
        translate(
          "{stack} with {model}. About {tokens} tokens on your own machine, at no cost.",
          values,
        ),
      );
    if (!choice.dataset.in && !choice.dataset.out)
      return this.say(
        translate(
          "{stack} with {model}. About {tokens} tokens; this connection has no price.",
          values,
        ),
      );
    const price =
      (share * (input * Number(choice.dataset.in) + output * Number(choice.dataset.out))) / 1e6;
    this.say(
      translate("{stack} with {model}. About {tokens} tokens, at most {price}.", {
        ...values,
        price: `$${Math.max(0.01, price).toFixed(2)}`,
      }),
    );
  }

  say(words) {
    if (this.cost.textContent !== words) this.cost.textContent = words;
  }

  async send(event) {
    event.preventDefault();
    if (this.sending) return;
    this.wait(true);
    try {
      const answer = await fetch(this.form.action, {
        method: "POST",
        body: new FormData(this.form),
      });
      if (answer.redirected) return location.assign(answer.url);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      this.refuse(
        page.getElementById("error")?.textContent ||
          translate("The request was refused (status {status}).", { status: answer.status }),
      );
    } catch {
      this.refuse(
        navigator.onLine
          ? translate("The studio does not respond. Your input is kept; try again in a moment.")
          : translate("You are offline. Your input is kept."),
      );
    }
    this.wait(false);
  }

  wait(on) {
    this.sending = on;
    this.form.querySelector("[type=submit]").setAttribute("aria-busy", on);
  }

  refuse(words) {
    const error = this.querySelector("#error");
    error.hidden = false;
    error.textContent = words;
    error.scrollIntoView({ block: "nearest" });
  }
}

// How long the team's last runs with this model took; "" if there were none.
function usual(seconds) {
  if (!seconds) return "";
  if (seconds < 90) return translate("about {seconds} s", { seconds: Math.max(1, seconds) });
  return translate("about {minutes} min", { minutes: Math.round(seconds / 60) });
}

customElements.define("start-form", StartForm);
