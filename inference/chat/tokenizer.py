"""Kimi's tokenizer: byte-level BPE by rank, and 256 special tokens after the ranks.

It is built from `tiktoken.model` directly, because transformers' conversion of that file shifts
special ids by 1 to 3. A `tokenizer.json` is read too if its merges are in rank order.
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
# By their offset from the first special token, which is 163584 in the real vocabulary.
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
# Moonshot's limits in characters: the time to split a longer piece grows with the square of its
# length.
LONGEST_TEXT = 400_000
LONGEST_RUN = 25_000  # of white space, or without white space


class Tokenizer:
    """Text to token ids and back."""

    def __init__(
        self, ranks: Mapping[bytes, int], specials: Mapping[str, int], pattern: str = PATTERN
    ) -> None:
        """Build the encoding.

        Raises CheckpointError when two tokens share an id or a single byte has no token.
        """
        if any(bytes([byte]) not in ranks for byte in range(256)):
            raise CheckpointError(
                "The tokenizer's vocabulary lacks single bytes, so it cannot encode every text."
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
        """Return the id of a special token. Raises CheckpointError for an unknown name."""
        if name not in self._specials:
            raise CheckpointError(f"The tokenizer has no special token {name}.")
        return self._specials[name]

    def encode(self, text: str, *, specials: bool = False) -> list[int]:
        """Return the ids of a text.

        With `specials`, names of special tokens in the text become these tokens. Otherwise they are
        ordinary text.
        """
        ids: list[int] = []
        for piece in cut(text):
            if specials:
                ids += self._encoding.encode(piece, allowed_special="all")
            else:
                ids += self._encoding.encode_ordinary(piece)
        return ids

    def decode_bytes(self, ids: Sequence[int]) -> bytes:
        """Return the bytes of the tokens. Raises ValueError for an id outside the vocabulary."""
        try:
            return self._encoding.decode_bytes(ids)
        except (KeyError, OverflowError):
            raise ValueError(
                f"{list(ids)} holds an id outside the vocabulary of {self.vocab_size} tokens."
            ) from None

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of the tokens; bytes that are not valid UTF-8 become U+FFFD."""
        return self.decode_bytes(ids).decode("utf-8", errors="replace")


def read_tokenizer(folder: Path) -> Tokenizer:
    """Read the tokenizer from `tiktoken.model` or `tokenizer.json`. Raises CheckpointError."""
    if (folder / "tiktoken.model").exists():
        ranks = _read_ranks(folder / "tiktoken.model")
        return Tokenizer(ranks, _read_specials(folder, len(ranks)))
    if (folder / "tokenizer.json").exists():
        return _read_tokenizer_json(folder / "tokenizer.json")
    raise CheckpointError(f"There is neither tiktoken.model nor tokenizer.json in {folder}.")


def cut(text: str) -> Iterator[str]:
    """Yield the text in pieces within `LONGEST_TEXT` and `LONGEST_RUN`."""
    for start in range(0, len(text), LONGEST_TEXT):
        piece = text[start : start + LONGEST_TEXT]
        piece_start = 0
        for run in re.finditer(r"\s+|\S+", piece):
            for end in range(run.start() + LONGEST_RUN, run.end(), LONGEST_RUN):
                yield piece[piece_start:end]
                piece_start = end
        yield piece[piece_start:]


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
    """Return the 256 special tokens, with names from tokenizer_config.json or Kimi's names."""
    named = {first + offset: name for offset, name in SPECIALS.items()}
    if (folder / "tokenizer_config.json").exists():
        added = read_json(folder / "tokenizer_config.json").get("added_tokens_decoder", {})
        try:
            named = {int(id): str(entry["content"]) for id, entry in added.items()} or named
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
        merged_ids = [words[left + right] for left, right in merges]
        pattern = _find_split_pattern(content["pre_tokenizer"])
    except (KeyError, TypeError, ValueError):
        raise CheckpointError(
            f"{path} is not a byte-level BPE tokenizer; only this kind is supported."
        ) from None
    if merged_ids != sorted(merged_ids):
        raise CheckpointError(
            f"{path}: its merges are not in the order of its ids; only that order is supported."
        )
    return Tokenizer(ranks, specials, pattern)


def _find_split_pattern(pre_tokenizer: dict[str, Any]) -> str:
    """Return the regex that splits text before merging; Kimi's regex if the file has none."""
    steps = pre_tokenizer.get("pretokenizers", [pre_tokenizer])
    patterns = [step["pattern"]["Regex"] for step in steps if step.get("type") == "Split"]
    return str(patterns[0]) if patterns else PATTERN


def _list_byte_characters() -> list[str]:
    """Return the character for each byte in a tokenizer.json.

    A printable byte is its own character; the others are numbered from U+0100 on.
    """
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = iter(range(0x100, 0x200))
    return [chr(byte) if byte in printable else chr(next(others)) for byte in range(256)]
