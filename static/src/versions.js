// Selects marked data-go submit at once.
document.addEventListener(
  "change",
  ({ target }) => target.matches?.("[data-go]") && target.form.submit(),
);
