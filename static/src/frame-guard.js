// A previewed page may send messages without end, and each costs this page a moment. A frame that sends more than it may is taken out.
const MOST = 300; // messages a second; a pointer that moves makes about 120
const SECOND = 1000; // ms
const counts = new WeakMap(); // of a frame's window: when its second began, and how many came in it

window.addEventListener("message", ({ source, timeStamp }) => {
  if (!source || source === window) return;
  const count = counts.get(source) ?? { began: timeStamp, messages: 0 };
  counts.set(source, count);
  if (timeStamp - count.began > SECOND) Object.assign(count, { began: timeStamp, messages: 0 });
  if (++count.messages > MOST) stop(source);
});

function stop(source) {
  for (const iframe of document.querySelectorAll("iframe")) {
    if (iframe.contentWindow !== source) continue;
    const told = document.createElement("p");
    told.className = "notice error stopped-frame";
    told.setAttribute("role", "status");
    told.textContent = "This page was stopped: it sent too many messages.";
    iframe.replaceWith(told);
  }
}
