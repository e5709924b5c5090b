"""The message after a deletion, with an Undo button."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext

FORM = (
    '<span>{}</span> <form method="post" action="{}" class="undo">{}'
    '<button class="quiet" type="submit" data-key="u">{} <kbd>U</kbd></button></form>'
)
FIELD = '<input type="hidden" name="{}" value="{}">'


def offer(request: HttpRequest, words: str, address: str, **fields: str) -> None:
    """Show `words` with a button that posts `fields` to `address`, which undoes the deletion."""
    sent = {"csrfmiddlewaretoken": get_token(request), **fields}
    inputs = format_html_join("", FIELD, sent.items())
    messages.success(request, format_html(FORM, words, address, inputs, gettext("Undo")))
