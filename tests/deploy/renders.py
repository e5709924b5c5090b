"""What the chart renders for each set of values, as documents and as a text that is kept in `renders/`.

`python -m tests.deploy.renders` writes the kept texts anew. `helm template … | python -m
tests.deploy.renders NAME` compares what the program Helm renders with the kept text of a set.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from tests.processes import ROOT

CHART = ROOT / "deploy" / "chart"
KEPT = Path(__file__).parent / "renders"
SETS = sorted(path.stem for path in (CHART / "ci").glob("*.yaml"))

Document = dict[str, Any]


def read_values(name: str) -> dict[str, Any]:
    values: dict[str, Any] = yaml.safe_load((CHART / "ci" / f"{name}.yaml").read_text("utf-8"))
    return values


def render(values: dict[str, Any]) -> list[Document]:
    """Return the documents that an upgrade of the release `studio` would send, by Helm's engine."""
    import helm_python

    with helm_python.Chart.load(str(CHART)) as chart:
        files = chart.render(values, name="studio", namespace="likeness")
    texts = [text for name, text in files.items() if name.endswith(".yaml")]
    return read_documents("\n---\n".join(texts))


def read_documents(text: str) -> list[Document]:
    return [document for document in yaml.safe_load_all(text) if document]


def write_documents(documents: Iterable[Document]) -> str:
    """Return the documents as a text that does not depend on who rendered them."""
    in_order = sorted(documents, key=lambda one: (one["kind"], one["metadata"]["name"]))
    return yaml.safe_dump_all(in_order, width=120, allow_unicode=True)


def get_path(name: str) -> Path:
    return KEPT / f"{name}.yaml"


def find_differences(name: str, rendered: str) -> str:
    """Return the lines that differ from the kept text of a set; "" where none does."""
    kept = get_path(name).read_text("utf-8")
    return "\n".join(
        difflib.unified_diff(kept.splitlines(), rendered.splitlines(), "kept", "rendered", "", "")
    )


def main(names: list[str]) -> int:
    if not names:
        KEPT.mkdir(exist_ok=True)
        for name in SETS:
            get_path(name).write_text(write_documents(render(read_values(name))), "utf-8")
        return 0
    rendered = write_documents(read_documents(sys.stdin.read()))
    differences = find_differences(names[0], rendered)
    print(differences or f"{names[0]}: as kept")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
