"""The HTML document around a project's content."""

from __future__ import annotations

import html
from collections.abc import Iterable


def write_document(
    lang: str, title: str, head: Iterable[str], script: str, body: str, content: str
) -> str:
    """Return the document around `content`.

    `body` is the body element's attributes as written; `head` and `script` are whole lines.
    """
    lines = "".join(f"    {line}\n" for line in head)
    return (
        f'<!doctype html>\n<html lang="{html.escape(lang)}">\n  <head>\n    <meta charset="utf-8" />\n'
        '    <meta name="viewport" content="width=device-width, initial-scale=1" />\n'
        f"    <title>{html.escape(title, quote=False)}</title>\n{lines}  </head>\n  <body{body}>\n{content}\n"
        + (f"    {script}\n" if script else "")
        + "  </body>\n</html>\n"
    )
