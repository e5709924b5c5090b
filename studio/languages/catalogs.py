"""The catalogs of translations: what the code asks for, what is translated, and its compiled form.

Needs Babel, which is among the tests' packages: the studio itself reads only the compiled catalogs,
which are committed.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from studio.config.environment import ROOT

LOCALES = ROOT / "studio" / "languages" / "locale"
LANGUAGE = "zh_Hans"
# The functions that mark texts; the numbers are the places of the singular and the plural.
PYTHON_FUNCTIONS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
}
SCRIPT_FUNCTIONS = {"translate": None, "translateCount": (1, 2)}
PAGES, SCRIPTS = "django", "djangojs"
DOMAINS = (PAGES, SCRIPTS)
# Not read by the people who use the studio: reports of an evaluation are for its developers.
# Read by developers and evaluators, not by people who work in the studio.
UNTRANSLATED_TEMPLATES = ("runs/evaluation.html",)
UNTRANSLATED_FOLDERS = ("styleguide",)
WIDTH = 100  # columns of a .po file
# A date that does not change, so that catalogs differ only by their texts.
SAME_DAY = datetime(2026, 11, 29, tzinfo=UTC)
_PERCENT_FIELD = re.compile(r"%\((\w+)\)\w")
_BRACE_FIELD = re.compile(r"\{(\w+)[^}]*\}")

Text = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One marked text, or its singular and plural; `place` is its file."""

    text: Text
    place: str


def find_texts(domain: str) -> list[Found]:
    """Return every text that is marked for translation, in the order of files and lines."""
    if domain == SCRIPTS:
        return list(_find_in_scripts())
    return [*_find_in_templates(), *_find_in_code()]


def _find_in_code() -> Iterator[Found]:
    for path in sorted((ROOT / "studio").rglob("*.py")):
        if "pipeline" not in path.parts:
            yield from _find_in_python(path.read_bytes(), _name_place(path))


def is_untranslated(template: Path) -> bool:
    """Return True for a template, below templates/, whose words are English only."""
    return str(template) in UNTRANSLATED_TEMPLATES or template.parts[0] in UNTRANSLATED_FOLDERS


def _find_in_templates() -> Iterator[Found]:
    folder = ROOT / "templates"
    for path in sorted(folder.rglob("*.html")):
        if is_untranslated(path.relative_to(folder)):
            continue
        code = templatize(path.read_text(), origin=path.name)
        # Only the calls are Python; indentation around them would be an error.
        lines = "\n".join(line.strip() for line in code.splitlines())
        yield from _find_in_python(lines.encode(), _name_place(path))


def _find_in_python(code: bytes, place: str) -> Iterator[Found]:
    for _, text, _, _ in extract("python", io.BytesIO(code), keywords=PYTHON_FUNCTIONS):
        yield Found(text, place)


def _find_in_scripts() -> Iterator[Found]:
    for path in sorted((ROOT / "static" / "src").glob("*.js")):
        code = io.BytesIO(path.read_bytes())
        for _, text, _, _ in extract("javascript", code, keywords=SCRIPT_FUNCTIONS):
            yield Found(text, _name_place(path))


def _name_place(path: Path) -> str:
    return str(path.relative_to(ROOT))


def get_catalog_path(domain: str) -> Path:
    return LOCALES / LANGUAGE / "LC_MESSAGES" / f"{domain}.po"


def read_catalog(domain: str) -> Catalog:
    path = get_catalog_path(domain)
    if not path.exists():
        return _make_catalog(domain)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE, domain=domain)


def _make_catalog(domain: str) -> Catalog:
    return Catalog(
        locale=LANGUAGE,
        domain=domain,
        project="Likeness",
        version="1",
        header_comment="# Simplified Chinese texts of Likeness. `manage.py translations` updates them.",
        copyright_holder="The Likeness developers",
        msgid_bugs_address="see CONTRIBUTING.md",
        last_translator="The Likeness developers",
        language_team="The Likeness developers",
        creation_date=SAME_DAY,
        revision_date=SAME_DAY,
        fuzzy=False,
    )


def update_catalog(domain: str) -> Catalog:
    """Return the catalog with exactly the texts of the code; new ones have no translation."""
    old = read_catalog(domain)
    new = _make_catalog(domain)
    for found in find_texts(domain):
        known = old.get(_get_key(found.text))
        new.add(found.text, known.string if known else None, locations=[(found.place, 0)])
    return new


def write_catalog(domain: str, catalog: Catalog) -> None:
    """Write the catalog as text and in the form that gettext reads."""
    path = get_catalog_path(domain)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(format_catalog(catalog))
    path.with_suffix(".mo").write_bytes(compile_catalog(catalog))


def format_catalog(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalog, width=WIDTH, omit_header=False, include_lineno=False, sort_output=True)
    return out.getvalue()


def compile_catalog(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def list_gaps(catalog: Catalog) -> list[str]:
    """Return the texts without a translation, or with one whose fields differ."""
    return [str(message.id) for message in catalog if message.id and not _is_complete(message)]


def _is_complete(message: Message) -> bool:
    if message.fuzzy or not message.string:
        return False
    strings = _list_forms(message.string)
    ids = _list_forms(message.id)
    # Chinese has one form, which stands for both of English; the plural has all fields.
    return all(string and find_fields(string) == find_fields(ids[-1]) for string in strings)


def _list_forms(text: str | Sequence[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def find_fields(text: str) -> set[str]:
    """Return the names of a text's fields, written `%(name)s` or `{name}`."""
    return {*_PERCENT_FIELD.findall(text), *_BRACE_FIELD.findall(text)}


def _get_key(text: Text) -> str:
    return text if isinstance(text, str) else text[0]
