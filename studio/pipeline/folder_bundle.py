"""A page on disk as a bundle: its file, and what it and its style sheets load from its folder."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path
from urllib.parse import unquote, urlsplit

from studio.pipeline.bundle import ENTRY, Bundle

TEXTS = (".css", ".js")
LOADED = re.compile(
    r"""(?:src|href)\s*=\s*["']?([^"'\s>]+)|url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""",
    re.IGNORECASE,
)


def read_page_bundle(page: Path) -> Bundle:
    """Read a page with everything that it and its style sheets load from its folder."""
    folder = page.parent.resolve()
    files = {ENTRY: page.read_text("utf-8", "replace")}
    assets: dict[str, bytes] = {}
    waiting = [(ENTRY, files[ENTRY])]
    while waiting:
        name, text = waiting.pop()
        for address in filter(None, chain.from_iterable(LOADED.findall(text))):
            path = (folder / Path(name).parent / unquote(urlsplit(address).path)).resolve()
            if not path.is_file() or not path.is_relative_to(folder):
                continue
            name_in_bundle = path.relative_to(folder).as_posix()
            if path.suffix not in TEXTS:
                assets[name_in_bundle] = path.read_bytes()
            elif name_in_bundle not in files:
                files[name_in_bundle] = path.read_text("utf-8", "replace")
                waiting.append((name_in_bundle, files[name_in_bundle]))
    return Bundle(files, assets)
