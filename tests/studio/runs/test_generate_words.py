"""`manage.py generate --prompt …` without a mockup."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command


def test_a_prompt_alone_makes_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "page"
    call_command(
        "generate",
        prompt="A sign-in page for a gym called Pulse",
        out=folder,
        json=True,
        model_url="",
    )
    report = json.loads(capsys.readouterr().out)
    assert report["mockup"] is None
    assert report["quality"] > 0.8
    assert "make writer" in report["message"]
    assert "Pulse" in (folder / "index.html").read_text()


def test_neither_mockup_nor_words_is_one_sentence() -> None:
    with pytest.raises(CommandError, match="neither a mockup nor --prompt"):
        call_command("generate")
