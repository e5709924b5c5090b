"""Every text that the studio shows exists in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from babel.messages.catalog import Message
from django.utils.formats import date_format
from django.utils.translation import override

from studio.config.environment import ROOT
from studio.export.merge import Kind as FileChangeKind
from studio.export.models import Export
from studio.languages import words
from studio.languages.catalogs import (
    DOMAINS,
    PAGES,
    SCRIPTS,
    compile_catalog,
    find_fields,
    find_texts,
    format_catalog,
    get_catalog_path,
    is_untranslated,
    list_gaps,
    read_catalog,
    update_catalog,
)
from studio.languages.context import read_script_texts
from studio.library.selectors import SHELVES, SORTS
from studio.outgoing.addresses import Kind as AddressKind
from studio.pipeline.scoring.likeness.weights import PARTS as LIKENESS_PARTS
from studio.pipeline.scoring.quality.parts import PARTS as QUALITY_PARTS
from studio.runs.models import Run
from studio.runs.progress import WORDS as STEPS
from studio.runs.samples import list_names
from studio.teams.models import Role

UPDATE = "run `manage.py translations`"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# Names, units and keys: the same in every language. `alone` and `at-work` are classes of the page.
NAME = re.compile(
    r"\b(Likeness|px|MB|Ctrl|Shift|Alt|Esc|Del|Enter|UTC|alone|at-work|path|name)\b|\d+ px"
)
SHOWN_ATTRIBUTES = re.compile(r'\b(?:title|aria-label|placeholder|alt)="([^"]*)"')
TAG = re.compile(r"<(?:\{[%{].*?[%}]\}|[^<>{])*>", re.DOTALL)
DJANGO = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
TRANSLATED = re.compile(r"\{% blocktranslate.*?endblocktranslate %\}", re.DOTALL)
COMMENT = re.compile(r"\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)
RAW = re.compile(r"<(code|kbd|style|script|svg)\b.*?</\1>", re.DOTALL)
# Raised with a sentence for people; each takes a translated text.
SHOWN_ERRORS = {
    "TeamError",
    "InvitationOver",
    "ValidationError",
    "PermissionDenied",
    "Http404",
    "ImportRefused",
    "EditError",
    "SecondFactorNeeded",
}
# Apps whose errors people read. Export's are stored, and translated when they are shown; the API's
# are for programs.
APPS_WITH_PAGES = ("teams", "projects", "uploads", "runs", "versions", "collaboration", "library")


@pytest.mark.parametrize("domain", DOMAINS)
def test_nothing_is_untranslated_fuzzy_or_with_other_fields(domain: str) -> None:
    assert not list_gaps(update_catalog(domain)), UPDATE
    assert not [message.id for message in read_catalog(domain) if message.id and message.fuzzy]


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_committed_catalog_has_the_texts_of_the_code(domain: str) -> None:
    assert get_catalog_path(domain).read_bytes() == format_catalog(update_catalog(domain)), UPDATE


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_compiled_catalog_is_the_committed_one(domain: str) -> None:
    compiled = get_catalog_path(domain).with_suffix(".mo").read_bytes()
    assert compiled == compile_catalog(read_catalog(domain)), UPDATE


def test_a_gap_would_be_seen() -> None:
    catalog = read_catalog(PAGES)
    for text, translation in (("New", ""), ("{one} of {all}", "{one}"), ("%(one)s left", "左")):
        catalog.add(text, translation)
    assert list_gaps(catalog) == ["New", "{one} of {all}", "%(one)s left"]


def test_a_translation_has_no_english_sentence_in_it() -> None:
    """Words of a translation may be names and code, but not as many as a sentence has."""
    copied = [
        message.id for domain in DOMAINS for message in read_catalog(domain) if _is_copy(message)
    ]
    assert not copied


def _is_copy(message: Message) -> bool:
    strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return bool(message.id) and any(
        string in message.id and re.search(r"[a-z]{3,} [a-z]{3,}", string) for string in strings
    )


def list_literals(template: str) -> list[str]:
    """Return the texts of a template that no translation function has seen."""
    rest = COMMENT.sub("", TRANSLATED.sub("", template))
    rest = RAW.sub("", rest)
    tags = [DJANGO.sub("", tag) for tag in TAG.findall(rest)]
    attributes = [value for tag in tags for value in SHOWN_ATTRIBUTES.findall(tag)]
    texts = re.split(r"\n|\0", DJANGO.sub("\0", TAG.sub("\0", rest)))
    found = [text.strip() for text in (*attributes, *texts)]
    return [
        text
        for text in found
        if re.search(r"[A-Za-z]{2,}", NAME.sub("", text)) and "://" not in text
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_text_of_a_template_is_translated(path: Path) -> None:
    if not is_untranslated(path.relative_to(ROOT / "templates")):
        assert list_literals(path.read_text()) == []


def test_a_literal_of_a_template_would_be_seen() -> None:
    assert list_literals("<p>Hello {{ name }}</p>") == ["Hello"]
    assert list_literals('<a title="Go back" href="{% url "x" %}">{% translate "Back" %}</a>') == [
        "Go back"
    ]
    assert list_literals("{% if one %}Yes, indeed{% endif %}") == ["Yes, indeed"]


def find_literal_errors(code: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of each error for people that is raised with a bare string."""
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        bare = isinstance(node.args[0], ast.JoinedStr) or (
            isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
        )
        if name in SHOWN_ERRORS and bare:
            yield node.lineno, ast.unparse(node.args[0])


@pytest.mark.parametrize("app", APPS_WITH_PAGES)
def test_every_error_for_people_is_translated(app: str) -> None:
    paths = sorted((ROOT / "studio" / app).rglob("*.py"))
    bare = {
        f"{path.name}:{line}": text
        for path in paths
        for line, text in find_literal_errors(path.read_text())
    }
    assert not bare


def test_a_bare_error_would_be_seen() -> None:
    assert list(find_literal_errors('raise TeamError(f"{name} is taken.")')) == [
        (1, "f'{name} is taken.'")
    ]
    assert not list(find_literal_errors('raise TeamError(gettext("It is taken."))'))


@pytest.mark.parametrize(
    ("shown", "known"),
    [
        (Run.State.values, words.STATES),
        (Export.State.values, words.STATES),
        (Role.values, words.ROLES),
        (SHELVES, words.SHELVES),
        (SORTS, words.SORTS),
        (get_args(FileChangeKind), words.FILE_CHANGES),
        (get_args(AddressKind), words.ADDRESS_KINDS),
        (LIKENESS_PARTS, words.LIKENESS_PARTS),
        (QUALITY_PARTS, words.QUALITY_PARTS),
        (STEPS, words.STEPS),
        (list_names(), words.SAMPLES),
    ],
    ids=[
        "states of a run",
        "states of an export",
        "roles",
        "shelves",
        "sorts",
        "file changes",
        "kinds of addresses",
        "parts of likeness",
        "parts of code quality",
        "steps",
        "samples",
    ],
)
def test_every_word_that_a_variable_shows_is_known(
    shown: tuple[str, ...], known: tuple[str, ...]
) -> None:
    assert set(shown) <= set(known)


def test_scripts_get_their_texts_in_the_language_of_the_page() -> None:
    assert read_script_texts("en") == {}
    texts = read_script_texts("zh-hans")
    assert texts["Copy"] == "复制"
    asked = {text if isinstance(text, str) else text[0] for text in _script_texts()}
    assert set(texts) == asked


def _script_texts() -> list[str | tuple[str, ...]]:
    return [found.text for found in find_texts(SCRIPTS)]


def test_fields_are_found_in_both_notations() -> None:
    assert find_fields("%(one)s of {two:,.0f} and {three!r}") == {"one", "two", "three"}


def test_a_date_is_written_as_the_language_does() -> None:
    day = datetime(2026, 11, 29, 8, 50, tzinfo=UTC)
    assert date_format(day, "DATETIME_FORMAT") == "29 Nov 2026, 08:50"
    with override("zh-hans"):
        assert date_format(day, "DATETIME_FORMAT") == "2026年11月29日 08:50"
