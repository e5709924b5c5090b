from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from studio.pipeline.layout.tree import build_tree
from studio.pipeline.perception.assets import crop_assets
from studio.pipeline.perception.hints import Box, Hints, Picture
from studio.pipeline.perception.perceive import find_hints
from studio.pipeline.perception.pictures import Region, number_pictures
from studio.pipeline.perception.pixels import MockupPixels
from tests.studio.pipeline.perception.paper import FACTOR, Paper


def blog() -> Paper:
    paper = Paper(640, 520)
    paper.photo(0, 0, 640, 160, seed=3)
    paper.text(60, 90, "Slow travel", 40, bold=True, color="#ffffff")
    paper.photo(60, 200, 240, 150)
    paper.text(60, 390, "Below the photo", 16)
    paper.star(360, 210, 24, "#d6336c")
    paper.text(396, 228, "A favourite", 16)
    return paper


@pytest.fixture(scope="module")
def hints() -> Hints:
    return find_hints(blog().picture())


def at(hints: Hints, box: Box) -> Picture:
    best = max(hints.pictures, key=lambda p: p.box.iou(box))
    assert best.box.iou(box) > 0.85, [p.box for p in hints.pictures]
    return best


def test_a_photo_is_found_by_its_edges(hints: Hints) -> None:
    photo = at(hints, Box(60, 200, 240, 150))
    assert (photo.kind, photo.background) == ("photo", False)


def test_an_icon_is_a_picture_and_not_a_letter(hints: Hints) -> None:
    icon = at(hints, Box(360, 210, 24, 22))
    assert icon.kind == "icon"
    assert "A favourite" in {t.text for t in hints.texts}


def test_text_on_a_hero_photo_makes_it_a_background(hints: Hints) -> None:
    hero = at(hints, Box(0, 0, 640, 160))
    assert hero.background
    assert "Slow travel" in {t.text for t in hints.texts}


def test_there_are_no_other_pictures(hints: Hints) -> None:
    assert len(hints.pictures) == 3


def test_crops_show_the_mockup_itself(hints: Hints) -> None:
    image = blog().picture()
    assets = crop_assets(image, hints)
    assert set(assets) == {p.asset for p in hints.pictures}
    photo = at(hints, Box(60, 200, 240, 150))
    crop = Image.open(io.BytesIO(assets[photo.asset])).convert("RGB")
    assert crop.size == (photo.box.width, photo.box.height)
    box = tuple(int(v) for v in (photo.box.x, photo.box.y, photo.box.right, photo.box.bottom))
    difference = np.abs(np.asarray(crop, dtype=int) - np.asarray(image.crop(box), dtype=int))
    # JPEG costs 6 levels on this grain; another part of the mockup would be 60 off.
    assert difference.mean() < 12


def test_text_is_painted_out_of_the_background_crop(hints: Hints) -> None:
    hero = at(hints, Box(0, 0, 640, 160))
    crop = Image.open(io.BytesIO(crop_assets(blog().picture(), hints)[hero.asset])).convert("RGB")
    line = next(t for t in hints.texts if t.text == "Slow travel")
    window = np.asarray(
        crop.crop((int(line.box.x), int(line.box.y), int(line.box.right), int(line.box.bottom)))
    )
    assert (window.min(axis=2) > 245).mean() < 0.01


def test_the_ground_between_painted_out_letters_is_the_photos_own() -> None:
    paper = Paper(640, 400)
    paper.photo(0, 0, 640, 400)
    bare = np.asarray(paper.picture(), dtype=int)
    paper.text(60, 200, "Walk along the coast", 40, bold=True, color="#ffffff")
    picture = paper.picture()
    hints = find_hints(picture, scale=1)
    (hero,) = hints.pictures
    crop = Image.open(io.BytesIO(crop_assets(picture, hints)[hero.asset])).convert("RGB")
    (line,) = hints.texts
    rows = slice(int(line.box.y), int(line.box.bottom))
    columns = slice(int(line.box.x), int(line.box.right))
    letters = Image.fromarray(np.abs(np.asarray(picture, dtype=int) - bare).max(axis=2) > 0)
    near = np.asarray(letters.convert("L").filter(ImageFilter.MaxFilter(9))) > 0
    off = np.abs(np.asarray(crop, dtype=int) - bare).mean(axis=2)
    # JPEG costs up to 6 levels on the photo's grain; a smeared box would lose all 9 of it.
    assert np.median(off[rows, columns][~near[rows, columns]]) <= 6
    assert np.quantile(off[rows, columns][near[rows, columns]], 0.95) <= 45


def test_no_plain_picture_contains_text_or_fills_the_page() -> None:
    paper = Paper(640, 400)
    paper.photo(0, 0, 640, 400)
    found = find_hints(paper.picture())
    assert all(p.background for p in found.pictures if p.box.area > 0.6 * 640 * 400)
    assert found.pictures


def test_a_round_photo_is_round_to_its_last_pixel() -> None:
    paper = Paper(420, 180)
    paper.photo(19, 44, 92, 92)
    mask = Image.new("L", paper.canvas.size, 255)
    ImageDraw.Draw(mask).ellipse(
        (19 * FACTOR, 44 * FACTOR, 111 * FACTOR - 1, 136 * FACTOR - 1), fill=0
    )
    paper.canvas.paste("#ffffff", (0, 0), mask)
    paper.text(140, 90, "Marit Solheim", 28, bold=True)
    (photo,) = find_hints(paper.picture(), scale=1).pictures
    assert (photo.box.width, photo.box.height) == (92, 92)
    assert photo.radius == 46


def test_a_wide_frame_around_a_photo_is_its_border_and_stays_in_the_page() -> None:
    paper = Paper(640, 480)
    paper.box(60, 60, 360, 280, "#92b2e6")
    paper.photo(76, 76, 328, 248)
    paper.text(60, 390, "Below the photo", 16)
    hints = find_hints(paper.picture())
    frame = max(hints.rects, key=lambda rect: rect.box.iou(Box(60, 60, 360, 280)))
    assert frame.box == Box(60, 60, 360, 280)
    assert frame.border is not None
    assert (frame.border.width, frame.border.sides) == (16, "trbl")
    drawn = [node.surface for node in build_tree(hints).walk() if node.surface]
    assert frame.border in [surface.border for surface in drawn]


def test_a_strip_without_height_is_no_picture() -> None:
    sheet = MockupPixels(np.full((200, 200, 3), 255, np.uint8), 1.0, False)
    strip, icon = Region(20, 50, 120, 50), Region(20, 80, 40, 100)
    assert [one.box for one in number_pictures([], [strip, icon], [], [], sheet)] == [icon.box]
