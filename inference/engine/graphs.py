"""Replay of small forward passes as CUDA graphs, which avoids the cost of kernel launches.

A graph has a fixed size and fixed tensors. A batch is copied into the tensors of the next larger
size and padded with sequences of one token that write into a spare block. Only `capture` uses CUDA.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from inference.engine.batch import Batch, Model

SIZES = (1, 2, 4, 8, 16, 32, 64)  # tokens in a pass

Capture = Callable[[Callable[[], Tensor]], tuple[Callable[[], object], Tensor]]


@dataclass(frozen=True)
class _Graph:
    """A recorded forward pass with its input and output tensors."""

    batch: Batch
    replay: Callable[[], object]
    hidden: Tensor


class Graphs:
    """The recorded graphs of one model, one for each size, captured on first use."""

    def __init__(
        self, model: Model, cache: Tensor, capture: Capture, sizes: tuple[int, ...] = SIZES
    ) -> None:
        """Reserve the last block of `cache` for padding; no sequence may hold it."""
        self._model = model
        self._cache = cache
        self._capture = capture
        self._sizes = sizes
        self._graphs: dict[int, _Graph] = {}

    def fits(self, batch: Batch) -> bool:
        """Return whether a graph is large enough for this batch; pictures never fit."""
        return len(batch.tokens) <= self._sizes[-1] and batch.image_rows is None

    def run(self, batch: Batch) -> Tensor:
        """Return the model's hidden states [T, hidden], valid until the next run."""
        count = len(batch.tokens)
        size = next(size for size in self._sizes if size >= count)
        graph = self._graphs.get(size)
        if graph is None:
            graph = self._graphs[size] = self._record(size, batch)
        else:
            self._fill(graph.batch, batch)
        graph.replay()
        return graph.hidden[:count]

    def _record(self, size: int, batch: Batch) -> _Graph:
        """Record a graph of this size.

        `capture` runs the pass several times, so the tensors hold `batch` before: each run then
        stores the same latents in the cache.
        """
        static = self._make_static_batch(size)
        self._fill(static, batch)
        replay, hidden = self._capture(lambda: self._model.forward(static, self._cache))
        return _Graph(static, replay, hidden)

    def _make_static_batch(self, size: int) -> Batch:
        device = self._cache.device
        blocks = self._cache.shape[1]

        def zeros(*shape: int, dtype: torch.dtype) -> Tensor:
            return torch.zeros(shape, dtype=dtype, device=device)

        return Batch(
            tokens=zeros(size, dtype=torch.int64),
            positions=zeros(size, dtype=torch.int64),
            query_start=zeros(size + 1, dtype=torch.int32),
            context=zeros(size, dtype=torch.int32),
            block_table=zeros(size, blocks - 1, dtype=torch.int32),
            slots=zeros(size, dtype=torch.int64),
            few_tokens_each=True,
        )

    def _fill(self, static: Batch, batch: Batch) -> None:
        """Copy `batch` into `static`; each padding token is a sequence in the spare block.

        The remaining sequences of `static` have no tokens.
        """
        tokens = len(batch.tokens)
        sequences = len(batch.context)
        size = len(static.tokens)
        spare = self._cache.shape[1] - 1
        rows = self._cache.shape[2]
        static.tokens.zero_()[:tokens] = batch.tokens
        static.positions.zero_()[:tokens] = batch.positions
        static.slots.fill_(spare * rows)[:tokens] = batch.slots
        static.query_start.fill_(size)[: sequences + 1] = batch.query_start
        padding = size - tokens
        static.query_start[sequences : sequences + padding + 1] = torch.arange(
            tokens, size + 1, dtype=torch.int32
        )
        static.context.fill_(1)[:sequences] = batch.context
        static.block_table.fill_(-1)[:sequences, : batch.block_table.shape[1]] = batch.block_table
        static.block_table[sequences:, 0] = spare


def record_cuda_graph(call: Callable[[], Tensor]) -> tuple[Callable[[], object], Tensor]:
    """Record `call` as a CUDA graph and return (replay, output).

    `call` runs twice before, so that kernels are compiled and memory is allocated.
    """
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(2):
            call()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        hidden = call()
    return graph.replay, hidden
