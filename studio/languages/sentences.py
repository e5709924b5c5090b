"""Sentences that were written in English before it was known who reads them.

A worker, the pipeline and the engine's clients write English: into a run's row, an export's
message or the activity log. A page shows such a sentence by `translate_sentence`, which recognizes
it by its pattern below and translates the pattern with its fields in place.

A field is copied, except those of PHRASES, which are translated themselves. The name of a field
says what it may hold (FIELDS); a number at its end makes names unique ("text_2").
"""

from __future__ import annotations

import re
from functools import cache

from django.utils.translation import get_language, gettext, gettext_noop

from studio.languages.outline_sentences import (
    OUTLINE_NAMES,
    OUTLINE_SENTENCES,
    WRITER_SENTENCES,
)

# What a field may hold, as a regular expression; any other field holds anything.
FIELDS = {
    "number": r"[\d.,]+",
    "role": r"viewer|editor|owner",
    "text": r"'.*?'",
    "texts": r"'.*'\)?",
    "color": r"#\w+|nothing",
    "place": r"x -?\d+, y -?\d+, .+",
    "offset": r"\d+ px too .+",
    "section": r"[a-z]+",
    "look": r"[a-z]+",
    "count": r"\d+",
    "error": r"[A-Z]\w+",
    "title": r"“.*”",
    "budget": r"[\d.]+ (?:tokens|seconds)|unlimited (?:tokens|time)",
}
PHRASES = (
    "budget",
    "subject",
    "texts",
    "role",
    "offset",
    "step",
    "error_sentence",
    "advice",
    "section",
    "look",
)

TEXT_DIFFERENCES = (
    gettext_noop("{texts} is missing at x {number}, y {number_2}"),
    gettext_noop("{texts} at x {number}, y {number_2} is not in the mockup"),
    gettext_noop("{texts} is set in {number} px, should be {number_2} px"),
    gettext_noop("{texts} are set in {number} px, should be {number_2} px"),
    gettext_noop("{texts} is {number} % too wide"),
    gettext_noop("{texts} are {number} % too wide"),
    gettext_noop("{texts} is {number} % too narrow"),
    gettext_noop("{texts} are {number} % too narrow"),
    gettext_noop("{texts} is {color}, should be {color_2}"),
    gettext_noop("{texts} are {color}, should be {color_2}"),
    gettext_noop("{text} should read {text_2}"),
    gettext_noop("{texts} {offset}"),
    gettext_noop("{text} and {number} more texts (down to {text_2})"),
    gettext_noop("{text} and {text_2}"),
    gettext_noop("the page is {number} px too tall"),
    gettext_noop("the page is {number} px too short"),
)
INK_DIFFERENCES = (
    gettext_noop("{texts} has lost the line through or under it ({place})"),
    gettext_noop("{texts} has a line through or under it that should not be there ({place})"),
    gettext_noop("{texts} is drawn too heavy or doubled ({place})"),
    gettext_noop("{texts} is drawn too light or incomplete ({place})"),
    gettext_noop("{texts} is drawn in other letters or another font ({place})"),
)
REGION_DIFFERENCES = (
    gettext_noop("{subject} is missing ({place})"),
    gettext_noop("{subject} is different ({place})"),
    gettext_noop("{subject} is drawn differently ({place})"),
    gettext_noop("{subject} is drawn slightly differently ({place})"),
    gettext_noop("{subject} is filled {color}, should be {color_2}"),
    gettext_noop("{subject} is {offset}"),
    gettext_noop("{subject} looks different ({place}; about {color}, should be about {color_2})"),
    gettext_noop("something is drawn that the mockup does not have ({place})"),
)
SUBJECTS = (
    gettext_noop("the box around {text}"),
    gettext_noop("what is around {text}"),
    gettext_noop("the part from {text} to {text_2}"),
    gettext_noop("picture {number}"),
    gettext_noop("a line or border"),
    gettext_noop("a box or picture of {number} × {number_2}"),
    gettext_noop("the page"),
    gettext_noop("line"),
    gettext_noop("line {number}"),
    gettext_noop("band"),
    gettext_noop("band {number}"),
    gettext_noop("card"),
    gettext_noop("card {number}"),
    gettext_noop("box"),
    gettext_noop("box {number}"),
    gettext_noop("the box around {text} {number}"),
)
OFFSETS = (
    gettext_noop("{number} px too low"),
    gettext_noop("{number} px too high"),
    gettext_noop("{number} px too far right"),
    gettext_noop("{number} px too far left"),
    gettext_noop("{number} px too wide"),
    gettext_noop("{number} px too narrow"),
    gettext_noop("{number} px too tall"),
    gettext_noop("{number} px too short"),
    gettext_noop("{offset}, {offset_2}"),
    gettext_noop("{offset} and {offset_2}"),
)
MOCKUP_NOTES = (
    gettext_noop(
        "The mockup is only {number} CSS px wide, as a thumbnail is: small words and thin lines "
        "cannot be read surely. Send the picture at its full size."
    ),
    gettext_noop(
        "The mockup was blown up from a smaller picture: its edges are soft, so radii, thin lines "
        "and fonts are guesses. Send the picture at its first size."
    ),
    gettext_noop(
        "The mockup of {before} CSS px was reduced to {after}: pages are read with up to {number} "
        "million CSS pixels. Send its parts as mockups of their own for exact sizes."
    ),
    gettext_noop(
        "The mockup is a drawn sketch: its boxes, words and crossed boxes (as placeholder "
        "pictures) were taken over; colors, fonts and exact sizes are for you to choose."
    ),
    gettext_noop(
        "The top {number} px are the browser's or the window's bar, not the page; they were cut off."
    ),
    gettext_noop(
        "The top {number} px are the phone's status bar, not the page; they were cut off."
    ),
    gettext_noop("The top {number} px are the system's menu bar, not the page; they were cut off."),
    gettext_noop(
        "The bottom {number} px are the system's task bar, not the page; they were cut off."
    ),
    gettext_noop(
        "1 line of text was not read: this machine has no reader for {scripts}. To install them: {command}"
    ),
    gettext_noop(
        "{number} lines of text were not read: this machine has no reader for {scripts}. "
        "To install them: {command}"
    ),
    gettext_noop("most text is about {number} CSS px tall"),
    gettext_noop("{number} CSS px is a device's width"),
    gettext_noop("the file states {number} dpi"),
    gettext_noop("nothing speaks for another"),
)
RUN_MESSAGES = (
    gettext_noop(
        "There is neither a mockup nor a model: send a mockup, or set MODEL_URL to a model that "
        "can write."
    ),
    gettext_noop(
        "The model {name} labels the parts of a mockup and cannot write a page: set MODEL_URL to "
        "another."
    ),
    gettext_noop(
        "No model wrote texts: the page has placeholders. Run `make writer` for a small writer on "
        "this machine, or set MODEL_URL to a model that can write."
    ),
    gettext_noop(
        "This version's code is written for {stack}: only a model that writes can change it as "
        "words say."
    ),
    gettext_noop(
        "{name} takes no pictures, so it worked from the texts and boxes found in the mockup."
    ),
    gettext_noop(
        "An answer of {name} was cut off by its length limit before its page was complete."
    ),
    gettext_noop("Your instructions were not used: they need a model that writes (set MODEL_URL)."),
    gettext_noop("Not understood: {wishes}. Use a model that writes (set MODEL_URL)."),
    gettext_noop("The time was spent before the model had labelled the page."),
    gettext_noop("The change was refused: {error_sentence}"),
    gettext_noop("Asking {name} failed ({error}); see the worker's log."),
    gettext_noop(
        "{name} used its {number} tokens before it began to answer; raise RUN_TOKENS, or let it "
        "think less."
    ),
    gettext_noop("{name} ended its answer without a text."),
    gettext_noop("An internal error stopped this run; see the studio's log."),
    gettext_noop("The worker died {number} times during this run; it will not be retried."),
    gettext_noop(
        "The store of live events is full ({advice}); try again after other runs have ended."
    ),
    gettext_noop("raise VALKEY_MEGABYTES"),
    gettext_noop("see REDIS_URL"),
)
CAPTURE_MESSAGES = (
    gettext_noop(
        "The page is {number} px tall; its top {number_2} px were captured, as pages are read up to "
        "that height."
    ),
    gettext_noop("{host} sends visitors on and on; use the address of the page itself."),
    gettext_noop(
        "{host} sends visitors on to {other}, where this studio does not follow; "
        "use that address itself."
    ),
    gettext_noop("{host} sends visitors on to something that is no web page."),
    gettext_noop(
        "{host} does not show this page to visitors (status {number}); "
        "send a screenshot of it instead."
    ),
    gettext_noop("{host} has no page at this address (status {number})."),
    gettext_noop("{host} sends compressed data that was not asked for."),
    gettext_noop("The page of {host} takes too many requests or too long."),
    gettext_noop("{host} sent more than the {number} MB allowed for a page."),
    gettext_noop("Port {number} of {host} is not for web pages; use another address."),
    gettext_noop("{host} answers with neither a page nor a picture."),
    gettext_noop("{host} answers with {kind}, which is neither a page nor a picture."),
    gettext_noop("The page of {host} could not be captured: {error_sentence}"),
    gettext_noop(
        "The page of {host} shows nothing here: it may need a sign-in, a click or another "
        "browser; send a screenshot of it instead."
    ),
)
MODEL_ERRORS = (
    gettext_noop("The model server at {host} answered {number}."),
    gettext_noop("The model server at {host} answered {number}; check {setting}."),
    gettext_noop("The model server at {host} answered {number}; its account has no credit left."),
    gettext_noop(
        "The model server at {host} answered {number}; it accepts no more requests for now."
    ),
    gettext_noop("The model server at {host} answered {number}; it is overloaded."),
    gettext_noop(
        "The model server at {host} answered {number}; the prompt is longer than its model's context."
    ),
    gettext_noop(
        "The model server at {host} answered {number}; it has no model of this name, check {setting}."
    ),
    gettext_noop(
        "The model server at {host} cannot be reached; check {setting} and that it is running."
    ),
    gettext_noop(
        "The model server at {host} cannot be reached: there is no host of this name; check {setting}."
    ),
    gettext_noop(
        "The model server at {host} cannot be reached: nothing listens there; check {setting} and "
        "that it is running."
    ),
    gettext_noop(
        "The model server at {host} cannot be reached: no connection within {number} seconds; "
        "check {setting}."
    ),
    gettext_noop("The model server at {host} sent nothing for {number} seconds."),
    gettext_noop("The model server at {host} dropped the connection in the middle of the answer."),
)
EXPORT_NOTES = (
    gettext_noop("The folder contains no application: the whole project is added."),
    gettext_noop("Found an application: {framework} with TypeScript."),
    gettext_noop("Found an application: {framework}."),
    gettext_noop("No Tailwind: the page's classes require it (version 4)."),
    gettext_noop("Tailwind {version}."),
    gettext_noop("Components are added to {folder}/."),
    gettext_noop("Formatted with the repository's Prettier settings."),
    gettext_noop(
        "It has an ESLint configuration; the code has no unused names and no missing keys."
    ),
    gettext_noop("The branch was deleted (or merged): it will start at the base branch."),
    gettext_noop("The branch was rewritten since the last export: its current content is used."),
    gettext_noop("changed in the repository, not by this version"),
    gettext_noop("deleted in the repository"),
    gettext_noop("deleted in the repository, changed by this version: it stays deleted"),
    gettext_noop("changed in the repository, no longer in this version: it stays"),
    gettext_noop("binary file changed on both sides: the repository's version stays"),
    gettext_noop("exists already and differs: the repository's version stays"),
    gettext_noop("both sides changed the same lines: the repository's lines stay"),
    gettext_noop("already has this version's change"),
    gettext_noop("the repository's changes are kept"),
)
EXPORT_STEPS = (
    gettext_noop("reading the repository"),
    gettext_noop("Reading the repository"),
    gettext_noop("Checking the permission to push"),
    gettext_noop("Opening the request"),
)
EXPORT_ERRORS = (
    gettext_noop("{step}: {error_sentence}"),
    gettext_noop("The server refused the token."),
    gettext_noop("Enter a token that may read and write this repository."),
    gettext_noop("There is no such repository."),
    gettext_noop("Check whether it was moved or deleted, or whether the token may see it."),
    gettext_noop("If this change is correct, add the repository again."),
    gettext_noop("The server answered {number}."),
    gettext_noop("Check the permissions of the token."),
    gettext_noop("The server redirects to another one."),
    gettext_noop("Enter the repository's own address."),
    gettext_noop("No git server answers there."),
    gettext_noop("Check the repository's address."),
    gettext_noop("The connection was lost."),
    gettext_noop("Check that the repository exists and the credentials may see it, or try again."),
    gettext_noop("The server does not answer like a git server."),
    gettext_noop("Check the repository's address; the studio's log has the details."),
    gettext_noop("{branch} has changed since it was read."),
    gettext_noop("Nothing was overwritten; try again."),
    gettext_noop("The server refused the push: a hook declined it."),
    gettext_noop("The server refused the push: the studio's log has the reason."),
    gettext_noop("If the branch is protected, choose another one or let this token push to it."),
    gettext_noop("The branch and its last {number} commits are larger than the limit of {size}."),
    gettext_noop("Export to a smaller repository, or raise EXPORT_MEGABYTES."),
    gettext_noop("Try again."),
    gettext_noop("The forge refused ({number})."),
    gettext_noop("Check the forge's address."),
    gettext_noop("The forge's response cannot be read."),
    gettext_noop(
        "The branch is pushed; use a token that may also open pull requests, and export again."
    ),
    gettext_noop(
        "The branch is pushed; check that the token may see the repository's pull requests."
    ),
    gettext_noop(
        "The branch is pushed; check that the base branch exists and differs. The studio's log "
        "has the forge's reason."
    ),
    gettext_noop(
        "The branch is pushed; the repository has moved: add it again with its new address."
    ),
    gettext_noop("The branch is pushed; export again to retry."),
    gettext_noop("The repository has too many open pull requests to search."),
    gettext_noop("Close some of them."),
    gettext_noop("The host key of {host} is {key}; it was {key_2} when the repository was added."),
    gettext_noop("The server did not accept the key."),
    gettext_noop("The server ended the connection before it ran git."),
    gettext_noop("No ssh server answered there."),
    gettext_noop(
        "This private key cannot be used: enter an Ed25519, ECDSA or RSA key without a passphrase."
    ),
    gettext_noop("The repository has changed since the plan was shown: review the new plan."),
    gettext_noop(
        "The worker died {number} times during this export; pushed commits remain. Try again."
    ),
    gettext_noop("An internal error stopped this export; see the studio's log."),
    gettext_noop("This run has no version to export yet."),
    gettext_noop(
        "Branch: use letters, digits, '-', '_', '.' and '/', for example likeness/harbour."
    ),
    gettext_noop("Enter the repository's address."),
    gettext_noop("Choose a repository."),
    gettext_noop("Folder: use a path inside the repository, such as apps/web, or leave it empty."),
    gettext_noop(
        "Enter the repository's address as https://host/owner/name or ssh://git@host/path."
    ),
    gettext_noop("Enter the name and token in their own fields, not in the address."),
    gettext_noop("Plain http would reveal the token: use an https:// address."),
    gettext_noop("Port: use a number from 0 to 65535."),
    gettext_noop("Check the address."),
    gettext_noop(
        "The token of {url} may only read; add the repository again with a token that may push."
    ),
    gettext_noop("{branch} is the branch that pull requests target; choose another one."),
    gettext_noop("{url} was added; it can be read and written. The token is stored encrypted."),
    gettext_noop("{url} was added; it can be only read ({note}). The token is stored encrypted."),
)
ACTIVITY_TARGETS = (
    gettext_noop("as {role}"),
    gettext_noop("{who} as {role}"),
    gettext_noop("{who} to {role}"),
    gettext_noop("required"),
    gettext_noop("optional"),
    gettext_noop("{title} in {project} for 1 day"),
    gettext_noop("{title} in {project} for {number} days"),
    gettext_noop("{title} in {project}"),
    gettext_noop("a run without words in {project} for 1 day"),
    gettext_noop("a run without words in {project} for {number} days"),
    gettext_noop("a run without words in {project}"),
    gettext_noop("{budget} and {budget_2}"),
    gettext_noop("{number} tokens"),
    gettext_noop("{number} seconds"),
    gettext_noop("unlimited tokens"),
    gettext_noop("unlimited time"),
)
SENTENCES = (
    *OUTLINE_SENTENCES,
    *OUTLINE_NAMES,
    *WRITER_SENTENCES,
    *TEXT_DIFFERENCES,
    *INK_DIFFERENCES,
    *REGION_DIFFERENCES,
    *SUBJECTS,
    *OFFSETS,
    *MOCKUP_NOTES,
    *RUN_MESSAGES,
    *CAPTURE_MESSAGES,
    *MODEL_ERRORS,
    *EXPORT_NOTES,
    *EXPORT_STEPS,
    *EXPORT_ERRORS,
    *ACTIVITY_TARGETS,
)
_FIELD = re.compile(r"\{(\w+)\}")
_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[A-Z])")
DEEPEST = 4  # phrases within phrases: a group of texts in an offset in a sentence has three


def translate_sentence(text: str, depth: int = 0) -> str:
    """Return a stored English text in the reader's language; what is unknown stays as it is."""
    if not text or depth > DEEPEST or (get_language() or "en").startswith("en"):
        return text
    whole = gettext(text)
    if whole != text:
        return whole
    for sentence, pattern in _compile_patterns():
        if (match := pattern.fullmatch(text)) is not None:
            return gettext(sentence).format(**_translate_fields(match.groupdict(), depth))
    parts = _SENTENCE_END.split(text)
    if len(parts) > 1:
        return " ".join(translate_sentence(part, depth + 1) for part in parts)
    return text


def _translate_fields(fields: dict[str, str], depth: int) -> dict[str, str]:
    return {
        name: translate_sentence(value, depth + 1) if get_field_kind(name) in PHRASES else value
        for name, value in fields.items()
    }


def get_field_kind(name: str) -> str:
    """Return "text" for the field "text_2"."""
    return re.sub(r"_\d+$", "", name)


@cache
def _compile_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return every sentence that has fields with its pattern."""
    with_fields = (sentence for sentence in SENTENCES if _FIELD.search(sentence))
    return tuple((sentence, _compile_pattern(sentence)) for sentence in with_fields)


def _compile_pattern(sentence: str) -> re.Pattern[str]:
    # Every second part is a field's name.
    parts = _FIELD.split(sentence)
    literals, names = parts[::2], parts[1::2]
    pattern = re.escape(literals[0])
    for name, literal in zip(names, literals[1:], strict=True):
        pattern += f"(?P<{name}>{FIELDS.get(get_field_kind(name), '.+?')})"
        pattern += re.escape(literal)
    return re.compile(pattern, re.DOTALL)
