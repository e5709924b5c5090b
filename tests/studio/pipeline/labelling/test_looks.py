"""What a node looks like: where it is cut from, what a long one shows, which nodes are looked at at
all.
"""

import io

import numpy as np
from PIL import Image, ImageDraw

from inference.types import ImagePart, TextPart
from studio.pipeline.labelling.model import build_question_parts, list_steps
from studio.pipeline.labelling.model.alphabet import FACTS
from studio.pipeline.labelling.model.box_pictures import SIZE, cut_box_picture, cut_box_pictures
from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.labelling.rules.text_facts import collect_page_facts
from studio.pipeline.layout.tree import build_tree
from studio.pipeline.perception.hints import Box
from tests.studio.pipeline.codegen.sketch import login

RED, BLUE = (255, 0, 0), (0, 0, 255)


def page(*marks: tuple[Box, tuple[int, int, int]], scale: float = 1.0) -> Image.Image:
    picture = Image.new("RGB", (round(800 * scale), round(600 * scale)), "white")
    for box, color in marks:
        sides = [round(scale * side) for side in (box.x, box.y, box.right, box.bottom)]
        ImageDraw.Draw(picture).rectangle(sides, fill=color)
    return picture


def share(look: Image.Image, color: tuple[int, int, int]) -> float:
    return float((np.abs(np.asarray(look, np.int32) - color).sum(-1) < 60).mean())


def test_a_short_box_is_shown_whole():
    look = cut_box_picture(page((Box(100, 100, 60, 40), RED)), Box(100, 100, 60, 40), 1.0)
    assert look.size == SIZE
    assert share(look, RED) > 0.8


def test_a_long_box_is_shown_by_its_ends_and_not_by_its_middle():
    box, arrow, word = Box(100, 100, 400, 40), Box(470, 105, 25, 30), Box(200, 105, 200, 30)
    look = cut_box_picture(page((box, (238, 238, 238)), (arrow, RED), (word, BLUE)), box, 1.0)
    left, right = (look.crop((x, 0, x + 28, 28)) for x in (0, 28))
    assert share(right, RED) > 0.3
    assert share(left, RED) == share(look, BLUE) == 0


def test_a_mockup_of_two_pixels_to_one_is_cut_at_the_same_place():
    box, arrow = Box(100, 100, 400, 40), Box(470, 105, 25, 30)
    looks = [
        cut_box_picture(page((box, (238, 238, 238)), (arrow, RED), scale=scale), box, scale)
        for scale in (1.0, 2.0)
    ]
    assert np.abs(np.diff([np.asarray(look, np.float32) for look in looks], axis=0)).mean() < 6


def test_a_box_that_hangs_out_of_the_picture_is_still_shown():
    assert cut_box_picture(page(), Box(790, 590, 100, 40), 1.0).size == SIZE


def test_only_what_may_be_a_control_is_looked_at_and_its_picture_stands_before_it():
    sketch = login()
    tree = label_tree(build_tree(sketch.hints()))
    (steps,), facts = list_steps(tree), collect_page_facts(tree)
    looks = cut_box_pictures(steps, Image.new("RGB", (1280, 800), "white"), 1.0)
    assert [look is not None for look in looks] == [
        "button" in s.kinds or "field" in s.kinds for s in steps
    ]
    parts = build_question_parts(steps, facts, looks)
    place = 0
    for part in parts:
        if isinstance(part, TextPart):
            place += len(part.text) // FACTS
        else:
            assert looks[place] is not None
            with Image.open(io.BytesIO(part.data)) as look:
                assert look.size == SIZE
    assert (
        sum(isinstance(part, ImagePart) for part in parts)
        == sum(look is not None for look in looks)
        > 0
    )
