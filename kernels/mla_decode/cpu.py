"""Absorbed latent attention over the paged cache as compiled code, 32 keys at a time.

The queries of a tile are in the lanes of the vectors. So a latent is read number by number as the
key of all heads, and as a row as the value.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from kernels.vectors import fma_tile, scale_row, softmax_step, widen

TILE = 32  # queries · heads that share a read of the cache
# Rows of the cache at a time: 20 kB with latents of 160 numbers, which fits into the L1 cache.
KEYS = 32

score8x16, score4x16, score1x16 = fma_tile(8, 16), fma_tile(4, 16), fma_tile(1, 16)
score8x8, score4x8, score1x8 = fma_tile(8, 8), fma_tile(4, 8), fma_tile(1, 8)
softmax16, softmax8 = softmax_step(16), softmax_step(8)


@njit(cache=True, nogil=True)
def products(a, a_row, a_k, rows, b, b_k, lanes, c, c_row, count, add):  # type: ignore[no-untyped-def]
    """Compute c[rows, lanes] (+)= a[rows, count] b[count, lanes].

    `lanes` is a multiple of 8. Arrays are addresses, strides are in floats.
    """
    lane = 0
    while lane < lanes:
        wide = lanes - lane >= 16
        right, out, row = b + 4 * lane, c + 4 * lane, 0
        while row < rows:
            left, place, more = a + 4 * row * a_row, out + 4 * row * c_row, rows - row
            if wide:
                if more >= 8:
                    score8x16(left, a_row, a_k, right, b_k, place, c_row, count, add)
                elif more >= 4:
                    score4x16(left, a_row, a_k, right, b_k, place, c_row, count, add)
                else:
                    score1x16(left, a_row, a_k, right, b_k, place, c_row, count, add)
            elif more >= 8:
                score8x8(left, a_row, a_k, right, b_k, place, c_row, count, add)
            elif more >= 4:
                score4x8(left, a_row, a_k, right, b_k, place, c_row, count, add)
            else:
                score1x8(left, a_row, a_k, right, b_k, place, c_row, count, add)
            row += 8 if more >= 8 else 4 if more >= 4 else 1
        lane += 16 if wide else 8


@njit(cache=True, nogil=True)
def mla_decode(q, cache, size, query_start, context, table, scale, rank, out):  # type: ignore[no-untyped-def]
    """Compute out [tokens, heads, rank] from q [tokens, heads, rank + rope] float32.

    `cache` is the address of this layer's latents, float16 [blocks · size, rank + rope].
    """
    heads, width = q.shape[1], q.shape[2]
    together = max(1, TILE // heads)
    most = (together * heads + 7) // 8 * 8
    turned = np.empty((width, most), np.float32)
    keys_here = np.empty((KEYS, width), np.float32)
    grid = np.empty((KEYS, most), np.float32)
    peak, total, fade = (
        np.empty(most, np.float32),
        np.empty(most, np.float32),
        np.empty(most, np.float32),
    )
    found = np.empty((most, rank), np.float32)
    at_turned, at_keys, at_grid, at_found = (
        turned.ctypes.data,
        keys_here.ctypes.data,
        grid.ctypes.data,
        found.ctypes.data,
    )
    for sequence in range(len(query_start) - 1):
        first, last = query_start[sequence], query_start[sequence + 1]
        begin = context[sequence] - (last - first)
        token = first
        while token < last:
            count = min(together, last - token)
            lanes = (count * heads + 7) // 8 * 8
            keys = begin + (token - first) + count
            for d in range(width):
                for i in range(count):
                    for h in range(heads):
                        turned[d, i * heads + h] = q[token + i, h, d] * scale
                for lane in range(count * heads, lanes):
                    turned[d, lane] = 0.0
            peak[:lanes] = -3.0e38
            total[:lanes] = 0.0
            found[:lanes] = 0.0
            # Pieces begin at fixed keys, so that sums do not depend on other tokens of the batch.
            for key in range(0, keys, KEYS):
                here = min(KEYS, keys - key)
                for i in range(here):
                    place = table[sequence, (key + i) // size] * size + (key + i) % size
                    widen(cache + 2 * width * place, at_keys + 4 * width * i, width // 16)
                products(at_keys, width, 1, here, at_turned, most, lanes, at_grid, most, width, 0)
                # Causal mask between the tokens of this tile.
                for late in range(max(key, keys - count + 1), key + here):
                    for i in range(min(count, late - keys + count)):
                        for h in range(heads):
                            grid[late - key, i * heads + h] = -3.0e38
                _softmax(at_grid, most, here, lanes, peak, total, fade)
                for lane in range(lanes):
                    if fade[lane] != np.float32(1.0):
                        scale_row(
                            at_found + 4 * rank * lane, fade.ctypes.data + 4 * lane, rank // 16
                        )
                products(at_grid, 1, most, lanes, at_keys, width, rank, at_found, rank, here, 1)
            for i in range(count):
                for h in range(heads):
                    share = np.float32(1.0) / total[i * heads + h]
                    for d in range(rank):
                        out[token + i, h, d] = found[i * heads + h, d] * share
            token += count


@njit(cache=True, nogil=True)
def _softmax(grid, stride, keys, lanes, peak, total, fade):  # type: ignore[no-untyped-def]
    lane = 0
    while lane < lanes:
        at, p = 4 * lane, grid + 4 * lane
        if lanes - lane >= 16:
            softmax16(
                p,
                stride,
                keys,
                peak.ctypes.data + at,
                total.ctypes.data + at,
                fade.ctypes.data + at,
            )
            lane += 16
        else:
            softmax8(
                p,
                stride,
                keys,
                peak.ctypes.data + at,
                total.ctypes.data + at,
                fade.ctypes.data + at,
            )
            lane += 8
