"""A photo that falls apart on a ground of its own color is one picture again."""

from __future__ import annotations

from studio.pipeline.perception.hints import Box, Rect, TextLine
from studio.pipeline.perception.photo_rows import complete_photos
from studio.pipeline.perception.photo_shards import drop_lettering, join_shards
from studio.pipeline.perception.pictures import Region

SHARDS = [
    Region(80, 100, 140, 220),
    Region(150, 112, 208, 233),
    Region(200, 143, 266, 300),
    Region(84, 224, 196, 340),
]
CRUMBS = [Region(268, 214, 300, 262), Region(270, 270, 310, 300), Region(200, 304, 250, 340)]


def line_at(box: Box) -> TextLine:
    return TextLine(1, box, "Words", 1.0, 14.0, 400, "sans", "Inter", "#ffffff", "#000000")


def test_shards_and_crumbs_become_one_photo() -> None:
    patch = Rect(1, Box(120, 200, 40, 40), "#203040")
    drawn = join_shards([patch], CRUMBS, SHARDS, [])
    assert drawn.photos == [Region(80, 100, 310, 340)]
    assert not drawn.icons
    assert not drawn.rects


def test_a_button_on_the_photo_stays() -> None:
    button = Rect(1, Box(120, 280, 100, 40), "#16eab8", radius=20)
    drawn = join_shards([button], CRUMBS, SHARDS, [line_at(Box(140, 292, 60, 14))])
    assert drawn.rects == [button]
    assert len(drawn.photos) == 1


def test_photos_of_a_gallery_stay_apart() -> None:
    gallery = [Region(x, y, x + 90, y + 60) for y in (0, 70) for x in (0, 100, 200)]
    assert join_shards([], [], gallery, []).photos == gallery


def test_lettering_of_a_thumbnail_belongs_to_it() -> None:
    lines = [line_at(Box(20, 60, 40, 8)), line_at(Box(140, 60, 80, 14))]
    (kept,) = drop_lettering(lines, [Region(10, 10, 90, 90)])
    assert kept.box == lines[1].box
    assert kept.id == 1


def test_words_on_a_large_photo_stay() -> None:
    lines = [line_at(Box(40, 60, 80, 14))]
    assert drop_lettering(lines, [Region(0, 0, 600, 300)]) == lines


def test_a_photo_with_a_pale_top_is_as_high_as_its_neighbors() -> None:
    row = [Region(0, 0, 120, 120), Region(140, 22, 260, 120), Region(280, 0, 400, 120)]
    assert complete_photos(row, [])[1] == Region(140, 0, 260, 120)


def test_a_photo_below_words_is_not_drawn_over_them() -> None:
    row = [Region(0, 0, 120, 120), Region(140, 22, 260, 120)]
    assert complete_photos(row, [line_at(Box(150, 4, 60, 12))])[1] == row[1]


def test_photos_of_one_size_have_one_radius() -> None:
    row = [Region(x, 0, x + 120, 120, radius) for x, radius in ((0, 0), (140, 0), (280, 18))]
    assert [photo.radius for photo in complete_photos(row, [])] == [0, 0, 0]
