"""No picture is larger than a server takes; a tall mockup goes out in parts."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from inference.types import ImagePart, TextPart
from studio.pipeline.perception.hints import Section
from studio.pipeline.prompting.mockup_pictures import (
    LARGEST_FILE,
    LARGEST_SIDE,
    cut_into_pictures,
    encode_picture,
    show_pictures,
)


def sections(*edges: int) -> tuple[Section, ...]:
    tops = (0, *edges)
    return tuple(
        Section(float(top), float(bottom), "#ffffff")
        for top, bottom in zip(tops, edges, strict=False)
    )


def open_part(part: ImagePart) -> Image.Image:
    return Image.open(io.BytesIO(part.data))


def test_a_page_of_usual_height_is_one_picture_without_words() -> None:
    pictures = cut_into_pictures(Image.new("RGB", (1280, 1900)), ())
    assert [(picture.top, picture.bottom) for picture in pictures] == [(0, 1900)]
    assert show_pictures(pictures) == (pictures[0].part,)


def test_a_page_of_9000_px_is_cut_between_its_sections() -> None:
    edges = (700, 1700, 2500, 4400, 5200, 6100, 8300, 9000)
    pictures = cut_into_pictures(Image.new("RGB", (1280, 9000)), sections(*edges))
    spans = [(picture.top, picture.bottom) for picture in pictures]
    # From 2,500 on the only edges are 4,400 and, 1,700 later, 6,100; then none is near enough.
    assert spans == [(0, 1700), (1700, 3700), (3700, 5200), (5200, 7200), (7200, 9000)]
    assert [open_part(picture.part).size for picture in pictures] == [
        (1280, bottom - top) for top, bottom in spans
    ]


def test_several_pictures_are_introduced_by_their_place() -> None:
    parts = show_pictures(cut_into_pictures(Image.new("RGB", (800, 4100)), ()))
    assert [part.text for part in parts if isinstance(part, TextPart)] == [
        "Picture 1 of 3, from y = 0 to y = 2000:",
        "Picture 2 of 3, from y = 2000 to y = 4000:",
        "Picture 3 of 3, from y = 4000 to y = 4100:",
    ]
    assert [type(part) for part in parts] == [TextPart, ImagePart] * 3


def test_a_wide_picture_is_scaled_down() -> None:
    part = encode_picture(Image.new("RGB", (4000, 1000)))
    assert open_part(part).size == (LARGEST_SIDE, 500)


@pytest.mark.parametrize(("noisy", "kind"), [(True, "image/jpeg"), (False, "image/png")])
def test_a_file_too_large_as_png_is_sent_as_jpeg(noisy: bool, kind: str) -> None:
    picture = Image.effect_noise((1300, 1100), 80).convert("RGB")
    if noisy:
        bands = [Image.effect_noise((1300, 1100), 80) for _ in range(3)]
        picture = Image.merge("RGB", bands)
    part = encode_picture(picture)
    assert part.media_type == kind
    assert len(part.data) <= LARGEST_FILE
