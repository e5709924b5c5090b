// A page of an active task (marked data-under-way) is fetched every second and updated in place until the task is over.
// Without this module it reloads itself.
const EVERY = 1000; // ms

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
    const status = main.querySelector("[role=status]"),
      fresh = next.querySelector("[role=status]");
    status.replaceChildren(...fresh.childNodes); // keep the element, so that screen readers announce the change
    fresh.replaceWith(status);
    main.replaceChildren(...next.childNodes);
  }
  soon();
}

function soon() {
  if (document.querySelector("[data-under-way]")) setTimeout(renew, EVERY);
}

soon();
