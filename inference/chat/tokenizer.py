"""Kimi's tokenizer: byte-level BPE by rank, and 256 special tokens behind the ranks. Knows nothing
of chat.

Built from `tiktoken.model` directly: transformers' conversion of that file shifts special ids by 1
to 3. A `tokenizer.json` is read too, where its merges are in rank order.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import tiktoken

from inference.checkpoint.json_fields import CheckpointError, read_json

PATTERN = "|".join(
    (
        r"[\p{Han}]+",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+"
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*"
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    )
)
SPECIALS_COUNT = 256
# By their distance from the first special token, 163584 in the real vocabulary.
SPECIALS = {
    0: "[BOS]",
    1: "[EOS]",
    2: "<|im_end|>",
    3: "<|im_user|>",
    4: "<|im_assistant|>",
    6: "<|start_header_id|>",
    7: "<|end_header_id|>",
    9: "[EOT]",
    10: "<|im_system|>",
    11: "<|tool_calls_section_begin|>",
    12: "<|tool_calls_section_end|>",
    13: "<|tool_call_begin|>",
    14: "<|tool_call_argument_begin|>",
    15: "<|tool_call_end|>",
    17: "<|im_middle|>",
    18: "<|media_begin|>",
    19: "<|media_content|>",
    20: "<|media_end|>",
    21: "<|media_pad|>",
    22: "<think>",
    23: "</think>",
    254: "[UNK]",
    255: "[PAD]",
}
# Moonshot's own limits: beyond them the splitting of one huge piece takes the square of its length.
LONGEST_TEXT, LONGEST_RUN = 400_000, 25_000


class Tokenizer:
    """Text to token ids and back."""

    def __init__(
        self, ranks: Mapping[bytes, int], specials: Mapping[str, int], pattern: str = PATTERN
    ) -> None:
        """Raises CheckpointError when two tokens share an id or the 256 single bytes are not all
        there.
        """
        if any(bytes([byte]) not in ranks for byte in range(256)):
            raise CheckpointError(
                "The tokenizer's vocabulary lacks single bytes, so not every text can be written in it."
            )
        if len({*ranks.values(), *specials.values()}) != len(ranks) + len(specials):
            raise CheckpointError("The tokenizer gives the same id to two tokens.")
        self._specials = dict(specials)
        self._encoding = tiktoken.Encoding(
            "kimi", pat_str=pattern, mergeable_ranks=dict(ranks), special_tokens=self._specials
        )

    @property
    def vocab_size(self) -> int:
        return self._encoding.n_vocab

    @property
    def specials(self) -> Mapping[str, int]:
        return self._specials

    def special(self, name: str) -> int:
        """The id of a special token; raises CheckpointError for one this vocabulary lacks."""
        if name not in self._specials:
            raise CheckpointError(f"The tokenizer has no special token {name}.")
        return self._specials[name]

    def encode(self, text: str, *, specials: bool = False) -> list[int]:
        """`specials`: names of special tokens in the text become those tokens; else they are text
        like any other.
        """
        ids: list[int] = []
        for piece in cut(text):
            ids += (
                self._encoding.encode(piece, allowed_special="all")
                if specials
                else self._encoding.encode_ordinary(piece)
            )
        return ids

    def decode_bytes(self, ids: Sequence[int]) -> bytes:
        """Raises ValueError for an id outside the vocabulary."""
        try:
            return self._encoding.decode_bytes(ids)
        except (KeyError, OverflowError):
            raise ValueError(
                f"{list(ids)} holds an id outside the vocabulary of {self.vocab_size} tokens."
            ) from None

    def decode(self, ids: Sequence[int]) -> str:
        """Bytes that are no UTF-8, such as half a character, become U+FFFD."""
        return self.decode_bytes(ids).decode("utf-8", errors="replace")


def read_tokenizer(folder: Path) -> Tokenizer:
    """From `tiktoken.model`, else from `tokenizer.json`; raises CheckpointError."""
    if (folder / "tiktoken.model").exists():
        ranks = _read_ranks(folder / "tiktoken.model")
        return Tokenizer(ranks, _read_specials(folder, len(ranks)))
    if (folder / "tokenizer.json").exists():
        return _read_tokenizer_json(folder / "tokenizer.json")
    raise CheckpointError(f"There is neither tiktoken.model nor tokenizer.json in {folder}.")


def cut(text: str) -> Iterator[str]:
    """The text in pieces of at most 400,000 characters, none with more than 25,000 of space, or of
    no space, on end.
    """
    for start in range(0, len(text), LONGEST_TEXT):
        piece = text[start : start + LONGEST_TEXT]
        begun = 0
        for run in re.finditer(r"\s+|\S+", piece):
            for end in range(run.start() + LONGEST_RUN, run.end(), LONGEST_RUN):
                yield piece[begun:end]
                begun = end
        yield piece[begun:]


def _read_ranks(path: Path) -> dict[bytes, int]:
    ranks: dict[bytes, int] = {}
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            token, rank = line.split()
            ranks[base64.b64decode(token, validate=True)] = int(rank)
        except (ValueError, binascii.Error):
            raise CheckpointError(
                f"{path}, line {number}: it must be a base64 token and its rank."
            ) from None
    return ranks


def _read_specials(folder: Path, first: int) -> dict[str, int]:
    """The 256 slots behind the ranks, named by tokenizer_config.json, else as Kimi names them."""
    named = {first + offset: name for offset, name in SPECIALS.items()}
    if (folder / "tokenizer_config.json").exists():
        added = read_json(folder / "tokenizer_config.json").get("added_tokens_decoder", {})
        try:
            named = {int(place): str(entry["content"]) for place, entry in added.items()} or named
        except (AttributeError, KeyError, TypeError, ValueError):
            raise CheckpointError(
                f"{folder / 'tokenizer_config.json'}: added_tokens_decoder is not id → content."
            ) from None
    slots = range(first, first + SPECIALS_COUNT)
    return {named.get(slot, f"<|reserved_token_{slot}|>"): slot for slot in slots}


def _read_tokenizer_json(path: Path) -> Tokenizer:
    content = read_json(path)
    model: Any = content.get("model", {})
    try:
        alphabet = {character: byte for byte, character in enumerate(_list_byte_characters())}
        specials = {entry["content"]: entry["id"] for entry in content["added_tokens"]}
        words = {token: rank for token, rank in model["vocab"].items() if token not in specials}
        ranks = {
            bytes(alphabet[character] for character in word): rank for word, rank in words.items()
        }
        merges = [
            merge.split(" ") if isinstance(merge, str) else merge for merge in model["merges"]
        ]
        made = [words[left + right] for left, right in merges]
        pattern = _split_pattern(content["pre_tokenizer"])
    except (KeyError, TypeError, ValueError):
        raise CheckpointError(
            f"{path} is no byte-level BPE tokenizer; only that kind can be read."
        ) from None
    if made != sorted(made):
        raise CheckpointError(
            f"{path}: its merges are not in the order of its ids; only such a vocabulary can be read."
        )
    return Tokenizer(ranks, specials, pattern)


def _split_pattern(pre_tokenizer: dict[str, Any]) -> str:
    """The regex by which text is split before merging; Kimi's own where the file names none."""
    steps = pre_tokenizer.get("pretokenizers", [pre_tokenizer])
    patterns = [step["pattern"]["Regex"] for step in steps if step.get("type") == "Split"]
    return str(patterns[0]) if patterns else PATTERN


def _list_byte_characters() -> list[str]:
    """The printable character that stands for each byte in a tokenizer.json: itself, or one from
    U+0100 on.
    """
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = iter(range(0x100, 0x200))
    return [chr(byte) if byte in printable else chr(next(others)) for byte in range(256)]
