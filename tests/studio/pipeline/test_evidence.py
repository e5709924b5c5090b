"""What pixels alone say: all that can be seen counts; what moved is followed, what is gone is not."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from studio.pipeline.perception.hints import Box
from studio.pipeline.scoring.likeness.evidence import Evidence, gather_evidence, see_picture
from studio.pipeline.scoring.likeness.picture_maps import Pixels
from studio.pipeline.scoring.likeness.unexplained_patches import find_regions

Color = tuple[int, int, int]
SIZE = (640, 480)
CARD = (160, 120, 480, 360)
DARK, DARK_CARD = (20, 20, 20), (31, 31, 31)
PALE, PALE_CARD = (255, 255, 255), (244, 244, 244)


def draw(
    ground: Color, *boxes: tuple[tuple[int, int, int, int], Color], size: tuple[int, int] = SIZE
) -> Pixels:
    image = Image.new("RGB", size, ground)
    pen = ImageDraw.Draw(image)
    for box, fill in boxes:
        pen.rounded_rectangle(box, 12, fill=fill)
    return np.asarray(image)


LINES = (
    "Harbour office, open today",
    "Four ships lie at the quay",
    "High water at a quarter to nine",
    "Ask at the door",
)

MISREAD = (
    "Horbeun efficc, epcn tobay",
    "Feun shiqs lic ot tbc quoy",
    "Higb wofer af o guarfer fo mine",
    "Ack of fbe deer",
)


def lettered(ground: Color, ink: Color, top: int, words: tuple[str, ...] = LINES) -> Pixels:
    image = Image.new("RGB", SIZE, ground)
    pen = ImageDraw.Draw(image)
    for line, text in enumerate(words):
        pen.text((80, top + 30 * line), text, fill=ink, font_size=18)
    return np.asarray(image)


def look(mockup: Pixels, render: Pixels) -> Evidence:
    size = render.shape[1], render.shape[0]
    height = max(mockup.shape[0], render.shape[0])
    return gather_evidence(see_picture(mockup, height), render, size)


def spent(evidence: Evidence) -> float:
    return sum(evidence.losses.values())


def test_the_same_picture_loses_nothing() -> None:
    page = draw(DARK, (CARD, DARK_CARD))
    assert set(look(page, page).losses.values()) == {0.0}


def test_a_dark_card_counts_as_much_as_a_light_one() -> None:
    dark = look(draw(DARK, (CARD, DARK_CARD)), draw(DARK)).losses
    light = look(draw((255, 255, 255), (CARD, (226, 226, 226))), draw((255, 255, 255))).losses
    assert dark["structure"] > 0.5
    assert dark["structure"] == pytest.approx(light["structure"], rel=0.35)
    assert dark["color"] == pytest.approx(light["color"], rel=0.35)


@pytest.mark.parametrize(
    ("ground", "card"), [(DARK, DARK_CARD), (PALE, PALE_CARD), ((19, 21, 24), (31, 39, 48))]
)
def test_a_lost_card_is_one_region_of_its_size(ground: Color, card: Color) -> None:
    regions = find_regions(look(draw(ground, (CARD, card)), draw(ground)))
    assert regions[0].box.iou(Box(CARD[0], CARD[1], CARD[2] - CARD[0], CARD[3] - CARD[1])) > 0.8


def test_text_two_pixels_lower_is_nearly_right_and_lost_text_is_not() -> None:
    page = lettered(PALE, (30, 30, 30), 100)
    near, gone = look(page, lettered(PALE, (30, 30, 30), 102)), look(page, draw(PALE))
    assert near.losses["structure"] < 0.05
    assert near.losses["ink"] < 0.1
    assert gone.losses["ink"] > 0.7


def test_what_moved_is_found_again_and_counts_as_out_of_place() -> None:
    moved = look(lettered(PALE, (30, 30, 30), 100), lettered(PALE, (30, 30, 30), 148))
    gone = look(lettered(PALE, (30, 30, 30), 100), draw(PALE))
    assert moved.losses["place"] > 0.3
    assert moved.losses["ink"] < gone.losses["ink"] / 2


def test_a_card_that_is_gone_is_not_explained_by_its_neighbor() -> None:
    one, other = (100, 100, 300, 160), (100, 176, 300, 236)
    both = draw(PALE, (one, (30, 90, 200)), (other, (30, 90, 200)))
    lost = look(both, draw(PALE, (one, (30, 90, 200))))
    assert lost.losses["structure"] > 0.2
    assert find_regions(lost)[0].box.iou(Box(100, 176, 200, 60)) > 0.7


def test_other_letters_of_the_same_shape_cost_ink() -> None:
    page = lettered(PALE, (30, 30, 30), 100)
    misread = look(page, lettered(PALE, (30, 30, 30), 100, MISREAD))
    assert misread.losses["ink"] > 0.02
    assert misread.losses["structure"] < misread.losses["ink"]


def test_noise_of_jpeg_is_no_difference() -> None:
    page = lettered(PALE, (30, 30, 30), 100)
    out = io.BytesIO()
    Image.fromarray(page).save(out, "JPEG", quality=80)
    assert spent(look(np.asarray(Image.open(out).convert("RGB")), page)) < 0.05


def test_a_page_of_another_size_loses_what_it_is_off() -> None:
    page = draw(PALE, (CARD, DARK))
    seen = see_picture(page, page.shape[0])
    assert gather_evidence(seen, page, (1920, 1440)).losses["page"] == pytest.approx(8 / 9)
    assert gather_evidence(seen, page, (640, 960)).losses["page"] == pytest.approx(1 / 2)


def test_the_same_words_a_pixel_aside_lose_nothing() -> None:
    page = lettered(PALE, DARK, 100)
    assert spent(look(page, lettered(PALE, DARK, 101))) < 0.002


def test_words_farther_aside_lose_more_and_other_words_more_still() -> None:
    page = lettered(PALE, DARK, 100)
    near, far = (spent(look(page, lettered(PALE, DARK, 100 + by))) for by in (2, 4))
    assert 0.002 < near < far
    assert far < spent(look(page, lettered(PALE, DARK, 101, MISREAD)))
