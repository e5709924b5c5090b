"""A project that a model wrote as components of an existing application.

Its code is not read as a page, so only its files, its theme's names and its style rules change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import tinycss2

from studio.pipeline.bundle import Bundle
from studio.pipeline.stacks.application import Application
from studio.pipeline.stacks.rule_sheet import read_declarations
from studio.pipeline.stacks.scoped_sheet import GlobalNames, scope_sheet

# Utilities that take a color of the theme.
COLORED = (
    "bg|text|border|border-[trblxyse]|ring|ring-offset|outline|divide|fill|stroke|from|via|to"
    "|shadow|accent|caret|decoration|placeholder"
)
UTILITIES: Mapping[str, str] = {"color": COLORED, "text": "text", "font": "font"}
TOKEN = re.compile(r"--(color|text|font)-([\w-]+)")


def embed_native(project: Bundle, application: Application) -> Bundle:
    """Return the project's components in the application's folder, below the page's root."""
    folder = application.folder
    content = f"{application.name}Content"
    sheets = "\n\n".join(text for path, text in project.files.items() if path.endswith(".css"))
    tokens = _find_tokens(sheets)
    files: dict[str, str] = {}
    for path, text in project.files.items():
        place = path.removeprefix("src/")
        if path.endswith((".css", ".html")) or re.match(r"main\.\w+$", place):
            continue
        if not path.startswith("src/"):
            continue  # the build's settings
        if re.fullmatch(r"App\.\w+", place):
            place = f"{content}{application.suffix}"
        text = re.sub(r"import\s+[\"'][^\"']*\.css[\"'];?\n?", "", text)
        files[f"{folder}/{place}"] = _rename_classes(text, tokens, application.prefix)
    files[f"{folder}/theme.css"] = _write_sheet(sheets, tokens, application.prefix)
    files[f"{folder}/{application.name}{application.suffix}"] = _write_root(application, content)
    return Bundle(files, project.assets)


def _find_tokens(sheets: str) -> dict[str, str]:
    """Return the declarations of @theme, without those that reset the framework's own."""
    tokens: dict[str, str] = {}
    for node in tinycss2.parse_stylesheet(sheets, skip_comments=True, skip_whitespace=True):
        if node.type == "at-rule" and node.lower_at_keyword == "theme" and node.content:
            tokens.update(
                {
                    name: value
                    for name, value, _ in read_declarations(node.content)
                    if name[-1] != "*"
                }
            )
    return {name: value for name, value in tokens.items() if TOKEN.fullmatch(name)}


def _rename_token(name: str, prefix: str) -> str:
    return TOKEN.sub(rf"--\1-{prefix}-\2", name)


def _rename_classes(text: str, tokens: Mapping[str, str], prefix: str) -> str:
    for name in sorted(tokens, key=len, reverse=True):
        match = TOKEN.fullmatch(name)
        assert match is not None, "the tokens were chosen by this pattern"
        utility = rf"(?<![\w-])((?:{UTILITIES[match[1]]})-){re.escape(match[2])}(?=[\s\"'`/]|$)"
        text = re.sub(utility, rf"\g<1>{prefix}-{match[2]}", text)
        text = re.sub(rf"{name}(?![\w-])", _rename_token(name, prefix), text)
    return text


def _write_sheet(sheets: str, tokens: Mapping[str, str], prefix: str) -> str:
    lines = "\n".join(
        f"  {_rename_token(name, prefix)}: {value};" for name, value in tokens.items()
    )
    nodes = tinycss2.parse_stylesheet(sheets, skip_comments=True, skip_whitespace=True)
    rest = [
        node.serialize()
        for node in nodes
        if not (node.type == "at-rule" and node.lower_at_keyword in ("theme", "import"))
    ]
    theme = f"@theme {{\n{lines}\n}}\n" if lines else ""
    for name in tokens:
        rest = [re.sub(rf"{name}(?![\w-])", _rename_token(name, prefix), text) for text in rest]
    return theme + scope_sheet("\n".join(rest), prefix, GlobalNames()) + "\n"


def _write_root(application: Application, content: str) -> str:
    if application.language == "vue":
        opening = '<script setup lang="ts">' if application.style.typescript else "<script setup>"
        return (
            f'{opening}\nimport {content} from "./{content}.vue";\n</script>\n\n<template>\n'
            f'  <div class="{application.prefix}">\n    <{content} />\n  </div>\n</template>\n'
        )
    suffix = "" if application.style.typescript else application.suffix
    return (
        f'import {content} from "./{content}{suffix}";\n\n'
        f"export default function {application.name}() {{\n"
        f'  return (\n    <div className="{application.prefix}">\n      <{content} />\n    </div>\n'
        "  );\n}\n"
    )
