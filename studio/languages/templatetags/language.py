"""The template filter for texts that are stored in English."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from studio.languages.sentences import translate_sentence

register = template.Library()


@register.filter
def in_language(text: object) -> str:
    """Translate a stored English sentence; templates without one pass None or "".

    Markup, such as a message with a button, is translated where it is made.
    """
    if isinstance(text, SafeString):
        return text
    return translate_sentence(str(text)) if text else ""
