"""A minimal binding of llama.cpp's C interface: tokens of many sequences in, logits out.

It works with any build that exports the interface, such as the one in the xllamacpp wheel. The
structures of settings differ between versions. So only their first fields are declared, which are
the same in all versions, followed by more bytes than any version needs. The C calling conventions
of x86-64 and arm64 allow this.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOM = 1024  # bytes; the largest of these structures has about 200
CHUNK = 512  # tokens in one pass over a prompt, llama.cpp's default


class _ModelSettings(ctypes.Structure):
    _fields_ = (("rest", ctypes.c_byte * ROOM),)


class _ContextSettings(ctypes.Structure):
    _fields_ = (
        ("n_ctx", ctypes.c_uint32),
        ("n_batch", ctypes.c_uint32),
        ("n_ubatch", ctypes.c_uint32),
        ("n_seq_max", ctypes.c_uint32),
        ("rest", ctypes.c_byte * ROOM),
    )


class _Batch(ctypes.Structure):
    _fields_ = (
        ("n_tokens", ctypes.c_int32),
        ("token", ctypes.POINTER(ctypes.c_int32)),
        ("embd", ctypes.c_void_p),
        ("pos", ctypes.POINTER(ctypes.c_int32)),
        ("n_seq_id", ctypes.POINTER(ctypes.c_int32)),
        ("seq_id", ctypes.POINTER(ctypes.POINTER(ctypes.c_int32))),
        ("logits", ctypes.POINTER(ctypes.c_int8)),
    )


class Llama:
    """A model in llama.cpp, computed by one thread, with several sequences of tokens."""

    def __init__(self, library: Path, gguf: Path, *, sequences: int, context: int) -> None:
        """Load the model with empty sequences of up to `context` tokens each.

        Raises RuntimeError when llama.cpp refuses the file or has no memory.
        """
        self._c = c = _declare_functions(ctypes.CDLL(str(library)))
        c.llama_backend_init()
        self._quiet = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(
            lambda *_: None
        )
        c.llama_log_set(self._quiet, None)
        self._model = c.llama_model_load_from_file(
            str(gguf).encode(), c.llama_model_default_params()
        )
        if not self._model:
            raise RuntimeError(f"llama.cpp cannot load {gguf}.")
        settings = c.llama_context_default_params()
        settings.n_ctx, settings.n_seq_max = sequences * context, sequences
        settings.n_batch = settings.n_ubatch = CHUNK
        self._context = c.llama_init_from_model(self._model, settings)
        if not self._context:
            raise RuntimeError(
                f"llama.cpp has no room for {sequences} sequences of {context} tokens."
            )
        c.llama_set_n_threads(self._context, 1, 1)
        self._vocab = c.llama_vocab_n_tokens(c.llama_model_get_vocab(self._model))
        self._batch = c.llama_batch_init(CHUNK, 0, 1)
        self._lengths = [0] * sequences

    def clear(self) -> None:
        self._c.llama_memory_clear(self._c.llama_get_memory(self._context), True)
        self._lengths = [0] * len(self._lengths)

    def feed(self, prompts: Sequence[Sequence[int]]) -> None:
        """Compute the next tokens of the first sequences, with logits of each last token."""
        rows: list[tuple[int, int, bool]] = []
        for sequence, tokens in enumerate(prompts):
            last = len(tokens) - 1
            rows += [(sequence, token, index == last) for index, token in enumerate(tokens)]
        for start in range(0, len(rows), CHUNK):
            self._run(rows[start : start + CHUNK])

    def step(self, tokens: Sequence[int]) -> None:
        """Compute one more token of each of the first sequences, in one pass."""
        self._run([(sequence, token, True) for sequence, token in enumerate(tokens)])

    def logits(self, row: int) -> NDArray[np.float32]:
        """Return the logits [vocab] of a row of the last pass that has them; -1 is the last."""
        address = self._c.llama_get_logits_ith(self._context, row)
        return np.ctypeslib.as_array(address, (self._vocab,)).copy()

    def _run(self, rows: Sequence[tuple[int, int, bool]]) -> None:
        batch = self._batch
        batch.n_tokens = len(rows)
        for index, (sequence, token, has_logits) in enumerate(rows):
            batch.token[index] = token
            batch.pos[index] = self._lengths[sequence]
            batch.n_seq_id[index] = 1
            batch.seq_id[index][0] = sequence
            batch.logits[index] = has_logits
            self._lengths[sequence] += 1
        if status := self._c.llama_decode(self._context, batch):
            raise RuntimeError(
                f"llama.cpp cannot compute {len(rows)} tokens: llama_decode returned {status}."
            )
        self._c.llama_synchronize(self._context)


def _declare_functions(c: Any) -> Any:
    pointer = ctypes.c_void_p
    for name, result, arguments in (
        ("llama_backend_init", None, []),
        ("llama_log_set", None, [pointer, pointer]),
        ("llama_model_default_params", _ModelSettings, []),
        ("llama_context_default_params", _ContextSettings, []),
        ("llama_model_load_from_file", pointer, [ctypes.c_char_p, _ModelSettings]),
        ("llama_init_from_model", pointer, [pointer, _ContextSettings]),
        ("llama_set_n_threads", None, [pointer, ctypes.c_int32, ctypes.c_int32]),
        ("llama_model_get_vocab", pointer, [pointer]),
        ("llama_vocab_n_tokens", ctypes.c_int32, [pointer]),
        ("llama_batch_init", _Batch, [ctypes.c_int32, ctypes.c_int32, ctypes.c_int32]),
        ("llama_get_memory", pointer, [pointer]),
        ("llama_memory_clear", None, [pointer, ctypes.c_bool]),
        ("llama_decode", ctypes.c_int32, [pointer, _Batch]),
        ("llama_synchronize", None, [pointer]),
        ("llama_get_logits_ith", ctypes.POINTER(ctypes.c_float), [pointer, ctypes.c_int32]),
    ):
        function = getattr(c, name)
        function.restype, function.argtypes = result, arguments
    return c
