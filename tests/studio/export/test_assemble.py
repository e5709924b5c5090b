"""What an export brings: named pictures, formatted code, and in an application its own ways."""

from __future__ import annotations

import json

import pytest

from studio.export.assemble import assemble
from studio.export.conventions import Conventions, detect
from studio.pipeline.bundle import Bundle
from studio.pipeline.stacks.picture_names import name_pictures
from tests.studio.pipeline.stacks.pages import draft, odd

APP = {
    "package.json": json.dumps(
        {
            "dependencies": {"react": "19"},
            "devDependencies": {"tailwindcss": "4.1.0", "typescript": "5", "vite": "7"},
        }
    ).encode(),
    ".prettierrc": b'{"semi": false, "singleQuote": true, "plugins": ["evil"]}',
    "eslint.config.js": b"export default []",
    "app/components/Button.tsx": b"export const Button = 1",
    "app/app.css": b'@import "tailwindcss";\n\nbody { margin: 0 }\n',
}


def test_a_repositorys_ways_are_seen() -> None:
    found = detect(APP)
    assert (found.framework, found.typescript, found.components, found.sheet, found.linter) == (
        "react",
        True,
        "app/components",
        "app/app.css",
        True,
    )
    assert found.prettier == {"semi": False, "singleQuote": True}  # plugins would be code
    assert detect({"README.md": b"x"}).framework is None
    assert detect({".editorconfig": b"[*]\nindent_style = tab\n"}).prettier == {"useTabs": True}


def test_in_an_application_the_page_is_components_among_its_own() -> None:
    files = assemble(draft(), "react", "Harbour page", APP, detect(APP))
    folder = "app/components/HarbourPage"
    assert {f"{folder}/HarbourPage.tsx", f"{folder}/Card.tsx", f"{folder}/theme.css"} <= set(files)
    assert not {"package.json", "index.html", "vite.config.js"} & set(files)
    card = files[f"{folder}/Card.tsx"].decode()
    assert "type CardProps = { title: string; text: string }" in card
    assert "export function Card(" in card  # as its Button is exported
    assert ";" not in card.partition("export function")[2]
    assert "import { Card } from './Card'" in files[f"{folder}/HarbourPage.tsx"].decode()
    sheet = files["app/app.css"].decode()  # theirs: one line more, and nothing else touched
    assert (
        sheet.replace('\n@import "./components/HarbourPage/theme.css";', "")
        == APP["app/app.css"].decode()
    )
    assert sheet != APP["app/app.css"].decode()


def test_files_and_exports_are_named_as_the_applications() -> None:
    app = {name: data for name, data in APP.items() if not name.startswith("app/components")}
    app["src/components/site-menu.tsx"] = b"export function SiteMenu() {}"
    app["src/components/user-card.tsx"] = b"export function UserCard() {}"
    files = assemble(draft(), "react", "Harbour page for boats", app, detect(app))
    folder = "src/components/harbour-page-for"
    assert {f"{folder}/harbour-page-for.tsx", f"{folder}/site-header.tsx"} <= set(files)
    page = files[f"{folder}/harbour-page-for.tsx"].decode()
    assert "import { SiteHeader } from './site-header'" in page


def test_without_tailwind_the_page_brings_a_sheet_for_itself_alone() -> None:
    app = {"package.json": json.dumps({"dependencies": {"vue": "3"}}).encode()}
    app["src/main.css"] = b"a { color: green; }"
    files = assemble(draft(), "vue", "Harbour page", app, detect(app))
    folder = "src/components/HarbourPage"
    assert set(files) == {
        *(f"{folder}/{name}.vue" for name in ("HarbourPage", "Card", "SiteHeader", "SiteFooter")),
        f"{folder}/harbour-page.css",
        "public/harbour-page/a-sail.png",
    }
    assert b'import "./harbour-page.css";' in files[f"{folder}/HarbourPage.vue"]


def test_shadcns_components_are_found_by_its_settings() -> None:
    settings = {"aliases": {"components": "@/components", "ui": "@/components/ui"}}
    app = {**APP, "components.json": json.dumps(settings).encode()}
    app["src/components/ui/button.tsx"] = b"export function Button() {}"
    app["src/other/ui/card.tsx"] = b"export function Card() {}"
    assert detect(app).library == {"@/components/ui/button": "src/components/ui/button.tsx"}
    assert detect(APP).library == {}


def test_beside_another_framework_the_project_gets_a_folder_of_its_own() -> None:
    files = assemble(draft(), "vue", "Harbour page", APP, detect(APP))
    assert "harbour-page/src/App.vue" in files
    assert "harbour-page/package-lock.json" in files


@pytest.mark.parametrize("stack", ["html-css", "react", "vue", "tailwind", "bootstrap"])
def test_it_is_formatted_as_prettier_does(stack: str) -> None:
    files = assemble(odd(), stack, "x", {}, Conventions())
    page = next(name for name in files if name in ("index.html", "src/App.jsx", "src/App.vue"))
    lines = files[page].decode().splitlines()
    assert max(map(len, lines)) < 400
    assert b"package-lock" not in files["package.json"]


def test_pictures_are_named_for_what_they_are() -> None:
    bundle = name_pictures(draft())
    assert list(bundle.assets) == ["assets/a-sail.png"]
    assert 'src="assets/a-sail.png"' in bundle.files["index.html"]


def test_fonts_are_named_as_fonts_and_their_licences_stay() -> None:
    face = '@font-face { font-family: "Open Sans"; font-weight: 700; src: url("assets/picture-4.woff2"); }'
    html = (
        "<!doctype html><html><head><style>" + face + "</style></head><body><p>x</p></body></html>"
    )
    fonts = {
        "assets/picture-4.woff2": b"wOF2",
        "assets/fonts/inter-variable.woff2": b"wOF2",
        "assets/fonts/inter.txt": b"OFL",
    }
    files = assemble(Bundle({"index.html": html}, fonts), "html-css", "x", {}, Conventions())
    assert {name for name in files if name.startswith("assets/")} == {
        "assets/fonts/open-sans-700.woff2",
        "assets/fonts/inter-variable.woff2",
        "assets/fonts/inter.txt",
    }
    assert b"assets/fonts/open-sans-700.woff2" in files["index.html"]


def test_a_sheet_of_imports_without_end_is_read_once() -> None:
    """With 2 MB of them an export took minutes."""
    sheet = b'@import "tailwindcss";\n' + b"@import \n" * 250_000
    files = assemble(draft(), "react", "Harbour", {**APP, "app/app.css": sheet}, detect(APP))
    assert files["app/app.css"].startswith(
        b'@import "tailwindcss";\n@import "./components/Harbour/theme.css";'
    )
