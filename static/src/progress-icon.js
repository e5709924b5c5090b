// The tab's title and icon tell how far a run is, so that people can look at something else meanwhile.
const TURN = 2 * Math.PI * 13; // length of the ring

export class ProgressIcon {
  constructor() {
    this.link = document.querySelector("[data-icon]");
    this.own = this.link?.href;
    this.title = document.title;
  }

  // `share`: 0 to 1, of the steps that are expected.
  show(share, words) {
    const done = Math.min(0.97, Math.max(0.03, share));
    document.title = `${Math.round(done * 100)} % ${words} · ${this.title}`;
    this.draw(
      `<circle cx="16" cy="16" r="13" fill="none" stroke="#c7c7d1" stroke-width="5"/>` +
        `<circle cx="16" cy="16" r="13" fill="none" stroke="#4f46e5" stroke-width="5" transform="rotate(-90 16 16)" ` +
        `stroke-dasharray="${(done * TURN).toFixed(1)} ${TURN.toFixed(1)}"/>`,
    );
  }

  // Until the page is looked at, a finished run has a mark in the tab.
  finish(title, good) {
    this.title = title;
    document.title = `${good ? "✓" : "✗"} ${title}`;
    this.draw(`<circle cx="16" cy="16" r="14" fill="${good ? "#15803d" : "#be123c"}"/>`);
    const seen = () => {
      if (document.visibilityState !== "visible") return;
      document.removeEventListener("visibilitychange", seen);
      document.title = this.title;
      if (this.link) this.link.href = this.own;
    };
    document.addEventListener("visibilitychange", seen);
    seen();
  }

  draw(shapes) {
    if (!this.link) return;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${shapes}</svg>`;
    this.link.href = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  }
}
