"""Pieces of sequences to tensors, through the model, to logits. Pictures are encoded once and kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from collections.abc import Sequence as Listed

import torch
from torch import Tensor

from inference.engine.batch import Batch, Model
from inference.engine.graphs import Capture, Graphs, record_cuda_graph
from inference.engine.scheduler import ScheduledChunk
from inference.engine.sequence import PromptPicture

KEPT_TOKENS = 65_536  # of encoded pictures, those used last: 24 of the largest


class Runner:
    """Owns the model's cache."""

    def __init__(
        self, model: Model, blocks: int, block_size: int, capture: Capture | None = None
    ) -> None:
        """`capture`: how a small pass becomes a graph; None: a CUDA graph on a GPU, no graph on a
        CPU.
        """
        self.model, self.block_size = model, block_size
        self.cache = model.new_cache(blocks + 1, block_size)  # the last block is the graphs'
        if capture is None and self.cache.is_cuda:
            capture = record_cuda_graph
        self._graphs = Graphs(model, self.cache, capture) if capture else None
        self.pictures_encoded = 0
        self._features: OrderedDict[bytes, Tensor] = OrderedDict()

    @torch.inference_mode()
    def run(self, pieces: Listed[ScheduledChunk]) -> Tensor:
        """Computes every piece -> logits [rows of all pieces, vocab] float32."""
        hidden = self._hidden(self._batch(pieces))
        rows: list[int] = []
        end = 0
        for piece in pieces:
            end += len(piece.tokens)
            rows += range(end - piece.rows, end)
        return self.model.logits(hidden if len(rows) == end else hidden[rows])

    def _hidden(self, batch: Batch) -> Tensor:
        if self._graphs is not None and self._graphs.fits(batch):
            return self._graphs.run(batch)
        return self.model.forward(batch, self.cache)

    def _batch(self, pieces: Listed[ScheduledChunk]) -> Batch:
        device, size = self.cache.device, self.block_size
        tokens: list[int] = []
        positions: list[int] = []
        slots: list[int] = []
        starts, context = [0], []
        for piece in pieces:
            start, blocks = piece.sequence.computed, piece.sequence.blocks
            places = range(start, start + len(piece.tokens))
            tokens += piece.tokens
            positions += places
            slots += [blocks[place // size] * size + place % size for place in places]
            starts.append(len(tokens))
            context.append(places.stop)
        width = max(len(piece.sequence.blocks) for piece in pieces)
        table = [
            piece.sequence.blocks + [-1] * (width - len(piece.sequence.blocks)) for piece in pieces
        ]
        rows, features = self._seen(pieces, starts)
        return Batch(
            tokens=torch.tensor(tokens, device=device),
            positions=torch.tensor(positions, device=device),
            query_start=torch.tensor(starts, dtype=torch.int32, device=device),
            context=torch.tensor(context, dtype=torch.int32, device=device),
            block_table=torch.tensor(table, dtype=torch.int32, device=device),
            slots=torch.tensor(slots, device=device),
            image_rows=torch.tensor(rows, device=device) if rows else None,
            image_features=torch.cat(features) if rows else None,
        )

    def _seen(
        self, pieces: Listed[ScheduledChunk], starts: Listed[int]
    ) -> tuple[list[int], list[Tensor]]:
        """The pass's rows that are pictures, and the features that stand there."""
        self._encode(
            [picture for piece in pieces for picture, _, _ in _list_visible_pictures(piece)]
        )
        rows: list[int] = []
        features: list[Tensor] = []
        for piece, first in zip(pieces, starts, strict=False):
            for picture, start, stop in _list_visible_pictures(piece):
                rows += range(
                    first + start - piece.sequence.computed, first + stop - piece.sequence.computed
                )
                features.append(
                    self._features[picture.digest][start - picture.start : stop - picture.start]
                )
        self._forget()
        return rows, features

    def _encode(self, pictures: Listed[PromptPicture]) -> None:
        for picture in pictures:
            if picture.digest in self._features:
                self._features.move_to_end(picture.digest)
        new = {one.digest: one.patches for one in pictures if one.digest not in self._features}
        if not new:
            return
        values = torch.cat([torch.from_numpy(one.values) for one in new.values()]).to(
            self.cache.device
        )
        grids = torch.tensor([one.grid for one in new.values()], device=self.cache.device)
        self._features.update(zip(new, self.model.encode_images(values, grids), strict=True))
        self.pictures_encoded += len(new)

    def _forget(self) -> None:
        kept = sum(len(one) for one in self._features.values())
        while kept > KEPT_TOKENS and len(self._features) > 1:
            kept -= len(self._features.popitem(last=False)[1])


def _list_visible_pictures(piece: ScheduledChunk) -> Iterator[tuple[PromptPicture, int, int]]:
    """(picture, from, to): which places of its prompt that are a picture a piece computes."""
    begin = piece.sequence.computed
    for picture in piece.sequence.request.pictures:
        start, stop = max(picture.start, begin), min(picture.stop, begin + piece.count)
        if start < stop:
            yield picture, start, stop
