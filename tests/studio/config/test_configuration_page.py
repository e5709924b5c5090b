"""docs/configuration.md says what the code does."""

from __future__ import annotations

from pathlib import Path

from studio.config.environment import list_settings

PAGE = Path(__file__).resolve().parents[3] / "docs" / "configuration.md"


def test_the_table_is_the_settings() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    assert rows == [
        f"| `{s.name}` | {f'`{s.default}`' if s.default else '–'} | {s.allowed} | {s.meaning} |"
        for s in list_settings()
    ]
