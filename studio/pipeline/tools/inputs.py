"""The tools' input, as pydantic models: they check it and make the JSON schemas."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from studio.pipeline.perception.hints import Box
from studio.pipeline.stacks.kinds import Stack

NARROWEST, WIDEST = 100, 8_000  # CSS px of a page
MOST_AREAS = 50
LONGEST_NAME = 2_000  # characters of a path or address
LONGEST_PROMPT = 20_000  # characters
LONGEST_JSON = 10_000  # characters of an object or list that is sent as a text; 50 areas take 4,000
LONGEST_WAIT = 50  # seconds; clients give up on a call after 60
# PostgreSQL stores no U+0000, and half characters (lone surrogates) cannot be encoded.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def read_json_text(value: Any) -> Any:
    """Return the object or list that a text holds: some agents send those as JSON in a text."""
    if not isinstance(value, str) or len(value) > LONGEST_JSON:
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


Width = Annotated[int, Field(ge=NARROWEST, le=WIDEST)]
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]


class Area(BaseModel):
    """A rectangle in CSS pixels, from the top left corner of the page."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    x: float = Field(ge=0, le=WIDEST)
    y: float = Field(ge=0, le=100_000)
    width: float = Field(gt=0, le=WIDEST)
    height: float = Field(gt=0, le=100_000)

    @model_validator(mode="before")
    @classmethod
    def read_text(cls, value: Any) -> Any:
        return read_json_text(value)

    @property
    def box(self) -> Box:
        return Box(self.x, self.y, self.width, self.height)


class ToolInput(BaseModel):
    """The input of one tool. The words for `mockup` and `page` are each door's own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*")
    @classmethod
    def check_text(cls, value: Any) -> Any:
        """Refuse texts that cannot be stored."""
        if isinstance(value, str) and UNSTORABLE.search(value):
            raise ValueError("a text may not contain U+0000 or half characters")
        return value


WIDTH_WORDS = (
    "The mockup's width in CSS px; without it, it is found from the picture. Of a page behind an "
    "address: the window's, 1280 without it."
)


class MockupInput(ToolInput):
    mockup: Name = Field(description="The mockup.")
    width: Width | None = Field(None, description=WIDTH_WORDS)


class ReadMockupInput(MockupInput):
    area: Area | None = Field(
        None,
        description="Only what is in this area, with exact numbers; without it the whole page.",
    )
    picture: bool = Field(False, description="Also return the picture (of the area).")


class DraftInput(MockupInput):
    stack: Stack = "html-css"
    fit: bool = Field(
        True, description="Correct sizes and gaps until the draft looks right (slower)."
    )
    out: str = Field("", max_length=LONGEST_NAME, description="The folder for the files.")


class ExtractAssetsInput(MockupInput):
    out: str = Field("", max_length=LONGEST_NAME, description="The folder for the files.")


class RenderInput(ToolInput):
    page: Name = Field(description="The page.")
    width: Width = Field(1280, description="The viewport's width in CSS px.")
    height: int = Field(800, ge=100, le=8_000, description="The viewport's height in CSS px.")
    ratio: float = Field(1.0, ge=0.5, le=4, description="Device pixels a CSS pixel.")
    area: Area | None = Field(None, description="Show this area only.")
    picture: bool = Field(True, description="Return the picture.")


class CompareInput(MockupInput):
    page: Name = Field(description="The page.")
    ignore: Annotated[list[Area], BeforeValidator(read_json_text)] = Field(
        [], max_length=MOST_AREAS, description="Areas that are not compared, in CSS px."
    )
    area: Area | None = Field(
        None, description="Look closer: also return this area, mockup left and page right."
    )
    pictures: bool = Field(
        False, description="Also return the worst places side by side, and a heat-map."
    )


class CheckQualityInput(ToolInput):
    page: Name = Field(description="The page.")


class FitInput(MockupInput):
    page: Name = Field(description="The page; its files must be known, so no address.")
    stack: Stack = "html-css"
    out: str = Field("", max_length=LONGEST_NAME, description="The folder for the corrected files.")


class GenerateInput(ToolInput):
    mockup: str = Field("", max_length=LONGEST_NAME, description="The mockup; may be left out.")
    width: Width | None = Field(None, description=WIDTH_WORDS)
    prompt: str = Field(
        "", max_length=LONGEST_PROMPT, description="Instructions; required without a mockup."
    )
    stack: Stack = "html-css"
    rounds: int | None = Field(None, ge=0, le=20, description="The most rounds of the model.")


class RunInput(ToolInput):
    run: Name = Field(description="The run's id, from `generate`.")


class StatusInput(RunInput):
    wait: int = Field(
        0, ge=0, le=LONGEST_WAIT, description="Seconds to wait for the run's end before answering."
    )


class FollowUpInput(RunInput):
    prompt: str = Field(min_length=1, max_length=LONGEST_PROMPT, description="What to change.")
    version: int | None = Field(
        None, ge=1, description="The version to change; by default the best."
    )


class ResultInput(RunInput):
    version: int | None = Field(None, ge=1, description="By default the best version.")


class ExportInput(ResultInput):
    out: str = Field("", max_length=LONGEST_NAME, description="The folder for the project.")
