"""Attempt zero: the layout draft, made from the hints without a model.

The tree is built, labelled by rules and written as code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from studio.pipeline.bundle import Bundle
from studio.pipeline.codegen import write_page
from studio.pipeline.codegen.element import Nudge
from studio.pipeline.codegen.spacing_scale import DRAFT_REACH
from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.tree import build_tree
from studio.pipeline.perception.hints import Hints


@dataclass(frozen=True, slots=True)
class Draft:
    """The page's code, and the labelled tree, pictures and corrections that it was written from.

    `pictures` holds those too that the code does not name, such as icons that were traced.
    """

    bundle: Bundle
    tree: Node
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    nudges: Mapping[int, Nudge] = field(default_factory=dict)
    reach: float = 0.0  # px by which a space may change to be on the scale; see `write_page`
    share: float = 0.0  # px by which similar parts may be made equal

    def expanded(self, *, trace: bool = False) -> Bundle:
        """Return the code of this tree with these corrections; `trace`: see `write_page`."""
        return write_page(
            self.tree,
            self.pictures,
            nudges=self.nudges,
            reach=self.reach,
            share=self.share,
            trace=trace,
        )


def make_draft(hints: Hints, assets: Mapping[str, bytes]) -> Draft:
    """Return a page that looks like the mockup; the same one for the same hints."""
    tree = label_tree(build_tree(hints))
    return Draft(write_page(tree, assets, reach=DRAFT_REACH), tree, assets, reach=DRAFT_REACH)
