"""Labelling of a layout tree by a small model, which walks over its nodes.

`build_question_parts` writes the tree as characters of `alphabet`, one token each, with pictures of
its boxes. `build_answer_pattern` is the grammar of the answer, and `read_answer` reads the labels
from it. Training and serving share every character. Knows no model and no torch.
"""

from studio.pipeline.labelling.model.answer_grammar import (
    build_answer_pattern,
    read_answer,
    write_answer,
)
from studio.pipeline.labelling.model.apply_answer import apply_labels
from studio.pipeline.labelling.model.box_pictures import build_question_parts
from studio.pipeline.labelling.model.steps import WalkStep, list_steps

__all__ = [
    "WalkStep",
    "apply_labels",
    "build_answer_pattern",
    "build_question_parts",
    "list_steps",
    "read_answer",
    "write_answer",
]
