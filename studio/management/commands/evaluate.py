"""`manage.py evaluate DIR`: run the loop over a folder of pages; print a table or JSON."""

from __future__ import annotations

import json
import logging
import statistics
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.table import Table

from inference.types import ModelError
from studio.pipeline.bundle import Bundle, write_bundle
from studio.pipeline.loop.attempts import LoopOptions
from studio.pipeline.loop.baselines import BASELINES
from studio.pipeline.loop.evaluation import (
    MEASURES,
    SETS,
    Evaluated,
    evaluate_page,
    find_page_folders,
    find_way,
    load_page_mockup,
    make_broken_row,
    make_interval_row,
    make_mean_row,
    spread_row,
)
from studio.pipeline.loop.structure_rows import (
    COUNTS,
    STRUCTURE_MEASURES,
    evaluate_draft_structure,
    make_structure_mean,
)
from studio.pipeline.loop.terminal import InputError, show_progress
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.types import Render
from studio.runs.evaluation_report import write_gallery
from studio.runs.model_client import open_model_client

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Run the loop over a folder of <page>/index.html (+ mockup.png) and print the scores of the results."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--limit", type=int, help="only the first N pages by name")
        parser.add_argument(
            "--rounds", type=int, default=settings.RUN_ROUNDS, help="maximum rounds of the model"
        )
        parser.add_argument(
            "--model-url", default=settings.MODEL_URL, help="an OpenAI-compatible …/v1, or empty"
        )
        parser.add_argument(
            "--candidates", type=int, default=4, help="answers that compete in a round of best-of-n"
        )
        parser.add_argument(
            "--set",
            choices=SETS,
            default="loop",
            help="measure a part of the loop or a baseline instead; 'structure' is quick: the draft before its "
            "fit, its likeness and the comparison with the author's page alone",
        )
        parser.add_argument(
            "--hints",
            type=Path,
            help="with --set structure: keep in this folder what perception found, and use it again; "
            "delete the folder when perception changed",
        )
        parser.add_argument(
            "--out",
            type=Path,
            help="write each page's code and render into a folder of its name here",
        )
        parser.add_argument("--html", type=Path, help="write a report with pictures to this file")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            _check_options(options)
            if options["set"] == "structure":
                self._print_structure(_evaluate_structure(options), options["json"])
                return
            results = _evaluate(options)
        except (InputError, ModelError) as error:
            raise CommandError(str(error)) from None
        pages = [result.row for result in results]
        account = {
            "set": options["set"],
            "pages": pages,
            "structure": make_structure_mean(pages),
            "mean": make_mean_row(pages),
            "spread": spread_row(pages),
            "interval": make_interval_row(pages),
        }
        if options["html"]:
            options["html"].write_text(write_gallery(results, account))
        if options["json"]:
            self.stdout.write(json.dumps(account, indent=2))
        else:
            Console().print(_make_table(pages))
            Console().print(_make_structure_table(pages))

    def _print_structure(self, pages: list[dict[str, Any]], as_json: bool) -> None:
        likeness = [page["likeness"] for page in pages if "likeness" in page]
        account = {
            "set": "structure",
            "pages": pages,
            "likeness": round(statistics.fmean(likeness), 4) if likeness else None,
            "structure": make_structure_mean(pages),
        }
        if as_json:
            self.stdout.write(json.dumps(account, indent=2))
        else:
            Console().print(_make_structure_table(pages))


def _check_options(options: dict[str, Any]) -> None:
    is_structure = options["set"] == "structure"
    if is_structure and options["html"]:
        raise InputError("--set structure writes no report: leave out --html, or use --set draft.")
    if options["hints"] and not is_structure:
        raise InputError(f"--hints works with --set structure, not with --set {options['set']}.")


def _evaluate(options: dict[str, Any]) -> list[Evaluated]:
    way = find_way(options["set"], _make_options(options))
    results = []
    url = "" if options["set"] in ("fit", *BASELINES) else options["model_url"]
    if way.needs_model and not url:
        raise InputError(
            f"--set {options['set']} requires a model: use --model-url or set MODEL_URL."
        )
    with (
        open_model_client(url) as client,
        Renderer(settings.BROWSER) as renderer,
        show_progress(options["json"]) as watch,
    ):
        for folder in find_page_folders(options["folder"], options["limit"]):
            watch.about(folder.name)
            try:
                result = evaluate_page(
                    folder, renderer=renderer, client=client, way=way, emit=watch
                )
            except ModelError:  # the server is down for every page
                raise
            except Exception as error:  # this page's own fault, as a mockup too small to be one
                logger.exception("%s failed", folder.name)
                result = Evaluated(make_broken_row(folder, error))
            results.append(result)
            attempt = result.attempt
            if options["out"] and attempt and attempt.render:
                _write_page(options["out"] / folder.name, attempt.bundle, attempt.render)
    return results


def _evaluate_structure(options: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    with Renderer(settings.BROWSER) as renderer, show_progress(options["json"]) as watch:
        for folder in find_page_folders(options["folder"], options["limit"]):
            watch.about(folder.name)
            watch.say("Comparing the draft")
            try:
                mockup = load_page_mockup(folder, renderer)
                result = evaluate_draft_structure(
                    folder / "index.html", mockup, renderer, options["hints"]
                )
            except Exception as error:
                logger.exception("%s failed", folder.name)
                rows.append(make_broken_row(folder, error))
                continue
            rows.append(result.row)
            if options["out"]:
                _write_page(options["out"] / folder.name, result.bundle, result.render)
    return rows


def _write_page(folder: Path, bundle: Bundle, render: Render) -> None:
    write_bundle(bundle, folder)
    (folder / "render.png").write_bytes(render.png)


def _make_options(options: dict[str, Any]) -> LoopOptions:
    several = options["candidates"] if options["set"] == "best-of-n" else 1
    return LoopOptions(
        rounds=options["rounds"],
        candidates=several,
        seconds=settings.RUN_SECONDS,
        tokens=settings.RUN_TOKENS,
    )


def _make_table(pages: list[dict[str, Any]]) -> Table:
    table = Table("page", *MEASURES, "inline", "absolute", "overflow 390 / 768")
    for page in pages:
        table.add_row(page["name"], *_format_cells(page), *_format_code_cells(page["code"]))
    table.add_section()
    table.add_row("mean", *_format_cells(make_mean_row(pages)))
    table.add_row("spread", *_format_cells(spread_row(pages)))
    intervals = make_interval_row(pages)
    for name, end in (("95 % from", 0), ("to", 1)):
        row = {key: ends[end] for key, ends in intervals.items()}
        table.add_row(name, *_format_cells(row))
    return table


def _format_cells(row: dict[str, Any]) -> list[str]:
    return [f"{row[key]:.1f}" if key == "seconds" else f"{row[key]:.3f}" for key in MEASURES]


def _format_code_cells(code: dict[str, Any] | None) -> list[str]:
    if not code:
        return ["–", "–", "–"]
    return [
        str(code["inline_styles"]),
        str(code["absolute_positioned"]),
        " / ".join(f"{code['overflow'][width]:.0f}" for width in ("390", "768")),
    ]


def _make_structure_table(pages: list[dict[str, Any]]) -> Table:
    """Return the comparison with the authors' pages; counts are ours / the author's."""
    table = Table("page", "likeness", *STRUCTURE_MEASURES, *COUNTS)
    for page in pages:
        if page.get("structure"):
            table.add_row(
                page["name"], *_format_structure_cells(page["likeness"], page["structure"])
            )
    table.add_section()
    likeness = [page["likeness"] for page in pages if page.get("structure")]
    if likeness:
        mean = make_structure_mean(pages)
        table.add_row("mean / sum", *_format_structure_cells(statistics.fmean(likeness), mean))
    return table


def _format_structure_cells(likeness: float, row: dict[str, Any]) -> list[str]:
    measures = [likeness, *(row[name] for name in STRUCTURE_MEASURES)]
    cells = ["–" if value is None else f"{value:.3f}" for value in measures]
    return cells + [f"{row['counts'][name]} / {row['author_counts'][name]}" for name in COUNTS]
