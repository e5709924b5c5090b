// The parts of a run's page are replaced by those the server renders anew.
import { beforeEach, expect, it } from "vitest";
import "../../static/src/run-live.js";

const outcome = (version, shape) =>
  `<div id="outcome" data-version="${version}"><div class="stage" data-shape="${shape}"></div></div>`;

let live;

beforeEach(() => {
  document.body.innerHTML = `<run-live data-over>${outcome("none", "portrait")}</run-live>`;
  live = document.querySelector("run-live");
});

const replace = (html) => live.replaceParts(new DOMParser().parseFromString(html, "text/html"));
const shown = () => document.querySelector("#outcome");

it("keeps the panes where they were when a picture tells another shape", () => {
  replace(outcome("captured", "landscape"));
  expect(shown().dataset.version).toBe("captured");
  expect(shown().querySelector(".stage").dataset.shape).toBe("portrait");
});

it("leaves a part alone that is the same version", () => {
  const before = shown();
  replace(outcome("none", "landscape"));
  expect(shown()).toBe(before);
});

it("keeps the steps of a run that it followed to the end", () => {
  live.insertAdjacentHTML(
    "beforeend",
    `<section id="heading"><ol data-steps><li>Rendering</li></ol></section>`,
  );
  live.over = true;
  replace(`<section id="heading"><p class="reason">The model has finished.</p></section>`);
  const heading = document.querySelector("#heading");
  expect(heading.querySelector(".reason")).not.toBeNull();
  expect(heading.querySelector("[data-steps]").textContent).toBe("Rendering");
});

it("follows a run on the page of one attempt, which shows no code and no preview being written", () => {
  live.innerHTML = `<section id="heading"><ol data-steps></ol><progress></progress></section>`;
  live.code = live.preview = null;
  live.write({ kind: "answer", text: "<h1>" }, 0);
  expect(live.hasAttribute("data-writing")).toBe(false);
});
