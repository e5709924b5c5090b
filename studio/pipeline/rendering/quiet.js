// Runs in every frame before the page's own scripts. Dialogs would be dismissed one by one, 2 ms each; many of them cost
// nothing if they never open. What a page writes to its console, and every error it throws, goes whole through
// Playwright's driver: 300 lines of 2 MB took 1 GB of the process that renders.
{
  const MOST_ERRORS = 20; // a page that floods repeats itself
  const LONGEST = 2000; // characters of an error that is reported
  const isShort = (text) => typeof text !== "string" || text.length <= LONGEST;
  const isReported = (message, thrown) => isShort(message) && isShort(thrown) && isShort(thrown?.message);
  let errors = 0;
  for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = () => null;
  for (const name of Object.keys(console)) console[name] = () => {};
  const listen = (kind, read) =>
    addEventListener(kind, (event) => {
      errors += 1;
      if (errors > MOST_ERRORS || !isReported(event.message, read(event))) event.preventDefault();
    });
  listen("error", (event) => event.error);
  listen("unhandledrejection", (event) => event.reason);
}
