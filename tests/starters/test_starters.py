"""A page exported into real applications: they build, their own pages stay as they were to the
pixel, and ours looks as it does alone.

`make starters` makes the applications from npm; without them the tests are skipped.
"""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from studio.pipeline.bundle import Bundle
from studio.pipeline.perception.perceive import find_hints
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.likeness.compare import compare
from tests.starters.application import Application, Starter
from tests.starters.pages import office
from tests.studio.pipeline.stacks.pages import draft, odd

WIDTH = 1280
MARGIN = 0.02  # of likeness, as for the stacks' previews
REACT = Starter(
    name="react",
    stack="react",
    output="dist",
    own_page="index.html",
    our_page="ours.html",
    route={
        "src/main.tsx": """import { createRoot } from 'react-dom/client'
import './index.css'
import App from './App.tsx'
import { Notice } from './components/Notice'
%import%

const root = document.getElementById('root')!
if (location.pathname.endsWith('ours.html')) {
  const place = document.createElement('div')
  root.replaceWith(place)
  createRoot(place).render(<%name% />)
} else {
  createRoot(root).render(<><App /><Notice /></>)
}
"""
    },
)
VUE = Starter(
    name="vue",
    stack="vue",
    output="dist",
    own_page="index.html",
    our_page="ours.html",
    route={
        "src/main.ts": """import './assets/main.css'
import { createApp } from 'vue'
import App from './App.vue'
%import%

if (location.pathname.endsWith('ours.html')) {
  const place = document.createElement('div')
  place.style.flex = '1'
  document.getElementById('app')!.replaceWith(place)
  createApp(%name%).mount(place)
} else {
  createApp(App).mount('#app')
}
"""
    },
)
NEXT = Starter(
    name="next",
    stack="react",
    output="out",
    own_page="index.html",
    our_page="ours.html",
    route={
        "src/app/ours/page.tsx": """%import%

export default function Ours() {
  return <%name% />;
}
"""
    },
)
IMPORTS = {
    "react": "import { HarborPage } from './components/HarborPage/HarborPage'",
    "vue": "import HarborPage from './components/HarborPage/HarborPage.vue'",
    "next": 'import { HarborPage } from "@/components/harbor-page/harbor-page";',
}
PAGES = {"draft": draft(), "odd": odd(), "office": office()}


def open_picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("starter", [REACT, VUE, NEXT], ids=lambda starter: starter.name)
def test_the_application_stays_as_it_was_and_the_page_looks_like_itself(
    renderer: Renderer, starters: Path, tmp_path: Path, starter: Starter, page: str
) -> None:
    if not (starters / starter.name / "ready").is_file():
        pytest.skip(f"The {starter.name} starter could not be made.")
    application = Application(starter, starters, tmp_path / "app")
    application.build()
    before = renderer.render_file(application.get_page(starter.own_page), width=WIDTH)

    bundle: Bundle = PAGES[page]
    files = application.export(bundle, "Harbor page")
    application.show_ours(IMPORTS[starter.name], "HarborPage")
    application.build()

    after = renderer.render_file(application.get_page(starter.own_page), width=WIDTH)
    assert before.texts
    assert open_picture(before.png).tobytes() == open_picture(after.png).tobytes()
    assert not {"package.json", "package-lock.json"} & set(files)

    alone = renderer.render(bundle, width=WIDTH)
    picture = open_picture(alone.png)
    hints = find_hints(picture)
    ours = renderer.render_file(application.get_page(starter.our_page), width=WIDTH)
    save(tmp_path.parent / f"{starter.name}-{page}.png", alone.png, ours.png)
    assert compare(picture, hints, ours).likeness > compare(picture, hints, alone).likeness - MARGIN


def save(path: Path, *pngs: bytes) -> None:
    """Put pictures side by side into one file, for a person who looks."""
    pictures = [open_picture(png) for png in pngs]
    width = sum(picture.width for picture in pictures)
    sheet = Image.new("RGB", (width, max(picture.height for picture in pictures)), "gray")
    left = 0
    for picture in pictures:
        sheet.paste(picture, (left, 0))
        left += picture.width
    sheet.save(path)
