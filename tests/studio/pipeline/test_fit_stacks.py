"""The fit in the stacks people ask for: numbers in class strings and project sheets come right, and
nothing else.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping

import pytest
from PIL import Image

from studio.pipeline.bundle import Bundle
from studio.pipeline.fitting.css.class_knobs import find_class_knobs, find_class_strings
from studio.pipeline.fitting.css.fit_css import fit_code
from studio.pipeline.fitting.css.tailwind_palette import color_name
from studio.pipeline.fitting.css.tailwind_utility import parse_utility, rank
from studio.pipeline.perception.perceive import find_hints
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.likeness.compare import compare
from studio.pipeline.scoring.likeness.perceived_mockup import PerceivedMockup
from studio.pipeline.stacks import confined as conversions
from studio.pipeline.stacks.kinds import Stack

SHEET = '@import "tailwindcss";\n\n@theme {\n  --font-sans: "Liberation Sans", sans-serif;\n}\n'
HEAD = '<!doctype html><html lang="en"><head><title>Bakery</title><link rel="stylesheet" href="/src/styles.css"></head>'
HEADER = """<header class="flex justify-between bg-blue-700 px-12 py-5 text-white">
<a class="text-xl font-bold">North Street Bakery</a><nav class="flex gap-8"><a>Bread</a><a>Cakes</a><a>Visit</a></nav>
</header>"""
HERO = """<section class="bg-gray-100 px-12 py-16"><h1 class="mb-4 text-4xl font-bold">Bread from our own oven</h1>
<p class="mb-8 text-lg">Every morning from six.</p><a class="inline-block rounded-lg bg-green-600 px-6 py-3 text-white">
Order a loaf</a></section>"""
CARDS = (
    ("Sourdough", "Thirty hours of rest."),
    ("Rye", "Dark, good for a week."),
    ("Seeded", "Linseed and honey."),
)
CARD = """<article class="rounded-xl border border-gray-300 p-6"><h2 class="mb-2 text-xl font-bold">{}</h2>
<p>{}</p></article>"""
GRID = '<section class="grid grid-cols-3 gap-6 p-12 lg:p-14">{}</section>'
DATA = (
    "const cards = ["
    + ", ".join(f'{{ title: "{title}", text: "{text}" }}' for title, text in CARDS)
    + "];"
)
MARKUP = HEADER + HERO + GRID
WIDTH = 1000  # px: `lg:` does not rule here


def tailwind() -> Bundle:
    cards = "".join(CARD.format(*card) for card in CARDS)
    return Bundle(
        {"index.html": f"{HEAD}<body>{MARKUP.format(cards)}</body></html>", "src/styles.css": SHEET}
    )


def react() -> Bundle:
    card = CARD.format("{title}", "{text}").replace("class=", "className=")
    card = re.sub(r'"(rounded[^"]*)"', r'{`\1 ${title === "Rye" ? "grow" : ""}`}', card)
    body = MARKUP.format("{cards.map((card) => <Card key={card.title} {...card} />)}").replace(
        "class=", "className="
    )
    return Bundle(
        {
            "src/App.jsx": f'import Card from "./Card.jsx";\n{DATA}\nexport default function App() {{\n'
            f"return <main>{body}</main>;\n}}\n",
            "src/Card.jsx": f"export default function Card({{ title, text }}) {{\nreturn {card};\n}}\n",
            "src/styles.css": SHEET,
        }
    )


def vue() -> Bundle:
    card = CARD.format("{{ card.title }}", "{{ card.text }}").replace(
        "<article", '<article v-for="card in cards"'
    )
    body = MARKUP.format(card)
    app = f"<script setup>\n{DATA}\n</script>\n\n<template>\n<main>{body}</main>\n</template>\n"
    return Bundle({"src/App.vue": app, "src/styles.css": SHEET})


MISTAKES: Mapping[str, str] = {
    "gap-6 p-12": "gap-11 p-12",
    "bg-blue-700": "bg-violet-600",
    "px-12 py-16": "px-8 py-10",
    "text-4xl": "text-3xl",
    "gap-8": "gap-[18px]",
    "rounded-xl border border-gray-300 p-6": "rounded-sm border border-gray-300 p-4",
    "px-6 py-3": "px-9 py-3",
}
BUNDLES: Mapping[Stack, Bundle] = {"tailwind": tailwind(), "react": react(), "vue": vue()}

BOOTSTRAP = """<!doctype html><html lang="en"><head><title>Bakery</title>
<link rel="stylesheet" href="/node_modules/bootstrap/dist/css/bootstrap.min.css">
<link rel="stylesheet" href="/src/styles.css"></head><body><header class="top d-flex justify-content-between">
<a class="brand">North Street Bakery</a><span>Open from six</span></header><div class="container"><div class="cards">
<article class="tile"><h2>Sourdough</h2><p>Thirty hours of rest.</p></article>
<article class="tile"><h2>Rye</h2><p>Dark, good for a week.</p></article></div></div></body></html>"""
RULES = """body { font-family: "Liberation Sans", sans-serif; }
.top { background: #1d4ed8; color: #fff; padding: 20px 48px; }
.brand { font-size: 24px; font-weight: 700; }
.cards { display: grid; grid-template-columns: 1fr 1fr; gap: 24px; padding: 48px 0; }
.tile { border: 1px solid #9ca3af; border-radius: 12px; padding: 24px; }
.tile h2 { font-size: 22px; margin-bottom: 8px; }
.tile p { margin: 0; }
"""
MISRULED = {
    "#1d4ed8": "#7c3aed",
    "20px 48px": "20px 32px",
    "gap: 24px": "gap: 48px",
    "border-radius: 12px": "border-radius: 2px",
    "padding: 24px": "padding: 14px",
    "font-size: 24px": "font-size: 19px",
}


def spoilt(bundle: Bundle, mistakes: Mapping[str, str]) -> Bundle:
    files = dict(bundle.files)
    for right, wrong in mistakes.items():
        assert any(right in text for text in files.values())
        files = {name: text.replace(right, wrong) for name, text in files.items()}
    return Bundle(files, bundle.assets)


def seen(renderer: Renderer, bundle: Bundle, stack: Stack) -> PerceivedMockup:
    png = renderer.render(conversions.page(bundle, stack), width=WIDTH, height=600).png
    mockup = Image.open(io.BytesIO(png)).convert("RGB")
    return PerceivedMockup(mockup, find_hints(mockup))


def likeness(renderer: Renderer, bundle: Bundle, stack: Stack, sight: PerceivedMockup) -> float:
    render = renderer.render(conversions.page(bundle, stack), width=WIDTH, height=600)
    return compare(sight.mockup, sight.hints, render).likeness


@pytest.mark.parametrize("stack", BUNDLES)
def test_wrong_utilities_become_the_right_ones_in_the_stacks_own_sources(
    renderer: Renderer, stack: Stack
) -> None:
    right = BUNDLES[stack]
    sight, wrong = seen(renderer, right, stack), spoilt(right, MISTAKES)
    fitted = fit_code(wrong, [sight], renderer, stack=stack)
    assert likeness(renderer, wrong, stack, sight) < 0.9
    assert likeness(renderer, fitted, stack, sight) > 0.98
    assert fitted.files == right.files


def test_bootstraps_own_sheet_is_left_alone_and_the_projects_is_mended(renderer: Renderer) -> None:
    right = Bundle({"index.html": BOOTSTRAP, "src/styles.css": RULES})
    sight, wrong = seen(renderer, right, "bootstrap"), spoilt(right, MISRULED)
    fitted = fit_code(wrong, [sight], renderer, stack="bootstrap")
    assert likeness(renderer, fitted, "bootstrap", sight) > 0.98
    assert fitted.files == right.files


def test_a_tailwind_projects_own_tokens_and_rules_are_turned_where_they_stand(
    renderer: Renderer,
) -> None:
    own = "@theme {\n  --color-brand: #1d4ed8;\n}\n.tile { padding: 28px; border: 1px solid #9ca3af; }\n"
    tiles = "".join(f'<p class="tile">{title}: {text}</p>' for title, text in CARDS)
    top = '<header class="bg-brand p-6 text-white">North Street Bakery</header>'
    html = f'{HEAD}<body>{top}<main class="grid gap-6 p-12">{tiles}<b class="bg-brand p-4 text-white">Order</b></main>'
    right = Bundle({"index.html": f"{html}</body></html>", "src/styles.css": SHEET + own})
    sight = seen(renderer, right, "tailwind")
    wrong = spoilt(
        right,
        {"--color-brand: #1d4ed8": "--color-brand: #16a34a", "padding: 28px": "padding: 16px"},
    )
    fitted = fit_code(wrong, [sight], renderer, stack="tailwind")
    assert fitted.files == right.files


def test_a_utility_that_does_not_rule_at_the_mockups_width_is_no_knob() -> None:
    bundle = Bundle(
        {
            "src/App.jsx": '<p className="p-4 md:p-6 lg:p-8 hover:p-2 md:pl-1 text-brand w-full">x</p>'
        }
    )

    def turned(width: int, *earlier: int) -> list[str]:
        return [f"{k.media}{k.name} {k.value:g}" for k in find_class_knobs(bundle, width, earlier)]

    assert turned(390) == ["padding 16"]
    assert turned(800) == ["md:padding 24", "md:padding 4"]
    assert turned(1280) == ["lg:padding 32"]
    assert turned(390, 1280) == ["padding 16"]


def test_class_strings_are_found_where_they_are_plain() -> None:
    text = """<a className="p-1 m-1" /><b className={on ? "p-2 m-2" : `p-3 m-3`} />
    <i className={`p-4 m-4 ${x} p-7 m-7 w-${y} p-8 m-8`} /><u :class="on ? 'p-5 m-5' : ''" class='p-6'>"""
    found = list(find_class_strings(text))
    assert all(text[start : start + len(string)] == string for start, string, _ in found)
    assert [string.strip() for _, string, part in found if not part] == ["p-1 m-1", "p-6"]
    assert [string.strip() for _, string, part in found if part] == [
        "p-2 m-2",
        "p-3 m-3",
        "p-4 m-4",
        "p-8 m-8",
        "p-5 m-5",
    ]


@pytest.mark.parametrize(
    ("token", "value", "written"),
    [
        ("p-4", 24.0, "p-6"),
        ("md:px-4", 26.0, "md:px-6.5"),
        ("gap-4", 17.0, "gap-[17px]"),
        ("-mt-2", -12.0, "-mt-3"),
        ("text-lg", 20.0, "text-xl"),
        ("text-lg/7", 17.0, "text-[17px]/7"),
        ("rounded", 11.0, "rounded-xl"),
        ("max-w-3xl", 1024.0, "max-w-5xl"),
        ("leading-6", 28.0, "leading-7"),
        ("leading-tight", 1.3, "leading-[1.3]"),
        ("font-bold", "400", "font-normal"),
        ("bg-blue-700", "#16a34a", "bg-[#16a34a]"),
    ],
)
def test_a_value_is_written_as_a_person_writes_it(
    token: str, value: float | str, written: str
) -> None:
    utility = parse_utility(token)
    assert utility is not None
    assert utility.written(value) == written


def test_the_palette_is_the_one_of_the_runtime() -> None:
    assert [color_name(color) for color in ("#ffffff", "#1447e6", "#fb2c36", "#123456")] == [
        "white",
        "blue-700",
        "red-500",
        "[#123456]",
    ]


def test_states_and_wider_windows_do_not_rule() -> None:
    assert [
        rank(variants, 800)
        for variants in ("", "sm:", "md:", "lg:", "hover:", "max-lg:", "min-[900px]:")
    ] == [
        -1.0,
        640.0,
        768.0,
        None,
        None,
        0.0,
        None,
    ]
