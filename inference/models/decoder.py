"""The language model: embedding, layers of attention and MLP, final norm, head."""

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
    """x [T, hidden] -> [T, hidden]: add attention of the normed x, then the same with the MLP."""

    def __init__(self, config: KimiConfig, index: int, packed: Collection[str]) -> None:
        """Build the layer; `packed` names its linear modules with INT4 weights."""
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
        normed, x = self.post_attention_layernorm.add_and_norm(x, attended)
        out: Tensor = x + self.mlp(normed)
        return out


class Embedding(nn.Module):
    """tokens [T] -> [T, size]."""

    def __init__(self, count: int, size: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(count, size))

    def forward(self, tokens: Tensor) -> Tensor:
        return F.embedding(tokens, self.weight)


class Decoder(nn.Module):
    """All layers: a batch -> [T, hidden] after the final norm."""

    def __init__(self, config: KimiConfig, packed: Collection[str], dtype: torch.dtype) -> None:
        super().__init__()
        text = config.text
        by_layer: list[list[str]] = [[] for _ in range(text.num_hidden_layers)]
        for name in packed:
            if name.startswith("layers."):
                index, _, rest = name.removeprefix("layers.").partition(".")
                by_layer[int(index)].append(rest)
        self.form: Form = "cheaper"
        self.dtype = dtype
        self._expand_from = find_expansion_threshold(text)
        self.embed_tokens = Embedding(text.vocab_size, text.hidden_size)
        self.layers = nn.ModuleList(
            Layer(config, index, names) for index, names in enumerate(by_layer)
        )
        self.norm = RmsNorm(text.hidden_size, text.rms_norm_eps)
        self._rope = Rope(text)

    def forward(self, batch: Batch, cache: Tensor) -> Tensor:
        cos, sin = self._rope.compute_tables(batch.positions)
        form = "absorbed" if batch.few_tokens_each else self.form
        absorbed, expanded = split(batch, form, self._expand_from)
        shared = Pass(cos, sin, batch.slots, absorbed, expanded)
        x = self.embed(batch)
        for layer, latents in zip(self.layers, cache, strict=True):
            x = layer(x, latents, shared)
        out: Tensor = self.norm(x)
        return out

    def embed(self, batch: Batch) -> Tensor:
        """Return the tokens' embeddings, with image features for the placeholders.

        The placeholder's id may be outside the embedding table, so it is replaced by 0 first.
        """
        if batch.image_rows is None or batch.image_features is None:
            embedded: Tensor = self.embed_tokens(batch.tokens)
            return embedded.to(self.dtype)
        tokens = batch.tokens.index_fill(0, batch.image_rows, 0)
        x: Tensor = self.embed_tokens(tokens).to(self.dtype)
        return x.index_copy(0, batch.image_rows, batch.image_features.to(self.dtype))


class LanguageModel(nn.Module):
    """The decoder and the head that turns its output into logits."""

    def __init__(self, config: KimiConfig, packed: Collection[str], dtype: torch.dtype) -> None:
        """Build the modules; `packed` names those with INT4 weights."""
        super().__init__()
        within = [name.removeprefix("model.") for name in packed if name.startswith("model.")]
        self.model = Decoder(config, within, dtype)
        self.lm_head = Linear(
            config.text.hidden_size, config.text.vocab_size, packed="lm_head" in packed
        )
