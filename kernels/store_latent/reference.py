"""A token's latent and rotated key, side by side, into its row of the cache."""

from __future__ import annotations

import torch
from torch import Tensor


def store_latent(latent: Tensor, key: Tensor, cache: Tensor, slots: Tensor) -> None:
    cache.view(-1, cache.shape[-1])[slots] = torch.cat((latent, key), dim=-1).to(cache.dtype)
