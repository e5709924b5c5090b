"""Where no model writes, the loop carries words out as far as they can be read, and tells back the
rest.
"""

from __future__ import annotations

import pytest
from PIL import Image

from studio.pipeline.bundle import Bundle
from studio.pipeline.loop.attempts import LoopOptions
from studio.pipeline.loop.generate import generate
from studio.pipeline.rendering.render import Renderer
from tests.studio.runs.scripted import PAGE, WalkingModel


@pytest.mark.parametrize("client", [None, WalkingModel()])
def test_where_no_model_writes_words_change_a_version_as_far_as_they_can(
    renderer: Renderer, mockup: Image.Image, client: WalkingModel | None
) -> None:
    start = Bundle({"index.html": PAGE})
    wish = LoopOptions(prompt="Make it dark and move the button", rounds=3)
    result = generate(mockup, options=wish, renderer=renderer, client=client, start=start)
    assert [(a.source, a.accepted) for a in result.attempts] == [("start", True), ("words", True)]
    assert result.stop_reason == "wish carried out"
    assert result.message.startswith("Not understood: move.")
    assert "color:#222" not in result.attempts[1].bundle.files["index.html"]


@pytest.mark.parametrize(
    "wish", [LoopOptions(prompt="Three columns"), LoopOptions(prompt="green", about="the header")]
)
def test_words_that_only_a_model_can_follow_are_told_back(
    renderer: Renderer, mockup: Image.Image, wish: LoopOptions
) -> None:
    result = generate(mockup, options=wish, renderer=renderer, start=Bundle({"index.html": PAGE}))
    assert [a.source for a in result.attempts] == ["start"]
    assert "they can ask for a dark or a light theme" in result.message


def test_words_beside_a_mockup_are_carried_out_on_its_page(
    renderer: Renderer, mockup: Image.Image
) -> None:
    result = generate(
        mockup, options=LoopOptions(prompt="Dark. The menu collapses on phones."), renderer=renderer
    )
    assert [(a.source, a.accepted) for a in result.attempts] == [("draft", True), ("words", True)]
    assert (
        result.message
        == "Not understood: menu, collapses, phones. Use a model that writes (set MODEL_URL)."
    )


def test_words_beside_a_mockup_that_only_a_model_can_follow_are_said_to_be_unused(
    renderer: Renderer, mockup: Image.Image
) -> None:
    result = generate(mockup, options=LoopOptions(prompt="The page of a bakery"), renderer=renderer)
    assert [a.source for a in result.attempts] == ["draft"]
    assert result.message.startswith("Your instructions were not used")
