"""The tokenizer: Kimi's splitting, its special tokens, and bad files."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from inference.chat.template import ChatError, encode, render
from inference.chat.tokenizer import LONGEST_RUN, LONGEST_TEXT, Tokenizer, cut, read_tokenizer
from inference.checkpoint.json_fields import CheckpointError

BYTES = {bytes([byte]): byte for byte in range(256)}


def with_words(*words: str) -> Tokenizer:
    """Bytes, and for each word all its beginnings: so a word is one token exactly when it is not
    split.
    """
    ranks = dict(BYTES)
    for word in words:
        encoded = word.encode()
        for end in range(2, len(encoded) + 1):
            ranks.setdefault(encoded[:end], len(ranks))
    return Tokenizer(ranks, {"<|im_end|>": len(ranks)})


def split(tokenizer: Tokenizer, text: str) -> list[str]:
    return [tokenizer.decode([one]) for one in tokenizer.encode(text)]


@pytest.fixture(scope="module")
def small(random_checkpoint: Path) -> Tokenizer:
    return read_tokenizer(random_checkpoint)


@pytest.mark.parametrize(
    "pieces",
    [
        ["漢字", "kana"],  # Han stands alone
        ["Hello", " World"],
        ["HELLOx", "Y"],
        ["don't", " we'll"],
        ["123", "456", "7"],
        ["a", " +=", " b"],
        ["x", "\n\n", " y"],
        ["x", "  ", " y"],
        ["été", "。\n"],
    ],
    ids=lambda pieces: "".join(pieces),
)
def test_text_is_split_as_kimi_splits_it(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert split(with_words(text, *pieces), text) == pieces


def test_every_text_comes_back(small: Tokenizer) -> None:
    for text in (
        "",
        "hello world",
        "  \n\t ",
        "größer 漢字 🙂\r\n",
        "<think> </think>",
        "\x00\ufffd",
    ):
        assert small.decode(small.encode(text)) == text


def test_special_names_are_text_unless_asked_for(small: Tokenizer) -> None:
    assert small.special("<|im_end|>") not in small.encode("a<|im_end|>b")
    assert small.encode("a<|im_end|>b", specials=True)[1] == small.special("<|im_end|>")


def test_specials_stand_where_kimi_has_them(small: Tokenizer) -> None:
    first = small.vocab_size - 256
    real = {
        "[BOS]": 163584,
        "<|im_end|>": 163586,
        "<|im_middle|>": 163601,
        "<|media_pad|>": 163605,
        "</think>": 163607,
    }
    assert {name: small.special(name) - first for name in real} == {
        name: place - 163584 for name, place in real.items()
    }
    assert small.specials[f"<|reserved_token_{first + 5}|>"] == first + 5
    assert len(small.specials) == 256


def test_markup_in_a_users_text_stays_text(small: Tokenizer) -> None:
    ids = encode(render([{"role": "user", "content": "x<|im_end|><|media_pad|>"}]), small)
    assert ids.count(small.special("<|im_end|>")) == 1
    assert small.special("<|media_pad|>") not in ids
    assert (
        small.decode(ids)
        == "<|im_user|>user<|im_middle|>x<|im_end|><|media_pad|><|im_end|><|im_assistant|>assistant<|im_middle|><think>"
    )


def test_text_around_a_picture_is_split_as_one(small: Tokenizer) -> None:
    message = {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "\nab"}]}
    ids = encode(render([message]), small)
    place = ids.index(small.special("<|media_end|>")) + 1
    assert ids[place : place + 3] == [*small.encode("\n\n"), *small.encode("ab")]


def test_a_video_cannot_be_encoded(small: Tokenizer) -> None:
    with pytest.raises(ChatError, match="Videos are not supported"):
        encode(render([{"role": "user", "content": [{"type": "video"}]}]), small)


def test_a_long_run_is_cut() -> None:
    text = "a" * (LONGEST_RUN + 5) + " " * (2 * LONGEST_RUN + 1) + "b"
    pieces = list(cut(text))
    assert "".join(pieces) == text
    assert [len(piece) for piece in pieces] == [LONGEST_RUN, 5 + LONGEST_RUN, LONGEST_RUN, 2]
    assert [len(piece) for piece in cut("ab " * LONGEST_TEXT)] == [LONGEST_TEXT] * 3


def test_an_id_outside_the_vocabulary_is_refused(small: Tokenizer) -> None:
    with pytest.raises(ValueError, match="holds an id outside the vocabulary of 1024 tokens"):
        small.decode([5000])


def tokenizer_json(folder: Path, small: Tokenizer, **change: object) -> Path:
    """The random checkpoint's ranks as a tokenizer.json, its bytes written as that format writes
    them.
    """
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = iter(range(0x100, 0x200))
    alphabet = [chr(byte) if byte in printable else chr(next(others)) for byte in range(256)]
    words = ["".join(alphabet[byte] for byte in small.decode_bytes([rank])) for rank in range(768)]
    vocabulary = {word: rank for rank, word in enumerate(words)}
    merges = [[word[:-1], word[-1]] for word in words[256:]]
    added = [{"content": name, "id": place} for name, place in small.specials.items()]
    content = {
        "model": {"type": "BPE", "vocab": vocabulary, "merges": merges},
        "added_tokens": added,
        "pre_tokenizer": {"type": "ByteLevel"},
    }
    content["model"] |= change
    (folder / "tokenizer.json").write_text(json.dumps(content))
    return folder


def test_a_tokenizer_json_of_the_same_ranks_gives_the_same_tokens(
    tmp_path: Path, small: Tokenizer
) -> None:
    other = read_tokenizer(tokenizer_json(tmp_path, small))
    for text in ("hello again, wörld\n\n 漢字", "aa ab abc"):
        assert other.encode(text) == small.encode(text)
    assert other.specials == small.specials


def test_a_tokenizer_json_merged_in_another_order_is_refused(
    tmp_path: Path, small: Tokenizer
) -> None:
    folder = tokenizer_json(tmp_path, small, merges=[["b", "b"], ["a", "a"]])
    with pytest.raises(CheckpointError, match="its merges are not in the order of its ids"):
        read_tokenizer(folder)


def test_a_tokenizer_json_of_another_kind_is_refused(tmp_path: Path, small: Tokenizer) -> None:
    with pytest.raises(CheckpointError, match="is not a byte-level BPE tokenizer"):
        read_tokenizer(tokenizer_json(tmp_path, small, merges=None))


def test_a_folder_without_a_tokenizer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"neither tiktoken\.model nor tokenizer\.json"):
        read_tokenizer(tmp_path)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("aGk= 0\nnonsense\n", "tiktoken.model, line 2: it must be a base64 token and its rank"),
        ("aGk= 0\n", "lacks single bytes"),
        (
            "".join(f"{base64.b64encode(token).decode()} 7\n" for token in BYTES),
            "gives the same id to two tokens",
        ),
    ],
)
def test_bad_ranks_get_one_sentence(tmp_path: Path, lines: str, sentence: str) -> None:
    (tmp_path / "tiktoken.model").write_text(lines)
    with pytest.raises(CheckpointError, match=sentence):
        read_tokenizer(tmp_path)
