"""A page's texts from a model that writes, one section at a time.

Each request is small and its answer is held to a schema, so that a model of a billion parameters can
answer it. All share their beginning, which a server computes once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from inference.types import Chunk, Finished, Message, ModelClient, ModelRequest, TextPart, Usage
from studio.pipeline.outline.answers import fill_from_answer, read_answer, read_name
from studio.pipeline.outline.placeholders import fill_plans_from_features
from studio.pipeline.outline.prompt_reading import find_brief
from studio.pipeline.outline.schema import Outline, Section
from studio.pipeline.outline.section_asks import (
    FORMS,
    SectionAsk,
    build_ask,
    list_asked_sections,
)
from studio.pipeline.outline.vocabulary import load_vocabulary

TEMPERATURE = 0.4  # higher, a small model leaves the language; lower, it repeats itself
SEED = 7  # the same prompt gets the same page
MOST_AGAIN = 2  # sections of a page that are asked for once more: each takes the small writer 10 s
MOST_PROMPT = 600  # characters of the prompt that each request repeats


@dataclass(frozen=True, slots=True)
class WrittenSection:
    """The outline after a section was written. `place` is the section's in the outline."""

    outline: Outline
    place: int
    usage: Usage


def write_texts(
    outline: Outline,
    prompt: str,
    client: ModelClient,
    *,
    has_own_name: bool,
    places: Collection[int] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[WrittenSection]:
    """Yield the outline after each section that the model wrote, from the top of the page down.

    `has_own_name`: the prompt names what the page is for; else the model is asked for a name.
    `places`: of the sections to write, None: of all. Raises ModelError.
    """
    writer = _Writer(outline, prompt, client, has_own_name=has_own_name, stop=stop)
    unwritten: int | None = None  # the place of a hero without a text: asked once more, last of all
    for place in list_asked_sections(outline):
        if places is not None and place not in places:
            continue
        if stop():
            return
        yield writer.write_section(place)
        if outline.sections[place].kind == "hero" and writer.has_text_of_ours(place):
            unwritten = place
    if unwritten is not None and not stop():
        yield writer.write_text_again(unwritten)


class _Writer:
    """Writes the sections of one outline, which grows with each."""

    def __init__(
        self,
        outline: Outline,
        prompt: str,
        client: ModelClient,
        *,
        has_own_name: bool,
        stop: Callable[[], bool],
    ) -> None:
        self._outline, self._client, self._stop = outline, client, stop
        self._has_own_name = has_own_name
        self._words = load_vocabulary(outline.language)
        self._ours = [section.text for section in outline.sections]
        brief = find_brief(prompt)[:MOST_PROMPT]
        about = f"{outline.name}, {brief}" if has_own_name else brief
        self._page_line = self._words.asks["hero"].format(prompt=about).partition("\n")[0]
        self._times_again = 0

    def has_text_of_ours(self, place: int) -> bool:
        """Return True if the section's text is the one that it had before it was written."""
        return self._outline.sections[place].text == self._ours[place]

    def write_text_again(self, place: int) -> WrittenSection:
        """Ask for a section once more, by chance differently, and take its text alone. Raises ModelError."""
        section = self._outline.sections[place]
        ask = build_ask(section, self._words, wants_name=False)
        answer, usage = self._ask(ask, SEED + 1)
        written = fill_from_answer(section, ask, answer, self._outline.language)
        sections = [*self._outline.sections]
        sections[place] = replace(section, text=written.text)
        self._outline = replace(self._outline, sections=tuple(sections))
        return WrittenSection(self._outline, place, usage)

    def write_section(self, place: int) -> WrittenSection:
        """Write a section's texts into the outline. Raises ModelError."""
        section = self._outline.sections[place]
        wants_name = section.kind == "hero" and not self._has_own_name
        ask = build_ask(section, self._words, wants_name=wants_name)
        answer, usage = self._ask(ask)
        written = fill_from_answer(section, ask, answer, self._outline.language)
        unwritten = find_unwritten_items(section, written)
        if unwritten and self._times_again < MOST_AGAIN:
            self._times_again += 1
            written, more = self._ask_again(written, unwritten)
            usage += more
        name = read_name(answer, self._outline.language) if wants_name else ""
        sections = [*self._outline.sections]
        sections[place] = written
        outline = replace(self._outline, sections=tuple(sections), name=name or self._outline.name)
        if written.kind in ("features", "pricing"):
            outline = fill_plans_from_features(outline)
        self._outline = outline
        return WrittenSection(outline, place, usage)

    def _ask_again(self, section: Section, places: Sequence[int]) -> tuple[Section, Usage]:
        """Ask for the items at these places once more, with those that are there already."""
        field = _name_main_field(section)
        others = [item for n, item in enumerate(section.items) if n not in places]
        known = [getattr(item, field) for item in others]
        lacking = replace(section, items=tuple(section.items[n] for n in places))
        ask = build_ask(lacking, self._words, wants_name=False, known=known)
        answer, usage = self._ask(ask)
        filled = fill_from_answer(lacking, ask, answer, self._outline.language, known=known)
        items = [*section.items]
        for n, item in zip(places, filled.items, strict=True):
            items[n] = item
        return replace(section, items=tuple(items)), usage

    def _ask(self, ask: SectionAsk, seed: int = SEED) -> tuple[Mapping[str, Any], Usage]:
        task = ask.words.partition("\n")[2] if ask.form == "hero" else ask.words
        messages = (
            Message("system", (TextPart(self._words.asks["system"]),)),
            Message("user", (TextPart(f"{self._page_line}\n{task}"),)),
        )
        request = ModelRequest(
            messages,
            max_tokens=ask.tokens,
            temperature=TEMPERATURE,
            seed=seed,
            schema=ask.schema,
        )
        text, usage = ask_model(self._client, request, self._stop)
        return read_answer(text), usage


def find_unwritten_items(before: Section, after: Section) -> tuple[int, ...]:
    """Return the places of the few items whose title is as before, where most were written.

    Voices have a sentence instead of a title. A writer that wrote less than half of them has nothing
    more to say.
    """
    field = _name_main_field(after)
    places = tuple(
        n
        for n, (old, new) in enumerate(zip(before.items, after.items, strict=True))
        if getattr(old, field) == getattr(new, field)
    )
    return places if 2 * len(places) <= len(after.items) else ()


def _name_main_field(section: Section) -> str:
    return "text" if FORMS[section.kind] == "voices" else "title"


def ask_model(
    client: ModelClient, request: ModelRequest, stop: Callable[[], bool]
) -> tuple[str, Usage]:
    """Return a whole answer and what it used. Raises ModelError."""
    text, usage = "", Usage()
    for item in client.stream(request, cancelled=stop):
        if isinstance(item, Chunk):
            text += item.text if item.kind == "answer" else ""
        elif isinstance(item, Finished):
            usage = item.usage
    return text, usage
