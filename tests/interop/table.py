"""`python -m tests.interop.table FOLDER`: write what the clients were seen to do into
docs/interop.md.
"""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path

from tests.interop.conftest import RESULTS, ROOT

PAGE = ROOT / "docs" / "interop.md"
BEGIN, END = "<!-- table: written by make interop -->", "<!-- end of table -->"


def main(folder: Path) -> None:
    known = json.loads((folder / RESULTS).read_text())
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    rows = [
        f"| {client} | {told['version']} | {today} | {_list(told['results'], 'ok')} | {_failed(told['results'])} |"
        for client, told in sorted(known.items(), key=lambda item: item[0].lower())
    ]
    table = "\n".join(
        ["| client | version | date | works | fails |", "|---|---|---|---|---|", *rows]
    )
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}", encoding="utf-8")


def _list(results: dict[str, str], wanted: str) -> str:
    return ", ".join(name.replace("_", " ") for name, result in results.items() if result == wanted)


def _failed(results: dict[str, str]) -> str:
    failed = [name.replace("_", " ") for name, result in results.items() if result != "ok"]
    return ", ".join(failed) or "–"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
