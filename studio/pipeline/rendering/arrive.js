// Lets a page of the web load all it has: what is lazy, and what appears when it is scrolled to. At the top again at the end.
(async () => {
  const STEPS = 40; // windows of 800 px: 32,000 px
  const PAUSE = 60; // ms at each, in which observers of the scroll position are called
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  if (document.readyState !== "complete") {
    const loaded = new Promise((done) => window.addEventListener("load", done, { once: true }));
    await Promise.race([loaded, pause(8000)]);
  }
  for (const picture of [...document.images].slice(0, 2000)) picture.loading = "eager";
  for (let step = 1; step <= STEPS; step += 1) {
    const top = step * window.innerHeight;
    if (top > document.documentElement.scrollHeight) break;
    window.scrollTo({ top, behavior: "instant" });
    await pause(PAUSE);
  }
  window.scrollTo({ top: 0, behavior: "instant" });
  return true;
})()
