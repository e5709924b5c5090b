"""What an export brings: named pictures, formatted code, and in an application its own ways."""

from __future__ import annotations

import json

import pytest

from studio.export.assemble import assemble
from studio.export.conventions import Conventions, detect
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
    assert "title: string" in card
    assert (
        ";"
        not in card.replace("title: string;", "").replace("string; text", "").split("return", 1)[1]
    )
    assert "import Card from './Card'" in files[f"{folder}/HarbourPage.tsx"].decode()
    sheet = files["app/app.css"].decode()  # theirs: one line more, and nothing else touched
    assert (
        sheet.replace('\n@import "./components/HarbourPage/theme.css";', "")
        == APP["app/app.css"].decode()
    )
    assert sheet != APP["app/app.css"].decode()


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
