"""Multi-head latent attention over the paged cache.

The absorbed form is cheaper for few new tokens of a sequence, the expanded form for many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from inference.checkpoint.config import KimiConfig, TextConfig
from inference.engine.batch import Batch
from inference.models.layers import Linear, RmsNorm
from inference.models.rope import compute_softmax_scale
from kernels import mla_decode, mla_prefill, rope, store_latent

Form = Literal["cheaper", "absorbed", "expanded"]
NEVER = 1 << 62  # a number of tokens that no sequence has


@dataclass(frozen=True)
class Pieces:
    """The sequences of a pass that use one form of attention, with N tokens in total."""

    rows: Tensor | None  # [N] int64: their rows in the pass; None for all rows
    query_start: Tensor
    context: Tensor
    block_table: Tensor


@dataclass(frozen=True)
class Pass:
    """The inputs that all layers of one pass share."""

    cos: Tensor  # [T, rope / 2] float32
    sin: Tensor
    slots: Tensor
    absorbed: Pieces | None
    expanded: Pieces | None


def find_expansion_threshold(text: TextConfig) -> int:
    """Return the number of new tokens from which the expanded form is cheaper: 171 for K2.6.

    Expanding costs (nope + v) · rank multiplications for each cached token and head. It saves
    2 · rank − nope − v multiplications for each new token.
    """
    expanded = text.qk_nope_head_dim + text.v_head_dim
    saved = 2 * text.kv_lora_rank - expanded
    if saved <= 0:
        return NEVER
    return -(-expanded * text.kv_lora_rank // saved)


def split(batch: Batch, form: Form, expand_from: int) -> tuple[Pieces | None, Pieces | None]:
    """Return (the sequences to attend absorbed, those to attend expanded)."""
    if form != "cheaper":
        everything = Pieces(None, batch.query_start, batch.context, batch.block_table)
        return (everything, None) if form == "absorbed" else (None, everything)
    lengths = batch.query_start.diff()
    long = lengths >= expand_from
    return _select_sequences(batch, lengths, ~long), _select_sequences(batch, lengths, long)


def _select_sequences(batch: Batch, lengths: Tensor, chosen: Tensor) -> Pieces | None:
    """Return the sequences where `chosen` [B] is true; None when there are none."""
    if not chosen.any():
        return None
    if chosen.all():
        return Pieces(None, batch.query_start, batch.context, batch.block_table)
    rows = chosen.repeat_interleave(lengths.long()).nonzero().squeeze(-1)
    start = torch.cat((lengths.new_zeros(1), lengths[chosen].cumsum(0, dtype=lengths.dtype)))
    return Pieces(rows, start, batch.context[chosen], batch.block_table[chosen])


class Attention(nn.Module):
    """x [T, hidden] -> [T, hidden]; stores the tokens' latents in the cache first."""

    def __init__(self, config: KimiConfig, packed: frozenset[str] = frozenset()) -> None:
        super().__init__()
        text = config.text
        self.text = text
        self.scale = compute_softmax_scale(text)
        heads = text.num_attention_heads

        def linear(name: str, columns: int, rows: int) -> Linear:
            return Linear(columns, rows, packed=name in packed)

        self.q_a_proj = linear("q_a_proj", text.hidden_size, text.q_lora_rank)
        self.q_a_layernorm = RmsNorm(text.q_lora_rank, config.latent_norm_eps)
        self.q_b_proj = linear("q_b_proj", text.q_lora_rank, heads * text.qk_head_dim)
        self.kv_a_proj_with_mqa = linear("kv_a_proj_with_mqa", text.hidden_size, text.latent_size)
        self.kv_a_layernorm = RmsNorm(text.kv_lora_rank, config.latent_norm_eps)
        self.kv_b_proj = linear(
            "kv_b_proj", text.kv_lora_rank, heads * (text.qk_nope_head_dim + text.v_head_dim)
        )
        self.o_proj = linear("o_proj", heads * text.v_head_dim, text.hidden_size)

    def forward(self, x: Tensor, cache: Tensor, shared: Pass) -> Tensor:
        """Return the output; `cache` [blocks, block_size, latent_size] is this layer's."""
        text = self.text
        q = self.q_b_proj(self.q_a_layernorm(self.q_a_proj(x))).view(len(x), -1, text.qk_head_dim)
        q_nope, q_rope = q.tensor_split((text.qk_nope_head_dim,), dim=-1)
        q_rope = rope(q_rope, shared.cos, shared.sin)
        latent, k_rope = self.kv_a_proj_with_mqa(x).tensor_split((text.kv_lora_rank,), dim=-1)
        k_rope = rope(k_rope.unsqueeze(1), shared.cos, shared.sin).squeeze(1)
        store_latent(self.kv_a_layernorm(latent), k_rope, cache, shared.slots)

        heads = text.num_attention_heads
        kv_b = self.kv_b_proj.matrix().to(x.dtype).view(heads, -1, text.kv_lora_rank)
        out = x.new_empty((len(x), heads, text.v_head_dim))
        for pieces, attend in (
            (shared.absorbed, self._attend_absorbed),
            (shared.expanded, self._attend_expanded),
        ):
            if pieces is not None:
                rows = slice(None) if pieces.rows is None else pieces.rows
                out[rows] = attend(q_nope[rows], q_rope[rows], cache, kv_b, pieces)
        y: Tensor = self.o_proj(out.flatten(1))
        return y

    def _attend_absorbed(
        self, q_nope: Tensor, q_rope: Tensor, cache: Tensor, kv_b: Tensor, pieces: Pieces
    ) -> Tensor:
        keys, values = kv_b.tensor_split((self.text.qk_nope_head_dim,), dim=1)
        q = torch.cat((torch.einsum("thn,hnr->thr", q_nope, keys), q_rope), dim=-1)
        rank = self.text.kv_lora_rank
        latents = mla_decode(
            q, cache, pieces.query_start, pieces.context, pieces.block_table, self.scale, rank
        )
        return torch.einsum("thr,hvr->thv", latents, values)

    def _attend_expanded(
        self, q_nope: Tensor, q_rope: Tensor, cache: Tensor, kv_b: Tensor, pieces: Pieces
    ) -> Tensor:
        return mla_prefill(
            q_nope,
            q_rope,
            cache,
            kv_b,
            pieces.query_start,
            pieces.context,
            pieces.block_table,
            self.scale,
        )
