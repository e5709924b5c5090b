"""Questions with their answers as tokens, from harvested pages; whole sites are kept back for validation."""

from __future__ import annotations

import random
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from inference.chat import encode, render
from inference.task.rules import label_tree
from inference.task.rules.facts import page_facts
from inference.task.tree import build_tree
from inference.task.walk import question, steps_of, write_answer
from inference.task.walk.answer import Said
from inference.task.walk.question import guess_of
from inference.task.walk.steps import Step
from inference.tokenizer import Tokenizer
from inference.training.labels import Author, answers
from inference.training.pages import see

FEWEST_LINES = 5
SHARED = 0.12  # of a site's lines: two that share more are one site
VALIDATION = 6  # one cluster in so many


@dataclass(frozen=True)
class Sample:
    site: str
    tokens: list[int]
    learnt: list[int]  # places of `tokens` that are predicted
    kinds: list[tuple[int, str, str, str]]  # place of a kind, what the author says, what the rules guess, flow


def site_of(path: str) -> str:
    """Collection and template: what one author made."""
    parts = path.split("/")
    return "/".join(parts[: 3 if parts[0].startswith("mdn") else 2])


def clusters(facts: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Site -> cluster; sites that share lines of text are one cluster."""
    lines: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        lines[site_of(fact["path"])] |= {line["text"] for line in fact["lines"] if len(line["text"]) > 14}
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


def prompt_tokens(tokenizer: Tokenizer, asked: str) -> list[int]:
    """Just what the engine makes of the question."""
    return encode(render([{"role": "user", "content": asked}], thinking=False), tokenizer)


def samples_of(fact: dict[str, Any], tokenizer: Tokenizer, rng: random.Random, *, noise: bool = True) -> list[Sample]:
    if len(fact["lines"]) < FEWEST_LINES:
        return []
    seen = see(fact, rng, noise=noise)
    tree = label_tree(build_tree(seen.hints))
    facts, author = page_facts(tree), Author(seen)
    out = []
    for steps in steps_of(tree):
        said = answers(author, steps)
        tokens = prompt_tokens(tokenizer, question(steps, facts))
        sample = Sample(site_of(fact["path"]), tokens, [], [])
        _answer(sample, steps, said, tokenizer)
        if sample.learnt:
            out.append(sample)
    return out


def _answer(sample: Sample, steps: Sequence[Step], said: Sequence[tuple[Said, bool]], tokenizer: Tokenizer) -> None:
    """Appends the answer's tokens, one a character; numbers and unknown kinds are not learnt."""
    text = write_answer(steps, [what for what, _ in said])
    at = len(sample.tokens)
    sample.tokens.extend(tokenizer.encode(text))
    assert len(sample.tokens) == at + len(text), "a character of the walk is no token of its own"
    for step, (what, known) in zip(steps, said, strict=True):
        at += 1
        if len(step.kinds) > 1:
            if known:
                sample.learnt.append(at)
                sample.kinds.append((at, what.kind, guess_of(step.node), step.node.flow))
            at += 1
        if step.spaced:
            sample.learnt.append(at)
            at += 1
    sample.learnt.append(at)
    sample.tokens.append(tokenizer.special("<|im_end|>"))


def batches(samples: Sequence[Sample], tokens: int, rng: random.Random) -> list[list[Sample]]:
    """Samples of like length together, `tokens` padded ones in a batch, in random order."""
    order = sorted(samples, key=lambda s: (len(s.tokens), rng.random()))
    out: list[list[Sample]] = [[]]
    for sample in order:
        if out[-1] and (len(out[-1]) + 1) * len(sample.tokens) > tokens:
            out.append([])
        out[-1].append(sample)
    rng.shuffle(out)
    return out


def padded(batch: Sequence[Sample]) -> tuple[Tensor, Tensor]:
    """tokens [B, S] and [B, S] bool: the places whose token is to be predicted from what is before."""
    longest = max(len(s.tokens) for s in batch)
    tokens = torch.zeros(len(batch), longest, dtype=torch.long)
    learnt = torch.zeros(len(batch), longest, dtype=torch.bool)
    for i, sample in enumerate(batch):
        tokens[i, : len(sample.tokens)] = torch.tensor(sample.tokens)
        learnt[i, sample.learnt] = True
    return tokens, learnt


def write_samples(facts: Path, out: Path, tokenizer: Tokenizer, *, rounds: int = 2, seed: int = 0) -> tuple[int, int]:
    """Training samples (`rounds` noisy looks at each page) and validation samples to `out`; how many of each."""
    from inference.training.harvest import read_facts
    from inference.training.progress import track

    pages = list(read_facts(facts))
    groups = clusters(pages)
    train: list[Sample] = []
    valid: list[Sample] = []
    for i, fact in enumerate(track(pages, "sampling")):
        held = is_validation(groups[site_of(fact["path"])])
        for look in range(1 if held else rounds):
            (valid if held else train).extend(samples_of(fact, tokenizer, random.Random(seed + 1000 * i + look)))
    torch.save({"train": [vars_of(s) for s in train], "valid": [vars_of(s) for s in valid]}, out)
    return len(train), len(valid)


def vars_of(sample: Sample) -> tuple[Any, ...]:
    return sample.site, sample.tokens, sample.learnt, sample.kinds


def read_samples(path: Path) -> tuple[list[Sample], list[Sample]]:
    held = torch.load(path, weights_only=True)
    return [Sample(*row) for row in held["train"]], [Sample(*row) for row in held["valid"]]
