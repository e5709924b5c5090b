"""Whole pages of held-out sites, labelled by the engine, for the gates and sheets."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from inference.types import ModelClient
from studio.pipeline.bundle import Bundle
from studio.pipeline.codegen.draft import Draft
from studio.pipeline.labelling.model import list_steps
from studio.pipeline.labelling.model.label_page import label_with_model
from studio.pipeline.labelling.model.question import get_rule_guess
from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.labelling.training.dataset import get_site, is_informative, is_validation
from studio.pipeline.labelling.training.dom_labels import Author, read_labels
from studio.pipeline.labelling.training.harvest import read_facts, read_picture
from studio.pipeline.labelling.training.pages import simulate_perception
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.tree import build_tree


@dataclass(frozen=True)
class UnseenPage:
    """A page whose site was held back.

    `tree` is as the rules label it. `author`: node id → kind, where there is something to decide and the
    DOM shows it.
    """

    path: str
    tree: Node
    author: dict[int, str]
    picture: Image.Image

    def walked(self, client: ModelClient) -> Node | None:
        """Return the tree as the model labels it; None when its answer was cut off."""
        last = [
            item
            for item in label_with_model(Draft(Bundle({}), self.tree), client, self.picture)
            if isinstance(item, Draft)
        ]
        return last[0].tree if last else None


def label_unseen_pages(facts: Path, samples: Path, most: int) -> Iterator[UnseenPage]:
    """Yield at most `most` pages of sites that `samples` held back, always the same ones."""
    groups = json.loads((samples / "clusters.json").read_text("utf-8"))
    held = [
        fact for fact in read_facts(facts) if is_validation(groups.get(get_site(fact["path"]), 1))
    ]
    held = [fact for fact in held if is_informative(fact)]
    for fact in random.Random(2).sample(held, min(most, len(held))):
        page = simulate_perception(fact, random.Random(0))
        tree = label_tree(build_tree(page.hints))
        author = {
            step.node.id: said
            for steps in list_steps(tree)
            for step, said in zip(steps, read_labels(Author(page), steps), strict=True)
            if said is not None and len(step.kinds) > 1
        }
        yield UnseenPage(fact["path"], tree, author, read_picture(facts, fact))


def map_kinds(tree: Node) -> dict[int, str]:
    return {node.id: get_rule_guess(node) for node in tree.walk()}
