"""Questions with their answers as tokens, from harvested pages, kept in shards; whole sites are
held back.

Sites that share lines of text are one cluster: template collections repeat themselves, and a split
by name leaks.
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

SHARED = 0.12  # of a site's lines: two that share more are one site
PLACEHOLDER = "<|media_pad|>"
UNSTYLED = '"Times New Roman"'  # what Chromium says of letters that no sheet names
VALIDATION = 5  # one cluster in so many
SHARD = 60  # pages
NEWLINE = ord("\n")  # the token, and the second one after a picture's last


@dataclass(frozen=True)
class Sample:
    """One question with its answer. `labels`: place, kind said, kind guessed, flow, all kinds
    allowed there (bits).

    `looks` [pictures, height, width, 3] uint8: what stands at the tokens' placeholders, in order.
    """

    site: str
    tokens: list[int]
    labels: list[tuple[int, int, int, str, int]]
    looks: Tensor


def get_site(path: str) -> str:
    """Collection and template: what one author made."""
    parts = path.split("/")
    return "/".join(parts[: 3 if parts[0].startswith("mdn") else 2])


def cluster_sites(facts: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Site -> cluster; sites that share lines of text are one cluster."""
    lines: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        lines[get_site(fact["path"])] |= {
            line["text"] for line in fact["lines"] if len(line["text"]) > 14
        }
    return group_sites(lines)


def group_sites(lines: Mapping[str, set[str]]) -> dict[str, int]:
    sites = sorted(lines)
    parent = {site: site for site in sites}

    def root(site: str) -> str:
        while parent[site] != site:
            site = parent[site]
        return site

    for i, one in enumerate(sites):
        for other in sites[:i]:
            least = min(len(lines[one]), len(lines[other]))
            if least and len(lines[one] & lines[other]) > SHARED * least + 1:
                parent[root(one)] = root(other)
    return {site: zlib.crc32(root(site).encode()) for site in sites}


def is_validation(cluster: int) -> bool:
    return cluster % VALIDATION == 0


def keep_known_splits(groups: Mapping[str, int], before: Mapping[str, int]) -> dict[str, int]:
    """`groups` with clusters that were learnt from, or held back, before new sites came, staying
    what they were.
    """
    learnt = {
        groups[site]
        for site, cluster in before.items()
        if site in groups and not is_validation(cluster)
    }
    held = {
        groups[site]
        for site, cluster in before.items()
        if site in groups and is_validation(cluster)
    } - learnt
    moved = {cluster: cluster + 1 for cluster in learnt if is_validation(cluster)}
    moved |= {cluster: cluster * VALIDATION for cluster in held}
    return {site: moved.get(cluster, cluster) for site, cluster in groups.items()}


def tokenize_question(tokenizer: Tokenizer, parts: Sequence[TextPart | ImagePart]) -> list[int]:
    """Just what the engine makes of the question."""
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
    """`picture`: the page's, one px to a CSS px. None of a page that says little or whose styles
    are elsewhere.
    """
    if not is_informative(fact):
        return []
    seen = simulate_perception(dict(fact), rng, noise=noise)
    tree = label_tree(build_tree(seen.hints))
    facts, author = collect_page_facts(tree), Author(seen)
    out = []
    for steps in list_steps(tree):
        looks = cut_box_pictures(steps, picture, 1.0)
        tokens = tokenize_question(tokenizer, build_question_parts(steps, facts, looks))
        sample = Sample(get_site(fact["path"]), tokens, [], _stack_pictures(looks))
        _append_answer(sample, steps, read_labels(author, steps), facts, tokenizer)
        if sample.labels:
            out.append(sample)
    return out


def is_informative(fact: Mapping[str, Any]) -> bool:
    """Whether a page has lines enough, in letters that somebody chose: where its sheets were not
    there it has the browser's.
    """
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
    """Appends the answer's tokens, one a character; what nobody can tell is said as the rules do,
    and not learnt.
    """
    guesses = [get_rule_guess(step.node) for step in steps]
    told = [
        kind or (guess if guess in step.kinds else step.kinds[0])
        for kind, guess, step in zip(said, guesses, steps, strict=True)
    ]
    text = write_answer(steps, told, facts)
    at = len(sample.tokens)
    sample.tokens.extend(tokenizer.encode(text))
    assert len(sample.tokens) == at + len(text), "a character of the walk is no token of its own"
    for step, kind, guess in zip(steps, said, guesses, strict=True):
        if len(step.kinds) == 1:
            continue
        at += FACTS
        if kind is not None:
            allowed = sum(1 << KINDS.index(may) for may in step.kinds)
            sample.labels.append(
                (at, KINDS.index(kind), KINDS.index(guess), step.node.flow, allowed)
            )
        at += 1
    sample.tokens.append(tokenizer.special("<|im_end|>"))


def make_batches(samples: Sequence[Sample], tokens: int, rng: random.Random) -> list[list[Sample]]:
    """Samples of like length together, `tokens` padded ones in a batch, in random order."""
    order = sorted(samples, key=lambda s: (len(s.tokens), rng.random()))
    out: list[list[Sample]] = [[]]
    for sample in order:
        if out[-1] and (len(out[-1]) + 1) * len(sample.tokens) > tokens:
            out.append([])
        out[-1].append(sample)
    rng.shuffle(out)
    return out


def include_labels(sample: Sample, first: int) -> Sample:
    """The sample with each label to be learnt in the question too: after its node's characters, and
    after its look.

    `first`: the token of the walk's first character. Up to three lessons for the same tokens, with
    less known in each.
    """
    tokens, words = sample.tokens, range(first, first + sum(word.count for word in WORDS.values()))
    inside = [i for i, token in enumerate(tokens) if token in words]
    nodes = iter([inside[i : i + FACTS] for i in range(0, len(inside), FACTS)])
    labels = []
    for at, kind, guess, flow, allowed in sample.labels:
        node = next(node for node in nodes if [tokens[i] for i in node] == tokens[at - FACTS : at])
        labels.append((node[-1] + 1, kind, guess, flow, allowed))
        if tokens[node[0] - 1] == NEWLINE:
            labels.append((node[0] - 2, kind, guess, flow, allowed))
    return replace(sample, labels=[*labels, *sample.labels])


@dataclass(frozen=True)
class Padded:
    """Samples side by side."""

    tokens: Tensor  # [B, S] int64
    labels: Tensor  # [labels, 3] int64: row, place and kind of each
    allowed: Tensor  # [labels, kinds] bool
    looks: Tensor  # [pictures, height, width, 3] uint8, in the order of their places


def pad_batch(batch: Sequence[Sample]) -> Padded:
    longest = max(len(s.tokens) for s in batch)
    tokens = torch.zeros(len(batch), longest, dtype=torch.long)
    for i, sample in enumerate(batch):
        tokens[i, : len(sample.tokens)] = torch.tensor(sample.tokens)
    rows = [(i, at, kind) for i, sample in enumerate(batch) for at, kind, *_ in sample.labels]
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
    """Samples of the pages of `facts` that `folder` has none of (`rounds` noisy looks at each); how
    many shards.

    A shard holds `SHARD` pages, the last one what is left; it is made anew when a longer harvest
    fills it.
    """
    from studio.pipeline.labelling.training.harvest import read_facts

    folder.mkdir(exist_ok=True)
    lines: dict[str, set[str]] = defaultdict(set)
    count = 0
    for shard, pages in enumerate(_split_into_shards(read_facts(facts))):
        for fact in pages:
            lines[get_site(fact["path"])] |= {
                line["text"] for line in fact["lines"] if len(line["text"]) > 14
            }
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
    several = iter(facts)
    while pages := list(itertools.islice(several, SHARD)):
        yield pages


def get_fields(sample: Sample) -> tuple[Any, ...]:
    return sample.site, sample.tokens, sample.labels, sample.looks


def read_samples(folder: Path) -> tuple[list[Sample], list[Sample]]:
    """Those to learn from, and those of the sites held back."""
    groups = json.loads((folder / "clusters.json").read_text("utf-8"))
    parts: tuple[list[Sample], list[Sample]] = [], []
    for path in sorted(folder.glob("*.pt")):
        for row in torch.load(path, weights_only=True):
            parts[is_validation(groups[row[0]])].append(Sample(*row))
    return parts
