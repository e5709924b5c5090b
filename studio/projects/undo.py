"""The message after a deletion, with an Undo button."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.html import format_html

FORM = (
    '{} <form method="post" action="{}" class="undo"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
    '<button class="quiet" type="submit">Undo</button></form>'
)


def offer(request: HttpRequest, words: str, address: str) -> None:
    """Show `words` with a button that posts to `address`, which undoes the deletion."""
    messages.success(request, format_html(FORM, words, address, get_token(request)))
