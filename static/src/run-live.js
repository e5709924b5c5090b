// <run-live socket result>: updates a run's page from its events. The page is complete without it; this replays what
// happened from the first event on, so a page loaded late, or one that lost its socket, shows the same as any other.
import { EventSocket } from "./event-socket.js";
import { EventFallback } from "./event-source.js";
import { MockupScan } from "./mockup-scan.js";
import { Pace } from "./pace.js";
import { ProgressIcon } from "./progress-icon.js";
import { translate, translateCount } from "./texts.js";
import { Thinking } from "./thinking.js";

const NEAR = 120; // px from its end within which the conversation follows
const WORDS = {
  capturing: translate("Capturing the page"),
  looking: translate("Analyzing the mockup"),
  outlining: translate("Planning the page"),
  drafting: translate("Drafting the layout"),
  fitting: translate("Fitting sizes and gaps"),
  writing: translate("The model is writing"),
  competing: translate("Waiting for the other candidates"),
  rendering: translate("Rendering"),
  comparing: translate("Comparing with the mockup"),
  reading: translate("Checking the code quality"),
};
// The states of a run, and of its sections and candidates.
const STATES = {
  running: translate("running"),
  started: translate("started"),
  retried: translate("retried"),
  "left as its draft": translate("left as its draft"),
  finished: translate("finished"),
  failed: translate("failed"),
  cancelled: translate("cancelled"),
};
// "selected" stands before "outcome": the new stage takes the form for its elements from it.
const PARTS = [
  "actions",
  "title",
  "heading",
  "versions",
  "page-outline",
  "ask",
  "selected",
  "outcome",
  "score",
  "differences",
  "code",
  "account",
];

class RunLive extends HTMLElement {
  over = false; // the run has ended

  connectedCallback() {
    if (this.hasAttribute("data-over")) return;
    this.skew = Date.now() - Number(this.getAttribute("now"));
    this.heading = this.querySelector("#heading");
    // The page of one attempt of an active run has neither of these three.
    this.code = this.querySelector("#writing code-view");
    this.preview = this.querySelector("live-preview");
    const panel = this.querySelector("#thinking");
    this.thinking = panel && new Thinking(panel);
    this.scan = new MockupScan(this);
    this.icon = new ProgressIcon();
    // Until something of the new page is loaded, the last one stays.
    this.preview?.addEventListener("swapped", () =>
      this.toggleAttribute("data-previewing", this.hasAttribute("data-writing")),
    );
    this.reset();
    const take = (event) => this.take(event);
    this.socket = new EventSocket(this.getAttribute("socket"), take, () => {
      this.socket = new EventFallback(this.getAttribute("follow"), take, () => this.poll());
    });
    this.clock = setInterval(() => this.tick(), 100);
  }

  disconnectedCallback() {
    this.socket?.close();
    clearInterval(this.clock);
  }

  take({ id, kind, data }) {
    const at = id ? Number(id.split("-")[0]) : null;
    if (kind === "claimed") this.reset(at);
    else if (kind === "requeued") {
      this.reset();
      this.say(translate("The worker was lost; the run restarts …"));
    } else if (kind === "place")
      this.say(
        data.ahead
          ? translateCount(
              "{count} run ahead of this one",
              "{count} runs ahead of this one",
              data.ahead,
            )
          : translate("Next in the queue"),
      );
    else if (kind === "step") data.state === "started" ? this.begin(data, at) : this.end(data);
    else if (kind === "chunk") this.write(data, at);
    else if (kind === "hints") this.see(data);
    else if (kind === "mockup" || kind === "outline") this.refresh(false);
    else if (kind === "part")
      this.say(
        data.name === "section"
          ? translate("Section {number} of {of}: {state}", namePart(data))
          : translate("Candidate {number} of {of}: {state}", namePart(data)),
      );
    else if (kind === "tool") {
      if (data.state === "started")
        this.say(
          translate("The model uses {tool} {words}", { tool: data.name, words: data.words }),
        );
    } else if (kind === "silent") this.say(data.message);
    else if (kind === "attempt") this.refresh(false);
    else if (kind === "over") this.refresh(true);
  }

  reset(started = null) {
    this.started = started;
    this.done = 0;
    this.step = null;
    this.heading.querySelector("[data-steps]").replaceChildren();
    this.heading.querySelector("progress").value = 0;
    if (started) this.setState("running");
    this.say(translate("Starting …"));
    this.stopWriting();
    this.thinking?.clear();
    this.scan.clear();
    this.hints = null;
  }

  see(hints) {
    this.hints = hints;
    this.scan.show(hints);
    const field = document.querySelector("#title input[data-unnamed]");
    if (!field || !hints.title) return;
    field.value = hints.title;
    this.icon.title = `${hints.title} · Likeness`;
  }

  begin({ name }, at) {
    const line = document.createElement("li");
    line.className = "current";
    line.innerHTML = "<span></span><span class='time'></span>";
    line.firstChild.textContent = WORDS[name] ?? name;
    const steps = this.heading.querySelector("[data-steps]");
    steps.append(line);
    steps.scrollTop = steps.scrollHeight;
    this.follow();
    if (name === "looking") this.scan.begin();
    this.step = { line, at, name, words: WORDS[name] ?? name, pace: new Pace() };
    this.say(`${this.step.words} …`);
    this.showProgress();
    if (name === "writing") {
      this.code?.clear();
      this.preview?.clear();
      this.thinking?.begin();
    }
  }

  end({ seconds }) {
    if (!this.step) return;
    this.step.line.className = "";
    this.step.line.firstChild.textContent = this.words();
    this.step.line.lastChild.textContent = `${seconds.toFixed(1)} s`;
    if (this.step.name === "writing") this.stopWriting();
    this.step = null;
    this.heading.querySelector("progress").value = ++this.done;
  }

  write(piece, at) {
    this.step?.pace.take(piece, at);
    if (this.step && this.step.doing !== piece.kind) {
      this.step.doing = piece.kind;
      this.step.words = piece.kind === "thinking" ? translate("Thinking") : translate("Writing");
      this.say(
        piece.kind === "thinking" ? translate("The model is thinking …") : `${WORDS.writing} …`,
      ); // once per kind, not per piece: screen readers read it out
    }
    if (piece.kind === "thinking") return this.thinking?.grow(piece.text);
    if (!this.code || !this.preview) return;
    this.toggleAttribute("data-writing", true);
    if (piece.restarts) {
      // what came before was thinking
      this.pending = "";
      this.code.clear();
      this.preview.clear();
    }
    this.pending = (this.pending ?? "") + piece.text;
    this.flushing ??= setTimeout(() => this.flush(), 50);
    this.preview.refresh();
  }

  flush() {
    this.flushing = null;
    this.code.grow(this.pending ?? "");
    this.pending = "";
  }

  stopWriting() {
    this.toggleAttribute("data-writing", false);
    this.toggleAttribute("data-previewing", false);
  }

  tick() {
    const now = Date.now() - this.skew;
    if (this.started)
      this.heading.querySelector("[data-clock]").textContent =
        `${((now - this.started) / 1000).toFixed(1)} s`;
    if (!this.step) return;
    this.step.line.firstChild.textContent = this.words();
    this.step.line.lastChild.textContent = `${Math.max(0, (now - this.step.at) / 1000).toFixed(1)} s`;
  }

  showProgress() {
    const { max } = this.heading.querySelector("progress");
    this.icon.show(this.done / max, this.step.words);
  }

  // The conversation follows its end, unless somebody scrolled up to read.
  follow() {
    const thread = this.querySelector(".thread");
    if (!thread) return;
    const following = thread.scrollTop + thread.clientHeight >= thread.scrollHeight - NEAR;
    if (following) thread.scrollTop = thread.scrollHeight;
  }

  words() {
    return `${this.step.words}${this.step.pace}`;
  }

  say(words) {
    const line = this.heading.querySelector("[data-now]");
    if (line.textContent !== words) line.textContent = words;
  }

  setState(state) {
    const shown = this.heading.querySelector(".state");
    shown.className = `state ${state}`;
    shown.textContent = STATES[state] ?? state;
  }

  // The server renders the attempts. Only parts that changed are replaced, so the rest does not blink.
  // A call during a pending request causes one more request afterwards.
  async refresh(over) {
    this.over ||= over;
    this.wanted = true;
    if (this.asking) return;
    this.asking = true;
    while (this.wanted) {
      this.wanted = false;
      try {
        const answer = await fetch(this.getAttribute("result"));
        if (!answer.ok) throw new Error(answer.statusText);
        this.replaceParts(new DOMParser().parseFromString(await answer.text(), "text/html"));
      } catch {
        this.wanted = true; // the web process is probably restarting: keep the page and retry
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
    this.asking = false;
    if (this.over) this.finish();
  }

  // Without events the server renders the activity, too.
  async poll() {
    this.polled = true;
    await this.refresh(false);
    if (!this.querySelector("#heading [data-now]")) this.finish();
    return this.hasAttribute("data-over");
  }

  replaceParts(fresh) {
    for (const id of PARTS) {
      if (id === "heading" && !this.over && !this.polled) continue;
      const [old, young] = [document.getElementById(id), fresh.getElementById(id)];
      if (
        old &&
        young &&
        (!young.dataset.version || old.dataset.version !== young.dataset.version)
      ) {
        if (id === "outcome") keepShape(old, young);
        if (id === "heading") keepSteps(old, young);
        old.replaceWith(young);
      }
    }
    this.showMockup(fresh);
    this.follow();
  }

  // A captured page comes after the panes that show it: its picture, and what was drawn over it meanwhile.
  showMockup(fresh) {
    const waiting = this.querySelector("#live .mockup:not(:has(img))");
    const captured = fresh.querySelector("#outcome .mockup:has(img)");
    if (!waiting || !captured) return;
    waiting.replaceWith(document.importNode(captured, true));
    if (this.hints) this.scan.show(this.hints);
    else if (this.step?.name === "looking") this.scan.begin();
  }

  finish() {
    clearInterval(this.clock);
    this.stopWriting();
    this.setAttribute("data-over", "");
    const name = document.querySelector("#title [name=name]")?.value;
    const failed = this.querySelector(".state.failed") !== null;
    this.icon.finish(name ? `${name} · Likeness` : this.icon.title, !failed);
  }
}

// The panes stay where they were first shown: a captured page tells its shape only once it is there, and a reader
// would lose the place. Whoever comes later sees them in the better arrangement from the start.
function keepShape(old, young) {
  const [was, is] = [old, young].map((each) => each.querySelector(".stage"));
  if (was && is) is.dataset.shape = was.dataset.shape;
}

// Whoever followed the run can read what it did, and the versions below stay where they are.
function keepSteps(old, young) {
  const steps = old.querySelector("[data-steps]");
  if (steps?.children.length && !young.querySelector("[data-steps]")) young.append(steps);
}

const namePart = ({ number, of, state }) => ({
  number: number + 1,
  of,
  state: STATES[state] ?? state,
});

customElements.define("run-live", RunLive);
