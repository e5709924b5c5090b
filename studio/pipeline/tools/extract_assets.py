"""The tool `extract_assets`: pictures, icons and fonts that a page needs, from the mockup."""

from __future__ import annotations

from studio.pipeline.perception.assets import crop_assets
from studio.pipeline.tools.inputs import ExtractAssetsInput
from studio.pipeline.tools.read_mockup import describe_box
from studio.pipeline.tools.results import ToolResult
from studio.pipeline.tools.workbench import Workbench


def extract_assets(bench: Workbench, given: ExtractAssetsInput) -> ToolResult:
    """Return the files, and where in the mockup each picture stands."""
    sight = bench.see_mockup(given.mockup, given.width)
    files = crop_assets(sight.mockup, sight.hints)
    lines = [
        f"{picture.asset}: {picture.kind} at {describe_box(picture.box)}"
        for picture in sight.hints.pictures
    ]
    named = {picture.asset for picture in sight.hints.pictures}
    lines += [f"{name}: font" for name in files if name not in named]
    text = "\n".join(lines) or "The mockup has no pictures, and its fonts need no files."
    return ToolResult(text, {"assets": sorted(files)}, files=files)
