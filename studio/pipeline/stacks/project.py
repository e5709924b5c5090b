"""A page as a project of its stack: what `npm ci` and `npm run build` need, at exact versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from studio.pipeline.bundle import ENTRY, Bundle
from studio.pipeline.stacks import bootstrap, jsx, sfc
from studio.pipeline.stacks.carried import carried_files, carried_pictures
from studio.pipeline.stacks.components import split_components
from studio.pipeline.stacks.document import read_document
from studio.pipeline.stacks.html import write_attributes, write_html
from studio.pipeline.stacks.html_shell import write_document
from studio.pipeline.stacks.kinds import USES_TAILWIND, Stack, StackError, is_native
from studio.pipeline.stacks.parts import ComponentPage
from studio.pipeline.stacks.tailwind_classes import assign_classes, write_theme_sheet

TEMPLATES = Path(__file__).parent / "templates"
SHEET = "src/styles.css"
MAIN: Mapping[Stack, str] = {
    "react": """import { createRoot } from "react-dom/client";
import App from "./App.jsx";
import "./styles.css";

createRoot(document.getElementById("root")).render(<App />);
""",
    "vue": """import { createApp } from "vue";
import App from "./App.vue";
import "./styles.css";

createApp(App).mount("#root");
""",
}
ROOT = '<div id="root"></div>'


def make_project(bundle: Bundle, stack: Stack) -> Bundle:
    """Return the whole project; raises StackError when the bundle holds no page."""
    if ENTRY not in bundle.files and not is_native(bundle, stack):
        raise StackError(f"The page has no {ENTRY}, which a project is made from.")
    bundle = Bundle(carried_files(bundle.files, stack), carried_pictures(bundle.assets))
    if stack == "html-css":
        return Bundle({**bundle.files, **read_template(stack)}, bundle.assets)
    write = _complete_project if is_native(bundle, stack) else _convert_page
    files = write(bundle, stack)
    return Bundle(
        {**files, **read_template(stack)},
        {_get_public_path(path): data for path, data in bundle.assets.items()},
    )


@cache
def read_template(stack: Stack) -> Mapping[str, str]:
    """Return the files that every project of the stack has: packages, lock, build settings."""
    return {file.name: file.read_text("utf-8") for file in sorted((TEMPLATES / stack).iterdir())}


def _convert_page(bundle: Bundle, stack: Stack) -> dict[str, str]:
    document = read_document(_move_pictures_to_public(bundle))
    if stack == "bootstrap":
        return bootstrap.write_bootstrap_files(document)
    sheet = write_theme_sheet(document, assign_classes(document))
    page = split_components(document, split=stack != "tailwind")
    files = {SHEET: sheet, ENTRY: _write_shell(page, stack)}
    if document.script:
        files["src/script.js"] = document.script + "\n"
    if stack == "tailwind":
        return files
    suffix = "jsx" if stack == "react" else "vue"
    write: Callable[..., str]
    write = jsx.write_jsx_module if stack == "react" else sfc.write_vue_component
    files[f"src/{_name_main(stack)}"] = MAIN[stack]
    files[f"src/App.{suffix}"] = write(
        page.body, folder="./components", behavior=bool(document.script)
    )
    for component in page.components:
        files[f"src/components/{component.name}.{suffix}"] = write(component)
    return files


def _complete_project(bundle: Bundle, stack: Stack) -> dict[str, str]:
    """Return what a model wrote, with the files that it left out because every project has them."""
    files = dict(bundle.files)
    if stack in MAIN:
        suffix = "jsx" if stack == "react" else "vue"
        app = next((p for p in files if p.rpartition("/")[2] in (f"App.{suffix}", "App.tsx")), None)
        if app is None:
            raise StackError(
                f"The project has no src/App.{suffix}, the component its page starts with."
            )
        main = f"src/{_name_main(stack)}"
        if not any(path in files for path in (main, "src/main.tsx", "src/main.ts", "src/main.js")):
            files[main] = MAIN[stack].replace(f"./App.{suffix}", _write_mount_script(app))
        entry = next(path for path in files if path.startswith("src/main."))
        if 'id="root"' not in files.get(ENTRY, "") and 'id="app"' not in files.get(ENTRY, ""):
            files[ENTRY] = write_document(
                "en",
                "Page",
                [],
                f'<script type="module" src="/{entry}"></script>',
                "",
                f"    {ROOT}",
            )
    if stack in USES_TAILWIND:
        sheet = next((path for path in files if path.endswith(".css")), SHEET)
        text = files.get(sheet, "")
        if "tailwindcss" not in text:
            text = f'@import "tailwindcss";\n\n{text}'.rstrip() + "\n"
        files[sheet] = text
        if stack in MAIN and not any(
            ".css" in text for path, text in files.items() if path.startswith("src/")
        ):
            files[entry] = f'import "/{sheet}";\n{files[entry]}'
    return files


def _name_main(stack: Stack) -> str:
    return "main.jsx" if stack == "react" else "main.js"


def _write_mount_script(app: str) -> str:
    return "./" + app.removeprefix("src/")


def _move_pictures_to_public(bundle: Bundle) -> Bundle:
    """Return the page with its pictures where a build copies files from unchanged."""
    files = dict(bundle.files)
    for path in bundle.assets:
        for name, text in files.items():
            files[name] = (
                text.replace(f"/{path}", path).replace(f"./{path}", path).replace(path, f"/{path}")
            )
    return Bundle(files, bundle.assets)


def _get_public_path(path: str) -> str:
    return path if path.startswith("public/") else f"public/{path}"


def _write_shell(page: ComponentPage, stack: Stack) -> str:
    if stack == "tailwind":
        content = "\n".join(write_html(child, 2) for child in page.body.root.children)
        script = '<script type="module" src="/src/script.js"></script>' if page.script else ""
        head = [*page.head, '<link rel="stylesheet" href="/src/styles.css" />']
        return write_document(
            page.lang, page.title, head, script, write_attributes(page.shell), content
        )
    script = f'<script type="module" src="/src/{_name_main(stack)}"></script>'
    return write_document(
        page.lang, page.title, page.head, script, write_attributes(page.shell), f"    {ROOT}"
    )
