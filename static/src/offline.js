// Shows a notice while the browser is offline.
const show = () => {
  const line = document.querySelector("[data-offline]");
  if (line) line.hidden = navigator.onLine;
};
window.addEventListener("online", show);
window.addEventListener("offline", show);
show();
