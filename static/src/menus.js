// A menu closes when something else is clicked, when one of its entries was chosen, and on Escape.
const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", ({ target }) => {
  for (const menu of openMenus())
    if (!menu.contains(target) || target.closest?.(".item")) menu.open = false;
});
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
// A click in the previewed page is not heard here, but takes the focus.
window.addEventListener("blur", () => {
  for (const menu of openMenus()) menu.open = false;
});
