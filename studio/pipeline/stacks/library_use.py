"""Use of an application's own components in a page: button, input, card and table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from studio.pipeline.stacks.component_library import LibraryComponent
from studio.pipeline.stacks.parts import ComponentPage, ComponentPart, Slot
from studio.pipeline.stacks.utility_groups import INHERITED, adapt_classes, find_group

TABLE = {
    "table": "Table",
    "thead": "TableHeader",
    "tbody": "TableBody",
    "tfoot": "TableFooter",
    "tr": "TableRow",
    "th": "TableHead",
    "td": "TableCell",
}
TEXT_INPUTS = ("", "text", "email", "password", "search", "tel", "url", "number", "date", "time")
CARD = re.compile(r"(?:^|[-_])(?:card|panel|plan|tile)$")
CARD_TAGS = ("div", "article")
# Names of the theme that a merge of classes takes for colors, because they are not Tailwind's own.
OWN_SIZE = re.compile(r"^((?:[\w\[\]()>&-]+:)*)text-([\w-]+)$")
ALIGNED = {"th": "text-center"}


def use_library(
    page: ComponentPage, library: Mapping[str, LibraryComponent], sizes: frozenset[str]
) -> dict[str, tuple[str, ...]]:
    """Replace elements by the library's components; return component → names that it uses.

    `sizes` are the font sizes of the page's theme.
    """
    root = {group: name for name in page.body.root.classes if (group := find_group(name))}
    for name in page.body.root.classes:
        if name.removeprefix("text-") in sizes:
            root["font-size"] = name
    used: dict[str, tuple[str, ...]] = {}
    for component in (page.body, *page.components):
        replacer = _Replacer(library, sizes)
        replacer.visit(component.root, {name: root[name] for name in INHERITED if name in root})
        used[component.name] = tuple(dict.fromkeys(replacer.used))
    return used


def write_library_imports(
    names: tuple[str, ...], library: Mapping[str, LibraryComponent]
) -> list[str]:
    modules: dict[str, list[str]] = {}
    for name in names:
        modules.setdefault(library[name].module, []).append(name)
    return [
        f'import {{ {", ".join(sorted(names))} }} from "{module}";'
        for module, names in modules.items()
    ]


class _Replacer:
    def __init__(self, library: Mapping[str, LibraryComponent], sizes: frozenset[str]) -> None:
        self.library = library
        self.sizes = sizes
        self.used: list[str] = []

    def visit(self, part: ComponentPart, inherited: Mapping[str, str]) -> None:
        """Replace the part and what is in it; `inherited`: group → the utility that applies."""
        own = dict(inherited)
        for name in part.classes:
            group = "font-size" if name.removeprefix("text-") in self.sizes else find_group(name)
            if group in INHERITED:
                own[str(group)] = name
        for child in part.children:
            if isinstance(child, ComponentPart):
                self.visit(child, own)
        name = find_library_name(part)
        if name in self.library and "class" not in part.attrs:
            self._replace(part, self.library[name], inherited)

    def _replace(
        self, part: ComponentPart, component: LibraryComponent, inherited: Mapping[str, str]
    ) -> None:
        icons = [child for child in part.walk() if child.tag == "svg"]
        if component.name == "Button" and not all(_fix_size(icon) for icon in icons):
            return
        variant = ""
        if component.name == "Button":
            variant = _choose_variant(part, component)
        base = component.list_classes(variant)
        display = "" if part.tag in (*TABLE, "button", "input") else "block"
        ours = (*part.classes, *_keep_alignment(part))
        classes = adapt_classes(
            tuple(self._name_size(name) for name in ours),
            base,
            {group: self._name_size(name) for group, name in inherited.items()},
            display,
        )
        if component.name == "TableHeader" and not _rows_have_borders(part):
            classes = (*classes, "[&_tr]:border-0")
        part.tag, part.classes = component.name, classes
        if variant not in ("", "default"):
            part.attrs = {"variant": variant, **part.attrs}
        self.used.append(component.name)

    def _name_size(self, name: str) -> str:
        """Return a font size of the theme so that it cannot be taken for a color."""
        match = OWN_SIZE.match(name)
        if match and match[2] in self.sizes:
            return f"{match[1]}text-(length:--text-{match[2]})"
        return name


def find_library_name(part: ComponentPart) -> str:
    """Return the name that shadcn/ui's component for the element has; '' if there is none."""
    if part.tag == "button":
        return "Button"
    kind = part.attrs.get("type", "")
    if part.tag == "input" and not isinstance(kind, Slot) and kind in TEXT_INPUTS:
        return "Input"
    if part.tag in CARD_TAGS and CARD.search(part.name):
        return "Card"
    return TABLE.get(part.tag, "")


def _choose_variant(part: ComponentPart, button: LibraryComponent) -> str:
    """Return the button's variant that looks most like the part."""
    groups = {find_group(name): name for name in part.classes}
    wanted = "ghost"
    if "border-width" in groups and groups["border-width"] != "border-0":
        wanted = "outline"
    elif groups.get("background", "bg-transparent") != "bg-transparent":
        wanted = "default"
    elif "underline" in part.classes:
        wanted = "link"
    return wanted if wanted in button.variants else "default"


def _fix_size(icon: ComponentPart) -> bool:
    """Write an icon's size as the class that a button leaves as it is; False if it has none."""
    if any(name.startswith("size-") for name in icon.classes):
        return True
    width, height = icon.attrs.get("width"), icon.attrs.get("height")
    if isinstance(width, Slot) or isinstance(height, Slot) or width is None or width != height:
        return False
    if not re.fullmatch(r"\d{1,3}", width):
        return False
    size = f"size-{int(width) / 4:g}" if int(width) % 2 == 0 else f"size-[{width}px]"
    icon.classes = (*icon.classes, size)
    return True


def _keep_alignment(part: ComponentPart) -> Iterator[str]:
    """Yield the alignment that the element has by itself and a component may change."""
    if part.tag in ALIGNED and not any(find_group(name) == "text-align" for name in part.classes):
        yield ALIGNED[part.tag]


def _rows_have_borders(part: ComponentPart) -> bool:
    rows = [row for row in part.walk() if row.tag in ("tr", "TableRow")]
    return any(
        find_group(name) == "border-width" and name != "border-0"
        for row in rows
        for name in row.classes
    )
