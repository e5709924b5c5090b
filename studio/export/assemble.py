"""Assembles the files of an export.

Into an empty folder goes the version as a project of its stack. Into an existing application goes
the page as components of that application.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Literal

from studio.export.conventions import Conventions
from studio.pipeline.bundle import Bundle, list_files
from studio.pipeline.stacks import confined as conversions
from studio.pipeline.stacks.application import Application
from studio.pipeline.stacks.component_library import LibrarySource
from studio.pipeline.stacks.kinds import parse_stack
from studio.pipeline.stacks.naming import to_kebab, to_pascal
from studio.pipeline.stacks.prettier import format_files

LANGUAGES: Mapping[str, Literal["react", "vue"]] = {"react": "react", "vue": "vue"}
NAME_WORDS = 3  # of the title, in the name of the page's component
MOST_SHEETS = 60  # style sheets of an application that are read
LONGEST_SHEET = 300_000  # bytes of one; Tailwind's own compiled sheet has 20,000


def assemble(
    bundle: Bundle, stack: str, title: str, existing: Mapping[str, bytes], conventions: Conventions
) -> dict[str, bytes]:
    """Return path (from the chosen folder) → content, formatted as the repository is.

    Without a formatter configuration, Prettier's defaults are used.
    """
    kind = parse_stack(stack)
    language = LANGUAGES.get(kind)
    theirs: dict[str, str] = {}
    if language is not None and conventions.language == language:
        application = describe_application(language, title, existing, conventions)
        project = conversions.embedded(bundle, kind, application)
        theirs = _link_sheet(application, existing, conventions)
    else:
        project = conversions.named_project(bundle, kind)
        if conventions.framework is not None:
            project = _place_in_own_folder(project, to_kebab(_shorten(title)) or "page")
    ours = format_files(dict(project.files), conventions.prettier)
    return list_files(Bundle({**ours, **theirs}, project.assets))


def describe_application(
    language: Literal["react", "vue"],
    title: str,
    existing: Mapping[str, bytes],
    conventions: Conventions,
) -> Application:
    """Return the application as the page's code has to know it."""
    name = to_pascal(_shorten(title)) or "LikenessPage"
    folder = f"{conventions.components}/{conventions.style.name_file(name)}"
    return Application(
        language=language,
        name=name,
        prefix=to_kebab(name),
        folder=folder,
        style=conventions.style,
        has_tailwind=conventions.has_tailwind_sheet,
        sheets=_read_sheets(existing, folder),
        library=_read_library(existing, conventions),
    )


def _shorten(title: str) -> str:
    """Return the title's first words: a run's prompt can be a page long."""
    return " ".join(re.split(r"[^\w]+", title.strip())[:NAME_WORDS])


def _read_sheets(existing: Mapping[str, bytes], folder: str) -> tuple[str, ...]:
    """Return the sheets that can style every page, without those of an earlier export in `folder`.

    Sheets of CSS modules style their own module alone.
    """
    texts: list[str] = []
    for path, data in sorted(existing.items()):
        is_sheet = path.endswith(".css") and not path.endswith(".module.css")
        is_ours = path.startswith(f"{folder}/")
        if is_sheet and not is_ours and "node_modules" not in PurePosixPath(path).parts:
            texts.append(data[:LONGEST_SHEET].decode(errors="replace"))
    return tuple(texts[:MOST_SHEETS])


def _read_library(
    existing: Mapping[str, bytes], conventions: Conventions
) -> tuple[LibrarySource, ...]:
    """Return the sources of the application's own components."""
    return tuple(
        LibrarySource(module, existing[path].decode(errors="replace"))
        for module, path in conventions.library.items()
    )


def _link_sheet(
    application: Application, existing: Mapping[str, bytes], conventions: Conventions
) -> dict[str, str]:
    """Return the application's style sheet with the import of the page's theme.

    Without Tailwind the page's component imports its sheet itself.
    """
    sheet = conventions.sheet
    if not application.has_tailwind or sheet is None:
        return {}
    theme = f"{application.folder}/{application.sheet_name}"
    return {sheet: _import_theme(existing[sheet].decode(errors="replace"), sheet, theme)}


def _import_theme(sheet: str, path: str, theme: str) -> str:
    """Insert the import of the page's theme into the application's style sheet, once."""
    address = posixpath.relpath(theme, posixpath.dirname(path) or ".")
    line = f'@import "{address if address.startswith("..") else f"./{address}"}";'
    if line in sheet:
        return sheet
    end = _find_end_of_imports(sheet)
    return f"{sheet[:end]}\n{line}{sheet[end:]}"


def _find_end_of_imports(sheet: str) -> int:
    """Return where the last import ends; 0 without one.

    Each is looked for once: an expression that also finds the semicolon took minutes for a sheet of
    2 MB that has none.
    """
    end = 0
    for start in re.finditer(r"^@import\s", sheet, re.M):
        if start.start() < end:
            continue
        semicolon = sheet.find(";", start.end())
        if semicolon < 0:
            break
        end = semicolon + 1
    return end


def _place_in_own_folder(project: Bundle, name: str) -> Bundle:
    """Return the project in a folder of its own, for applications with another framework."""
    return Bundle(
        {f"{name}/{path}": text for path, text in project.files.items()},
        {f"{name}/{path}": data for path, data in project.assets.items()},
    )
