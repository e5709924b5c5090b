"""The files an export brings: the version as its stack's project, pictures named for what they are, or, in a repository
that has an application already, the page as components among its own."""

from __future__ import annotations

import re
from collections.abc import Mapping

from studio.export.conventions import Conventions
from studio.pipeline import stacks
from studio.pipeline.bundle import Bundle, all_files
from studio.pipeline.stacks.kinds import stack_of
from studio.pipeline.stacks.naming import kebab, pascal
from studio.pipeline.stacks.prettier import formatted


def assemble(
    bundle: Bundle, stack: str, title: str, there: Mapping[str, bytes], found: Conventions
) -> dict[str, bytes]:
    """Path (from the chosen folder) → content; formatted as the repository formats, or as Prettier does by itself."""
    project = stacks.named_project(bundle, stack_of(stack))
    language = {"react": "react", "vue": "vue"}.get(stack)
    if language is not None and found.language == language:
        project = _among_components(project, found, pascal(title) or "LikenessPage", there)
    elif found.framework is not None:
        project = _own_corner(project, kebab(title) or "page")
    theirs = {found.sheet: project.files[found.sheet]} if found.sheet and found.sheet in project.files else {}
    ours = {path: text for path, text in project.files.items() if path not in theirs}
    return all_files(Bundle({**formatted(ours, found.prettier), **theirs}, project.assets))


def _among_components(project: Bundle, found: Conventions, name: str, there: Mapping[str, bytes]) -> Bundle:
    """The page as components in a folder of their own; nothing of the application's build is touched."""
    folder = f"{found.components}/{name}"
    suffix = ".vue" if found.language == "vue" else ".tsx" if found.typescript else ".jsx"
    files: dict[str, str] = {}
    for path, text in project.files.items():
        if path.startswith("src/components/"):
            own = path.rpartition("/")[2].rpartition(".")[0]
            files[f"{folder}/{own}{suffix}"] = _rewritten(text, suffix)
        elif path.startswith("src/App."):
            inside = text.replace('"./components/', '"./').replace("function App(", f"function {name}(")
            files[f"{folder}/{name}{suffix}"] = _rewritten(inside, suffix)
        elif path == "src/styles.css":
            files[f"{folder}/theme.css"] = re.sub(r'@import "tailwindcss";\s*', "", text)
        elif path == "src/script.js":
            files[f"{folder}/script.js"] = text
    if found.sheet and files.get(f"{folder}/theme.css", "").strip():
        files[found.sheet] = _importing(there[found.sheet].decode(errors="replace"), found.sheet, f"{folder}/theme.css")
    return Bundle(files, project.assets)


def _rewritten(text: str, suffix: str) -> str:
    if suffix != ".tsx":
        return text
    text = re.sub(r'(import .*?")(\./\w+)\.jsx"', r'\1\2"', text)

    def typed(match: re.Match[str]) -> str:
        kinds = "; ".join(f"{prop.strip()}: string" for prop in match[2].split(","))
        return f"{match[1]}({{{match[2]}}}: {{ {kinds} }})"

    return re.sub(r"(function \w+)\(\{([^}]+)\}\)", typed, text)


def _importing(sheet: str, at: str, theme: str) -> str:
    """The application's own style sheet with the page's theme brought in, once, after Tailwind."""
    up = "../" * at.count("/")
    shared = at.rpartition("/")[0] + "/"
    address = f"./{theme.removeprefix(shared)}" if theme.startswith(shared) else f"{up or './'}{theme}"
    line = f'@import "{address}";'
    if line in sheet:
        return sheet
    found = re.search(r"@import\s+['\"]tailwindcss[^;]*;|@tailwind\s+utilities;", sheet)
    end = found.end() if found else 0
    return f"{sheet[:end]}\n{line}{sheet[end:]}"


def _own_corner(project: Bundle, name: str) -> Bundle:
    """Another framework is at home here: the page stays a project of its own, in a folder of its own."""
    return Bundle(
        {f"{name}/{path}": text for path, text in project.files.items()},
        {f"{name}/{path}": data for path, data in project.assets.items()},
    )
