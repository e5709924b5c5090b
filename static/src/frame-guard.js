// A previewed page may flood this page with messages. A frame that sends more than the limit is removed.
import { translate } from "./texts.js";

const MOST = 300; // messages a second; a pointer that moves makes about 120
const SECOND = 1000; // ms
const counts = new WeakMap(); // per frame's window: start of the current second, and its number of messages

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
    const notice = document.createElement("p");
    notice.className = "notice error stopped-frame";
    notice.setAttribute("role", "status");
    notice.textContent = translate("This page was stopped: it sent too many messages.");
    iframe.replaceWith(notice);
  }
}
