"""Assembles the files of an export.

Into an empty folder goes the version as a project of its stack. Into an existing application goes
the page as components of that application.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from studio.export.conventions import Conventions
from studio.pipeline import stacks
from studio.pipeline.bundle import Bundle, list_files
from studio.pipeline.stacks.kinds import parse_stack
from studio.pipeline.stacks.naming import to_kebab, to_pascal
from studio.pipeline.stacks.prettier import format_files


def assemble(
    bundle: Bundle, stack: str, title: str, existing: Mapping[str, bytes], conventions: Conventions
) -> dict[str, bytes]:
    """Return path (from the chosen folder) → content, formatted as the repository is.

    Without a formatter configuration, Prettier's defaults are used.
    """
    project = stacks.named_project(bundle, parse_stack(stack))
    language = {"react": "react", "vue": "vue"}.get(stack)
    if language is not None and conventions.language == language:
        project = _place_among_components(
            project, conventions, to_pascal(title) or "LikenessPage", existing
        )
    elif conventions.framework is not None:
        project = _place_in_own_folder(project, to_kebab(title) or "page")
    ours = dict(project.files)
    theirs: dict[str, str] = {}
    if conventions.sheet and conventions.sheet in ours:
        theirs[conventions.sheet] = ours.pop(conventions.sheet)
    return list_files(
        Bundle({**format_files(ours, conventions.prettier), **theirs}, project.assets)
    )


def _place_among_components(
    project: Bundle, conventions: Conventions, name: str, existing: Mapping[str, bytes]
) -> Bundle:
    """Return the page as components in their own folder; the build is not changed."""
    folder = f"{conventions.components}/{name}"
    suffix = ".tsx" if conventions.typescript else ".jsx"
    if conventions.language == "vue":
        suffix = ".vue"
    files: dict[str, str] = {}
    for path, text in project.files.items():
        if path.startswith("src/components/"):
            own = path.rpartition("/")[2].rpartition(".")[0]
            files[f"{folder}/{own}{suffix}"] = _rewrite_imports(text, suffix)
        elif path.startswith("src/App."):
            inside = text.replace('"./components/', '"./').replace(
                "function App(", f"function {name}("
            )
            files[f"{folder}/{name}{suffix}"] = _rewrite_imports(inside, suffix)
        elif path == "src/styles.css":
            files[f"{folder}/theme.css"] = re.sub(r'@import "tailwindcss";\s*', "", text)
        elif path == "src/script.js":
            files[f"{folder}/script.js"] = text
    if conventions.sheet and files.get(f"{folder}/theme.css", "").strip():
        files[conventions.sheet] = _import_theme(
            existing[conventions.sheet].decode(errors="replace"),
            conventions.sheet,
            f"{folder}/theme.css",
        )
    return Bundle(files, project.assets)


def _rewrite_imports(text: str, suffix: str) -> str:
    if suffix != ".tsx":
        return text
    text = re.sub(r'(import .*?")(\./\w+)\.jsx"', r'\1\2"', text)

    def typed(match: re.Match[str]) -> str:
        kinds = "; ".join(f"{prop.strip()}: string" for prop in match[2].split(","))
        return f"{match[1]}({{{match[2]}}}: {{ {kinds} }})"

    return re.sub(r"(function \w+)\(\{([^}]+)\}\)", typed, text)


def _import_theme(sheet: str, path: str, theme: str) -> str:
    """Insert the import of the page's theme into the application's style sheet, once."""
    upward = "../" * path.count("/")
    shared = path.rpartition("/")[0] + "/"
    address = f"{upward or './'}{theme}"
    if theme.startswith(shared):
        address = f"./{theme.removeprefix(shared)}"
    line = f'@import "{address}";'
    if line in sheet:
        return sheet
    tailwind = re.search(r"@import\s+['\"]tailwindcss[^;]*;|@tailwind\s+utilities;", sheet)
    end = tailwind.end() if tailwind else 0
    return f"{sheet[:end]}\n{line}{sheet[end:]}"


def _place_in_own_folder(project: Bundle, name: str) -> Bundle:
    """Return the project in a folder of its own, for applications with another framework."""
    return Bundle(
        {f"{name}/{path}": text for path, text in project.files.items()},
        {f"{name}/{path}": data for path, data in project.assets.items()},
    )
