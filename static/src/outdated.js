// A socket closed because its page is out of date: not signed in (any more), no such run, another role. The page, loaded again,
// says which. A form that takes the person elsewhere (Delete) may be what ended it: then that page must not be loaded away.
const CODES = [4401, 4404, 4409];

let leaving = false;
window.addEventListener("submit", (event) => (leaving = !event.defaultPrevented));
window.addEventListener("pageshow", () => (leaving = false)); // came back

// True where `code` says so: the socket is not to be opened again.
export function outdated(code) {
  if (!CODES.includes(code)) return false;
  if (!leaving) location.reload();
  return true;
}
