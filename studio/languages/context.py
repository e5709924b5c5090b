"""The template context processor for the language of a page."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info
from django.utils.translation.trans_real import DjangoTranslation
from django.views.i18n import JavaScriptCatalog

SCRIPTS = "djangojs"  # the catalog of the texts in static/src


def languages(request: HttpRequest) -> dict[str, Any]:
    """Return the other languages of the studio, and the texts that the page's scripts need."""
    current = get_language() or settings.LANGUAGE_CODE
    others = [get_language_info(code) for code, _ in settings.LANGUAGES if code != current]
    return {"other_languages": others, "script_texts": read_script_texts(current)}


@cache
def read_script_texts(language: str) -> dict[str, Any]:
    """Return the translations of the texts in static/src; empty in English."""
    if language == settings.LANGUAGE_CODE:
        return {}
    view = JavaScriptCatalog()
    view.translation = DjangoTranslation(language, domain=SCRIPTS)
    catalog: dict[str, Any] = view.get_catalog()
    return catalog
