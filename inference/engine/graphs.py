"""Small passes replayed as a CUDA graph, so that a step is not as slow as its kernels' launches.

A graph has one size and one set of tensors: a pass is copied into those of the next larger size and
padded there with sequences of one token that write into a block nobody owns. Knows nothing of CUDA
but through `capture`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from inference.engine.batch import Batch, Model

SIZES = (1, 2, 4, 8, 16, 32, 64)  # tokens of a pass

Capture = Callable[[Callable[[], Tensor]], tuple[Callable[[], object], Tensor]]


@dataclass(frozen=True)
class _Graph:
    batch: Batch  # the tensors the graph reads
    replay: Callable[[], object]
    hidden: Tensor  # the tensor it writes


class Graphs:
    def __init__(
        self, model: Model, cache: Tensor, capture: Capture, sizes: tuple[int, ...] = SIZES
    ) -> None:
        """The cache's last block is the graphs' own: no sequence may hold it."""
        self._model, self._cache, self._capture, self._sizes = model, cache, capture, sizes
        self._graphs: dict[int, _Graph] = {}

    def fits(self, batch: Batch) -> bool:
        """Whether some graph is large enough; pictures are never in one."""
        return len(batch.tokens) <= self._sizes[-1] and batch.image_rows is None

    def run(self, batch: Batch) -> Tensor:
        """What the model's `forward` gives [T, hidden]; good until the next run."""
        count = len(batch.tokens)
        size = next(size for size in self._sizes if size >= count)
        graph = self._graphs.get(size)
        if graph is None:
            static = self._empty(size)
            self._fill(
                static, batch
            )  # the first runs are real ones: what they store is what this pass stores
            replay, hidden = self._capture(lambda: self._model.forward(static, self._cache))
            graph = self._graphs[size] = _Graph(static, replay, hidden)
        else:
            self._fill(graph.batch, batch)
        graph.replay()
        return graph.hidden[:count]

    def _empty(self, size: int) -> Batch:
        device, blocks = self._cache.device, self._cache.shape[1]

        def zeros(*shape: int, dtype: torch.dtype) -> Tensor:
            return torch.zeros(shape, dtype=dtype, device=device)

        return Batch(
            tokens=zeros(size, dtype=torch.int64),
            positions=zeros(size, dtype=torch.int64),
            query_start=zeros(size + 1, dtype=torch.int32),
            context=zeros(size, dtype=torch.int32),
            block_table=zeros(size, blocks - 1, dtype=torch.int32),
            slots=zeros(size, dtype=torch.int64),
            few=True,
        )

    def _fill(self, static: Batch, batch: Batch) -> None:
        """Padding tokens are sequences of one token each, in the spare block; what sequences are
        left have none.
        """
        tokens, sequences, size = len(batch.tokens), len(batch.context), len(static.tokens)
        spare, rows = self._cache.shape[1] - 1, self._cache.shape[2]
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
    """Runs `call` twice, so that everything is compiled and allocated, and records it the third
    time.
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
