"""Reference of `store_latent`: a row of the cache is a token's latent, then its rotated key."""

from __future__ import annotations

import torch
from torch import Tensor


def store_latent(latent: Tensor, key: Tensor, cache: Tensor, slots: Tensor) -> None:
    cache.view(-1, cache.shape[-1])[slots] = torch.cat((latent, key), dim=-1).to(cache.dtype)
