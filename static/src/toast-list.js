// <toast-list data-close>: messages of the last action, some with a way to undo it. They stay until they are closed (button,
// or Escape within) or another page is opened: nobody has to be quick. Without script they are lines at the top of the page.
const SETTLED = 100; // ms after which screen readers know the live region and read what comes into it

class ToastList extends HTMLElement {
  connectedCallback() {
    const toasts = [...this.children];
    this.announce(toasts);
    for (const toast of toasts) this.addClose(toast);
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close(event.target.closest(".notice"));
    });
  }

  // What a live region holds when the page loads is not read out by all screen readers; what comes later is.
  announce(toasts) {
    const region = document.createElement("p");
    region.className = "sr";
    region.setAttribute("role", "status");
    this.append(region);
    for (const toast of toasts) toast.removeAttribute("role");
    const words = toasts.map((toast) => (toast.querySelector("span") ?? toast).textContent.trim());
    setTimeout(() => {
      region.textContent = words.join(" ");
    }, SETTLED);
  }

  addClose(toast) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "flat close" }); // its sign is no text: style sheet
    button.setAttribute("aria-label", this.dataset.close ?? "");
    button.addEventListener("click", () => this.close(toast));
    toast.append(button);
  }

  // The focus goes to the next message, or to the page.
  close(toast) {
    if (!toast) return;
    const next = toast.nextElementSibling ?? toast.previousElementSibling;
    const target = next?.querySelector("button") ?? document.getElementById("main");
    toast.remove();
    if (target?.id === "main") target.tabIndex = -1;
    target?.focus();
  }
}

customElements.define("toast-list", ToastList);
