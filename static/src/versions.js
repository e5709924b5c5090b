// Selects marked data-go submit at once; the list of versions is scrolled to the current one.
const look = () =>
  document
    .querySelector("#versions [aria-current]")
    ?.scrollIntoView({ block: "nearest", inline: "center" });
document.addEventListener("DOMContentLoaded", look);
document.addEventListener(
  "change",
  ({ target }) => target.matches?.("[data-go]") && target.form.submit(),
);
