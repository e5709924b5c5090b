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
