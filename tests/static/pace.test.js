// The pace of a model that writes.
import { expect, it } from "vitest";
import { Pace } from "../../static/src/pace.js";

it("says nothing before the first piece", () => {
  expect(String(new Pace())).toBe("");
});

it("estimates tokens from letters and says so", () => {
  const pace = new Pace();
  pace.take({ text: "x".repeat(35) }, 0);
  expect(String(pace)).toBe(", about 10 tokens");
});

it("counts the server's tokens where it reports them", () => {
  const pace = new Pace();
  pace.take({ text: "abc", tokens: 5 }, 0);
  pace.take({ text: "def", tokens: 15 }, 1000);
  expect(String(pace)).toBe(", 20 tokens, 20/s");
});

it("names no pace before half a second", () => {
  const pace = new Pace();
  pace.take({ text: "abc", tokens: 5 }, 0);
  pace.take({ text: "def", tokens: 15 }, 499);
  expect(String(pace)).toBe(", 20 tokens");
});
