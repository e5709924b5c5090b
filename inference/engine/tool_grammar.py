"""The grammar of tool calls in K2.6's own marks, in llguidance's dialect of Lark."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inference.chat.tokenizer import Tokenizer

# Calls of one answer: each has its number in the grammar, for the model counts them in their ids.
MOST_CALLS = 8


@dataclass(frozen=True)
class ToolCalls:
    """Which calls an answer has to consist of, or may end in.

    `schemas`: each tool's parameters by its name; None allows any object. `before`: calls made
    earlier in the conversation. `required` False: text may come before them, or instead of them.
    """

    schemas: Mapping[str, Mapping[str, Any] | None]
    before: int = 0
    required: bool = True
    several: bool = True


def write_lark(calls: ToolCalls, tokenizer: Tokenizer, options: Mapping[str, Any]) -> str:
    """Return the grammar of `calls` as Lark, special tokens by their ids.

    `options`: llguidance's, of how JSON is written.
    """

    def mark(name: str) -> str:
        return f"<[{tokenizer.special(name)}]>"

    section = [mark("<|tool_calls_section_begin|>"), "call_0", mark("<|tool_calls_section_end|>")]
    start = " ".join(section)
    rules = [f"start: {start}" if calls.required else f"start: TEXT ( {start} )?"]
    if not calls.required:
        rules.append("TEXT: /(?s:.*)/")
    count = MOST_CALLS if calls.several else 1
    for number in range(count):
        names = [json.dumps(f"functions.{name}:{calls.before + number}") for name in calls.schemas]
        heads = [
            f"{name} {mark('<|tool_call_argument_begin|>')} arguments_{index}"
            for index, name in enumerate(names)
        ]
        following = f" call_{number + 1}?" if number + 1 < count else ""
        rules.append(
            f"call_{number}: {mark('<|tool_call_begin|>')} ( {' | '.join(heads)} ) "
            f"{mark('<|tool_call_end|>')}{following}"
        )
    rules += _argument_rules(list(calls.schemas.values()), options)
    return "\n".join(rules) + "\n"


def _argument_rules(
    schemas: Sequence[Mapping[str, Any] | None], options: Mapping[str, Any]
) -> list[str]:
    rules = []
    for index, schema in enumerate(schemas):
        told = {**(schema or {"type": "object"}), "x-guidance": dict(options)}
        rules.append(f"arguments_{index}: %json {json.dumps(told)}")
    return rules
