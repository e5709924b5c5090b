"""A page is the same page in every stack: what a browser shows of each looks like the HTML + CSS it
was made from.
"""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Mapping

import pytest
from PIL import Image

from studio.pipeline.bundle import Bundle
from studio.pipeline.perception.hints import Hints
from studio.pipeline.perception.perceive import find_hints
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.likeness.compare import compare
from studio.pipeline.stacks import confined as conversions
from studio.pipeline.stacks.bundler import bundle_modules
from studio.pipeline.stacks.kinds import STACKS, Stack, StackError
from tests.studio.pipeline.stacks.pages import draft, odd

MARGIN = 0.02
OTHERS: tuple[Stack, ...] = ("tailwind", "react", "vue", "bootstrap")
PAGES = {"draft": draft(), "odd": odd()}


@pytest.fixture(scope="module")
def originals(renderer: Renderer) -> Mapping[str, tuple[Image.Image, Hints, float]]:
    """Each page's picture, what is seen in it, and how like it the page itself is found."""
    found = {}
    for name, bundle in PAGES.items():
        render = renderer.render(bundle, width=1000)
        picture = Image.open(io.BytesIO(render.png)).convert("RGB")
        hints = find_hints(picture)
        found[name] = picture, hints, compare(picture, hints, render).likeness
    return found


@pytest.mark.parametrize("stack", OTHERS)
@pytest.mark.parametrize("name", PAGES)
def test_its_preview_looks_like_the_page(
    renderer: Renderer,
    originals: Mapping[str, tuple[Image.Image, Hints, float]],
    name: str,
    stack: Stack,
) -> None:
    picture, hints, own = originals[name]
    render = renderer.render(conversions.page(PAGES[name], stack), width=1000)
    assert compare(picture, hints, render).likeness > own - MARGIN


@pytest.mark.parametrize("stack", STACKS)
def test_a_project_pins_every_package_it_names(stack: Stack) -> None:
    files = conversions.project(draft(), stack).files
    package, lock = json.loads(files["package.json"]), json.loads(files["package-lock.json"])
    wanted = {**package.get("dependencies", {}), **package["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert {name: lock["packages"][f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert (
        "resolved" not in files["package-lock.json"]
    )  # an address of one registry would bind it to that


def test_the_same_page_gives_the_same_project() -> None:
    assert conversions.project(draft(), "react") == conversions.project(draft(), "react")


def test_blocks_that_repeat_become_one_component_with_props() -> None:
    files = conversions.project(draft(), "react").files
    assert files["src/components/Card.jsx"].startswith(
        "/** @param {{ title: string, text: string }} props */\n"
        "export default function Card({ title, text })"
    )
    assert '{ title: "Hourly", text: "Pay for your time." }' in "".join(files.values())
    assert files["src/components/SiteHeader.jsx"].count("<header") == 1
    vue = conversions.project(draft(), "vue").files
    assert "defineProps({ title: String, text: String })" in vue["src/components/Card.vue"]


def test_palette_and_type_scale_are_the_theme() -> None:
    sheet = conversions.project(draft(), "tailwind").files["src/styles.css"]
    assert "--color-accent: #0b6e8f;" in sheet
    assert "--text-lg: 1.5rem;" in sheet
    page = conversions.project(draft(), "tailwind").files["index.html"]
    assert "bg-accent" in page
    assert "gap-6" in page
    assert "max-[801px]:grid-cols-1" in page  # as wide as 800 px is still narrow


def test_bootstraps_classes_say_what_they_can_and_the_pages_own_step_aside() -> None:
    files = conversions.project(draft(), "bootstrap").files
    assert 'class="page-card"' in files["index.html"]  # Bootstrap has a .card of its own
    assert "d-flex justify-content-between" in files["index.html"]
    assert "display: flex" not in files["src/styles.css"]


class TestWrittenByAModel:
    REACT: Mapping[str, str] = {
        "src/App.jsx": 'import Hello from "./Hello.jsx";\nexport default () => <main className="p-4"><Hello /></main>;',
        "src/Hello.jsx": 'export default () => <h1 className="text-2xl">Hello from React</h1>;',
        "package.json": '{"scripts": {"postinstall": "curl evil"}}',
    }

    def test_what_it_left_out_is_added_and_its_build_settings_are_ours(self) -> None:
        files = conversions.project(Bundle(self.REACT), "react").files
        assert {
            "index.html",
            "src/main.jsx",
            "src/styles.css",
            "vite.config.js",
            "package-lock.json",
        } <= set(files)
        assert "postinstall" not in files["package.json"]

    def test_it_is_shown(self, renderer: Renderer) -> None:
        render = renderer.render(conversions.page(Bundle(self.REACT), "react"))
        assert [(text.text, text.size) for text in render.texts] == [("Hello from React", 24)]

    def test_vue_is_shown(self, renderer: Renderer) -> None:
        app = '<script setup>\nimport { ref } from "vue";\nconst who = ref("Vue");\n</script>\n'
        app += '<template><h1 class="text-2xl">Hello from {{ who }}</h1></template>'
        render = renderer.render(conversions.page(Bundle({"src/App.vue": app}), "vue"))
        assert [(text.text, text.size) for text in render.texts] == [("Hello from Vue", 24)]

    def test_code_that_does_not_compile_is_one_sentence(self) -> None:
        with pytest.raises(StackError, match=r"The code could not be bundled: .+"):
            conversions.page(Bundle({"src/App.jsx": "export default () => <main>;"}), "react")

    @pytest.mark.parametrize(
        "stolen", ["/etc/hosts", "../../../../../../etc/hosts", "axe-core/package.json"]
    )
    def test_it_cannot_show_what_lies_on_this_machine(self, stolen: str) -> None:
        code = (
            f'import text from "{stolen}";\nexport default () => <p>{{JSON.stringify(text)}}</p>;'
        )
        with pytest.raises(StackError):
            conversions.page(Bundle({"src/App.jsx": code}), "react")

    def test_without_node_a_vue_page_says_what_to_install(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shutil, "which", lambda name: None)
        with pytest.raises(StackError, match="install Node 20 or newer"):
            bundle_modules(
                {"src/App.vue": "<template><i>Not cached</i></template>"}, "src/App.vue", vue=True
            )
