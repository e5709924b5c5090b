"""Mockups and pages of one machine: files inside allowed folders, and pages behind addresses."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from studio.capture.address_parts import has_web_scheme
from studio.cli.address_mockup import open_address_mockup
from studio.cli.address_site import check_address, open_address
from studio.config.loopback import LOOPBACK
from studio.pipeline.bundle import ENTRY, MOST_CHARACTERS, MOST_FILES, TEXT_TYPES, Bundle
from studio.pipeline.folder_bundle import read_page_bundle
from studio.pipeline.loop.terminal import InputError, open_mockup
from studio.pipeline.paths import PathError, check_path, steers_tools
from studio.pipeline.rendering.page_files import make_bundle_site, make_folder_site
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.stacks.kinds import STACKS, is_native
from studio.pipeline.stacks.sources import make_measured_page
from studio.pipeline.tools.results import ToolError
from studio.pipeline.tools.workbench import MockupSource, PageSource

DEFAULT_OUT = "likeness-out"
PICTURE_TYPES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".woff", ".woff2")
MOST_BYTES = 50_000_000  # of a project's pictures


class LocalSources:
    """Files below `folders` (the first is the working folder); addresses that `may_open` allows."""

    def __init__(
        self, folders: Sequence[Path], may_open: Callable[[str], bool], renderer: Renderer
    ) -> None:
        self.folders = [folder.resolve() for folder in folders]
        self.may_open, self.renderer = may_open, renderer

    def open_mockup(self, name: str, width: int | None) -> MockupSource:
        if has_web_scheme(name):
            self._check_host(name)
            return open_address_mockup(name, width, self.renderer)
        try:
            return MockupSource(open_mockup(self._find(name)), width)
        except InputError as error:
            raise ToolError(str(error)) from None

    def open_page(self, name: str) -> PageSource:
        if has_web_scheme(name):
            self._check_host(name)
            return PageSource(open_address(name))
        path = self._find(name)
        if path.is_dir():
            return _open_folder(path)
        if not path.is_file():
            raise ToolError(
                f"There is no page at {name}; use an HTML file, a folder or an address."
            )
        return PageSource(make_folder_site(path), read_page_bundle(path))

    def deliver(self, folder: str, files: Mapping[str, bytes]) -> str:
        target = self._find(folder or DEFAULT_OUT)
        home = next(one for one in self.folders if target.is_relative_to(one))
        if any(part.startswith(".") for part in target.relative_to(home).parts):
            raise ToolError(
                f"Nothing is written to the hidden folder {folder[:80]!r}; use another."
            )
        for path, data in files.items():
            try:
                check_path(path)
            except PathError as error:
                raise ToolError(f"The file {path[:80]!r} is not written: {error}.") from None
            file = (target / path).resolve()
            if not file.is_relative_to(target):
                raise ToolError(f"The file {path[:80]!r} is not written: a link leads elsewhere.")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        return f"Wrote to {self._shorten(target)}: {', '.join(sorted(files))}."

    def _check_host(self, address: str) -> None:
        """Raise ToolError for what is no address, and for hosts that the person did not allow."""
        check_address(address)
        host = urlsplit(address).hostname or ""
        if not self.may_open(host):
            raise ToolError(
                f"Pages of {host[:100]!r} are not opened here; use this machine's own servers, or "
                "allow the host with --allow-host."
            )

    def _find(self, name: str) -> Path:
        """Return the path if it is inside an allowed folder; raises ToolError."""
        if "\0" in name:
            raise ToolError("A path may not contain the character U+0000.")
        try:
            path = (self.folders[0] / name).resolve()
        except RuntimeError:  # Python 3.11 and 3.12 raise it for a link that leads to itself
            raise ToolError(
                f"{name[:200]} is a link that leads to itself; use another path."
            ) from None
        if not any(path.is_relative_to(folder) for folder in self.folders):
            raise ToolError(
                f"{name[:200]} is outside the working folder {self.folders[0]}; use a path inside it, or "
                "allow its folder with --allow."
            )
        return path

    def _shorten(self, path: Path) -> str:
        root = self.folders[0]
        return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


def is_loopback(host: str) -> bool:
    """Return True for names and addresses of this machine itself."""
    if host in LOOPBACK:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _open_folder(folder: Path) -> PageSource:
    """Return a folder's index.html, or the page that a project's sources make."""
    bundle = _read_project(folder)
    stack = next((one for one in STACKS if one != "html-css" and is_native(bundle, one)), None)
    if stack in ("react", "vue", "tailwind"):
        return PageSource(make_bundle_site(make_measured_page(bundle, stack)), bundle)
    if not (folder / ENTRY).is_file():
        raise ToolError(f"There is no {ENTRY} in {folder.name or folder}; name the page's file.")
    return PageSource(make_folder_site(folder / ENTRY), bundle)


def _read_project(folder: Path) -> Bundle:
    """Return a folder's texts and pictures without packages and hidden files; raises ToolError."""
    files: dict[str, str] = {}
    assets: dict[str, bytes] = {}
    characters = size = 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or path.is_symlink() or steers_tools(name):
            continue
        suffix = path.suffix.lower()
        if suffix in TEXT_TYPES:
            files[name] = path.read_text("utf-8", "replace")
            characters += len(files[name])
        elif suffix in PICTURE_TYPES:
            assets[name] = path.read_bytes()
            size += len(assets[name])
        if len(files) > MOST_FILES or characters > MOST_CHARACTERS or size > MOST_BYTES:
            raise ToolError(
                f"The folder {folder.name} holds more than {MOST_FILES} code files, {MOST_CHARACTERS} "
                f"characters or {MOST_BYTES // 10**6} MB of pictures; name the page's file or address."
            )
    return Bundle(files, assets)
