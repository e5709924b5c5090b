"""What a browser shows of a project, made from its own files and the vendored frameworks.

Nothing is fetched.
"""

from __future__ import annotations

import re
from functools import lru_cache

from studio.pipeline.bundle import ENTRY, Bundle
from studio.pipeline.editing.source_positions import Tag, without_elements
from studio.pipeline.stacks.bundler import bundle_modules
from studio.pipeline.stacks.kinds import USES_TAILWIND, Stack
from studio.pipeline.stacks.project import make_project
from studio.pipeline.stacks.vendor import read_vendored_file

TAILWIND = "@tailwindcss/browser/dist/index.global.js"
BOOTSTRAP = {
    "css": "bootstrap/dist/css/bootstrap.min.css",
    "js": "bootstrap/dist/js/bootstrap.bundle.min.js",
}
PUBLIC = "public/"


def make_preview(bundle: Bundle, stack: Stack) -> Bundle:
    """Return the page that a browser can show.

    Raises StackError when the code cannot be bundled, or a program for it is missing.
    """
    if stack == "html-css":
        return bundle
    whole = make_project(bundle, stack)
    files = _inline_modules(whole, stack) if stack in ("react", "vue") else dict(whole.files)
    files[ENTRY] = _add_tailwind(files) if stack in USES_TAILWIND else _add_bootstrap(files)
    if stack in USES_TAILWIND:
        files["vendor/tailwind.js"] = read_vendored_file(TAILWIND)
    else:
        files["vendor/bootstrap.css"] = read_vendored_file(BOOTSTRAP["css"])
        files["vendor/bootstrap.js"] = read_vendored_file(BOOTSTRAP["js"])
    assets = {path.removeprefix(PUBLIC): data for path, data in whole.assets.items()}
    shown = {path: _make_relative(text, assets) for path, text in files.items() if _is_shown(path)}
    return Bundle(shown, assets)


def _inline_modules(whole: Bundle, stack: Stack) -> dict[str, str]:
    entry = next(path for path in whole.files if re.fullmatch(r"src/main\.(?:jsx?|tsx?)", path))
    files = {"app.js": _bundle_entry(tuple(sorted(whole.files.items())), entry, stack == "vue")}
    return {
        **files,
        **{path: text for path, text in whole.files.items() if path.endswith((".html", ".css"))},
    }


@lru_cache(maxsize=16)
def _bundle_entry(files: tuple[tuple[str, str], ...], entry: str, vue: bool) -> str:
    return bundle_modules(dict(files), entry, vue=vue)


def _add_tailwind(files: dict[str, str]) -> str:
    sheets = "\n".join(text for path, text in files.items() if path.endswith(".css"))
    if "tailwindcss" not in sheets:
        sheets = '@import "tailwindcss";\n' + sheets
    sheets = sheets.replace("</", "<\\/")  # a sheet must not close its <style>
    style = f'<style type="text/tailwindcss">\n{sheets}</style>'
    html = without_elements(files[ENTRY], _is_linked)
    html = _insert_before(html, "</head>", f'{style}\n<script src="vendor/tailwind.js"></script>\n')
    for script in ("app.js", "src/script.js"):
        if script in files:
            return _insert_before(html, "</body>", f'<script src="{script}"></script>\n')
    return html


def _add_bootstrap(files: dict[str, str]) -> str:
    links = '<link rel="stylesheet" href="vendor/bootstrap.css">\n'
    links += "".join(
        f'<link rel="stylesheet" href="{path}">\n' for path in files if path.endswith(".css")
    )
    script = '<script src="vendor/bootstrap.js"></script>\n'
    if "src/script.js" in files:
        script += '<script src="src/script.js"></script>\n'
    html = without_elements(files[ENTRY], _is_linked)
    return _insert_before(_insert_before(html, "</head>", links), "</body>", script)


def _is_linked(tag: Tag) -> bool:
    """Return True if the element links a style sheet or a script, which the preview adds itself."""
    if tag.name == "link":
        return tag.get("rel").strip().lower().startswith("stylesheet")
    return tag.name == "script" and bool(tag.get("src"))


def _insert_before(html: str, tag: str, added: str) -> str:
    place = html.lower().rfind(tag)
    if place < 0:
        return html + added
    return html[:place] + added + html[place:]


def _make_relative(text: str, assets: dict[str, bytes]) -> str:
    """Return the text with relative addresses, because the page may be served below any address."""
    for path in assets:
        text = re.sub(rf"(?<=[\"'(:])/{re.escape(path)}", path, text)
    return text


def _is_shown(path: str) -> bool:
    return path.endswith((".html", ".css", ".js", ".svg")) and not path.endswith("vite.config.js")
