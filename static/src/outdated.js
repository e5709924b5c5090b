// Handles sockets that were closed because the page is out of date: signed out, no such run, another role. Reloading the page
// shows the reason. If a submitted form (Delete) is navigating elsewhere, the page must not be reloaded.
const CODES = [4401, 4404, 4409];

let leaving = false;
window.addEventListener("submit", (event) => (leaving = !event.defaultPrevented));
window.addEventListener("pageshow", () => (leaving = false)); // returned by the back button

// Returns true if the page is out of date: the socket must not be reopened.
export function outdated(code) {
  if (!CODES.includes(code)) return false;
  if (!leaving) location.reload();
  return true;
}
