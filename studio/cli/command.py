"""The command line. `generate`, `follow-up` and `get` drive a studio; `compare` and `mcp` work here."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from studio.cli import compare_command, mcp_command
from studio.cli.errors import RemoteError, describe_missing, describe_os_error, make_printable

if TYPE_CHECKING:
    from studio.cli.client import Studio

SERVER = "http://127.0.0.1:8000"
STACKS = ("html-css", "tailwind", "react", "vue", "bootstrap")


def main(words: Sequence[str] | None = None) -> int:
    allow_any_text(sys.stdout, sys.stderr)
    args = _build_parser().parse_args(words)
    if "run_here" in args:
        return _run_here(args)
    if not args.token:
        print(
            "No token: use --token or set LIKENESS_TOKEN; create a token on the team's page.",
            file=sys.stderr,
        )
        return 2
    from studio.cli.client import Studio  # its library takes a tenth of a second to load

    try:
        with Studio(args.server, args.token) as studio:
            return int(args.do(studio, args))
    except RemoteError as error:
        print(make_printable(str(error)), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted; the run continues in the studio.", file=sys.stderr)
        return 130


def _run_here(args: argparse.Namespace) -> int:
    """Run a verb that works on this machine, without a studio."""
    try:
        return int(args.run_here(args))
    except ModuleNotFoundError as error:
        print(describe_missing("This verb needs", error), file=sys.stderr)
        return 2
    except RemoteError as error:
        print(make_printable(str(error)), file=sys.stderr)
        return 2
    except OSError as error:
        print(make_printable(describe_os_error(error)), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def allow_any_text(*streams: TextIO) -> None:
    """Write what a stream's encoding lacks as "?": a pipe on Windows has 256 letters."""
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="likeness", description="Use a Likeness studio from the command line."
    )
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--server", default=os.environ.get("LIKENESS_SERVER", SERVER), help=f"default {SERVER}"
    )
    common.add_argument(
        "--token", default=os.environ.get("LIKENESS_TOKEN", ""), help="default $LIKENESS_TOKEN"
    )
    common.add_argument("--out", type=Path, help="folder for the result (default: the run's id)")
    common.add_argument("--json", action="store_true", help="print the run as JSON")
    verbs = parser.add_subparsers(required=True)
    generate = verbs.add_parser(
        "generate", parents=[common], help="generate code from mockups or from a prompt alone"
    )
    generate.add_argument(
        "mockups", nargs="*", type=Path, help="the page, then the same page at other widths"
    )
    generate.add_argument("--prompt", default="", help="instructions beyond the mockup")
    generate.add_argument("--stack", choices=STACKS, default="html-css")
    generate.add_argument("--rounds", type=int, help="maximum number of the model's rounds")
    generate.add_argument(
        "--scale", type=float, help="the first mockup's device pixel ratio (default: it is found)"
    )
    generate.add_argument(
        "--url", default="", help="the address of a page or picture, instead of mockups"
    )
    generate.add_argument("--width", type=int, help="of the window for --url (default: 1280)")
    generate.add_argument("--project", type=int, help="a project's id")
    generate.set_defaults(do=_generate)
    follow = verbs.add_parser(
        "follow-up", parents=[common], help="change the newest version as the prompt says"
    )
    follow.add_argument("run")
    follow.add_argument("prompt")
    follow.set_defaults(do=_follow_up)
    get = verbs.add_parser("get", parents=[common], help="download a run's result")
    get.add_argument("run")
    get.set_defaults(do=lambda studio, args: _finish(studio, studio.run(args.run), args))
    compare_command.add_arguments(
        verbs.add_parser("compare", help="measure pages against mockups here, without a studio")
    )
    mcp_command.add_arguments(
        verbs.add_parser("mcp", help="serve the tools to an agent over standard input and output")
    )
    return parser


def _generate(studio: Studio, args: argparse.Namespace) -> int:
    mockups = [studio.upload(path) for path in args.mockups]
    wishes = {"mockups": mockups, "prompt": args.prompt, "stack": args.stack, "address": args.url}
    if args.width is not None:
        wishes["address_width"] = args.width
    for name in ("rounds", "project", "scale"):
        if getattr(args, name) is not None:
            wishes[name] = getattr(args, name)
    return _finish(studio, studio.start(**wishes), args)


def _follow_up(studio: Studio, args: argparse.Namespace) -> int:
    kept = [version for version in studio.versions(args.run) if version["kept"]]
    if not kept:
        raise RemoteError("This run has no version to change yet.")
    return _finish(studio, studio.follow_up(args.run, kept[-1]["number"], args.prompt), args)


def _finish(studio: Studio, run: dict[str, Any], args: argparse.Namespace) -> int:
    """Follow the run to its end, unpack its best version and print the scores."""
    if run["state"] in ("queued", "running"):
        print(run["url"], file=sys.stderr)
        for kind, data in studio.events(run["id"]):
            if words := _describe_event(kind, data):
                print(make_printable(words), file=sys.stderr)
        run = studio.run(run["id"])
    version = _find_result(studio, run["id"])
    if version:
        folder = args.out or Path(run["id"])
        _unpack(studio.archive(run["id"], version["number"]), folder)
        run |= {"folder": str(folder), "version": version["number"]}
    if args.json:
        print(json.dumps(run, indent=2))
    elif version:
        print(f"v{version['number']}, {_describe_scores(version)}: {run['folder']}")
    else:
        print(make_printable(run["message"]) or f"The run is {run['state']}; it has no result.")
    return 0 if version else 1


def _find_result(studio: Studio, run_id: str) -> dict[str, Any] | None:
    """Return the run's last kept version; None without one."""
    versions = [version for version in studio.versions(run_id) if version["run"] == run_id]
    kept = [version for version in versions if version["kept"]]
    return kept[-1] if kept else None


def _describe_event(kind: str, data: dict[str, Any]) -> str:
    if kind == "step" and data["state"] == "finished":
        return f"{data['name']:>10} {data['seconds']:6.1f} s"
    if kind == "attempt":
        outcome = data["error"] or _describe_scores(data)
        return f"attempt {data['number']} ({data['source']}): {outcome}"
    if kind == "requeued":
        return "The run restarts: its worker was lost."
    return ""


def _describe_scores(scores: dict[str, Any]) -> str:
    names = [name for name in ("likeness", "quality") if scores[name] is not None]
    texts = [f"{name} {100 * scores[name]:.1f} %" for name in names]
    return ", ".join(texts) or "no scores"


def _unpack(archive: bytes, folder: Path) -> None:
    """Unpack the zip into `folder`; zipfile removes ".." from names."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        zipfile.ZipFile(io.BytesIO(archive)).extractall(folder)
    except OSError as error:
        raise RemoteError(
            f"{folder} cannot be written: {error.strerror}; choose another folder with --out."
        ) from None
