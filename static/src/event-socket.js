// A run's events, each once and in order: after a lost connection, it resumes from the last id received.
import { outdated } from "./outdated.js";

const FIRST_DELAY = 200; // ms
const LONGEST_DELAY = 5000; // ms
const OVER = 1000; // close code: the run is over

const TRIES = 3; // sockets that never opened, until another way is taken

export class EventSocket {
  // `giveUp` is called where no socket ever opens: a proxy does not let them through.
  constructor(path, take, giveUp = null) {
    this.path = path;
    this.take = take;
    this.giveUp = giveUp;
    this.tries = 0;
    this.last = [0, 0];
    this.delay = FIRST_DELAY;
    // When the network returns or a laptop wakes, reconnect at once instead of waiting for a timeout.
    this.restart = () => document.visibilityState === "visible" && navigator.onLine && this.open();
    this.drop = () => this.socket?.close();
    window.addEventListener("online", this.restart);
    window.addEventListener("offline", this.drop);
    document.addEventListener("visibilitychange", this.restart);
    this.open();
  }

  open() {
    clearTimeout(this.retry);
    this.leave();
    const address = new URL(`${this.path}?after=${this.last.join("-")}`, location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    this.socket = new WebSocket(address);
    this.socket.onopen = () => (this.giveUp = null);
    this.socket.onmessage = ({ data }) => {
      this.delay = FIRST_DELAY;
      for (const event of JSON.parse(data)) this.deliver(event);
    };
    this.socket.onclose = ({ code }) => {
      if (code === OVER || outdated(code)) return this.close();
      if (this.giveUp && navigator.onLine && ++this.tries >= TRIES) {
        this.close();
        return this.giveUp();
      }
      this.retry = setTimeout(() => this.open(), this.delay);
      this.delay = Math.min(this.delay * 2, LONGEST_DELAY);
    };
  }

  deliver(event) {
    if (event.id) {
      const id = event.id.split("-").map(Number);
      if (id[0] < this.last[0] || (id[0] === this.last[0] && id[1] <= this.last[1])) return;
      this.last = id;
    }
    this.take(event);
  }

  leave() {
    if (!this.socket) return;
    this.socket.onclose = this.socket.onmessage = null;
    this.socket.close();
  }

  close() {
    clearTimeout(this.retry);
    this.leave();
    window.removeEventListener("online", this.restart);
    window.removeEventListener("offline", this.drop);
    document.removeEventListener("visibilitychange", this.restart);
  }
}
