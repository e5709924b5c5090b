"""The mixture of experts: router, routed experts (INT4 stays packed) and the shared expert."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from inference.checkpoint.config import TextConfig
from inference.models.layers import Linear, Mlp
from kernels import Shuffled, int4_moe, moe, shuffle, topk_gate


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
    """x [T, hidden] -> [T, hidden]: the weighted sum of routed experts, plus the shared expert."""

    def __init__(self, text: TextConfig, packed: Callable[[str], frozenset[str]]) -> None:
        """Build the experts; `packed(name)` names the INT4 projections of the expert `name`."""
        super().__init__()
        size, width = text.hidden_size, text.moe_intermediate_size
        self.gate = Gate(text)
        self.experts = nn.ModuleList(
            Mlp(size, width, packed(f"experts.{e}")) for e in range(text.n_routed_experts)
        )
        self.shared_experts = Mlp(size, width * text.n_shared_experts, packed("shared_experts"))
        self._experts: list[Mlp] = [expert for expert in self.experts if isinstance(expert, Mlp)]
        self._shuffled: tuple[Shuffled, Shuffled, Shuffled] | None = None

    def shuffle(self) -> None:
        """Copy INT4 experts into the order that the GPU kernels read; release the originals."""
        experts = self._experts
        if not all(expert.all_int4 for expert in experts):
            return
        gate = _shuffle_and_release([expert.gate_proj for expert in experts])
        up = _shuffle_and_release([expert.up_proj for expert in experts])
        down = _shuffle_and_release([expert.down_proj for expert in experts])
        self._shuffled = gate, up, down

    def forward(self, x: Tensor) -> Tensor:
        indices, weights = self.gate(x)
        home = self.home
        if self._shuffled is not None or home == x.device:
            routed = self._compute_routed(x, indices, weights)
        else:
            # The experts do not fit on the device of x. The rows are copied to them and back.
            rows = x.to(home, torch.float32)
            routed = self._compute_routed(rows, indices.to(home), weights.to(home)).to(x)
        out: Tensor = routed + self.shared_experts(x)
        return out

    @property
    def home(self) -> torch.device:
        """The device of the experts."""
        linear = self._experts[0].down_proj
        return (linear.int4.packed if linear.packed else linear.weight).device

    def _compute_routed(self, x: Tensor, indices: Tensor, weights: Tensor) -> Tensor:
        experts = self._experts
        if self._shuffled is not None:
            return int4_moe(x, indices, weights, *self._shuffled)
        if all(expert.all_int4 for expert in experts):
            gate = [expert.gate_proj.int4 for expert in experts]
            up = [expert.up_proj.int4 for expert in experts]
            down = [expert.down_proj.int4 for expert in experts]
            return int4_moe(x, indices, weights, gate, up, down)
        return moe(x, indices, weights, lambda index: experts[index].matrices())


def _shuffle_and_release(projections: list[Linear]) -> Shuffled:
    shuffled = shuffle([projection.int4 for projection in projections])
    for projection in projections:
        projection.release()
    return shuffled
