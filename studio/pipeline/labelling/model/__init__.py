"""The walk over a layout tree that a small model does: what each node is.

`asked` writes the tree as characters of `alphabet`, one token each, with pictures of its boxes; `answer_pattern` is
the grammar of the answer; `read_answer` puts the answer onto the tree. Training and serving share every character.
Knows no model and no torch.
"""

from studio.pipeline.labelling.model.answer_grammar import answer_pattern, read_answer, write_answer
from studio.pipeline.labelling.model.apply_answer import relabelled
from studio.pipeline.labelling.model.box_pictures import asked
from studio.pipeline.labelling.model.steps import Step, steps_of

__all__ = ["Step", "answer_pattern", "asked", "read_answer", "relabelled", "steps_of", "write_answer"]
