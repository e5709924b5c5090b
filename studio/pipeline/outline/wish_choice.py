"""A wish that the rules do not read, turned into one of the operations on an outline by a writer.

Two small requests, each held to a schema: which operation, then its details.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from inference.types import Message, ModelClient, ModelRequest, TextPart, Usage
from studio.pipeline.outline.answers import read_answer
from studio.pipeline.outline.language import detect_language, names_language
from studio.pipeline.outline.prompt_reading import find_sections
from studio.pipeline.outline.schema import Outline
from studio.pipeline.outline.vocabulary import (
    WITHOUT_SPACES,
    Vocabulary,
    list_vocabularies,
    load_vocabulary,
)
from studio.pipeline.outline.wish_schemas import (
    OPERATIONS,
    Schema,
    list_detail_schemas,
    read_details,
    write_enum,
    write_object,
)
from studio.pipeline.outline.wishes import Action, Wish, has_word, read_clause, split_clauses
from studio.pipeline.outline.writer import SEED, ask_model

NONE = "none"
SYSTEM = (
    "You turn a person's wish about a web page into one operation. The wish may be in any language. "
    "Most wishes about one button, picture, word, font, animation or behavior fit no operation."
)
EXAMPLES = (
    ("People should see our prices before they read the story", "move"),
    ("Nobody needs the voices of customers", "remove"),
    ("Let the logo spin when I scroll", NONE),
    ("The look is too playful for a bank", "theme"),
)
MOST_WISH = 300  # characters of one wish
MOST_CLAUSES = 4  # wishes of one prompt
OPERATION_TOKENS, DETAIL_TOKENS = 30, 160
NAME_INSIDE = re.compile(r"\s[A-ZÀ-ÞА-ЯЁ]")  # a capital behind the first word, as a name has


@dataclass(frozen=True, slots=True)
class WishReading:
    """What a prompt asks for: wishes that can be carried out, and clauses that fit no operation."""

    wishes: tuple[Wish, ...] = ()
    unfit: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)


def choose_wishes(
    prompt: str,
    outline: Outline,
    client: ModelClient,
    *,
    stop: Callable[[], bool] = lambda: False,
) -> WishReading:
    """Return the operations that carry out a prompt, clause by clause: by rule, else by the writer.

    Raises ModelError.
    """
    chooser = _Chooser(prompt.strip(), outline, client, stop)
    clauses = split_clauses(prompt)
    wishes: list[Wish] = []
    unfit: list[str] = []
    for clause in clauses[:MOST_CLAUSES]:
        found = _read_by_rule(clause, prompt, outline) or chooser.choose(clause[:MOST_WISH])
        wishes += found
        if not found:
            unfit.append(clause)
    return WishReading(tuple(wishes), (*unfit, *clauses[MOST_CLAUSES:]), chooser.usage)


def _read_by_rule(clause: str, prompt: str, outline: Outline) -> list[Wish]:
    for language in dict.fromkeys((detect_language(prompt), outline.language)):
        if found := list(read_clause(clause, load_vocabulary(language), outline)):
            return found
    return []


class _Chooser:
    """Asks the writer about the clauses of one prompt. `usage` is what that took so far."""

    def __init__(
        self, prompt: str, outline: Outline, client: ModelClient, stop: Callable[[], bool]
    ) -> None:
        self.usage = Usage()
        self._prompt, self._outline = prompt, outline
        self._client, self._stop = client, stop
        self._words = load_vocabulary(detect_language(prompt))

    def choose(self, clause: str) -> list[Wish]:
        """Return the operation for one clause; none where none fits."""
        schemas = list_offered_schemas(clause, self._words, self._outline)
        about = f"{_describe_page(self._outline)}\nWish: {clause}"
        if clause != self._prompt:
            about += f"\n(It is part of: {self._prompt[:MOST_WISH]})"
        action = self._choose_operation(about, schemas)
        if action is None:
            return []
        question = f"{about}\n\nOperation: {action} ({OPERATIONS[action]}). Give its details."
        schema = schemas[action]
        wish = read_details(
            action, self._ask(question, schema, DETAIL_TOKENS), schema, self._outline
        )
        return [wish] if wish is not None and _is_said(wish, clause, self._words) else []

    def _choose_operation(self, about: str, schemas: Mapping[Action, Schema]) -> Action | None:
        listed = "\n".join(f"- {action}: {OPERATIONS[action]}" for action in schemas)
        examples = "\n".join(f"“{wish}”: {action}" for wish, action in EXAMPLES)
        question = (
            f"{about}\n\nOperations:\n{listed}\n- {NONE}: no other operation fits\n\n"
            f"Examples:\n{examples}\n\nWhich operation?"
        )
        schema = write_object({"operation": write_enum([*schemas, NONE])})
        answer = self._ask(question, schema, OPERATION_TOKENS)
        return next((one for one in schemas if one == answer.get("operation")), None)

    def _ask(self, question: str, schema: Mapping[str, Any], tokens: int) -> Mapping[str, Any]:
        messages = (Message("system", (TextPart(SYSTEM),)), Message("user", (TextPart(question),)))
        request = ModelRequest(
            messages, max_tokens=tokens, temperature=0.0, seed=SEED, schema=schema
        )
        text, usage = ask_model(self._client, request, self._stop)
        self.usage += usage
        return read_answer(text)


def list_offered_schemas(clause: str, words: Vocabulary, outline: Outline) -> dict[Action, Schema]:
    """Return the schemas of the operations that a clause can mean.

    A small model also chooses "translate" for a wish about testimonials. So an operation whose object a
    person has to say (a language, a number, a name, the section to arrange) is offered only
    where the clause says it, and of the sections only those that it names, if it names any.
    """
    named = {section.kind for section in find_sections(clause, words)}
    offered: dict[Action, Schema] = {}
    for action, schema in list_detail_schemas(outline).items():
        if _can_mean(action, clause, words, named):
            # A section to be added need not be named: "people keep asking the same things".
            narrowed = schema if action == "add" else _offer_named_sections(schema, named)
            if narrowed is not None:
                offered[action] = narrowed
    return offered


def _can_mean(action: Action, clause: str, words: Vocabulary, named: Collection[str]) -> bool:
    match action:
        case "remove":
            without = re.search(words.without, clause, re.IGNORECASE) if words.without else None
            is_negated = any(language.negation.search(clause) for language in list_vocabularies())
            return bool(has_word("remove", clause) or is_negated or without)
        case "translate":
            return has_word("translate", clause) or names_language(clause)
        case "dark":
            return bool(words.moods["dark"].search(clause)) or has_word("light", clause)
        case "columns":
            return bool(named) and _has_number(clause, words)
        case "count":
            return _has_number(clause, words)
        case "layout":
            return bool(named)
        case "rename":
            return has_word("rename", clause) or NAME_INSIDE.search(clause) is not None
        case _:
            return True


def _offer_named_sections(schema: Schema, named: Collection[str]) -> Schema | None:
    """Return the schema with the named sections alone; None where it offers none of them."""
    properties = dict(schema["properties"])
    for name in ("section", "layout"):
        choices = properties.get(name, {}).get("enum")
        if choices and named:
            kept = [choice for choice in choices if choice.partition(" ")[0] in named]
            if not kept:
                return None
            properties[name] = write_enum(kept)
    return write_object(properties)


def _is_said(wish: Wish, clause: str, words: Vocabulary) -> bool:
    """Return True if the clause says the number or the name that the wish sets, or a word of the text
    that it replaces.
    """
    said = clause.casefold()
    if wish.action == "rename":
        return wish.value.casefold() in said
    if wish.action == "text":
        long_words = [word for word in re.findall(r"\w+", wish.other.casefold()) if len(word) > 3]
        return wish.other.casefold() in said or any(word in said for word in long_words)
    return _names_number(wish.number, clause, words)


def _has_number(clause: str, words: Vocabulary) -> bool:
    numbers = set(words.numbers.values())
    return bool(re.search(r"\d", clause)) or any(
        _names_number(number, clause, words) for number in numbers
    )


def _names_number(number: int, clause: str, words: Vocabulary) -> bool:
    """Return True if the wish names this number, in digits or as a word; 0 stands for no number."""
    if not number:
        return True
    if re.search(rf"(?<!\d){number}(?!\d)", clause):
        return True
    named = [word for word, value in words.numbers.items() if value == number]
    # "one" is none of "phone".
    before, after = ("", "") if words.language in WITHOUT_SPACES else (r"(?<!\w)", r"(?!\w)")
    return any(
        re.search(f"{before}{re.escape(word)}{after}", clause, re.IGNORECASE) for word in named
    )


def _describe_page(outline: Outline) -> str:
    lines = [
        f"- {section.kind}" + (f": {section.title}" if section.title else "")
        for section in outline.sections
    ]
    look = f"{outline.look.theme}, {'dark' if outline.look.is_dark else 'light'}"
    return f"Page: {outline.name} ({look})\nSections from the top:\n" + "\n".join(lines)
