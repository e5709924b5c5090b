"""How many tokens the cache can hold on this machine, and so how long a conversation may be."""

from __future__ import annotations

import os
from pathlib import Path

from inference.engine.batch import Model
from inference.engine.scheduler import Limits

# Of what is free once the model is loaded. A CPU's memory is shared with all else that runs there,
# and its cache takes pages only as they are written; a GPU's rest is for activations.
CPU_SHARE = 0.5
GPU_SHARE = 0.85
MOST_CONTEXTS = 4  # full ones side by side; more room than that is hardly ever used


def fit_cache(
    model: Model, limits: Limits, cache_tokens: int | None, context: int | None
) -> Limits:
    """Return `limits` with the blocks for `cache_tokens`; None: what fits, up to four contexts.

    `context`: most tokens of one conversation, None: what the model was made for.
    """
    longest = model.config.text.max_position_embeddings
    longest = longest if context is None else min(longest, context)
    if cache_tokens is None:
        cache_tokens = min(free_tokens(model, limits.block_size), MOST_CONTEXTS * longest)
    blocks = -(-cache_tokens // limits.block_size)
    return Limits(
        blocks=blocks,
        block_size=limits.block_size,
        step_tokens=limits.step_tokens,
        running=limits.running,
        waiting=limits.waiting,
        guess_up_to=limits.guess_up_to,
        context=context,
    )


def free_tokens(model: Model, block_size: int) -> int:
    """Return how many tokens' latents fit into the share of free memory that is the cache's."""
    probe = model.new_cache(1, block_size)
    per_token = probe.nbytes / block_size
    share = GPU_SHARE if probe.is_cuda else CPU_SHARE
    free = free_gpu_bytes() if probe.is_cuda else free_cpu_bytes()
    return max(block_size, int(share * free / per_token))


def free_gpu_bytes() -> int:
    """Return the GPU's free memory."""
    import torch

    free, _ = torch.cuda.mem_get_info()
    return int(free)


def free_cpu_bytes() -> int:
    """Return the memory that can still be had, within the container's limit where there is one."""
    machine = _machine_bytes()
    limit = container_bytes(Path("/sys/fs/cgroup"))
    return machine if limit is None else min(machine, limit)


def _machine_bytes() -> int:
    meminfo = Path("/proc/meminfo")
    if meminfo.exists():
        for line in meminfo.read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def container_bytes(folder: Path) -> int | None:
    """Return what a control group of version 2 has left; None without a limit."""
    try:
        limit = (folder / "memory.max").read_text().strip()
        used = (folder / "memory.current").read_text().strip()
    except OSError:
        return None
    return max(0, int(limit) - int(used)) if limit.isdigit() else None
