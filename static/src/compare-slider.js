// <compare-slider>: two pictures on each other with a divider that follows the pointer and the range beside it.
class CompareSlider extends HTMLElement {
  connectedCallback() {
    this.range = this.closest("figure")?.querySelector("[data-divide]");
    this.range?.addEventListener("input", () => this.show());
    this.addEventListener("pointerdown", (event) => this.drag(event));
    this.show();
  }

  show() {
    this.style.setProperty("--at", `${this.range?.value ?? 50}%`);
  }

  drag(event) {
    event.preventDefault();
    const move = ({ clientX }) => {
      const { left, width } = this.getBoundingClientRect();
      this.range.value = ((clientX - left) / width) * 100;
      this.show();
    };
    this.setPointerCapture(event.pointerId);
    this.addEventListener("pointermove", move);
    const end = () => this.removeEventListener("pointermove", move);
    this.addEventListener("lostpointercapture", end, { once: true });
    move(event);
  }
}

customElements.define("compare-slider", CompareSlider);
