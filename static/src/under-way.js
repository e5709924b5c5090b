// A page of something under way (marked data-under-way) is asked for anew every second, and what changed on it is put in
// place, until it is over. Without this module it reloads itself.
const EVERY = 1000;

async function renew() {
  const main = document.querySelector("main");
  let next;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.redirected || !answer.ok) return location.reload();
    next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  } catch {
    return soon(); // offline: the page stays as it was
  }
  if (next.textContent !== main.textContent) {
    const status = main.querySelector("[role=status]"), told = next.querySelector("[role=status]");
    status.replaceChildren(...told.childNodes); // the same element, or a screen reader would not say what it holds now
    told.replaceWith(status);
    main.replaceChildren(...next.childNodes);
  }
  soon();
}

function soon() {
  if (document.querySelector("[data-under-way]")) setTimeout(renew, EVERY);
}

soon();
