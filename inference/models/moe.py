"""The mixture of experts: a router, the routed experts (INT4 stays packed), and the shared one that always speaks."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from inference.config import TextConfig
from inference.models.layers import Mlp
from kernels import int4_moe, moe, topk_gate


class Gate(nn.Module):
    """x [T, hidden] -> experts [T, top_k] int64 and their weights [T, top_k] float32."""

    def __init__(self, text: TextConfig) -> None:
        super().__init__()
        self.text = text
        self.weight = nn.Parameter(torch.empty(text.n_routed_experts, text.hidden_size))
        self.register_buffer("e_score_correction_bias", torch.empty(text.n_routed_experts))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return topk_gate(
            x,
            self.weight,
            self.get_buffer("e_score_correction_bias"),
            top_k=self.text.num_experts_per_tok,
            groups=self.text.n_group,
            top_groups=self.text.topk_group,
            normalize=self.text.norm_topk_prob,
            factor=self.text.routed_scaling_factor,
        )


class Moe(nn.Module):
    """x [T, hidden] -> [T, hidden]."""

    def __init__(self, text: TextConfig, packed: Callable[[str], frozenset[str]]) -> None:
        """`packed(name)`: which projections of the expert of that name are INT4."""
        super().__init__()
        size, width = text.hidden_size, text.moe_intermediate_size
        self.gate = Gate(text)
        self.experts = nn.ModuleList(Mlp(size, width, packed(f"experts.{e}")) for e in range(text.n_routed_experts))
        self.shared_experts = Mlp(size, width * text.n_shared_experts, packed("shared_experts"))
        self._experts: list[Mlp] = [expert for expert in self.experts if isinstance(expert, Mlp)]

    def forward(self, x: Tensor) -> Tensor:
        indices, weights = self.gate(x)
        experts = self._experts
        if all(expert.all_int4 for expert in experts):
            gate, up = [e.gate_proj.int4 for e in experts], [e.up_proj.int4 for e in experts]
            routed = int4_moe(x, indices, weights, gate, up, [e.down_proj.int4 for e in experts])
        else:
            routed = moe(x, indices, weights, lambda e: experts[e].matrices())
        out: Tensor = routed + self.shared_experts(x)
        return out
