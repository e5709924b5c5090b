"""The browser listens for every kind of event of a run, and the documents for programs name each."""

from __future__ import annotations

import re
from typing import get_args, get_type_hints

from studio.api.runs import follow_events
from studio.config.environment import ROOT
from studio.pipeline.loop.attempts import LoopEvent

# Events of the worker, beside those of the loop.
OF_THE_WORKER = {"claimed", "mockup", "requeued", "silent", "over"}
KINDS = OF_THE_WORKER | set(get_args(get_type_hints(LoopEvent)["kind"]))


def read_kinds(script: str) -> set[str]:
    source = (ROOT / "static" / "src" / script).read_text()
    listed = re.search(r"const KINDS = \[(.*?)\]", source, re.DOTALL)
    assert listed is not None
    return set(re.findall(r'"(\w+)"', listed[1]))


def test_server_sent_events_of_every_kind_are_heard() -> None:
    assert read_kinds("event-source.js") == KINDS


def test_the_documents_for_programs_name_every_kind() -> None:
    table = (ROOT / "docs/api.md").read_text("utf-8").partition("## Events")[2]
    described = set(re.findall(r"^\| `(\w+)` \|", table, re.M))
    listed = set(re.findall(r"\w+", follow_events.__doc__ or ""))
    assert described.issuperset(KINDS)
    assert listed.issuperset(KINDS)
