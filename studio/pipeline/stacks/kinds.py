"""The stacks, and whether a bundle is written in one."""

from __future__ import annotations

import re
from typing import Literal, get_args

from studio.pipeline.bundle import ENTRY, Bundle

Stack = Literal["html-css", "tailwind", "react", "vue", "bootstrap"]
STACKS: tuple[Stack, ...] = get_args(Stack)
LABELS: dict[Stack, str] = {
    "html-css": "HTML + CSS",
    "tailwind": "HTML + Tailwind",
    "react": "React + Tailwind",
    "vue": "Vue + Tailwind",
    "bootstrap": "Bootstrap",
}
USES_TAILWIND: tuple[Stack, ...] = ("tailwind", "react", "vue")


class StackError(Exception):
    """The page cannot be converted to this stack; the message is one sentence that says why."""


def parse_stack(name: str) -> Stack:
    """Return `name` as a stack; raises StackError for any other word."""
    for stack in STACKS:
        if stack == name:
            return stack
    raise StackError(f"There is no stack {name!r}; use one of {', '.join(STACKS)}.")


def is_native(bundle: Bundle, stack: Stack) -> bool:
    """Return True if the bundle is written in the stack.

    Otherwise it is an HTML + CSS page still to be converted.
    """
    if stack == "html-css":
        return True
    if stack == "react":
        return any(path.endswith((".jsx", ".tsx")) for path in bundle.files)
    if stack == "vue":
        return any(path.endswith(".vue") for path in bundle.files)
    texts = [text for path, text in bundle.files.items() if path.endswith((".css", ".html"))]
    if stack == "tailwind":
        return any(
            re.search(r"@import\s+['\"]tailwindcss|@theme\b|text/tailwindcss", text)
            for text in texts
        )
    return bool(
        re.search(r"bootstrap(?:\.min)?\.css", "".join(texts) + bundle.files.get(ENTRY, ""))
    )
