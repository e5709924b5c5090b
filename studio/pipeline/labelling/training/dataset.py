"""Questions with their answers as tokens, made from harvested pages and kept in shards.

Whole sites are held back for validation. Sites that share lines of text are one cluster, because
template collections repeat themselves and a split by name would leak.
"""

from __future__ import annotations

import itertools
import json
import random
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from inference.chat.images import expand_placeholders
from inference.chat.template import encode, render
from inference.chat.tokenizer import Tokenizer
from inference.types import ImagePart, TextPart
from studio.pipeline.labelling.model import build_question_parts, list_steps, write_answer
from studio.pipeline.labelling.model.alphabet import FACTS, KINDS, WORDS
from studio.pipeline.labelling.model.box_pictures import SIZE, TOKENS, cut_box_pictures
from studio.pipeline.labelling.model.question import get_rule_guess
from studio.pipeline.labelling.model.steps import WalkStep
from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.labelling.rules.text_facts import PageFacts, collect_page_facts
from studio.pipeline.labelling.training.dom_labels import Author, read_labels
from studio.pipeline.labelling.training.harvest import FEWEST_LINES, read_picture
from studio.pipeline.labelling.training.pages import simulate_perception
from studio.pipeline.layout.tree import build_tree

SHARED = 0.12  # share of a site's lines; two sites that share more are one cluster
PLACEHOLDER = "<|media_pad|>"
UNSTYLED = '"Times New Roman"'  # Chromium's font for text without a style sheet
LEAST_LINE = 14  # characters; shorter lines are no sign of a shared template
VALIDATION = 5  # one cluster in this many is held back
SHARD = 60  # pages
NEWLINE = ord("\n")  # the token; it is the second one after a picture's last


@dataclass(frozen=True)
class Sample:
    """One question with its answer.

    `labels`: place, kind, the rules' guess, flow, and all kinds allowed there (as bits).
    `looks` [pictures, height, width, 3] uint8: the pictures at the tokens' placeholders, in order.
    """

    site: str
    tokens: list[int]
    labels: list[tuple[int, int, int, str, int]]
    looks: Tensor


def get_site(path: str) -> str:
    """Return collection and template, which one author made."""
    parts = path.split("/")
    return "/".join(parts[: 3 if parts[0].startswith("mdn") else 2])


def cluster_sites(facts: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Return site → cluster; sites that share lines of text are one cluster."""
    lines: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        lines[get_site(fact["path"])] |= _list_long_lines(fact)
    return group_sites(lines)


def _list_long_lines(fact: Mapping[str, Any]) -> set[str]:
    return {line["text"] for line in fact["lines"] if len(line["text"]) > LEAST_LINE}


def group_sites(lines: Mapping[str, set[str]]) -> dict[str, int]:
    sites = sorted(lines)
    parent = {site: site for site in sites}

    def root(site: str) -> str:
        while parent[site] != site:
            site = parent[site]
        return site

    for i, newer in enumerate(sites):
        for older in sites[:i]:
            least = min(len(lines[newer]), len(lines[older]))
            if least and len(lines[newer] & lines[older]) > SHARED * least + 1:
                parent[root(newer)] = root(older)
    return {site: zlib.crc32(root(site).encode()) for site in sites}


def is_validation(cluster: int) -> bool:
    return cluster % VALIDATION == 0


def keep_known_splits(groups: Mapping[str, int], before: Mapping[str, int]) -> dict[str, int]:
    """Return `groups` with the known clusters' split unchanged.

    A cluster that was used for training, or held back, before new sites were added stays so.
    """
    trained = {
        groups[site]
        for site, cluster in before.items()
        if site in groups and not is_validation(cluster)
    }
    held = {
        groups[site]
        for site, cluster in before.items()
        if site in groups and is_validation(cluster)
    } - trained
    moved = {cluster: cluster + 1 for cluster in trained if is_validation(cluster)}
    moved |= {cluster: cluster * VALIDATION for cluster in held}
    return {site: moved.get(cluster, cluster) for site, cluster in groups.items()}


def tokenize_question(tokenizer: Tokenizer, parts: Sequence[TextPart | ImagePart]) -> list[int]:
    """Return exactly the tokens that the engine makes of the question."""
    content = [
        {"type": "text", "text": part.text} if isinstance(part, TextPart) else {"type": "image_url"}
        for part in parts
    ]
    ids = encode(render([{"role": "user", "content": content}], thinking=False), tokenizer)
    pictures = sum(isinstance(part, ImagePart) for part in parts)
    return expand_placeholders(ids, tokenizer.special(PLACEHOLDER), [TOKENS] * pictures)


def make_samples(
    fact: Mapping[str, Any],
    picture: Image.Image,
    tokenizer: Tokenizer,
    rng: random.Random,
    *,
    noise: bool = True,
) -> list[Sample]:
    """Return the questions of a page with their answers.

    `picture` is the page's, one px to a CSS px. There are none for a page with little text or without its
    styles.
    """
    if not is_informative(fact):
        return []
    page = simulate_perception(dict(fact), rng, noise=noise)
    tree = label_tree(build_tree(page.hints))
    facts, author = collect_page_facts(tree), Author(page)
    samples = []
    for steps in list_steps(tree):
        looks = cut_box_pictures(steps, picture, 1.0)
        tokens = tokenize_question(tokenizer, build_question_parts(steps, facts, looks))
        sample = Sample(get_site(fact["path"]), tokens, [], _stack_pictures(looks))
        _append_answer(sample, steps, read_labels(author, steps), facts, tokenizer)
        if sample.labels:
            samples.append(sample)
    return samples


def is_informative(fact: Mapping[str, Any]) -> bool:
    """Return True if a page has enough lines, and most are not in the browser's default font."""
    unstyled: int = sum(line["family"] == UNSTYLED for line in fact["lines"])
    return len(fact["lines"]) >= FEWEST_LINES and unstyled <= len(fact["lines"]) / 2


def _stack_pictures(looks: Sequence[Image.Image | None]) -> Tensor:
    pixels = [torch.from_numpy(np.array(look)) for look in looks if look is not None]
    return torch.stack(pixels) if pixels else torch.zeros(0, SIZE[1], SIZE[0], 3, dtype=torch.uint8)


def _append_answer(
    sample: Sample,
    steps: Sequence[WalkStep],
    said: Sequence[str | None],
    facts: PageFacts,
    tokenizer: Tokenizer,
) -> None:
    """Append the answer's tokens, one per character.

    Where the author's kind is unknown, the answer has the rules' kind, which is not learnt.
    """
    guesses = [get_rule_guess(step.node) for step in steps]
    answered = []
    for kind, guess, step in zip(said, guesses, steps, strict=True):
        default = guess if guess in step.kinds else step.kinds[0]
        answered.append(kind or default)
    text = write_answer(steps, answered, facts)
    place = len(sample.tokens)
    sample.tokens.extend(tokenizer.encode(text))
    assert len(sample.tokens) == place + len(text), "a character of the walk is not one token"
    for step, kind, guess in zip(steps, said, guesses, strict=True):
        if len(step.kinds) == 1:
            continue
        place += FACTS
        if kind is not None:
            allowed = sum(1 << KINDS.index(allowed_kind) for allowed_kind in step.kinds)
            sample.labels.append(
                (place, KINDS.index(kind), KINDS.index(guess), step.node.flow, allowed)
            )
        place += 1
    sample.tokens.append(tokenizer.special("<|im_end|>"))


def make_batches(samples: Sequence[Sample], tokens: int, rng: random.Random) -> list[list[Sample]]:
    """Return batches of samples of similar length, `tokens` padded ones each, in random order."""
    order = sorted(samples, key=lambda s: (len(s.tokens), rng.random()))
    batches: list[list[Sample]] = [[]]
    for sample in order:
        if batches[-1] and (len(batches[-1]) + 1) * len(sample.tokens) > tokens:
            batches.append([])
        batches[-1].append(sample)
    rng.shuffle(batches)
    return batches


def include_labels(sample: Sample, first: int) -> Sample:
    """Return the sample with each label to be learnt in the question too.

    It is there after its node's characters and after its picture: up to three lessons for the same
    tokens, with less known in each. `first` is the token of the walk's first character.
    """
    tokens = sample.tokens
    words = range(first, first + sum(word.count for word in WORDS.values()))
    inside = [i for i, token in enumerate(tokens) if token in words]
    nodes = iter([inside[i : i + FACTS] for i in range(0, len(inside), FACTS)])
    labels = []
    for place, kind, guess, flow, allowed in sample.labels:
        own = tokens[place - FACTS : place]
        node = next(node for node in nodes if [tokens[i] for i in node] == own)
        labels.append((node[-1] + 1, kind, guess, flow, allowed))
        if tokens[node[0] - 1] == NEWLINE:
            labels.append((node[0] - 2, kind, guess, flow, allowed))
    return replace(sample, labels=[*labels, *sample.labels])


@dataclass(frozen=True)
class Padded:
    """A batch of samples, padded to the same length."""

    tokens: Tensor  # [B, S] int64
    labels: Tensor  # [labels, 3] int64: row, place and kind of each
    allowed: Tensor  # [labels, kinds] bool
    looks: Tensor  # [pictures, height, width, 3] uint8, in the order of their places


def pad_batch(batch: Sequence[Sample]) -> Padded:
    longest = max(len(s.tokens) for s in batch)
    tokens = torch.zeros(len(batch), longest, dtype=torch.long)
    for i, sample in enumerate(batch):
        tokens[i, : len(sample.tokens)] = torch.tensor(sample.tokens)
    rows = [(i, place, kind) for i, sample in enumerate(batch) for place, kind, *_ in sample.labels]
    allowed = [
        [bool(bits >> k & 1) for k in range(len(KINDS))]
        for sample in batch
        for *_, bits in sample.labels
    ]
    looks = torch.cat([sample.looks for sample in batch])
    return Padded(
        tokens, torch.tensor(rows).view(-1, 3), torch.tensor(allowed).view(-1, len(KINDS)), looks
    )


def write_samples(
    facts: Path, folder: Path, tokenizer: Tokenizer, *, rounds: int = 1, seed: int = 0
) -> int:
    """Write samples of the pages of `facts` that `folder` has none of; return how many shards.

    A page is simulated `rounds` times with noise. A shard holds `SHARD` pages, the last one the rest; it
    is written anew when a longer harvest fills it.
    """
    from studio.pipeline.labelling.training.harvest import read_facts

    folder.mkdir(exist_ok=True)
    lines: dict[str, set[str]] = defaultdict(set)
    count = 0
    for shard, pages in enumerate(_split_into_shards(read_facts(facts))):
        for fact in pages:
            lines[get_site(fact["path"])] |= _list_long_lines(fact)
        name = f"{shard:04d}" + ("" if len(pages) == SHARD else f"-{len(pages)}")
        if (folder / f"{name}.pt").exists():
            continue
        rows: list[tuple[Any, ...]] = []
        for i, fact in enumerate(pages, shard * SHARD):
            if not is_informative(fact):
                continue
            picture = read_picture(facts, fact)
            for look in range(rounds):
                rng = random.Random(seed + 1000 * i + look)
                rows.extend(get_fields(s) for s in make_samples(fact, picture, tokenizer, rng))
        for older in folder.glob(f"{shard:04d}-*.pt"):
            older.unlink()
        torch.save(rows, folder / f"{name}.pt")
        print(f"{name}.pt: {len(rows)} questions", flush=True)
        count += 1
    known = folder / "clusters.json"
    before = json.loads(known.read_text("utf-8")) if known.exists() else {}
    known.write_text(json.dumps(keep_known_splits(group_sites(lines), before)), "utf-8")
    return count


def _split_into_shards(facts: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    remaining = iter(facts)
    while pages := list(itertools.islice(remaining, SHARD)):
        yield pages


def get_fields(sample: Sample) -> tuple[Any, ...]:
    return sample.site, sample.tokens, sample.labels, sample.looks


def read_samples(folder: Path) -> tuple[list[Sample], list[Sample]]:
    """Return the samples for training and those of the held-out sites."""
    groups = json.loads((folder / "clusters.json").read_text("utf-8"))
    parts: tuple[list[Sample], list[Sample]] = [], []
    for path in sorted(folder.glob("*.pt")):
        for row in torch.load(path, weights_only=True):
            parts[is_validation(groups[row[0]])].append(Sample(*row))
    return parts
