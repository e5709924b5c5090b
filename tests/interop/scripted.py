"""A model that does what its prompt says: it thinks, answers and calls tools, the same each time.

It is asked through our real engine and server. A user's text may hold directives:

    [[say TEXT]]            answer this
    [[think TEXT]]          think this before
    [[call NAME JSON]]      call this tool, unless its result is there already; several call several
    [[quiet]]               say nothing before a call

Without one the answer tells what was seen: how many characters, how many tokens of pictures.
"""

from __future__ import annotations

import json
import re

import torch
from torch import Tensor

from inference.chat.tokenizer import Tokenizer
from inference.checkpoint.config import KimiConfig
from inference.engine.batch import Batch

CALL = re.compile(r"\[\[call ([\w.:/-]+) (\{.*?\})\]\]", re.DOTALL)
SAY = re.compile(r"\[\[say (.*?)\]\]", re.DOTALL)
THINK = re.compile(r"\[\[think (.*?)\]\]", re.DOTALL)
SURE, LIKELY = 100.0, 10.0
# Characters of a tool's result that are told. OpenClaw puts a notice of 1,000 before each.
MOST_TOLD = 2_000
# What ends JSON soonest, where a grammar leaves the script no other choice.
ENDINGS = ("}", "]", '"', "0", ":", ",", "{", "a")


class Scripted:
    """See `inference.engine.batch.Model`. The cache holds the tokens themselves."""

    def __init__(self, config: KimiConfig, tokenizer: Tokenizer) -> None:
        self.config, self._tokenizer = config, tokenizer
        self._answers: dict[int, list[int]] = {}
        self._header = tokenizer.special("<|im_assistant|>")
        self._middle = tokenizer.special("<|im_middle|>")
        self._think = tokenizer.special("<think>")
        self._end_think = tokenizer.special("</think>")
        self._end = tokenizer.special("<|im_end|>")
        self._pad = config.media_placeholder_token_id
        self._names = {id: name for name, id in tokenizer.specials.items()}
        self._fallback = torch.zeros(config.text.vocab_size)
        for place, text in enumerate(ENDINGS):
            self._fallback[tokenizer.encode(text)[0]] = LIKELY - place
        self._fallback[self._end] = 2 * LIKELY

    def new_cache(self, blocks: int, block_size: int) -> Tensor:
        return torch.zeros(1, blocks, block_size, 1, dtype=torch.int64)

    def forward(self, batch: Batch, cache: Tensor) -> Tensor:
        """[T, 1]: the token that follows each row; -1 where the script does not say."""
        flat = cache.view(-1)
        flat[batch.slots] = batch.tokens
        size = cache.shape[2]
        following = torch.full((len(batch.tokens), 1), -1, dtype=torch.int64)
        starts = batch.query_start.tolist()
        for index, context in enumerate(batch.context.tolist()):
            blocks = batch.block_table[index][: -(-context // size)]
            history = cache[0, blocks.long(), :, 0].flatten()[:context].tolist()
            begin, answer = self._answer(history)
            for row in range(starts[index], starts[index + 1]):
                place = int(batch.positions[row]) + 1 - begin
                said = history[begin : begin + max(0, place)]
                if 0 <= place < len(answer) and said == answer[:place]:
                    following[row, 0] = answer[place]
        return following

    def logits(self, hidden: Tensor) -> Tensor:
        logits = self._fallback.repeat(len(hidden), 1)
        for row, token in enumerate(hidden[:, 0].tolist()):
            if token >= 0:
                logits[row, token] = SURE
        return logits

    def encode_images(self, pixel_values: Tensor, grid_thws: Tensor) -> list[Tensor]:
        return [torch.zeros(int(t * h * w) // 4, 1) for t, h, w in grid_thws.tolist()]

    def _answer(self, history: list[int]) -> tuple[int, list[int]]:
        """Return (where the answer begins, its tokens)."""
        if self._header not in history:
            return len(history), []
        last = len(history) - 1 - history[::-1].index(self._header)
        if self._middle not in history[last:]:
            return len(history), []
        begin = history.index(self._middle, last) + 1
        thinking = False
        if history[begin : begin + 1] == [self._think]:
            begin += 1
            thinking = history[begin : begin + 1] != [self._end_think]
            begin += 0 if thinking else 1
        key = hash((tuple(history[:begin]), thinking))
        if key not in self._answers:
            if len(self._answers) > 200:
                self._answers.clear()
            text = write_answer(self._text(history[:last]), thinking)
            self._answers[key] = [*self._tokenizer.encode(text, specials=True), self._end]
        return begin, self._answers[key]

    def _text(self, history: list[int]) -> str:
        pieces: list[bytes] = []
        for token in history:
            name = self._names.get(token)
            pieces.append(name.encode() if name else self._tokenizer.decode_bytes([token]))
        return b"".join(pieces).decode("utf-8", "replace")


def write_answer(prompt: str, thinking: bool) -> str:
    """Return what the model says to a prompt, special tokens by their names."""
    user, results = _last_turn(prompt)
    found = THINK.search(user)
    thought = (found[1] if found else "I read the message.") + "</think>" if thinking else ""
    calls = [(name, _repair(arguments)) for name, arguments in CALL.findall(user)]
    if len(results) < len(calls):
        said = "" if "[[quiet]]" in user else "Let me look."
        return thought + said + _write_calls(calls[len(results) :], prompt)
    if calls:
        said = re.sub(r"(<\|media_pad\|>)+", _count_pads, results[-1])
        return f"{thought}The tool said: {' '.join(said.split())[:MOST_TOLD]}"
    if found := SAY.search(user):
        return thought + found[1]
    pads = user.count("<|media_pad|>")
    words = re.sub(r"<\|media_\w+\|>(image)?", "", user)
    return f"{thought}Hello! I read {len(words)} characters and {pads} tokens of pictures."


def _write_calls(calls: list[tuple[str, str]], prompt: str) -> str:
    before = prompt.count("<|tool_call_begin|>")
    written = [
        f"<|tool_call_begin|>functions.{name}:{before + index}<|tool_call_argument_begin|>{arguments}<|tool_call_end|>"
        for index, (name, arguments) in enumerate(calls)
    ]
    return f"<|tool_calls_section_begin|>{''.join(written)}<|tool_calls_section_end|>"


def _repair(arguments: str) -> str:
    """Return JSON whose quotes a client escaped on the way, as it was."""
    try:
        json.loads(arguments)
    except ValueError:
        return arguments.replace('\\"', '"')
    return arguments


def _count_pads(found: re.Match[str]) -> str:
    return f" {found[0].count('<|media_pad|>')} tokens of a picture "


def _last_turn(prompt: str) -> tuple[str, list[str]]:
    """Return (the last message of a user that has a directive, else the last; results since then)."""
    messages = re.findall(
        r"<\|im_(user|assistant|system)\|>(.*?)<\|im_middle\|>(.*?)<\|im_end\|>", prompt, re.DOTALL
    )
    turn, results = "", []
    asked = ""
    for kind, _, content in messages:
        if kind == "user":
            if "[[" in content or "[[" not in asked:
                asked = content
                results = []
            turn = asked
        elif kind == "system" and "## Return of" in content:
            results.append(content.split("\n", 1)[-1])
        elif kind == "assistant" and "<|tool_calls_section_begin|>" not in content:
            asked, results = "", []
    return turn or asked, results
