"""A page as components of an existing application, to which it brings nothing global.

All that the page defines is under one prefix or below its root element, and the application's own
tokens are used where they have the same value.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from studio.pipeline.bundle import Bundle
from studio.pipeline.stacks import jsx, sfc
from studio.pipeline.stacks.application import Application, HostTheme
from studio.pipeline.stacks.carried import carried_files, carried_pictures
from studio.pipeline.stacks.component_library import LibraryComponent, read_library
from studio.pipeline.stacks.components import split_components
from studio.pipeline.stacks.css_colors import parse_rgb
from studio.pipeline.stacks.document import Document, read_document
from studio.pipeline.stacks.host_theme import read_host_theme
from studio.pipeline.stacks.kinds import Stack, is_native
from studio.pipeline.stacks.library_use import use_library, write_library_imports
from studio.pipeline.stacks.native_embedding import embed_native
from studio.pipeline.stacks.parts import Component, ComponentPage, ComponentPart
from studio.pipeline.stacks.project import make_project
from studio.pipeline.stacks.rule_sheet import write_rule
from studio.pipeline.stacks.scoped_sheet import GlobalNames, find_global_names, scope_sheet
from studio.pipeline.stacks.tailwind_classes import assign_classes, build_theme
from studio.pipeline.stacks.theme import PX, Theme

REM = re.compile(r"(?<![\w.-])(-?\d*\.?\d+)rem\b")
# What an application's root may pass on, as a browser starts with it. A page's ground fills the
# window.
AMBIENT = (
    ("display", "flow-root"),
    ("min-height", "100vh"),
    ("background-color", "white"),
    ("color-scheme", "normal"),
    ("font-style", "normal"),
    ("letter-spacing", "normal"),
    ("text-align", "start"),
    ("text-indent", "0"),
    ("text-transform", "none"),
    ("white-space", "normal"),
    ("word-spacing", "normal"),
)
# The rest of it, for a page without Tailwind's reset.
AMBIENT_TEXT = (("color", "black"), ("font", "16px / normal serif"))
# Elements whose attributes (width, fill) are styles, which `all` would take from them.
ATTRIBUTE_STYLED = "svg, svg *, img, video, canvas, iframe"


def embed(bundle: Bundle, stack: Stack, application: Application) -> Bundle:
    """Return the page's files by their paths in the application.

    `bundle` is an HTML + CSS page, or a project of the stack that a model wrote.
    """
    if is_native(bundle, stack):
        return embed_native(make_project(bundle, stack), application)
    host = read_host_theme(application.sheets)
    page = Bundle(carried_files(bundle.files, "html-css"), carried_pictures(bundle.assets))
    page = _move_pictures(page, application.prefix)
    document = read_document(page, _write_px if host.has_own_rem else str)
    names = _find_names(document, host, application.prefix)
    _rename(document, names)
    if application.has_tailwind:
        sheet = _write_tailwind_sheet(document, host, names, application.prefix)
    else:
        sheet = _write_plain_sheet(document, host, names, application.prefix)
    for element in document.body.walk():
        element.classes = tuple(names.classes.get(name, name) for name in element.classes)
    library: dict[str, LibraryComponent] = {}
    uses: dict[str, tuple[str, ...]] = {}
    if application.has_tailwind:
        library = read_library(application.library)
    split = _split_page(document, application, library)
    if library:
        sizes = re.findall(r"--text-([\w-]+):", sheet)
        uses = use_library(split, library, frozenset(sizes))
    files = _write_components(split, application, library, uses)
    files[f"{application.folder}/{application.sheet_name}"] = sheet
    if document.script:
        files[f"{application.folder}/script.js"] = document.script + "\n"
        if application.style.typescript:
            files[f"{application.folder}/script.d.ts"] = "export {};\n"
    return Bundle(files, {f"public/{path}": data for path, data in page.assets.items()})


def _move_pictures(bundle: Bundle, folder: str) -> Bundle:
    """Return the page with its pictures in a public folder of their own."""
    places = {path: f"{folder}/{path.removeprefix('assets/')}" for path in bundle.assets}
    order = sorted(places, key=len, reverse=True)
    pattern = re.compile(r"(?:\./|/)?(" + "|".join(re.escape(path) for path in order) + ")")
    files = bundle.files
    if places:
        files = {
            name: pattern.sub(lambda match: f"/{places[match[1]]}", text)
            for name, text in bundle.files.items()
        }
    return Bundle(files, {places[path]: data for path, data in bundle.assets.items()})


def _write_px(text: str) -> str:
    return REM.sub(lambda match: f"{float(match[1]) * PX:g}px", text)


def _find_names(document: Document, host: HostTheme, prefix: str) -> GlobalNames:
    """Return the new names of what the page and the application would share."""
    taken: dict[str, str] = {}
    if not document.script:  # a script finds elements by their classes
        own = {name for element in document.body.walk() for name in element.names}
        taken = {name: f"{prefix}-{name}" for name in sorted(own & host.class_names)}
    return find_global_names(document.sheet.rest, prefix, taken)


def _rename(document: Document, names: GlobalNames) -> None:
    sheet = document.sheet
    sheet.tokens = {name: names.rename(name, value) for name, value in sheet.tokens.items()}
    for element in document.body.walk():
        for values in element.look.values.values():
            for name, value in values.items():
                values[name] = names.rename(name, value)


def fit_theme(theme: Theme, host: HostTheme, prefix: str) -> None:
    """Put the page's tokens under the prefix, or onto the application's where they are equal.

    Colors that change with a dark mode are taken only if all are, because half a page in dark
    colors could not be read.
    """
    known = {rgb: name for name, rgb in reversed(list(host.colors.items()))}
    found: dict[str, str] = {}
    for prop in theme.colors:
        rgb = parse_rgb(theme.flat(theme.tokens[prop]))
        if rgb in known:
            found[prop] = known[rgb]
    if host.follows_scheme and len(found) < len(theme.colors):
        found = {}
    theme.given = set(found.values())
    theme.known = {} if host.follows_scheme else known
    theme.colors = {
        prop: found.get(prop, f"{prefix}-{name}") for prop, name in theme.colors.items()
    }
    theme.sizes = {prop: f"{prefix}-{name}" for prop, name in theme.sizes.items()}
    theme.fonts = {family: f"{prefix}-{name}" for family, name in theme.fonts.items()}
    theme.radii = {} if host.has_own_rem else host.radii
    theme.breakpoints = host.breakpoints
    theme.is_whole_application = False


def _write_tailwind_sheet(
    document: Document, host: HostTheme, names: GlobalNames, prefix: str
) -> str:
    """Set the elements' classes; return tokens under the prefix and rules below the root."""
    theme = build_theme(document)
    fit_theme(theme, host, prefix)
    assign_classes(document, theme)
    root: list[tuple[str, str]] = [*AMBIENT]
    if host.has_own_rem or host.has_own_spacing:
        root.append(("--spacing", "4px" if host.has_own_rem else "0.25rem"))
    root += [(name, theme.renamed(value)) for name, value in theme.other.items()]
    base = [_write_root_rule(prefix, root)]
    rest = [theme.renamed(text) for text in [*document.sheet.rest, *document.strange]]
    plain = [text for text in rest if text.startswith(("@font-face", "@keyframes", "@-webkit"))]
    ruled = [text for text in rest if text not in plain]
    base.append(scope_sheet("\n".join(ruled), prefix, names))
    lines = "\n".join(f"  {line}" for line in theme.lines())
    parts = [f"@theme {{\n{lines}\n}}" if lines else ""]
    parts.append(scope_sheet("\n".join(plain), prefix, names))
    parts.append("@layer base {\n" + "\n\n".join(part for part in base if part) + "\n}")
    if host.styles_elements:
        parts.append(_write_return_rule(f".{prefix}.{prefix}", "revert-layer"))
    return "\n\n".join(part for part in parts if part) + "\n"


def _write_plain_sheet(document: Document, host: HostTheme, names: GlobalNames, prefix: str) -> str:
    """Keep the page's own classes; return its style sheet below its root."""
    for element in document.body.walk():
        element.classes = element.names
        if element.style:
            element.attrs["style"] = element.style
    parts = [_write_root_rule(prefix, [*AMBIENT, *AMBIENT_TEXT])]
    if host.styles_elements:
        parts.insert(0, _write_return_rule(f".{prefix}", "revert"))
    parts.append(scope_sheet(document.styles, prefix, names))
    return "\n\n".join(parts) + "\n"


def _write_root_rule(prefix: str, declarations: list[tuple[str, str]]) -> str:
    return write_rule(f".{prefix}", tuple((name, value, False) for name, value in declarations))


def _write_return_rule(root: str, value: str) -> str:
    """Return the rule that takes the application's styles of elements off the page's elements."""
    reason = "/* The application's own styles of elements (h1, a, …) end at this page. */"
    elements = f"{root} :where(:not({ATTRIBUTE_STYLED}))"
    return f"{reason}\n" + write_rule(f"{root},\n{elements}", (("all", value, False),))


def _split_page(
    document: Document, application: Application, library: Collection[str]
) -> ComponentPage:
    """Return the page as components, its body as an element of the page's component."""
    page = split_components(document, name=application.name, others=library)
    body = page.body.root
    attrs = dict(page.shell.attrs)
    if document.direction:
        attrs["dir"] = document.direction
    classes = (application.prefix, *page.shell.classes)
    root = ComponentPart("div", tuple(dict.fromkeys(classes)), attrs, body.children)
    return replace(page, body=Component(application.name, root))


def _write_components(
    page: ComponentPage,
    application: Application,
    library: Mapping[str, LibraryComponent],
    uses: Mapping[str, tuple[str, ...]],
) -> dict[str, str]:
    style = application.style
    folder = application.folder
    files: dict[str, str] = {}
    sheet = [] if application.has_tailwind else [f'import "./{application.sheet_name}";']
    for component in (page.body, *page.components):
        is_page = component is page.body
        behavior = is_page and bool(page.script)
        imports = write_library_imports(uses.get(component.name, ()), library)
        own = "\n".join([*imports, *(sheet if is_page else [])])
        if application.language == "vue":
            text = sfc.write_vue_component(component, first=own, behavior=behavior, style=style)
        else:
            text = jsx.write_jsx_module(component, first=own, behavior=behavior, style=style)
        files[f"{folder}/{style.name_file(component.name)}{application.suffix}"] = text
    return files
