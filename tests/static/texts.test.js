// Texts of scripts: English without a catalog, else the page's language, with fields in their places.
import { beforeEach, expect, it, vi } from "vitest";

async function load(catalog) {
  vi.resetModules();
  document.documentElement.lang = catalog ? "zh-hans" : "en";
  document.body.innerHTML = "";
  if (catalog) {
    const element = document.createElement("script");
    element.id = "texts";
    element.type = "application/json";
    element.textContent = JSON.stringify(catalog);
    document.body.append(element);
  }
  return import("../../static/src/texts.js");
}

beforeEach(() => {
  document.body.innerHTML = "";
});

it("shows the text itself where there is no catalog", async () => {
  const { translate } = await load(null);
  expect(translate("Copy")).toBe("Copy");
  expect(translate("{name} moved to position {place}", { name: "a.png", place: 2 })).toBe(
    "a.png moved to position 2",
  );
});

it("leaves a field without a value visible", async () => {
  const { translate } = await load(null);
  expect(translate("{name} is here")).toBe("{name} is here");
});

it("shows the catalog's text, and the text itself where the catalog has none", async () => {
  const { translate } = await load({ Copy: "复制" });
  expect(translate("Copy")).toBe("复制");
  expect(translate("Copied")).toBe("Copied");
});

it("chooses singular and plural, also where the language has one form", async () => {
  const one = "{count} run ahead";
  const many = "{count} runs ahead";
  const english = await load(null);
  expect(english.translateCount(one, many, 1)).toBe("1 run ahead");
  expect(english.translateCount(one, many, 3)).toBe("3 runs ahead");
  const chinese = await load({ [one]: ["前面还有 {count} 个任务"] });
  expect(chinese.translateCount(one, many, 3)).toBe("前面还有 3 个任务");
});

it("writes numbers as the page's language does", async () => {
  const { formatNumber } = await load(null);
  expect(formatNumber(12345)).toBe("12,345");
});
