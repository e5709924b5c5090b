"""The stacks a page can be had in: one HTML + CSS page becomes a project of any of them, and a page
again to be shown.

`project` is deterministic and needs no program but this one; `page` bundles what a browser cannot
read as it is written (JSX, Vue's files) without running it, and brings the frameworks along, so
that nothing is fetched from anywhere. Both run in a process with limits on memory and time.
"""

from studio.pipeline.stacks.confined import named_project, page, project
from studio.pipeline.stacks.kinds import STACKS, Stack, StackError, is_native
from studio.pipeline.stacks.project import read_template

__all__ = [
    "STACKS",
    "Stack",
    "StackError",
    "is_native",
    "named_project",
    "page",
    "project",
    "read_template",
]
