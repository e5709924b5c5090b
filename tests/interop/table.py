"""`python -m tests.interop.table FOLDER`: write what the clients were seen to do into
docs/interop.md.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.interop.conftest import RESULTS, ROOT

PAGE = ROOT / "docs" / "interop.md"
BEGIN, END = "<!-- table: written by make interop -->", "<!-- end of table -->"


HEAD = ["| client | version | date | works | fails |", "|---|---|---|---|---|"]


def main(folder: Path) -> None:
    path = folder / RESULTS
    known = json.loads(path.read_text()) if path.exists() else {}
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(update_table(page, known), encoding="utf-8")


def update_table(page: str, known: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the page with the rows of `known`; clients that were not tried keep theirs."""
    before, rest = page.split(BEGIN)
    table, after = rest.split(END)
    rows = {row.split("|")[1].strip(): row for row in table.splitlines() if row.startswith("| ")}
    rows.pop("client", None)
    for client, told in known.items():
        facts = (
            client,
            told["version"],
            told["date"],
            _list(told["results"], "ok"),
            _failed(told["results"]),
        )
        rows[client] = f"| {' | '.join(facts)} |"
    ordered = [rows[client] for client in sorted(rows, key=str.lower)]
    return f"{before}{BEGIN}\n\n" + "\n".join([*HEAD, *ordered]) + f"\n\n{END}{after}"


def _list(results: Mapping[str, str], wanted: str) -> str:
    names = [name.replace("_", " ") for name, result in results.items() if result == wanted]
    return ", ".join(names) or "–"


def _failed(results: Mapping[str, str]) -> str:
    failed = [name.replace("_", " ") for name, result in results.items() if result != "ok"]
    return ", ".join(failed) or "–"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
