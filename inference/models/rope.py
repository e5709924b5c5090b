"""Rotary position embedding with YaRN, and the scale of attention scores that YaRN defines.

The float32 operations are those of transformers, in the same order: at position 195,000, one unit
in the last place of a frequency rotates a pair by 0.01 rad.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from inference.checkpoint.config import TextConfig, Yarn

SHORTEST_RAMP = 0.001  # pairs; avoids a division by zero


def compute_inverse_frequencies(text: TextConfig) -> Tensor:
    """Return radians per position for each pair: [qk_rope_head_dim / 2] float32 on the CPU."""
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
    """Return the factor of attention scores: 0.1446796258 for K2.6."""
    scale = 1 / math.sqrt(text.qk_head_dim)
    if text.yarn is None or not text.yarn.mscale_all_dim:
        return scale
    return scale * _compute_magnitude(text.yarn.factor, text.yarn.mscale_all_dim) ** 2


def compute_rotation_magnitude(text: TextConfig) -> float:
    """Return the factor of cos and sin: 1 for K2.6."""
    if text.yarn is None:
        return 1.0
    if text.yarn.mscale and text.yarn.mscale_all_dim:
        divisor = _compute_magnitude(text.yarn.factor, text.yarn.mscale_all_dim)
        return _compute_magnitude(text.yarn.factor, text.yarn.mscale) / divisor
    return _compute_magnitude(text.yarn.factor, 1.0)


class Rope:
    """The frequencies of one model; computes the tables that `kernels.rope` takes."""

    def __init__(self, text: TextConfig) -> None:
        self._frequencies = compute_inverse_frequencies(text)
        self._magnitude = compute_rotation_magnitude(text)

    def compute_tables(self, positions: Tensor) -> tuple[Tensor, Tensor]:
        """Return cos and sin [tokens, qk_rope_head_dim / 2] float32 of `positions` [tokens]."""
        if self._frequencies.device != positions.device:
            # Copied once and kept, because a CUDA graph cannot contain this copy.
            self._frequencies = self._frequencies.to(positions.device)
        angles = positions.float().unsqueeze(-1) * self._frequencies
        return angles.cos() * self._magnitude, angles.sin() * self._magnitude


def _compute_magnitude(factor: float, weight: float) -> float:
    """Return YaRN's magnitude, as in transformers' `yarn_get_mscale`."""
    if factor <= 1:
        return 1.0
    return 0.1 * weight * math.log(factor) + 1.0


def _compute_ramp_ends(yarn: Yarn, theta: float, dim: int) -> tuple[float, float]:
    """Return (low, high): the ramp from unchanged frequencies to those divided by the factor."""

    def find_pair(turns: float) -> float:
        """Return the (fractional) pair that turns this often over the original context."""
        length = yarn.original_max_position_embeddings
        return dim * math.log(length / (turns * 2 * math.pi)) / (2 * math.log(theta))

    low = max(math.floor(find_pair(yarn.beta_fast)), 0)
    high = min(math.ceil(find_pair(yarn.beta_slow)), dim - 1)
    if high == low:
        return low, high + SHORTEST_RAMP
    return low, high
