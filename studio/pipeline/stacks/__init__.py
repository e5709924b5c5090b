"""The stacks a page can be had in: one HTML + CSS page becomes a project of any of them, and a page again to be shown.

`project` is deterministic and needs no program but this one; `page` bundles what a browser cannot read as it is written
(JSX, Vue's files) without running it, and brings the frameworks along, so that nothing is fetched from anywhere.
"""

from studio.pipeline.stacks.kinds import STACKS, Stack, StackError, is_native
from studio.pipeline.stacks.preview_page import page
from studio.pipeline.stacks.project import project, template

__all__ = ["STACKS", "Stack", "StackError", "is_native", "page", "project", "template"]
