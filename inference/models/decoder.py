"""The text model: embedding, layers of attention and MLP, final norm, head."""

from __future__ import annotations

from collections.abc import Collection

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from inference.checkpoint.config import KimiConfig
from inference.engine.batch import Batch
from inference.models.layers import Linear, Mlp, RmsNorm
from inference.models.mla import Attention, Form, Pass, find_expansion_threshold, split
from inference.models.moe import Moe
from inference.models.rope import Rope


class Layer(nn.Module):
    """x [T, hidden] -> [T, hidden]: attention, then MLP, each on the normed input and added to it."""

    def __init__(self, config: KimiConfig, index: int, packed: Collection[str]) -> None:
        """`packed`: names, within this layer, of the linear weights that are INT4."""
        super().__init__()
        text = config.text

        def within(module: str) -> frozenset[str]:
            prefix = f"{module}."
            return frozenset(
                name.removeprefix(prefix) for name in packed if name.startswith(prefix)
            )

        self.input_layernorm = RmsNorm(text.hidden_size, text.rms_norm_eps)
        self.self_attn = Attention(config, within("self_attn"))
        self.post_attention_layernorm = RmsNorm(text.hidden_size, text.rms_norm_eps)
        self.mlp: nn.Module
        if index < text.first_k_dense_replace:
            self.mlp = Mlp(text.hidden_size, text.intermediate_size, within("mlp"))
        else:
            self.mlp = Moe(text, lambda name: within(f"mlp.{name}"))

    def forward(self, x: Tensor, cache: Tensor, shared: Pass) -> Tensor:
        attended = self.self_attn(self.input_layernorm(x), cache, shared)
        normed, x = self.post_attention_layernorm.of_sum(x, attended)
        out: Tensor = x + self.mlp(normed)
        return out


class Embedding(nn.Module):
    def __init__(self, count: int, size: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(count, size))

    def forward(self, tokens: Tensor) -> Tensor:
        return F.embedding(tokens, self.weight)


class Decoder(nn.Module):
    """A pass over a batch -> [T, hidden] after the final norm."""

    def __init__(self, config: KimiConfig, packed: Collection[str], dtype: torch.dtype) -> None:
        super().__init__()
        text = config.text
        by_layer: list[list[str]] = [[] for _ in range(text.num_hidden_layers)]
        for name in packed:
            if name.startswith("layers."):
                index, _, rest = name.removeprefix("layers.").partition(".")
                by_layer[int(index)].append(rest)
        self.form: Form = "cheaper"
        self.dtype, self._expand_from = dtype, find_expansion_threshold(text)
        self.embed_tokens = Embedding(text.vocab_size, text.hidden_size)
        self.layers = nn.ModuleList(
            Layer(config, index, names) for index, names in enumerate(by_layer)
        )
        self.norm = RmsNorm(text.hidden_size, text.rms_norm_eps)
        self._rope = Rope(text)

    def forward(self, batch: Batch, cache: Tensor) -> Tensor:
        cos, sin = self._rope.tables(batch.positions)
        absorbed, expanded = split(batch, "absorbed" if batch.few else self.form, self._expand_from)
        shared = Pass(cos, sin, batch.slots, absorbed, expanded)
        x = self.embed(batch)
        for layer, latents in zip(self.layers, cache, strict=True):
            x = layer(x, latents, shared)
        out: Tensor = self.norm(x)
        return out

    def embed(self, batch: Batch) -> Tensor:
        """The tokens' rows, with image features in the placeholders' place (whose own id may have
        no row).
        """
        if batch.image_rows is None or batch.image_features is None:
            embedded: Tensor = self.embed_tokens(batch.tokens)
            return embedded.to(self.dtype)
        x: Tensor = self.embed_tokens(batch.tokens.index_fill(0, batch.image_rows, 0)).to(
            self.dtype
        )
        return x.index_copy(0, batch.image_rows, batch.image_features.to(self.dtype))


class LanguageModel(nn.Module):
    def __init__(self, config: KimiConfig, packed: Collection[str], dtype: torch.dtype) -> None:
        """`packed`: names of the INT4 weights below this module."""
        super().__init__()
        within = [name.removeprefix("model.") for name in packed if name.startswith("model.")]
        self.model = Decoder(config, within, dtype)
        self.lm_head = Linear(
            config.text.hidden_size, config.text.vocab_size, packed="lm_head" in packed
        )
