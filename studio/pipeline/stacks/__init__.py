"""Stacks: one HTML + CSS page becomes a project of any stack, and a project becomes a page to show.

`project` is deterministic and needs no other program. `page` bundles what a browser cannot read
directly (JSX, Vue's files) without running it, and adds the frameworks' files, so nothing is fetched.
Both run in a process with limits on memory and time.
"""

from studio.pipeline.stacks.application import Application
from studio.pipeline.stacks.component_library import LibrarySource
from studio.pipeline.stacks.confined import embedded, named_project, page, project
from studio.pipeline.stacks.kinds import STACKS, Stack, StackError, is_native
from studio.pipeline.stacks.module_style import ModuleStyle
from studio.pipeline.stacks.project import read_template

__all__ = [
    "STACKS",
    "Application",
    "LibrarySource",
    "ModuleStyle",
    "Stack",
    "StackError",
    "embedded",
    "is_native",
    "named_project",
    "page",
    "project",
    "read_template",
]
