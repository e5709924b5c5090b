"""What a repository's own files say about how code is written there: framework, Tailwind, folders,
formatter, linter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

FRAMEWORKS = ("next", "react", "nuxt", "vue", "svelte", "@angular/core", "astro")
MEANS = {"next": "react", "nuxt": "vue"}  # what a framework's components are written in
COMPONENT_FOLDERS = (
    "src/components",
    "app/components",
    "components",
    "src/ui",
    "resources/js/components",
    "lib/components",
)
PRETTIER = (".prettierrc", ".prettierrc.json", ".prettierrc.yaml", ".prettierrc.yml")
# Prettier's settings that are only data; plugins and parsers would be code.
OPTIONS = (
    "printWidth",
    "tabWidth",
    "useTabs",
    "semi",
    "singleQuote",
    "jsxSingleQuote",
    "trailingComma",
    "bracketSpacing",
    "bracketSameLine",
    "arrowParens",
    "quoteProps",
    "singleAttributePerLine",
    "endOfLine",
    "vueIndentScriptAndStyle",
)


@dataclass(frozen=True, slots=True)
class Conventions:
    """`framework` None: there is no application here yet. `words`: what was found, for people."""

    framework: str | None = None
    tailwind: str | None = None  # its version as the repository asks for it
    typescript: bool = False
    components: str = "src/components"
    sheet: str | None = None  # the style sheet that brings Tailwind in
    prettier: Mapping[str, Any] = field(default_factory=dict)
    linter: bool = False

    @property
    def language(self) -> str | None:
        """'react' for Next.js as well."""
        return MEANS.get(self.framework or "", self.framework)

    def words(self) -> list[str]:
        if self.framework is None:
            return ["There is no application in this place: the whole project goes there."]
        out = [f"An application in {self.framework}{' and TypeScript' if self.typescript else ''}."]
        out.append(
            f"Tailwind {self.tailwind}."
            if self.tailwind
            else "No Tailwind: the page's classes need it (version 4)."
        )
        out.append(f"Components go to {self.components}/.")
        if self.prettier:
            out.append("Formatted with its Prettier settings.")
        if self.linter:
            out.append(
                "It has an ESLint configuration; unused names and missing keys do not occur in what is written."
            )
        return out


def detect(files: Mapping[str, bytes]) -> Conventions:
    """`files`: what lies where the export goes, by path from there."""
    package = _parse_json(files.get("package.json"))
    if not isinstance(package, dict):
        return Conventions(prettier=_read_prettier_config(files, {}))
    wanted = {**_get_dict(package.get("devDependencies")), **_get_dict(package.get("dependencies"))}
    framework = next((name for name in FRAMEWORKS if name in wanted), None)
    return Conventions(
        framework=framework or "plain HTML",
        tailwind=str(wanted["tailwindcss"]) if "tailwindcss" in wanted else None,
        typescript="tsconfig.json" in files or "typescript" in wanted,
        components=_find_components_folder(files),
        sheet=next(
            (
                path
                for path, data in sorted(files.items())
                if path.endswith(".css") and _imports_tailwind(data)
            ),
            None,
        ),
        prettier=_read_prettier_config(files, package),
        linter=any(re.match(r"(?:\.eslintrc|eslint\.config)\b", path) for path in files)
        or "eslintConfig" in package,
    )


def _find_components_folder(files: Mapping[str, bytes]) -> str:
    """The folder that holds most components; the usual one where there are none yet."""
    counts: dict[str, int] = {}
    for path in files:
        parts = PurePosixPath(path)
        if (
            parts.suffix in (".jsx", ".tsx", ".vue", ".svelte")
            and "node_modules" not in parts.parts
        ):
            for folder in COMPONENT_FOLDERS:
                if path.startswith(f"{folder}/"):
                    counts[folder] = counts.get(folder, 0) + 1
    return max(counts, key=lambda folder: counts[folder], default="src/components")


def _imports_tailwind(data: bytes) -> bool:
    return bool(re.search(rb"@import\s+['\"]tailwindcss|@tailwind\s+utilities", data))


def _read_prettier_config(files: Mapping[str, bytes], package: Mapping[str, Any]) -> dict[str, Any]:
    found: Any = package.get("prettier")
    for name in PRETTIER:
        if not isinstance(found, dict) and name in files:
            found = _parse_json(files[name]) or _parse_simple_yaml(files[name])
    if not isinstance(found, dict):
        found = _read_editorconfig(files.get(".editorconfig", b""))
    return {
        name: value
        for name, value in found.items()
        if name in OPTIONS and isinstance(value, bool | int | str)
    }


def _read_editorconfig(data: bytes) -> dict[str, Any]:
    text, out = data.decode(errors="replace"), {}
    if found := re.search(r"^\s*indent_style\s*=\s*(tab|space)", text, re.M):
        out["useTabs"] = found[1] == "tab"
    if size := re.search(r"^\s*indent_size\s*=\s*(\d)", text, re.M):
        out["tabWidth"] = int(size[1])
    return out


def _parse_simple_yaml(data: bytes) -> dict[str, Any]:
    """Lines of `name: value`, which is all that a .prettierrc has."""
    out: dict[str, Any] = {}
    for name, value in re.findall(
        r"^(\w+):\s*[\"']?([\w-]+)[\"']?\s*$", data.decode(errors="replace"), re.M
    ):
        out[name] = (
            value == "true"
            if value in ("true", "false")
            else int(value)
            if value.isdigit()
            else value
        )
    return out


def _parse_json(data: bytes | None) -> Any:
    try:
        return json.loads(data) if data else None
    except ValueError:
        return None


def _get_dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
