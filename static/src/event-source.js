// A run's events where WebSockets do not come through: by server-sent events, and where those do not come either, by asking
// again and again.
const KINDS = [
  "claimed",
  "step",
  "hints",
  "mockup",
  "outline",
  "chunk",
  "part",
  "attempt",
  "tool",
  "requeued",
  "silent",
  "over",
];
const SILENCE = 8000; // ms without a byte after which a proxy is taken to hold the stream back
const EVERY = 2000; // ms between two questions

export class EventFallback {
  // `take` gets events; `ask` gets the run's page anew and returns whether the run is over.
  constructor(path, take, ask) {
    this.take = take;
    this.ask = ask;
    this.source = new EventSource(path);
    this.silent = setTimeout(() => this.poll(), SILENCE);
    this.source.onopen = () => clearTimeout(this.silent);
    this.source.onerror = () => this.source.readyState === EventSource.CLOSED && this.poll();
    for (const kind of KINDS) this.source.addEventListener(kind, (event) => this.deliver(event));
  }

  deliver({ type, data, lastEventId }) {
    clearTimeout(this.silent);
    this.take({ id: lastEventId || null, kind: type, data: JSON.parse(data) });
    if (type === "over") this.close();
  }

  async poll() {
    this.close();
    this.polling = true;
    while (this.polling && !(await this.ask()))
      await new Promise((resolve) => setTimeout(resolve, EVERY));
  }

  close() {
    clearTimeout(this.silent);
    this.polling = false;
    this.source.close();
  }
}
