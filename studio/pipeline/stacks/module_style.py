"""How a component's file is written: language, names of files, kind of exports."""

from __future__ import annotations

from dataclasses import dataclass

from studio.pipeline.stacks.naming import to_kebab


@dataclass(frozen=True, slots=True)
class ModuleStyle:
    """The defaults are those of our own projects."""

    typescript: bool = False
    kebab_files: bool = False  # site-header.tsx instead of SiteHeader.tsx
    named_exports: bool = False  # `export function` instead of `export default function`
    client_directive: bool = False  # modules with effects begin with "use client"

    def name_file(self, component: str) -> str:
        """Return a component's file name without its suffix."""
        return to_kebab(component) if self.kebab_files else component

    def write_import(self, component: str, folder: str) -> str:
        """Return the import of a component's React module."""
        names = f"{{ {component} }}" if self.named_exports else component
        suffix = "" if self.typescript else ".jsx"
        return f'import {names} from "{folder}/{self.name_file(component)}{suffix}";'


OWN = ModuleStyle()
