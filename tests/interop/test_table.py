"""The table of clients in the docs: a client that was not tried this time keeps its row."""

from __future__ import annotations

from tests.interop.table import BEGIN, END, HEAD, PAGE, update_table

KEPT = "| Codex | 0.1 | 2026-01-01 | stream | – |"
STALE = "| openai | 1.0 | 2026-01-01 | – | stream |"
TABLE = "\n".join([*HEAD, KEPT, STALE])


def test_rows_are_replaced_added_and_kept() -> None:
    page = f"before {BEGIN}\n\n{TABLE}\n\n{END} after"
    tried = {
        "openai": {"version": "2.0", "date": "2026-02-02", "results": {"forced_tool": "ok"}},
        "aider": {"version": "3.0", "date": "2026-02-02", "results": {"stream": "it broke"}},
    }
    told = update_table(page, tried)
    assert told.startswith("before ")
    assert told.endswith(" after")
    assert told.split(BEGIN)[1].split(END)[0].strip().splitlines() == [
        *HEAD,
        "| aider | 3.0 | 2026-02-02 | – | stream |",
        KEPT,
        "| openai | 2.0 | 2026-02-02 | forced tool | – |",
    ]


def test_without_results_the_page_stays_as_it_is() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert update_table(page, {}) == page
