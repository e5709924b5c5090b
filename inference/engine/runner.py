"""Runs scheduled chunks through the model and returns logits; caches encoded pictures."""

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

# Tokens of encoded pictures that are kept, least recently used first out: 24 of the largest.
KEPT_TOKENS = 65_536


class Runner:
    """A model with its paged cache and its cache of encoded pictures."""

    def __init__(
        self, model: Model, blocks: int, block_size: int, capture: Capture | None = None
    ) -> None:
        """Allocate a cache of `blocks` blocks.

        `capture` records a small pass as a graph; the default is a CUDA graph on a GPU and no graph
        on a CPU.
        """
        self.model = model
        self.block_size = block_size
        self.cache = model.new_cache(blocks + 1, block_size)  # `Graphs` reserves the last block
        if capture is None and self.cache.is_cuda:
            capture = record_cuda_graph
        self._graphs = Graphs(model, self.cache, capture) if capture else None
        self.pictures_encoded = 0
        self._features: OrderedDict[bytes, Tensor] = OrderedDict()

    @torch.inference_mode()
    def run(self, chunks: Listed[ScheduledChunk]) -> Tensor:
        """Compute every chunk and return the logits [rows of all chunks, vocab] float32."""
        hidden = self._compute_hidden(self._make_batch(chunks))
        rows: list[int] = []
        end = 0
        for chunk in chunks:
            end += len(chunk.tokens)
            rows += range(end - chunk.rows, end)
        return self.model.logits(hidden if len(rows) == end else hidden[rows])

    def _compute_hidden(self, batch: Batch) -> Tensor:
        if self._graphs is not None and self._graphs.fits(batch):
            return self._graphs.run(batch)
        return self.model.forward(batch, self.cache)

    def _make_batch(self, chunks: Listed[ScheduledChunk]) -> Batch:
        device = self.cache.device
        size = self.block_size
        tokens: list[int] = []
        positions: list[int] = []
        slots: list[int] = []
        starts: list[int] = [0]
        context: list[int] = []
        for chunk in chunks:
            start = chunk.sequence.computed
            blocks = chunk.sequence.blocks
            indexes = range(start, start + len(chunk.tokens))
            tokens += chunk.tokens
            positions += indexes
            slots += [blocks[index // size] * size + index % size for index in indexes]
            starts.append(len(tokens))
            context.append(indexes.stop)
        width = max(len(chunk.sequence.blocks) for chunk in chunks)
        table = [
            chunk.sequence.blocks + [-1] * (width - len(chunk.sequence.blocks)) for chunk in chunks
        ]
        rows, features = self._collect_pictures(chunks, starts)
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

    def _collect_pictures(
        self, chunks: Listed[ScheduledChunk], starts: Listed[int]
    ) -> tuple[list[int], list[Tensor]]:
        """Return the rows of the pass that are placeholders, and the features for these rows."""
        pictures: list[PromptPicture] = []
        for chunk in chunks:
            pictures += [picture for picture, _, _ in _list_visible_pictures(chunk)]
        self._encode(pictures)
        rows: list[int] = []
        features: list[Tensor] = []
        for chunk, first in zip(chunks, starts, strict=False):
            offset = first - chunk.sequence.computed
            for picture, start, stop in _list_visible_pictures(chunk):
                rows += range(offset + start, offset + stop)
                encoded = self._features[picture.digest]
                features.append(encoded[start - picture.start : stop - picture.start])
        self._evict_features()
        return rows, features

    def _encode(self, pictures: Listed[PromptPicture]) -> None:
        """Encode the pictures that are not cached, in one pass of the vision encoder."""
        for picture in pictures:
            if picture.digest in self._features:
                self._features.move_to_end(picture.digest)
        new = {
            picture.digest: picture.patches
            for picture in pictures
            if picture.digest not in self._features
        }
        if not new:
            return
        device = self.cache.device
        values = torch.cat([torch.from_numpy(patches.values) for patches in new.values()])
        grids = torch.tensor([patches.grid for patches in new.values()], device=device)
        encoded = self.model.encode_images(values.to(device), grids)
        self._features.update(zip(new, encoded, strict=True))
        self.pictures_encoded += len(new)

    def _evict_features(self) -> None:
        kept = sum(len(features) for features in self._features.values())
        while kept > KEPT_TOKENS and len(self._features) > 1:
            _, evicted = self._features.popitem(last=False)
            kept -= len(evicted)


def _list_visible_pictures(chunk: ScheduledChunk) -> Iterator[tuple[PromptPicture, int, int]]:
    """Yield (picture, start, stop): the indexes of the prompt that the chunk computes of it."""
    begin = chunk.sequence.computed
    for picture in chunk.sequence.request.pictures:
        start = max(picture.start, begin)
        stop = min(picture.stop, begin + chunk.count)
        if start < stop:
            yield picture, start, stop
