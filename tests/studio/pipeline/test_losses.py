"""A changed page that lost what nobody asked to remove is refused with the reason."""

from __future__ import annotations

from studio.pipeline.bundle import Bundle
from studio.pipeline.editing.losses import find_losses, list_texts

TEXTS = [
    f"Sentence number {word} of the page."
    for word in ["one", "two", "three", "four", "five", "six", "seven", "eight"]
]
CSS = "p { color: red; }\n" * 20


def make_bundle(texts: list[str], css: str = CSS) -> Bundle:
    body = "".join(f"<p>{text}</p>" for text in texts)
    html = f"<!doctype html><html><head><title>T</title></head><body>{body}</body></html>"
    return Bundle({"index.html": html, "styles.css": css})


BEFORE = make_bundle(TEXTS)


def test_texts_are_those_that_are_seen() -> None:
    bundle = Bundle({"index.html": "<style>p{}</style><script>var a=1</script><p>Seen  here</p>"})
    assert list_texts(bundle) == ["Seen here"]


def test_the_same_page_lost_nothing() -> None:
    assert find_losses(BEFORE, BEFORE, "make it bold") == ""


def test_a_page_whose_body_is_a_comment_is_refused() -> None:
    empty = Bundle({"index.html": "<html><body><!-- the page --></body></html>", "styles.css": CSS})
    assert "shrank to 0%" in find_losses(BEFORE, empty, "make one line bold")


def test_texts_that_nobody_named_are_listed() -> None:
    sentence = find_losses(BEFORE, make_bundle(TEXTS[:4]), "make the heading larger")
    assert "4 of 8 texts are gone" in sentence
    assert "Sentence number five" in sentence


def test_a_wish_that_takes_away_may() -> None:
    assert find_losses(BEFORE, make_bundle(TEXTS[:4]), "remove the second half") == ""


def test_one_rewritten_text_is_no_loss() -> None:
    changed = make_bundle([*TEXTS[:-1], "Something quite different."])
    assert find_losses(BEFORE, changed, "change the last line") == ""


def test_a_translation_is_no_loss() -> None:
    german = make_bundle([f"Satz Nummer {n} der Seite, ganz neu." for n in range(8)])
    assert find_losses(BEFORE, german, "translate it to German") == ""


def test_lost_styles_are_refused() -> None:
    assert "style sheets shrank" in find_losses(BEFORE, make_bundle(TEXTS, "p{}"), "bold please")
