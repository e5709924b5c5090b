"""The tokenizer files of a random checkpoint: valid byte-level ranks, and the chat template."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from string import ascii_lowercase

from inference.chat.tokenizer import SPECIALS, SPECIALS_COUNT


def write_tokenizer(folder: Path, vocab_size: int) -> None:
    """Write tiktoken.model, tokenizer_config.json and the chat template.

    `vocab_size` includes the 256 special tokens at the end.
    """
    ranks = vocab_size - SPECIALS_COUNT
    lines = [
        f"{base64.b64encode(word).decode()} {rank}\n"
        for rank, word in zip(range(ranks), _make_words(), strict=False)
    ]
    (folder / "tiktoken.model").write_text("".join(lines), encoding="ascii")
    added = {
        str(ranks + offset): {"content": name, "special": True} for offset, name in SPECIALS.items()
    }
    config = {
        "added_tokens_decoder": added,
        "bos_token": "[BOS]",
        "eos_token": "[EOS]",
        "pad_token": "[PAD]",
        "unk_token": "[UNK]",
        "model_max_length": 262144,
        "tokenizer_class": "TikTokenTokenizer",
    }
    (folder / "tokenizer_config.json").write_text(
        json.dumps(config, indent=2) + "\n", encoding="utf-8"
    )
    shutil.copyfile(Path(__file__).with_name("chat_template.jinja"), folder / "chat_template.jinja")


def _make_words() -> Iterator[bytes]:
    """Yield every byte, then one to three letters with and without a space before them.

    Each longer word consists of two earlier words.
    """
    yield from (bytes([byte]) for byte in range(256))
    letters = [letter.encode() for letter in ascii_lowercase]
    for length in (1, 2, 3):
        stems = [b"".join(stem) for stem in product(letters, repeat=length)]
        yield from (stem for stem in stems if length > 1)
        yield from (b" " + stem for stem in stems)
