"""The files of an answer while it is written, folded from a run's events."""

from __future__ import annotations

from typing import Any

from studio.runs.events import Event
from studio.runs.progress import fold_written_files

BEGIN = Event("1-0", "step", {"name": "writing", "state": "started"})


def chunk(text: str, **facts: Any) -> Event:
    return Event("2-0", "chunk", {"kind": "answer", "text": text, **facts})


def test_an_answer_grows_into_files() -> None:
    events = [BEGIN, chunk("```html\n<!doctype html>\n"), chunk("<p>hi</p>\n```\n")]
    assert fold_written_files(events) == {"index.html": b"<!doctype html>\n<p>hi</p>\n"}


def test_what_turned_out_to_be_thinking_is_left_out() -> None:
    thought = "Perhaps\n```css draft.css\np{}\n```\n"
    page = "```html\n<!doctype html>\n```\n"
    events = [BEGIN, chunk(thought), chunk(page, restarts=True)]
    assert fold_written_files(events) == {"index.html": b"<!doctype html>\n"}
