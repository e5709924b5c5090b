// A choice that goes somewhere goes there at once (data-go); the strip of versions begins where the one that is looked at can be seen.
const look = () => document.querySelector("#versions [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
document.addEventListener("DOMContentLoaded", look);
document.addEventListener("change", ({ target }) => target.matches?.("[data-go]") && target.form.submit());
