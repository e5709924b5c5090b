"""The command's words: `likeness generate shot.png --server …`, `likeness follow-up RUN "…"`,
`likeness get RUN`.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from studio.cli.client import RemoteError, Studio

SERVER = "http://127.0.0.1:8000"
STACKS = ("html-css", "tailwind", "react", "vue", "bootstrap")


def main(words: Sequence[str] | None = None) -> int:
    args = _build_parser().parse_args(words)
    if not args.token:
        print(
            "No token: give --token or set LIKENESS_TOKEN; the team's page in the studio makes one.",
            file=sys.stderr,
        )
        return 2
    try:
        with Studio(args.server, args.token) as studio:
            return int(args.do(studio, args))
    except RemoteError as error:
        print(make_printable(str(error)), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Left; the run goes on in the studio.", file=sys.stderr)
        return 130


def make_printable(text: str) -> str:
    """The text without what a terminal would obey: some of it is a model's or a server's."""
    return "".join(
        sign if sign.isprintable() or sign == "\n" else "\N{REPLACEMENT CHARACTER}" for sign in text
    )


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="likeness", description="Drive a Likeness studio from here."
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
        "generate", parents=[common], help="mockups (or a prompt alone) become code"
    )
    generate.add_argument(
        "mockups", nargs="*", type=Path, help="the page, then the same page at other widths"
    )
    generate.add_argument("--prompt", default="", help="what the picture does not say")
    generate.add_argument("--stack", choices=STACKS, default="html-css")
    generate.add_argument("--rounds", type=int, help="attempts the model may make")
    generate.add_argument(
        "--scale", type=float, help="the first mockup's device pixel ratio (default: it is found)"
    )
    generate.add_argument("--project", type=int, help="a project's id")
    generate.set_defaults(do=_generate)
    follow = verbs.add_parser(
        "follow-up", parents=[common], help="change the newest version as the prompt says"
    )
    follow.add_argument("run")
    follow.add_argument("prompt")
    follow.set_defaults(do=_follow_up)
    get = verbs.add_parser("get", parents=[common], help="take a run's result")
    get.add_argument("run")
    get.set_defaults(do=lambda studio, args: _finish(studio, studio.run(args.run), args))
    return parser


def _generate(studio: Studio, args: argparse.Namespace) -> int:
    mockups = [studio.upload(path) for path in args.mockups]
    wishes = {"mockups": mockups, "prompt": args.prompt, "stack": args.stack}
    wishes |= {
        name: value
        for name in ("rounds", "project", "scale")
        if (value := getattr(args, name)) is not None
    }
    return _finish(studio, studio.start(**wishes), args)


def _follow_up(studio: Studio, args: argparse.Namespace) -> int:
    kept = [one for one in studio.versions(args.run) if one["kept"]]
    if not kept:
        raise RemoteError("This run has no version yet that could be changed.")
    return _finish(studio, studio.follow_up(args.run, kept[-1]["number"], args.prompt), args)


def _finish(studio: Studio, run: dict[str, Any], args: argparse.Namespace) -> int:
    """Watch to the end, take the best version of this run, say how like the mockup it is."""
    if run["state"] in ("queued", "running"):
        print(run["url"], file=sys.stderr)
        for kind, data in studio.events(run["id"]):
            if words := _describe_event(kind, data):
                print(make_printable(words), file=sys.stderr)
        run = studio.run(run["id"])
    kept = [one for one in studio.versions(run["id"]) if one["kept"] and one["run"] == run["id"]]
    if kept:
        folder = args.out or Path(run["id"])
        _unpack(studio.archive(run["id"], kept[-1]["number"]), folder)
        run |= {"folder": str(folder), "version": kept[-1]["number"]}
    if args.json:
        print(json.dumps(run, indent=2))
    elif kept:
        print(f"v{kept[-1]['number']}, {_describe_scores(kept[-1])}: {run['folder']}")
    else:
        print(make_printable(run["message"]) or f"The run is {run['state']}; it has no result.")
    return 0 if kept else 1


def _describe_event(kind: str, data: dict[str, Any]) -> str:
    if kind == "step" and data["state"] == "finished":
        return f"{data['name']:>10} {data['seconds']:6.1f} s"
    if kind == "attempt":
        return f"attempt {data['number']} ({data['source']}): " + (
            data["error"] or _describe_scores(data)
        )
    return "The run starts again: its worker was lost." if kind == "requeued" else ""


def _describe_scores(of: dict[str, Any]) -> str:
    shown = [
        f"{name} {100 * of[name]:.1f} %" for name in ("likeness", "quality") if of[name] is not None
    ]
    return ", ".join(shown) or "no scores"


def _unpack(archive: bytes, folder: Path) -> None:
    """Files of a zip, none of them outside `folder` (zipfile takes the ups out of their names)."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        zipfile.ZipFile(io.BytesIO(archive)).extractall(folder)
    except OSError as error:
        raise RemoteError(
            f"{folder} cannot be written: {error.strerror}; choose another with --out."
        ) from None
