"""Detects the code conventions of a repository: framework, Tailwind, folders, formatter, linter."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from studio.pipeline.stacks.module_style import ModuleStyle

FRAMEWORKS = ("next", "react", "nuxt", "vue", "svelte", "@angular/core", "astro")
MEANS = {"next": "react", "nuxt": "vue"}  # the language of a framework's components
COMPONENT_FOLDERS = (
    "src/components",
    "app/components",
    "components",
    "src/ui",
    "resources/js/components",
    "lib/components",
)
LIBRARY = ("button", "card", "input", "table")  # of shadcn/ui, that a page's elements can be
COMPONENT_SUFFIXES = (".jsx", ".tsx", ".vue", ".svelte")
ALIAS = re.compile(r"[@~#]?[\w./-]{1,80}")  # that an import may begin with
ESLINT_FILE = re.compile(r"(?:\.eslintrc|eslint\.config)\b")
PRETTIER = (".prettierrc", ".prettierrc.json", ".prettierrc.yaml", ".prettierrc.yml")
# Prettier's settings that are plain data; plugins and parsers would be code.
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
    """The conventions of one folder; `framework` None: it contains no application."""

    framework: str | None = None
    tailwind: str | None = None  # the version that the repository requires
    typescript: bool = False
    components: str = "src/components"
    sheet: str | None = None  # the style sheet that imports Tailwind
    prettier: Mapping[str, Any] = field(default_factory=dict)
    linter: bool = False
    kebab_files: bool = False  # component files are named site-header, not SiteHeader
    named_exports: bool = False
    library: Mapping[str, str] = field(default_factory=dict)  # module → path of shadcn/ui's files

    @property
    def language(self) -> str | None:
        """Return the language of components: "react" for Next.js as well."""
        return MEANS.get(self.framework or "", self.framework)

    @property
    def has_tailwind_sheet(self) -> bool:
        """Return True if the page's classes can be Tailwind's: version 4, which has CSS themes."""
        version = re.search(r"\d+", self.tailwind or "")
        is_old = version is not None and int(version[0]) < 4
        return self.tailwind is not None and self.sheet is not None and not is_old

    @property
    def style(self) -> ModuleStyle:
        """Return how component files are written."""
        return ModuleStyle(
            typescript=self.typescript,
            kebab_files=self.kebab_files,
            named_exports=self.named_exports and self.language == "react",
            client_directive=self.framework == "next",
        )

    def words(self) -> list[str]:
        """Return notes for people."""
        if self.framework is None:
            return ["The folder contains no application: the whole project is added."]
        language = " with TypeScript" if self.typescript else ""
        notes = [f"Found an application: {self.framework}{language}."]
        if self.has_tailwind_sheet:
            notes.append(f"Tailwind {self.tailwind}: the page's tokens are under its own prefix.")
        else:
            notes.append("No Tailwind 4: the page brings a style sheet that applies to it alone.")
        if self.library:
            names = ", ".join(sorted(module.rpartition("/")[2] for module in self.library))
            notes.append(f"Its own components are used where they match: {names}.")
        notes.append(f"Components are added to {self.components}/.")
        if self.prettier:
            notes.append("Formatted with the repository's Prettier settings.")
        if self.linter:
            notes.append(
                "It has an ESLint configuration; the code has no unused names and no missing keys."
            )
        return notes


def detect(files: Mapping[str, bytes]) -> Conventions:
    """Detect the conventions; `files` are those of the target folder by path."""
    package = _parse_json(files.get("package.json"))
    if not isinstance(package, dict):
        return Conventions(prettier=_read_prettier_config(files, {}))
    packages = {
        **_get_dict(package.get("devDependencies")),
        **_get_dict(package.get("dependencies")),
    }
    framework = next((name for name in FRAMEWORKS if name in packages), None)
    sheets = (path for path in sorted(files) if path.endswith(".css"))
    has_eslint_file = any(ESLINT_FILE.match(path) for path in files)
    return Conventions(
        framework=framework or "plain HTML",
        tailwind=str(packages["tailwindcss"]) if "tailwindcss" in packages else None,
        typescript="tsconfig.json" in files or "typescript" in packages,
        components=_find_components_folder(files),
        sheet=next((path for path in sheets if _imports_tailwind(files[path])), None),
        prettier=_read_prettier_config(files, package),
        linter=has_eslint_file or "eslintConfig" in package,
        kebab_files=_names_files_in_kebab_case(files),
        named_exports=_exports_by_name(files),
        library=_find_library(files),
    )


def _find_library(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return module → path of React components that components.json says shadcn/ui put here."""
    aliases = _get_dict(_get_dict(_parse_json(files.get("components.json"))).get("aliases"))
    alias = str(aliases.get("ui") or f"{aliases.get('components', '')}/ui")
    folder = re.sub(r"^[@~#]?/", "", alias)
    if not aliases or not ALIAS.fullmatch(alias):
        return {}
    found: dict[str, str] = {}
    for path in sorted(files):
        for name in LIBRARY:
            place = rf"(?:^|/){re.escape(folder)}/{name}\.[jt]sx$"
            if re.search(place, path):
                found[f"{alias}/{name}"] = path
    return found


def _list_components(files: Mapping[str, bytes]) -> list[str]:
    """Return the paths of the application's own components in its usual folders."""
    paths = (PurePosixPath(path) for path in files)
    return [
        str(path)
        for path in paths
        if path.suffix in COMPONENT_SUFFIXES
        and "node_modules" not in path.parts
        and str(path).startswith(tuple(f"{folder}/" for folder in COMPONENT_FOLDERS))
    ]


def _names_files_in_kebab_case(files: Mapping[str, bytes]) -> bool:
    names = [PurePosixPath(path).stem for path in _list_components(files)]
    lower = [name for name in names if name == name.lower()]
    return len(lower) > len(names) / 2


def _exports_by_name(files: Mapping[str, bytes]) -> bool:
    """Return True if most React components are exported by name."""
    paths = [path for path in _list_components(files) if path.endswith((".jsx", ".tsx"))]
    default = [path for path in paths if re.search(rb"\bexport\s+default\b", files[path])]
    return len(default) < len(paths) / 2


def _find_components_folder(files: Mapping[str, bytes]) -> str:
    """Return the folder with most components; the usual one if there are none."""
    counts: dict[str, int] = {}
    for path in files:
        parts = PurePosixPath(path)
        if parts.suffix not in COMPONENT_SUFFIXES or "node_modules" in parts.parts:
            continue
        for folder in COMPONENT_FOLDERS:
            if path.startswith(f"{folder}/"):
                counts[folder] = counts.get(folder, 0) + 1
    return max(counts, key=lambda folder: counts[folder], default="src/components")


def _imports_tailwind(data: bytes) -> bool:
    return bool(re.search(rb"@import\s+['\"]tailwindcss|@tailwind\s+utilities", data))


def _read_prettier_config(files: Mapping[str, bytes], package: Mapping[str, Any]) -> dict[str, Any]:
    config: Any = package.get("prettier")
    for name in PRETTIER:
        if not isinstance(config, dict) and name in files:
            config = _parse_json(files[name]) or _parse_simple_yaml(files[name])
    if not isinstance(config, dict):
        config = _read_editorconfig(files.get(".editorconfig", b""))
    return {
        name: value
        for name, value in config.items()
        if name in OPTIONS and isinstance(value, bool | int | str)
    }


def _read_editorconfig(data: bytes) -> dict[str, Any]:
    text = data.decode(errors="replace")
    options: dict[str, Any] = {}
    if style := re.search(r"^\s*indent_style\s*=\s*(tab|space)", text, re.M):
        options["useTabs"] = style[1] == "tab"
    if size := re.search(r"^\s*indent_size\s*=\s*(\d)", text, re.M):
        options["tabWidth"] = int(size[1])
    return options


def _parse_simple_yaml(data: bytes) -> dict[str, Any]:
    """Parse lines of `name: value`, the usual content of a YAML .prettierrc."""
    lines = re.findall(r"^(\w+):\s*[\"']?([\w-]+)[\"']?\s*$", data.decode(errors="replace"), re.M)
    return {name: _parse_yaml_value(value) for name, value in lines}


def _parse_yaml_value(text: str) -> bool | int | str:
    if text in ("true", "false"):
        return text == "true"
    return int(text) if text.isdigit() else text


def _parse_json(data: bytes | None) -> Any:
    try:
        return json.loads(data) if data else None
    except ValueError:
        return None


def _get_dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
