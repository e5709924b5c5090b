"""The files an export brings: the version as its stack's project, pictures named for what they are,
or, in a repository that has an application already, the page as components among its own.
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
    bundle: Bundle, stack: str, title: str, there: Mapping[str, bytes], found: Conventions
) -> dict[str, bytes]:
    """Path (from the chosen folder) → content; formatted as the repository formats, or as Prettier
    does by itself.
    """
    project = stacks.named_project(bundle, parse_stack(stack))
    language = {"react": "react", "vue": "vue"}.get(stack)
    if language is not None and found.language == language:
        project = _place_among_components(project, found, to_pascal(title) or "LikenessPage", there)
    elif found.framework is not None:
        project = _place_in_own_folder(project, to_kebab(title) or "page")
    theirs = (
        {found.sheet: project.files[found.sheet]}
        if found.sheet and found.sheet in project.files
        else {}
    )
    ours = {path: text for path, text in project.files.items() if path not in theirs}
    return list_files(Bundle({**format_files(ours, found.prettier), **theirs}, project.assets))


def _place_among_components(
    project: Bundle, found: Conventions, name: str, there: Mapping[str, bytes]
) -> Bundle:
    """The page as components in a folder of their own; nothing of the application's build is
    touched.
    """
    folder = f"{found.components}/{name}"
    suffix = ".vue" if found.language == "vue" else ".tsx" if found.typescript else ".jsx"
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
    if found.sheet and files.get(f"{folder}/theme.css", "").strip():
        files[found.sheet] = _import_theme(
            there[found.sheet].decode(errors="replace"), found.sheet, f"{folder}/theme.css"
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


def _import_theme(sheet: str, at: str, theme: str) -> str:
    """The application's own style sheet with the page's theme brought in, once, after Tailwind."""
    up = "../" * at.count("/")
    shared = at.rpartition("/")[0] + "/"
    address = (
        f"./{theme.removeprefix(shared)}" if theme.startswith(shared) else f"{up or './'}{theme}"
    )
    line = f'@import "{address}";'
    if line in sheet:
        return sheet
    found = re.search(r"@import\s+['\"]tailwindcss[^;]*;|@tailwind\s+utilities;", sheet)
    end = found.end() if found else 0
    return f"{sheet[:end]}\n{line}{sheet[end:]}"


def _place_in_own_folder(project: Bundle, name: str) -> Bundle:
    """Another framework is at home here: the page stays a project of its own, in a folder of its
    own.
    """
    return Bundle(
        {f"{name}/{path}": text for path, text in project.files.items()},
        {f"{name}/{path}": data for path, data in project.assets.items()},
    )
