// Holds a page still before it is read: loaded, lazy pictures too, fonts there, animations at their end, at the top.
// What does not come in time is left out: a page that never finishes loading is read as it stands.
(async () => {
  const patience = (promise, limit = 1500) => Promise.race([promise, new Promise((done) => setTimeout(done, limit))]);
  if (document.readyState !== "complete") {
    await patience(new Promise((done) => window.addEventListener("load", done, { once: true })), 3000);
  }
  const pictures = [...document.images].slice(0, 2000);
  for (const picture of pictures) if (picture.loading === "lazy") picture.loading = "eager";
  await patience(Promise.all(pictures.map((picture) => picture.decode().catch(() => null))));
  await patience(document.fonts.ready);
  for (const animation of document.getAnimations().slice(0, 2000)) {
    try {
      animation.finish();
    } catch {
      animation.cancel(); // an endless one has no end to go to
    }
  }
  document.activeElement?.blur?.();
  document.documentElement.style.setProperty("caret-color", "transparent", "important");
  window.scrollTo({ top: 0, left: 0, behavior: "instant" });
  return true;
})()
