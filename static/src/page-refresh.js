// <page-refresh every="10">: renews what it holds every so many seconds from the page's own address. While something in it
// has the focus or is selected, and while the window is hidden, it stays as it is.
class PageRefresh extends HTMLElement {
  connectedCallback() {
    this.timer = setInterval(() => this.refresh(), 1000 * Number(this.getAttribute("every")));
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  get isInUse() {
    const selection = getSelection();
    const isSelected = !selection.isCollapsed && this.contains(selection.anchorNode);
    return this.contains(document.activeElement) || isSelected;
  }

  async refresh() {
    if (document.hidden || this.isInUse) return;
    try {
      const answer = await fetch(location.href);
      if (answer.redirected) return location.reload(); // signed out: the page says so
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("page-refresh");
      if (fresh && !this.isInUse) this.replaceChildren(...fresh.childNodes);
    } catch {
      // Offline, or the studio restarts: what is shown stays, and the next time may succeed.
    }
  }
}

customElements.define("page-refresh", PageRefresh);
