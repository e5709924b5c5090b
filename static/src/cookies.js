// Cookies that the server reads to render a page as it was left. They are for this studio's path only (BASE_PATH).
const YEAR = 31_536_000; // s

export function storeCookie(name, value, seconds = YEAR) {
  const path = document.documentElement.dataset.home ?? "/";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox
  document.cookie = `${name}=${value}; path=${path}; max-age=${seconds}; samesite=lax`;
}
