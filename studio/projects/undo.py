"""The sentence after a deletion, with the button that takes it back."""

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
    """`address` takes a POST that brings back what `words` say is gone."""
    messages.success(request, format_html(FORM, words, address, get_token(request)))
