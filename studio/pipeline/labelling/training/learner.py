"""The model in training: the modules and names of `inference.models`, over padded batches.

Attention is expanded (no cache). Expert weights are what INT4 can hold once `quantized` is set, with
the gradient passed straight through.
"""

from __future__ import annotations

from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from inference.chat.tokenizer import SPECIALS_COUNT
from inference.checkpoint.config import KimiConfig
from inference.models.decoder import Layer
from inference.models.kimi import Kimi
from inference.models.mla import Attention
from inference.models.moe import Moe
from inference.models.rope import Rope
from kernels import fake_quant, rope
from studio.pipeline.labelling.model.alphabet import SAID, WORDS
from studio.pipeline.labelling.training.dataset import Padded
from studio.pipeline.labelling.training.fact_table import FactTable

PATCH = 14  # px
INVERTED = 0.3  # share of the pictures that are inverted
BALANCE = 1e-3  # step of the router's bias towards experts that got too few tokens


class Learner(nn.Module):
    """The module that is trained.

    tokens [B, S] int64, padded at the end, the pictures at their placeholders and flat `places` [labels]
    → logits [labels, kinds] of what comes next. `kimi` holds the weights; its embeddings are `table`'s
    sums after `settle` was called.
    """

    def __init__(self, config: KimiConfig, seed: int) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.kimi = Kimi(config)
        self.quantized = False
        self._rope = Rope(config.text)
        for name, weight in self.kimi.named_parameters():
            if weight.ndim > 1:
                nn.init.normal_(weight, std=0.5 / config.text.hidden_size**0.5)
            else:
                nn.init.constant_(weight, 0.0 if name.endswith("bias") else 1.0)
            if name.endswith(("o_proj.weight", "down_proj.weight")):
                weight.data /= (2 * config.text.num_hidden_layers) ** 0.5
        for name, buffer in self.kimi.named_buffers():
            if name.endswith("e_score_correction_bias"):
                buffer.zero_()
        words = sum(word.count for word in WORDS.values())
        self.first = config.text.vocab_size - SPECIALS_COUNT - words
        self.media = config.media_placeholder_token_id
        self.table = FactTable(config.text.vocab_size, config.text.hidden_size, self.first)

    def settle(self) -> None:
        """Write the embeddings as the checkpoint holds them."""
        self.kimi.language_model.model.embed_tokens.weight.data.copy_(self.table.settled())

    def forward(self, tokens: Tensor, looks: Tensor, places: Tensor) -> Tensor:
        decoder = self.kimi.language_model.model
        batch, length = tokens.shape
        x = self.table(tokens).flatten(0, 1)
        if len(looks):
            rows = (tokens.flatten() == self.media).nonzero().squeeze(1)
            pictures = torch.cat(self.kimi.encode_images(*make_patch_batch(looks)))
            x = x.index_copy(0, rows, pictures.to(x.dtype))
        tables = self._rope.compute_tables(torch.arange(length, device=tokens.device))
        cos, sin = (table.repeat(batch, 1) for table in tables)
        for layer in decoder.layers:
            assert isinstance(layer, Layer)
            x = x + _attend_within_sequences(
                layer.self_attn, layer.input_layernorm(x), cos, sin, batch
            )
            normed = layer.post_attention_layernorm(x)
            x = x + (
                self._mix(layer.mlp, normed) if isinstance(layer.mlp, Moe) else layer.mlp(normed)
            )
        kinds = self.kimi.language_model.lm_head.weight[self.first : self.first + SAID.count]
        out: Tensor = F.linear(decoder.norm(x[places]), kinds)
        return out

    def logits(self, batch: Padded) -> Tensor:
        """Return logits [labels, kinds] fp32; −inf for what the grammar forbids."""
        tokens, labels = batch.tokens.to(self.device), batch.labels.to(self.device)
        places = labels[:, 0] * (tokens.shape[1] - 1) + labels[:, 1] - 1
        looks = batch.looks.to(self.device)
        # On a CPU casting costs more than bf16 saves at this width: 6.9k instead of 10k tokens a
        # second.
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type != "cpu"):
            logits: Tensor = self(tokens[:, :-1], looks, places)
        return logits.float().masked_fill(~batch.allowed.to(self.device), -torch.inf)

    def loss(self, batch: Padded) -> Tensor:
        """Return the mean loss in nats a label."""
        self.train()
        return F.cross_entropy(
            self.logits(replace(batch, looks=vary_colors(batch.looks))), self._kinds(batch)
        )

    @torch.no_grad()
    def guesses(self, batch: Padded) -> tuple[list[int], list[float]]:
        """Return the likeliest kind of each label, and its loss in nats."""
        self.eval()
        logits = self.logits(batch)
        return logits.argmax(-1).tolist(), F.cross_entropy(
            logits, self._kinds(batch), reduction="none"
        ).tolist()

    def _kinds(self, batch: Padded) -> Tensor:
        return batch.labels[:, 2].to(self.device)

    @property
    def device(self) -> torch.device:
        return self.kimi.device

    def _mix(self, moe: Moe, x: Tensor) -> Tensor:
        indices, weights = moe.gate(x)
        if self.training:
            _balance_experts(moe, indices)
        gate, up, down = (self._stack(moe, name) for name in ("gate_proj", "up_proj", "down_proj"))
        order = indices.flatten().argsort(stable=True)
        rows = order // indices.shape[1]
        counts = torch.bincount(indices.flatten(), minlength=len(moe.experts)).tolist()
        parts = [
            F.linear(F.silu(F.linear(part, gate[e])) * F.linear(part, up[e]), down[e])
            for e, part in enumerate(x[rows].split(counts))
        ]
        weighted = torch.cat(parts) * weights.flatten()[order].unsqueeze(-1).to(x.dtype)
        routed = torch.zeros_like(x).index_add(0, rows, weighted.to(x.dtype))
        shared: Tensor = moe.shared_experts(x)
        return routed + shared

    def _stack(self, moe: Moe, name: str) -> Tensor:
        weights = torch.stack(
            [expert.get_submodule(name).get_parameter("weight") for expert in moe.experts]
        )
        return fake_quant(weights) if self.quantized else weights


def make_patch_batch(looks: Tensor) -> tuple[Tensor, Tensor]:
    """Return pixel_values and grid_thws of pictures [pictures, height, width, 3] uint8.

    They are as `inference.chat.images.cut_patches` makes them.
    """
    count, height, width, _ = looks.shape
    rows, columns = height // PATCH, width // PATCH
    cells = looks.float().div(127.5).sub(1).view(count, rows, PATCH, columns, PATCH, 3)
    grids = torch.tensor([[1, rows, columns]]).expand(count, -1)
    return cells.permute(0, 1, 3, 5, 2, 4).reshape(-1, 3, PATCH, PATCH), grids


def vary_colors(looks: Tensor) -> Tensor:
    """Return each picture with its color channels exchanged, and `INVERTED` of them inverted.

    So the model learns that a color does not decide what a thing is.
    """
    order = torch.rand(len(looks), 3).argsort(-1)
    out = looks.gather(-1, order[:, None, None].expand(*looks.shape[:-1], -1))
    return torch.where(torch.rand(len(looks), 1, 1, 1) < INVERTED, 255 - out, out)


def _balance_experts(moe: Moe, indices: Tensor) -> None:
    count = torch.bincount(indices.flatten(), minlength=len(moe.experts)).float()
    bias = moe.gate.get_buffer("e_score_correction_bias")
    bias += BALANCE * torch.sign(count.mean() - count)


def _attend_within_sequences(
    attention: Attention, x: Tensor, cos: Tensor, sin: Tensor, batch: int
) -> Tensor:
    """Return attention of x [B · S, hidden], each sequence looking at its own past."""
    text = attention.text
    heads = text.num_attention_heads
    q = attention.q_b_proj(attention.q_a_layernorm(attention.q_a_proj(x))).view(len(x), heads, -1)
    q_nope, q_rope = q.tensor_split((text.qk_nope_head_dim,), dim=-1)
    latent, k_rope = attention.kv_a_proj_with_mqa(x).tensor_split((text.kv_lora_rank,), dim=-1)
    kv = attention.kv_b_proj(attention.kv_a_layernorm(latent)).view(len(x), heads, -1)
    keys, values = kv.tensor_split((text.qk_nope_head_dim,), dim=-1)
    k_rope = rope(k_rope.unsqueeze(1), cos, sin).expand(-1, heads, -1)
    query, key = torch.cat((q_nope, rope(q_rope, cos, sin)), -1), torch.cat((keys, k_rope), -1)
    query, key, values = (t.unflatten(0, (batch, -1)).transpose(1, 2) for t in (query, key, values))
    # Fused attention needs keys and values of one width. It is three times faster here than the one
    # for any widths.
    values = F.pad(values, (0, query.shape[-1] - text.v_head_dim))
    out = F.scaled_dot_product_attention(query, key, values, is_causal=True, scale=attention.scale)
    y: Tensor = attention.o_proj(
        out[..., : text.v_head_dim].transpose(1, 2).flatten(0, 1).flatten(1)
    )
    return y
