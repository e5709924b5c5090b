"""The walk over a layout tree that a small model does: what each node is.

`asked` writes the tree as characters of `alphabet`, one token each, with pictures of its boxes; `answer_pattern` is
the grammar of the answer; `read_answer` puts the answer onto the tree. Training and serving share every character.
Knows no model and no torch.
"""

from inference.task.walk.answer import answer_pattern, read_answer, write_answer
from inference.task.walk.apply import relabelled
from inference.task.walk.looks import asked
from inference.task.walk.steps import Step, steps_of

__all__ = ["Step", "answer_pattern", "asked", "read_answer", "relabelled", "steps_of", "write_answer"]
