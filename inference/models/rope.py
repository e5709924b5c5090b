"""Rotary positions: YaRN's frequencies for the decoder, and the scale it puts on attention scores.

The float32 steps are those of transformers, in their order: at position 195,000 one unit in the
last place of a frequency turns a pair by 0.01 rad.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from inference.checkpoint.config import TextConfig, Yarn


def compute_inverse_frequencies(text: TextConfig) -> Tensor:
    """[qk_rope_head_dim / 2] float32 on the CPU: radians per position for each pair."""
    dim = text.qk_rope_head_dim
    exponents = torch.arange(0, dim, 2, dtype=torch.float32, device="cpu") / dim
    periods = text.rope_theta**exponents
    if text.yarn is None:
        return 1.0 / periods
    low, high = _compute_ramp_ends(text.yarn, text.rope_theta, dim)
    steps = torch.arange(dim // 2, dtype=torch.float32, device="cpu")
    kept = 1 - ((steps - low) / (high - low)).clamp(0, 1)
    return 1.0 / (text.yarn.factor * periods) * (1 - kept) + 1.0 / periods * kept


def compute_softmax_scale(text: TextConfig) -> float:
    """What attention scores are multiplied by: 0.1446796258 for K2.6."""
    scale = 1 / math.sqrt(text.qk_head_dim)
    if text.yarn is None or not text.yarn.mscale_all_dim:
        return scale
    return scale * _compute_magnitude(text.yarn.factor, text.yarn.mscale_all_dim) ** 2


def compute_rotation_magnitude(text: TextConfig) -> float:
    """What cos and sin are multiplied by: 1 for K2.6."""
    if text.yarn is None:
        return 1.0
    if text.yarn.mscale and text.yarn.mscale_all_dim:
        over = _compute_magnitude(text.yarn.factor, text.yarn.mscale_all_dim)
        return _compute_magnitude(text.yarn.factor, text.yarn.mscale) / over
    return _compute_magnitude(text.yarn.factor, 1.0)


class Rope:
    """Turns positions into the tables `kernels.rope` takes."""

    def __init__(self, text: TextConfig) -> None:
        self._frequencies, self._magnitude = (
            compute_inverse_frequencies(text),
            compute_rotation_magnitude(text),
        )

    def tables(self, positions: Tensor) -> tuple[Tensor, Tensor]:
        """positions [tokens] -> cos and sin [tokens, qk_rope_head_dim / 2] float32."""
        if self._frequencies.device != positions.device:
            self._frequencies = self._frequencies.to(
                positions.device
            )  # once: a copy has no place in a graph
        angles = positions.float().unsqueeze(-1) * self._frequencies
        return angles.cos() * self._magnitude, angles.sin() * self._magnitude


def _compute_magnitude(factor: float, weight: float) -> float:
    return 0.1 * weight * math.log(factor) + 1.0 if factor > 1 else 1.0


def _compute_ramp_ends(yarn: Yarn, theta: float, dim: int) -> tuple[float, float]:
    """The pair below which frequencies are kept, and the one above which they are divided by the
    factor.
    """

    def pair(turns: float) -> float:
        return (
            dim
            * math.log(yarn.original_max_position_embeddings / (turns * 2 * math.pi))
            / (2 * math.log(theta))
        )

    low, high = (
        max(math.floor(pair(yarn.beta_fast)), 0),
        min(math.ceil(pair(yarn.beta_slow)), dim - 1),
    )
    return low, high + 0.001 if high == low else high
