"""Chooses who reads which line: the bundled recognizer first, a reader of the line's own script
where that fails.

The bundled recognizer skips what it has no characters for, so ink without a letter near it betrays
another script. What no installed reader reads is said, with the command that installs one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studio.pipeline.perception import tesseract
from studio.pipeline.perception.ink_lines import INK_SHARE, InkLine
from studio.pipeline.perception.scripts import (
    ARABIC,
    CYRILLIC,
    FOREIGN,
    GREEK,
    HANGUL,
    THAI,
    VIETNAMESE,
    Script,
    count_scripts,
)
from studio.pipeline.perception.tesseract import Word, Words

ENGLISH = "eng"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a line counts as unread, and what a reading in another script must show. Measured on 18
    pages in 13 languages: right readings gain 30 to 106 letters on three lines, wrong ones at most
    34 in Latin, else 20.
    """

    near: float = 1.1  # line heights between ink and the nearest letter that was read
    unread: float = 0.35  # share of a line's ink without a letter near it
    # The recognizer's own score; Latin words score .97 and more, Greek ones .73 to .97.
    poor: float = 0.85
    read_surely: float = 0.99  # by the recognizer
    least_near: float = 8.0  # px between ink and the nearest letter, however low the line is
    flat: float = 0.6  # share of a line's box that is ground or ink; less on a photo
    some_ink: float = 0.1  # share of a line's ink without a letter, from which it is asked about
    word: float = 1.8  # line heights of width from which ink is a word rather than an icon
    few: float = 8.0  # line heights of unread ink in all: less is not worth a search
    sample: int = 3  # lines that every reader tries
    longest: float = 25.0  # line heights of a sampled line that are tried
    letters: float = 4.0  # confident letters of its script that a reader must find in the sample
    clearly: float = 2.0  # times as many as the next reader
    sure: float = 55.0  # percent; a line read with less stays as it was
    sure_vietnamese: float = 85.0
    # Percent from which a word's letters count, up to all of them; and what a reader's score is at
    # least once it was taken.
    confident: float = 50.0
    taken: float = 0.9
    rounds: int = 3  # scripts beside each other on one page
    thai_space: float = 0.22  # line heights between words
    hangul_space: float = 0.22
    gap_reach: float = 0.5  # line heights around two words' border in which their gap is sought
    told: float = 0.1  # share of all text that is unread, from which it is said


LIMITS = Thresholds()
PERCENT = 100
# Letters that look the same in Latin and in another script.
TWINS = {
    CYRILLIC.name: str.maketrans("ABCEHKMOPTXaceopxyi", "АВСЕНКМОРТХасеорхуі"),
    GREEK.name: str.maketrans("ABEHIKMNOPTXYZovu", "ΑΒΕΗΙΚΜΝΟΡΤΧΥΖονυ"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    line: InkLine
    text: str
    score: float
    unread: float = 0.0  # share of the line's ink that has no letter near it
    script: str = ""  # whose reader read it; empty: the bundled recognizer


def unread_share(line: InkLine, letters: Sequence[float]) -> float:
    """How much of the ink lies away from every letter that was read; `letters` are columns of the
    line.
    """
    inked = np.flatnonzero((line.alpha > INK_SHARE).any(axis=0))
    if not len(inked):
        return 0.0
    if not letters:
        return 1.0
    away = np.abs(inked[:, None] - np.asarray(letters)[None, :]).min(axis=1)
    return float((away > max(LIMITS.least_near, LIMITS.near * line.height)).mean())


def reread(readings: Sequence[Reading]) -> tuple[list[Reading], list[str]]:
    """The readings with those in other scripts read by their own readers, and what could not be
    read, in words.
    """
    out = list(readings)
    found: list[Script] = []
    for _ in range(LIMITS.rounds):
        unread = [i for i, reading in enumerate(out) if _is_unread(reading)]
        if not _is_worth_it([out[i] for i in unread]):
            break
        # Thai's reader sees its letters in any script's digits.
        others = [s for s in FOREIGN if s not in found and not (found and s is THAI)]
        script = _script_of([out[i] for i in unread], others)
        if script is None:
            break
        found.append(script)
        _read_in(out, script)
    if any(set(reading.text) & set("đĐơƠưƯ") for reading in out):
        _read_in(out, VIETNAMESE)
    left = [reading for reading in out if _is_unread(reading)]
    return out, _notes(out, left, found)


def _is_unread(reading: Reading) -> bool:
    line = reading.line
    if line.mark or reading.script or line.width < LIMITS.word * line.height:
        return False
    if line.flat < LIMITS.flat:
        return False
    greek = count_scripts(reading.text)["Greek"] > 0 and reading.score < LIMITS.read_surely
    return reading.unread > LIMITS.unread or reading.score < LIMITS.poor or greek


def _is_worth_it(unread: Sequence[Reading]) -> bool:
    return sum(reading.line.width / reading.line.height for reading in unread) >= LIMITS.few


def _script_of(unread: Sequence[Reading], among: Sequence[Script]) -> Script | None:
    """The script whose reader finds most of its own letters in the widest lines; None where none is
    clear.
    """
    widest = sorted(unread, key=lambda reading: -reading.line.width / reading.line.height)[
        : LIMITS.sample
    ]
    sample = [_start_of(reading.line) for reading in widest]
    tried = [
        (script, model) for script in among if (model := tesseract.model_for(script)) is not None
    ]
    if not tried:
        return None
    with ThreadPoolExecutor(max_workers=2) as pool:
        answers = list(pool.map(lambda pair: tesseract.read_lines(sample, [pair[1]]), tried))
    votes = [
        _confident_letters(answer, script)
        for (script, _), answer in zip(tried, answers, strict=True)
    ]
    found = {script: vote for (script, _), vote in zip(tried, votes, strict=True)}
    # Thai's reader sees its letters in any script, so it is asked only where no other one is clear.
    thai = found.pop(THAI, 0.0)
    return _clearest(found) or _clearest({THAI: thai})


def _clearest(votes: dict[Script, float]) -> Script | None:
    order = sorted(votes, key=lambda script: -votes[script])
    if not order:
        return None
    second = votes[order[1]] if len(order) > 1 else 0.0
    best = votes[order[0]]
    return order[0] if best >= LIMITS.letters and best >= LIMITS.clearly * second else None


def _start_of(line: InkLine) -> NDArray[np.float32]:
    return line.alpha[:, : int(LIMITS.longest * line.height)]


def _confident_letters(lines: Sequence[Words], script: Script) -> float:
    return sum(
        sum(script.contains(character) for character in word.text)
        * max(0.0, word.confidence - LIMITS.confident)
        / (PERCENT - LIMITS.confident)
        for words in lines
        for word in words
    )


def _read_in(readings: list[Reading], script: Script) -> None:
    """Replaces every reading that the script's reader knows better."""
    model = tesseract.model_for(script)
    if model is None:
        return
    # Beside letters that look Latin a Latin reader helps; beside others it reads words where there
    # are none.
    english = script.name in TWINS and ENGLISH in tesseract.installed_models()
    models = [model, ENGLISH] if english else [model]
    asked = [i for i, reading in enumerate(readings) if _may_be(reading, script)]
    answers = tesseract.read_lines([readings[i].line.alpha for i in asked], models)
    for i, words in zip(asked, answers, strict=True):
        readings[i] = _better(readings[i], words, script)


def _may_be(reading: Reading, script: Script) -> bool:
    """Whether the line is worth asking about: all but marks, numbers, and words in a script that
    was read surely.
    """
    if reading.line.mark or reading.line.flat < LIMITS.flat:
        return False
    if script is VIETNAMESE:
        return any(character.isalpha() for character in reading.text)
    letters = [character for character in reading.text if character.isalpha()]
    twins = TWINS.get(script.name, {})
    alike = bool(letters) and all(
        ord(letter) in twins or script.contains(letter) for letter in letters
    )
    icon_like = script is HANGUL and count_scripts(reading.text)["Han"] > 0
    is_unsure = reading.unread > LIMITS.some_ink and reading.score < LIMITS.read_surely
    return _is_unread(reading) or alike or icon_like or is_unsure


def _better(reading: Reading, words: Words, script: Script) -> Reading:
    confidence = tesseract.mean_confidence(words)
    text = join_words(reading.line, words, script)
    own = sum(script.contains(character) for character in text)
    if confidence < LIMITS.sure or not own:
        return reading
    is_worse = confidence < LIMITS.sure_vietnamese or len(text) < len(reading.text)
    if script is VIETNAMESE and is_worse:
        return reading
    # A stroke along the baseline joins Arabic letters; it looks like an underline.
    line = replace(reading.line, underline=False) if script is ARABIC else reading.line
    return Reading(line, text, max(confidence / PERCENT, LIMITS.taken), script=script.name)


def join_words(line: InkLine, words: Words, script: Script) -> str:
    """The words as one text: spaces only where the ink leaves room for them, letters of twin
    scripts unified.
    """
    least = {THAI.name: LIMITS.thai_space, HANGUL.name: LIMITS.hangul_space}.get(script.name, 0.0)
    text = ""
    for before, word in zip((None, *words), words, strict=False):
        apart = before is not None and _gap_between(line, before, word) >= least * line.height
        text += (" " if apart else "") + word.text.strip("\u200e\u200f")
    return _unify_twins(text, script)


def _gap_between(line: InkLine, before: Word, after: Word) -> float:
    """The widest run of columns without ink around the border of two words."""
    reach = LIMITS.gap_reach * line.height
    middle = (before.right + after.left) / 2
    start, end = max(0, int(middle - reach)), min(line.width, int(middle + reach) + 1)
    widest = run = 0
    for inked in np.atleast_1d((line.alpha[:, start:end] > INK_SHARE).any(axis=0)):
        run = 0 if inked else run + 1
        widest = max(widest, run)
    return widest


def _unify_twins(text: str, script: Script) -> str:
    """'Ha' between Cyrillic words is no Latin word: its letters only look so."""
    twins = TWINS.get(script.name)
    if twins is None:
        return text
    if script is GREEK:
        text = text.replace("\u00b5", "μ")  # the micro sign
    words = text.split(" ")
    own = [any(script.contains(character) for character in word) for word in words]
    for i, word in enumerate(words):
        word = "за" if word in ("3a", "3а") and script is CYRILLIC else word
        letters = re.sub(r"[\W\d_]", "", word)
        near = any(own[max(0, i - 1) : i + 2])
        if (
            letters
            and near
            and all(ord(letter) in twins or script.contains(letter) for letter in letters)
        ):
            words[i] = word.translate(twins)
            # In the middle of a sentence, a capital that looks like its small letter is the small
            # one.
            if i and words[i][0] in "НКТМВ" and words[i][1:].islower():
                words[i] = words[i].lower()
    return " ".join(words)


def _notes(
    readings: Sequence[Reading], left: Sequence[Reading], found: Sequence[Script]
) -> list[str]:
    """One sentence where lines stay unread and a reader that is missing might know them."""
    missing = [
        script for script in FOREIGN if tesseract.model_for(script) is None and script not in found
    ]
    width = sum(reading.line.width / reading.line.height for reading in left)
    total = sum(reading.line.width / reading.line.height for reading in readings)
    if not missing or width < LIMITS.few or width < LIMITS.told * total:
        return []
    names = ", ".join(script.name for script in missing)
    lines = "1 line of text was" if len(left) == 1 else f"{len(left)} lines of text were"
    return [
        f"{lines} not read: this machine has no reader for {names}. "
        f"To install them: {tesseract.install_command(missing)}"
    ]
