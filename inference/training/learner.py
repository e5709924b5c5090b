"""The model while it learns: the same modules under the same names as `inference.models`, over padded batches.

Attention is expanded (no cache), and expert weights are what INT4 can hold once `quantized` is set, with the gradient
passed straight through.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from inference.config import KimiConfig
from inference.models.decoder import Layer
from inference.models.kimi import Kimi
from inference.models.mla import Attention
from inference.models.moe import Moe
from inference.models.rope import Rope
from kernels import dequantize, quantize, rope

BALANCE = 1e-3  # a step of the router's bias towards experts that got too little


class Learner(nn.Module):
    """tokens [B, S] int64, padded at the end, and `wanted` [B, S] bool -> logits [wanted, vocab].

    `kimi` holds the weights.
    """

    def __init__(self, config: KimiConfig, seed: int) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.kimi, self.quantized = Kimi(config), False
        self._rope = Rope(config.text)
        for name, weight in self.kimi.named_parameters():
            spread = 0.5 / config.text.hidden_size**0.5 if weight.ndim > 1 else 0.0
            nn.init.normal_(weight, std=spread) if weight.ndim > 1 else nn.init.ones_(weight)
            if name.endswith(("o_proj.weight", "down_proj.weight")):
                weight.data /= (2 * config.text.num_hidden_layers) ** 0.5
        for name, buffer in self.kimi.named_buffers():
            if name.endswith("e_score_correction_bias"):
                buffer.zero_()

    def forward(self, tokens: Tensor, wanted: Tensor) -> Tensor:
        decoder = self.kimi.language_model.model
        batch, length = tokens.shape
        x = decoder.embed_tokens(tokens).flatten(0, 1)
        tables = self._rope.tables(torch.arange(length, device=tokens.device))
        cos, sin = (table.repeat(batch, 1) for table in tables)
        for layer in decoder.layers:
            assert isinstance(layer, Layer)
            x = x + _attend(layer.self_attn, layer.input_layernorm(x), cos, sin, batch)
            normed = layer.post_attention_layernorm(x)
            x = x + (self._mix(layer.mlp, normed) if isinstance(layer.mlp, Moe) else layer.mlp(normed))
        out: Tensor = self.kimi.language_model.lm_head(decoder.norm(x[wanted.flatten()]))
        return out

    def loss(self, tokens: Tensor, learnt: Tensor) -> Tensor:
        """Of one batch as `padded` gives it: nats a place, the mean over the places to be learnt."""
        self.train()
        tokens, wanted = tokens.to(self.device), learnt[:, 1:].to(self.device)
        with torch.autocast(self.device.type, torch.bfloat16):
            logits = self(tokens[:, :-1], wanted)
        return F.cross_entropy(logits.float(), tokens[:, 1:][wanted])

    @torch.no_grad()
    def guesses(self, tokens: Tensor, learnt: Tensor) -> tuple[list[list[int]], float]:
        """The likeliest token at each place to be learnt (0 elsewhere), with what is before it given; nats in all."""
        self.eval()
        tokens, wanted = tokens.to(self.device), learnt[:, 1:].to(self.device)
        with torch.autocast(self.device.type, torch.bfloat16):
            logits = self(tokens[:, :-1], wanted).float()
        best = torch.zeros_like(tokens)
        best[:, 1:][wanted] = logits.argmax(-1)
        return best.tolist(), float(F.cross_entropy(logits, tokens[:, 1:][wanted], reduction="sum"))

    @property
    def device(self) -> torch.device:
        return self.kimi.device

    def _mix(self, moe: Moe, x: Tensor) -> Tensor:
        indices, weights = moe.gate(x)
        if self.training:
            _balance(moe, indices)
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
        weights = torch.stack([expert.get_submodule(name).get_parameter("weight") for expert in moe.experts])
        return fake_int4(weights) if self.quantized else weights


def fake_int4(weights: Tensor) -> Tensor:
    """What the weights become when packed; the gradient passes as if nothing had happened."""
    held = dequantize(quantize(weights.detach())).to(weights.dtype)
    return weights + (held - weights).detach()


def _balance(moe: Moe, indices: Tensor) -> None:
    count = torch.bincount(indices.flatten(), minlength=len(moe.experts)).float()
    bias = moe.gate.get_buffer("e_score_correction_bias")
    bias += BALANCE * torch.sign(count.mean() - count)


def _attend(attention: Attention, x: Tensor, cos: Tensor, sin: Tensor, batch: int) -> Tensor:
    """x [B · S, hidden] -> [B · S, hidden], each sequence looking at its own past."""
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
    # The fused attention wants keys and values of one width: three times faster here than the one that takes any.
    values = F.pad(values, (0, query.shape[-1] - text.v_head_dim))
    out = F.scaled_dot_product_attention(query, key, values, is_causal=True, scale=attention.scale)
    y: Tensor = attention.o_proj(out[..., : text.v_head_dim].transpose(1, 2).flatten(0, 1).flatten(1))
    return y
