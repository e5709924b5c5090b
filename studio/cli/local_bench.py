"""What `likeness mcp` and `likeness compare` work with: a browser, perception, runs; no studio."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from inference.client import connect
from inference.types import ModelClient
from studio.cli.errors import RemoteError
from studio.cli.local_options import LocalOptions
from studio.cli.local_runs import LocalRuns
from studio.cli.local_sources import LocalSources, is_loopback
from studio.pipeline.isolation.systems import UnsupportedSystem, check_system
from studio.pipeline.perception.confined_hints import ConfinedPerception
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.tools.workbench import Workbench

# For perceiving one mockup: the defaults of PERCEPTION_MEGABYTES and PERCEPTION_SECONDS.
MEGABYTES, SECONDS = 1500, 300


@contextmanager
def open_workbench(options: LocalOptions) -> Iterator[Workbench]:
    """Open a browser and perception for local files; raises BrowserMissing and RemoteError."""
    try:
        check_system()
    except UnsupportedSystem as error:
        raise RemoteError(str(error)) from None
    hosts = {host.lower() for host in options.hosts}

    def may_open(host: str) -> bool:
        return options.any_host or is_loopback(host) or host in hosts

    perception = ConfinedPerception(MEGABYTES, SECONDS)
    try:
        with Renderer(options.browser or None) as renderer:
            sources = LocalSources(options.folders, may_open, renderer)
            yield Workbench(sources, renderer, perception)
    finally:
        perception.close()


@contextmanager
def open_workbench_with_runs(options: LocalOptions) -> Iterator[tuple[Workbench, LocalRuns]]:
    """Open the tools with runs, whose model is the one that `options` name, or none.

    Raises BrowserMissing and RemoteError.
    """
    with (
        open_workbench(options) as bench,
        Renderer(options.browser or None) as renderer,
    ):
        runs = LocalRuns(bench.sources, renderer, bench.perceive, partial(_connect, options))
        try:
            yield replace(bench, runs=runs), runs
        finally:
            runs.close()


def _connect(options: LocalOptions) -> ModelClient | None:
    if options.model_url in ("", "none"):
        return None
    return connect(
        options.model_url, model=options.model_name or None, api_key=options.model_key or None
    )
