"""The report of a benchmark as a table."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.table import Table

COLUMNS = (
    ("phase", "phase", "{}"),
    ("batch", "batch", "{}"),
    ("context", "context", "{}"),
    ("tokens/s", "tokens_per_s", "{:,.0f}"),
    ("llama.cpp", "peer_tokens_per_s", "{:,.0f}"),
    ("ratio", "ratio", "{:.2f}"),
    ("first token", "ttft_ms", "{:,.1f} ms"),
    ("p50", "inter_token_p50_ms", "{:,.2f} ms"),
    ("p99", "inter_token_p99_ms", "{:,.2f} ms"),
    ("MB/token", "bytes_per_token", "{:,.1f}"),
    ("of bandwidth", "share_of_bandwidth", "{:.0%}"),
)


def print_table(report: dict[str, Any]) -> None:
    console = Console(width=None if Console().is_terminal else 140)
    console.print(f"{report['machine']}, {report['date']}: {report['kernels']}.", highlight=False)
    if report["clock"] == "cpu":
        console.print(
            "Times are processor times; the load of other processes is not counted.",
            highlight=False,
        )
    if report["peer"]:
        console.print(f"Compared with {report['peer']}.", highlight=False)
    if report["memory_bytes_per_s"]:
        console.print(
            f"Memory bandwidth: {report['memory_bytes_per_s'] / 1e9:.1f} GB/s (reading, one core).",
            highlight=False,
        )
    table = Table()
    shown = [column for column in COLUMNS if any(column[1] in row for row in report["rows"])]
    for title, _, _ in shown:
        table.add_column(title, justify="left" if title == "phase" else "right")
    for row in report["rows"]:
        table.add_row(*(_format_cell(row.get(name), name, form) for _, name, form in shown))
    console.print(table)
    memory = report["memory"]
    console.print(
        f"Loading needed at most {memory['peak_of_loading_bytes'] / 1e6:,.0f} MB "
        f"({memory['peak_to_checkpoint']:.2f} times the checkpoint's "
        f"{memory['checkpoint_bytes'] / 1e6:,.0f} MB), "
        f"in addition to the libraries' {memory['libraries_bytes'] / 1e6:,.0f} MB.",
        highlight=False,
    )
    for name in ("refine", "quality", "long"):
        if name in report:
            console.print(f"{name}: {json.dumps(report[name], indent=2)}", highlight=False)


def _format_cell(value: Any, name: str, form: str) -> str:
    if value is None:
        return ""
    return form.format(value / 1e6 if name == "bytes_per_token" else value)
