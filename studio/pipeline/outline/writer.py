"""A page's texts from a model that writes, one section at a time.

Each request is small and its answer is held to a schema, so that a model of a billion parameters can
answer it. All share their beginning, which a server computes once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from inference.types import Chunk, Finished, Message, ModelClient, ModelRequest, TextPart, Usage
from studio.pipeline.outline.answers import fill_from_answer, read_answer, read_name
from studio.pipeline.outline.prompt_reading import find_brief
from studio.pipeline.outline.schema import Outline
from studio.pipeline.outline.section_asks import build_ask, list_asked_sections
from studio.pipeline.outline.vocabulary import load_vocabulary

TEMPERATURE = 0.4  # higher, a small model leaves the language; lower, it repeats itself
SEED = 7  # the same prompt gets the same page
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
    words = load_vocabulary(outline.language)
    brief = find_brief(prompt)[:MOST_PROMPT]
    about = f"{outline.name}, {brief}" if has_own_name else brief
    opening = words.asks["hero"].format(prompt=about)
    page_line = opening.partition("\n")[0]
    for place in list_asked_sections(outline):
        if places is not None and place not in places:
            continue
        if stop():
            return
        section = outline.sections[place]
        wants_name = section.kind == "hero" and not has_own_name
        ask = build_ask(section, words, wants_name=wants_name)
        task = ask.words.partition("\n")[2] if ask.form == "hero" else ask.words
        messages = (
            Message("system", (TextPart(words.asks["system"]),)),
            Message("user", (TextPart(f"{page_line}\n{task}"),)),
        )
        request = ModelRequest(
            messages,
            max_tokens=ask.tokens,
            temperature=TEMPERATURE,
            seed=SEED,
            schema=ask.schema,
        )
        text, usage = ask_model(client, request, stop)
        answer = read_answer(text)
        written = fill_from_answer(section, ask, answer, outline.language)
        sections = [*outline.sections]
        sections[place] = written
        name = read_name(answer, outline.language) if wants_name else ""
        outline = replace(outline, sections=tuple(sections), name=name or outline.name)
        yield WrittenSection(outline, place, usage)


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
