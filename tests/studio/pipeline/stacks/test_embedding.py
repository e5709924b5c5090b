"""A page put into an application brings nothing global to it."""

from __future__ import annotations

import re

import tinycss2

from studio.pipeline.bundle import Bundle
from studio.pipeline.stacks import confined as conversions
from studio.pipeline.stacks.rule_sheet import split_at
from tests.studio.pipeline.stacks.applications import BUTTON, CARD, make_application
from tests.studio.pipeline.stacks.pages import draft, odd

FOLDER = "src/components/HarborPage"
FONTS = """@font-face { font-family: "Inter"; src: url("assets/fonts/inter.woff2"); }
@keyframes fade { from { opacity: 0; } }
:root { --ground: #ffffff; --ink: #171717; }
html { scroll-behavior: smooth; }
body { font-family: "Inter", sans-serif; background: var(--ground); color: var(--ink); }
::selection { color: red; }
.hero { animation: fade 1s; }
.hero:nth-last-of-type(1)::part(a) { color: blue; }
"""


def fancy() -> Bundle:
    html = (
        '<!doctype html><html dir="rtl"><head><link rel="stylesheet" href="styles.css"></head>'
        '<body class="page"><h1 class="hero">Boats</h1><button class="go">Go</button></body></html>'
    )
    return Bundle({"index.html": html, "styles.css": FONTS}, {"assets/fonts/inter.woff2": b"wOF2"})


def list_selectors(sheet: str) -> list[str]:
    """Return the selectors of all rules that apply outside @theme, @font-face and @keyframes."""
    found: list[str] = []
    pending = [tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)]
    while pending:
        for node in pending.pop():
            if node.type == "qualified-rule":
                found += split_at(node.prelude, ",")
            elif node.type == "at-rule" and node.lower_at_keyword in ("layer", "media"):
                pending.append(tinycss2.parse_rule_list(node.content, skip_whitespace=True))
    return found


def read_tokens(sheet: str) -> list[str]:
    theme = sheet.partition("@theme {")[2].partition("}")[0]
    return re.findall(r"--[\w-]+(?=:)", theme)


def test_tokens_are_under_the_prefix_and_nothing_of_tailwind_is_reset() -> None:
    for page in (draft(), odd(), fancy()):
        sheet = conversions.embedded(page, "react", make_application()).files[f"{FOLDER}/theme.css"]
        assert "initial" not in sheet
        tokens = read_tokens(sheet)
        assert tokens
        assert all(re.match(r"--(?:color|text|font)-harbor-page-", token) for token in tokens)


def test_every_rule_is_below_the_pages_root() -> None:
    for has_tailwind in (True, False):
        application = make_application(has_tailwind=has_tailwind)
        for page in (draft(), odd(), fancy()):
            files = conversions.embedded(page, "react", application).files
            sheet = files[f"{FOLDER}/{application.sheet_name}"]
            selectors = list_selectors(sheet)
            assert selectors
            assert all(selector.startswith(".harbor-page") for selector in selectors)


def test_fonts_and_keyframes_get_names_of_the_page() -> None:
    files = conversions.embedded(fancy(), "react", make_application()).files
    sheet, page = files[f"{FOLDER}/theme.css"], files[f"{FOLDER}/HarborPage.tsx"]
    assert '@font-face {\n  font-family: "harbor-page Inter";' in sheet
    assert "url(/harbor-page/fonts/inter.woff2)" in sheet.replace('"', "")
    assert '--font-harbor-page-sans: "harbor-page Inter", sans-serif;' in sheet
    assert "@keyframes harbor-page-fade" in sheet
    assert "[animation:harbor-page-fade_1s]" in page


def test_the_body_becomes_the_pages_root_with_all_that_it_would_inherit() -> None:
    files = conversions.embedded(fancy(), "react", make_application()).files
    root = re.search(r'<div className="([^"]*)" dir="rtl">', files[f"{FOLDER}/HarborPage.tsx"])
    assert root is not None
    names = root[1].split()
    assert {"harbor-page", "font-harbor-page-sans", "text-harbor-page-ink"} <= set(names)
    assert {"leading-[normal]", "text-[16px]", "font-normal"} <= set(names)


def test_equal_colors_are_the_applications_own() -> None:
    theme = "@theme { --color-primary: oklch(0.2046 0 0); --color-paper: #fff; }"
    files = conversions.embedded(fancy(), "react", make_application(sheets=(theme,))).files
    page = files[f"{FOLDER}/HarborPage.tsx"]
    assert "bg-paper" in page
    assert "text-primary" in page
    assert "--color-" not in files[f"{FOLDER}/theme.css"]


def test_colors_that_a_dark_mode_changes_are_taken_all_or_none() -> None:
    dark = (
        ":root { --p: #171717; } .dark { --p: #eeeeee; } @theme inline { --color-ink: var(--p); }"
    )
    page = conversions.embedded(fancy(), "react", make_application(sheets=(dark,))).files
    assert "text-harbor-page-ink" in page[f"{FOLDER}/HarborPage.tsx"]


def test_classes_that_the_application_styles_are_renamed() -> None:
    application = make_application(has_tailwind=False, sheets=(".hero { height: 40px; }",))
    files = conversions.embedded(fancy(), "react", application).files
    assert 'className="harbor-page-hero"' in files[f"{FOLDER}/HarborPage.tsx"]
    assert ".harbor-page .harbor-page-hero {" in files[f"{FOLDER}/harbor-page.css"]
    assert 'className="go"' in files[f"{FOLDER}/HarborPage.tsx"]


def test_the_applications_styles_of_elements_end_at_the_page() -> None:
    sheets = ("h1 { font-size: 56px; }",)
    for has_tailwind, value in ((True, "revert-layer"), (False, "revert")):
        application = make_application(has_tailwind=has_tailwind, sheets=sheets)
        files = conversions.embedded(draft(), "react", application).files
        assert f"all: {value};" in files[f"{FOLDER}/{application.sheet_name}"]
    layered = make_application(sheets=("@layer base { h1 { font-size: 56px; } }",))
    files = conversions.embedded(draft(), "react", layered).files
    assert "all:" not in files[f"{FOLDER}/theme.css"]


def test_where_the_applications_rem_is_another_the_page_is_in_px() -> None:
    application = make_application(sheets=("html { font-size: 62.5%; }",))
    files = conversions.embedded(draft(), "react", application).files
    assert not any("rem" in text.replace("@media", "") for text in files.values())
    assert "--spacing: 4px;" in files[f"{FOLDER}/theme.css"]


def test_pictures_are_in_a_public_folder_of_the_page() -> None:
    assert set(conversions.embedded(draft(), "react", make_application()).assets) == {
        "public/harbor-page/a-sail.png"
    }


def test_props_are_typed_where_the_application_is() -> None:
    files = conversions.embedded(draft(), "react", make_application()).files
    assert "type CardProps = { title: string; text: string };" in files[f"{FOLDER}/Card.tsx"]
    vue = make_application(language="vue")
    files = conversions.embedded(draft(), "vue", vue).files
    assert "defineProps<{ title: string; text: string }>();" in files[f"{FOLDER}/Card.vue"]


class TestLibrary:
    def test_its_button_is_used_with_what_the_page_has_otherwise(self) -> None:
        html = '<button class="go">Go</button>'
        css = ".go { padding: 8px 16px; background: #000; color: #fff; border: 0; }"
        files = self.embed(html, css)
        assert 'import { Button } from "@/components/ui/button";' in files
        names = self.find_classes(files, "Button")
        assert {"bg-[#000]", "text-[#fff]", "h-auto", "rounded-none", "whitespace-normal"} <= names
        assert "hover:bg-[#000]/90" in names
        assert not {"px-4", "py-2"} & names  # the button has them itself

    def test_a_button_with_a_border_is_its_outline(self) -> None:
        files = self.embed('<button class="go">Go</button>', ".go { border: 1px solid #ccc; }")
        assert 'variant="outline"' in files
        assert "shadow-none" in self.find_classes(files, "Button")

    def test_sizes_of_the_page_cannot_be_taken_for_colors(self) -> None:
        css = ":root { --text-sm: 14px; } .go { font-size: var(--text-sm); color: red; }"
        names = self.find_classes(self.embed('<button class="go">Go</button>', css), "Button")
        assert "text-(length:--text-harbor-page-sm)" in names

    def test_a_card_is_its_card_and_the_pages_own_component_has_another_name(self) -> None:
        cards = "".join(
            f'<div class="card"><h2>{word}</h2><p>Text {word}</p></div>' for word in ("A", "B")
        )
        files = conversions.embedded(
            self.make_page(f"<main>{cards}</main>", ".card { padding: 24px; }"),
            "react",
            make_application(library=(BUTTON, CARD)),
        ).files
        card = files[f"{FOLDER}/PageCard.tsx"]
        assert "<Card " in card
        assert {"block", "p-6", "border-0", "bg-transparent"} <= self.find_classes(card, "Card")

    def test_what_is_no_text_input_stays_an_input(self) -> None:
        assert "<input" in self.embed('<input type="checkbox">', "")

    def embed(self, html: str, css: str) -> str:
        application = make_application(library=(BUTTON, CARD))
        files = conversions.embedded(self.make_page(html, css), "react", application).files
        return files[f"{FOLDER}/HarborPage.tsx"]

    def make_page(self, html: str, css: str) -> Bundle:
        page = f"<!doctype html><html><head><style>{css}</style></head><body>{html}</body></html>"
        return Bundle({"index.html": page})

    def find_classes(self, text: str, tag: str) -> set[str]:
        found = re.search(rf'<{tag} className="([^"]*)"', text)
        assert found is not None, text
        return set(found[1].split())


class TestWrittenByAModel:
    APP = 'export default () => <h1 className="text-accent md:bg-accent/50 text-big">accent</h1>;'
    SHEET = """@import "tailwindcss";
@theme { --text-*: initial; --color-accent: #0b6e8f; --text-big: 3rem; }
h1 { color: var(--color-accent); }
"""

    def test_its_theme_is_under_the_prefix_and_its_rules_below_the_root(self) -> None:
        page = Bundle({"src/App.jsx": self.APP, "src/styles.css": self.SHEET})
        files = conversions.embedded(page, "react", make_application()).files
        content = files[f"{FOLDER}/HarborPageContent.tsx"]
        assert (
            '"text-harbor-page-accent md:bg-harbor-page-accent/50 text-harbor-page-big"' in content
        )
        assert ">accent<" in content
        sheet = files[f"{FOLDER}/theme.css"]
        assert "initial" not in sheet
        assert "--color-harbor-page-accent: #0b6e8f;" in sheet
        assert ".harbor-page h1 {\n  color: var(--color-harbor-page-accent);" in sheet
        assert '<div className="harbor-page">' in files[f"{FOLDER}/HarborPage.tsx"]
