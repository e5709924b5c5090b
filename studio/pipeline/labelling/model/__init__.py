"""The walk over a layout tree that a small model does: what each node is.

`build_question_parts` writes the tree as characters of `alphabet`, one token each, with pictures of
its boxes; `build_answer_pattern` is the grammar of the answer; `read_answer` puts the answer onto
the tree. Training and serving share every character. Knows no model and no torch.
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
