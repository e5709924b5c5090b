"""The style page's picture: `python -m tests.studio.styleguide.picture` takes it anew."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from studio.config.environment import ROOT
from studio.pipeline.bundle import Bundle
from studio.pipeline.perception.hints import Hints
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.likeness.compare import compare
from studio.pipeline.types import Render

PICTURE = Path(__file__).parent / "styleguide.webp"
WIDTH = 1100  # CSS px: two themes beside each other
SHARE = (
    2  # so many px of the page are one of the stored picture: comparing takes a quarter of the time
)


def make_bundle(more: str = "") -> Bundle:
    """Return the page with its fonts; `more` is markup for the end of its head."""
    from django.test import RequestFactory

    from studio.styleguide.views import styleguide

    request = RequestFactory().get("/styleguide")
    request.nonce = "x"  # type: ignore[attr-defined]
    page = styleguide(request).content.decode().replace("</head>", f"{more}</head>")
    fonts = (ROOT / "static" / "dist").glob("*.woff2")
    return Bundle(
        {"index.html": page}, {f"static/dist/{font.name}": font.read_bytes() for font in fonts}
    )


def render_page(renderer: Renderer, bundle: Bundle | None = None) -> Render:
    return renderer.render(bundle or make_bundle(), width=WIDTH, time_limit=60.0)


def measure_likeness(stored: Image.Image, shown: Render) -> float:
    """Compare by pixels alone, at the stored picture's size."""
    width, height = shown.width // SHARE, shown.height // SHARE
    pixels = Render(shown.png, width, height, (), (), 0.0)
    hints = Hints(*stored.size, 1.0, "#ffffff", (), (), (), (), ())
    return compare(stored, hints, pixels, heat=False).likeness


def take_picture() -> None:
    with Renderer() as renderer:
        shown = render_page(renderer)
    whole = Image.open(io.BytesIO(shown.png)).convert("RGB")
    small = whole.resize((whole.width // SHARE, whole.height // SHARE), Image.Resampling.LANCZOS)
    small.save(PICTURE, quality=85, method=6)


if __name__ == "__main__":
    import os

    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "studio.config.settings"
    os.environ["DEBUG"] = "True"
    django.setup()
    take_picture()
