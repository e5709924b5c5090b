"""Compute the decoder's layers over a batch. Every row is computed as if it were alone."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from kernels.mla_decode.cpu import mla_decode, products
from kernels.tile_matmul.cpu import multiply, quantize_rows
from kernels.vectors import keep_alive, narrow, swiglu_row, widen_bf16

# Columns of a layer's row in `layers`: indexes of weights in `weights`, offsets in `vectors`.
Q_A, Q_B, KV_A, OUT, KEY_UP, VALUE_UP, GATE, UP, DOWN, EXPERTS = range(10)
NORM_IN, NORM_Q, NORM_KV, NORM_POST, ROUTER, BIAS, COLUMNS = range(10, 17)


@njit(cache=True, nogil=True)
def decoder_pass(  # type: ignore[no-untyped-def]
    x,
    positions,
    cos,
    sin,
    slots,
    query_start,
    context,
    table,
    cache,
    sizes,
    reals,
    layers,
    weights,
    tiles,
    vectors,
):
    """Compute all layers in place: x [tokens, hidden] float32 becomes the final hidden states.

    cos, sin: [positions, rope / 2].
    positions, slots: [tokens].
    query_start, context, table: as in `inference.engine.batch`.
    cache: [layers, blocks · size, rank + rope] float16, as int16.
    sizes: heads, nope, rope, v, q rank, rank, block size, top k, experts.
    reals: eps, eps of the latents, softmax scale, routing factor, whether weights are normalized.
    layers: [layers, COLUMNS].
    weights: [n, 4] with offset in tiles, bits, rows, columns.
    vectors: norms, routers (transposed, padded to 16 experts) and their biases, then the final
        norm.
    """
    tokens, hidden = x.shape
    heads, nope, rope, v_dim, q_rank, rank = (
        sizes[0],
        sizes[1],
        sizes[2],
        sizes[3],
        sizes[4],
        sizes[5],
    )
    size, top_k, experts = sizes[6], sizes[7], sizes[8]
    latent, head = rank + rope, nope + rope
    rows = np.arange(tokens * max(heads, top_k))
    by_head = np.empty((heads, tokens), np.int64)
    for h in range(heads):
        for t in range(tokens):
            by_head[h, t] = t * heads + h
    widest = max(hidden, heads * max(nope, rank, v_dim), q_rank)
    for layer in range(len(layers)):
        for column in (GATE, KEY_UP):
            widest = max(widest, weights[layers[layer, column], 2])
        if layers[layer, EXPERTS] >= 0:
            widest = max(widest, top_k * weights[layers[layer, EXPERTS], 2])
    codes = np.empty(tokens * widest, np.int8)
    code_scale, code_sum = (
        np.empty(tokens * widest // 32, np.float32),
        np.empty(tokens * widest // 32, np.int32),
    )
    c, cs, ct = codes.ctypes.data, code_scale.ctypes.data, code_sum.ctypes.data
    normed = np.empty((tokens, hidden), np.float32)
    q_low = np.empty((tokens, q_rank), np.float32)
    q = np.empty((tokens, heads * head), np.float32)
    q_nope = np.empty((tokens * heads, nope), np.float32)
    absorbed = np.empty((tokens, heads, latent), np.float32)
    kv = np.empty((tokens, latent), np.float32)
    seen = np.empty((tokens, heads, rank), np.float32)
    values = np.empty((tokens, heads * v_dim), np.float32)
    added = np.empty((tokens, hidden), np.float32)
    every, base = rows.ctypes.data, tiles.ctypes.data
    for layer in range(len(layers)):
        plan, latents = layers[layer], cache[layer]
        for t in range(tokens):
            _rms_norm(x[t], vectors[plan[NORM_IN] : plan[NORM_IN] + hidden], reals[0], normed[t])
        quantize_rows(normed.ctypes.data, tokens, hidden, c, cs, ct)
        _multiply(
            weights[plan[Q_A]], base, c, cs, ct, every, every, tokens, q_low.ctypes.data, q_rank
        )
        _multiply(
            weights[plan[KV_A]], base, c, cs, ct, every, every, tokens, kv.ctypes.data, latent
        )
        for t in range(tokens):
            _rms_norm(q_low[t], vectors[plan[NORM_Q] : plan[NORM_Q] + q_rank], reals[1], q_low[t])
            at = positions[t]
            _rms_norm(
                kv[t, :rank], vectors[plan[NORM_KV] : plan[NORM_KV] + rank], reals[1], kv[t, :rank]
            )
            _turn(kv[t, rank:], cos[at], sin[at], kv[t, rank:])
            narrow(
                kv.ctypes.data + 4 * latent * t,
                latents.ctypes.data + 2 * latent * slots[t],
                latent // 16,
            )
        quantize_rows(q_low.ctypes.data, tokens, q_rank, c, cs, ct)
        _multiply(
            weights[plan[Q_B]], base, c, cs, ct, every, every, tokens, q.ctypes.data, heads * head
        )
        for t in range(tokens):
            for h in range(heads):
                q_nope[t * heads + h] = q[t, h * head : h * head + nope]
                _turn(
                    q[t, h * head + nope : (h + 1) * head],
                    cos[positions[t]],
                    sin[positions[t]],
                    absorbed[t, h, rank:],
                )
        quantize_rows(q_nope.ctypes.data, tokens * heads, nope, c, cs, ct)
        for h in range(heads):
            own = by_head[h].ctypes.data
            key_up = weights[plan[KEY_UP] + h]
            _multiply(key_up, base, c, cs, ct, own, own, tokens, absorbed.ctypes.data, latent)
        mla_decode(
            absorbed,
            latents.ctypes.data,
            size,
            query_start,
            context,
            table,
            np.float32(reals[2]),
            rank,
            seen,
        )
        quantize_rows(seen.ctypes.data, tokens * heads, rank, c, cs, ct)
        for h in range(heads):
            value_up, at = weights[plan[VALUE_UP] + h], values.ctypes.data + 4 * h * v_dim
            _multiply(
                value_up, base, c, cs, ct, by_head[h].ctypes.data, every, tokens, at, heads * v_dim
            )
        quantize_rows(values.ctypes.data, tokens, heads * v_dim, c, cs, ct)
        _multiply(
            weights[plan[OUT]], base, c, cs, ct, every, every, tokens, added.ctypes.data, hidden
        )
        _add(x, added)
        for t in range(tokens):
            _rms_norm(
                x[t], vectors[plan[NORM_POST] : plan[NORM_POST] + hidden], reals[0], normed[t]
            )
        quantize_rows(normed.ctypes.data, tokens, hidden, c, cs, ct)
        if plan[EXPERTS] >= 0:
            router = vectors[plan[ROUTER] : plan[BIAS]]
            bias = vectors[plan[BIAS] : plan[BIAS] + experts]
            chosen, shares = _gate(normed, router, bias, top_k, reals[3], reals[4] != 0)
            mixed, place = _experts(
                weights, plan[EXPERTS], base, c, cs, ct, chosen, experts, hidden
            )
            quantize_rows(normed.ctypes.data, tokens, hidden, c, cs, ct)
            _mlp(weights, plan, base, c, cs, ct, every, tokens, added)
            for t in range(tokens):
                for k in range(top_k):
                    share, one = shares[t, k], mixed[place[t * top_k + k]]
                    for d in range(hidden):
                        added[t, d] += share * one[d]
        else:
            _mlp(weights, plan, base, c, cs, ct, every, tokens, added)
        _add(x, added)
    for t in range(tokens):
        _rms_norm(x[t], vectors[len(vectors) - hidden :], reals[0], x[t])
    # Only the addresses of these arrays were used. They must not be freed before this line.
    return len(
        (
            codes,
            code_scale,
            code_sum,
            normed,
            q_low,
            q,
            q_nope,
            absorbed,
            kv,
            seen,
            values,
            added,
            rows,
            by_head,
        )
    )


@njit(cache=True, nogil=True)
def embed(tokens, table, out):  # type: ignore[no-untyped-def]
    """Copy rows of table [vocab, hidden] bfloat16, as int16, to out [tokens, hidden] float32.

    hidden is a multiple of 16.
    """
    hidden = table.shape[1]
    for t in range(len(tokens)):
        widen_bf16(
            table.ctypes.data + 2 * hidden * tokens[t],
            out.ctypes.data + 4 * hidden * t,
            hidden // 16,
        )


@njit(cache=True, nogil=True)
def linear(x, weight, tiles, out):  # type: ignore[no-untyped-def]
    """Compute out [rows, the weight's rows padded to 16] from x [rows, columns] float32."""
    rows, columns = x.shape
    codes, every = np.empty(rows * columns, np.int8), np.arange(rows)
    scale, total = (
        np.empty(rows * columns // 32, np.float32),
        np.empty(rows * columns // 32, np.int32),
    )
    c, cs, ct = codes.ctypes.data, scale.ctypes.data, total.ctypes.data
    quantize_rows(x.ctypes.data, rows, columns, c, cs, ct)
    at = every.ctypes.data
    _multiply(weight, tiles.ctypes.data, c, cs, ct, at, at, rows, out.ctypes.data, out.shape[1])
    return len((codes, scale, total, every))


@njit(cache=True, nogil=True)
def _multiply(weight, base, c, cs, ct, src, dst, count, y, stride):  # type: ignore[no-untyped-def]
    multiply(
        base + weight[0], weight[1], weight[2], weight[3], c, cs, ct, src, dst, count, y, stride
    )


@njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})
def _rms_norm(x, weight, eps, out):  # type: ignore[no-untyped-def]
    total = np.float32(0.0)
    for d in range(len(x)):
        total += x[d] * x[d]
    factor = np.float32(1.0 / math.sqrt(total / len(x) + eps))
    for d in range(len(x)):
        out[d] = x[d] * factor * weight[d]


@njit(cache=True, nogil=True)
def _turn(x, cos, sin, out):  # type: ignore[no-untyped-def]
    for pair in range(len(cos)):
        a, b = x[2 * pair], x[2 * pair + 1]
        out[2 * pair] = a * cos[pair] - b * sin[pair]
        out[2 * pair + 1] = a * sin[pair] + b * cos[pair]


@njit(cache=True, nogil=True)
def _add(x, added):  # type: ignore[no-untyped-def]
    for t in range(len(x)):
        for d in range(x.shape[1]):
            x[t, d] += added[t, d]


@njit(cache=True, nogil=True)
def _gate(x, router, bias, top_k, factor, normalize):  # type: ignore[no-untyped-def]
    """Return (chosen experts, their shares), both [tokens, top_k].

    x [tokens, hidden]; router [hidden · experts padded to 16].
    """
    tokens, hidden = x.shape
    experts, wide = len(bias), len(router) // hidden
    scores = np.empty((tokens, wide), np.float32)
    products(
        x.ctypes.data,
        hidden,
        1,
        tokens,
        router.ctypes.data,
        wide,
        wide,
        scores.ctypes.data,
        wide,
        hidden,
        0,
    )
    chosen, shares = np.empty((tokens, top_k), np.int64), np.empty((tokens, top_k), np.float32)
    choice = np.empty(experts, np.float32)
    for t in range(tokens):
        total = np.float32(0.0)
        for e in range(experts):
            scores[t, e] = np.float32(1.0 / (1.0 + math.exp(-scores[t, e])))
            choice[e] = scores[t, e] + bias[e]
        for k in range(top_k):
            best, highest = -1, np.float32(-np.inf)
            for e in range(experts):
                if choice[e] > highest:
                    best, highest = e, choice[e]
            chosen[t, k], shares[t, k] = best, scores[t, best]
            choice[best] = np.float32(-np.inf)
            total += scores[t, best]
        for k in range(top_k):
            shares[t, k] *= (
                np.float32(factor) / (total + np.float32(1e-20))
                if normalize
                else np.float32(factor)
            )
    return chosen, shares


@njit(cache=True, nogil=True)
def _experts(weights, first, base, c, cs, ct, chosen, experts, hidden):  # type: ignore[no-untyped-def]
    """Return (outputs of the chosen experts [pairs, hidden], the row of each pair in them).

    The rows are sorted by expert. The activations' codes are overwritten.
    """
    tokens, top_k = chosen.shape
    pairs, width = tokens * top_k, weights[first, 2]
    begin = np.zeros(experts + 1, np.int64)
    for t in range(tokens):
        for k in range(top_k):
            begin[chosen[t, k] + 1] += 1
    for e in range(experts):
        begin[e + 1] += begin[e]
    free, place, source, own = (
        begin.copy(),
        np.empty(pairs, np.int64),
        np.empty(pairs, np.int64),
        np.arange(pairs),
    )
    for t in range(tokens):
        for k in range(top_k):
            at = free[chosen[t, k]]
            free[chosen[t, k]] += 1
            place[t * top_k + k], source[at] = at, t
    gate, up = np.empty((pairs, width), np.float32), np.empty((pairs, width), np.float32)
    said = np.empty((pairs, hidden), np.float32)
    for e in range(experts):
        count, src, dst = (
            begin[e + 1] - begin[e],
            source.ctypes.data + 8 * begin[e],
            own.ctypes.data + 8 * begin[e],
        )
        if count:
            _multiply(
                weights[first + 3 * e], base, c, cs, ct, src, dst, count, gate.ctypes.data, width
            )
            _multiply(
                weights[first + 3 * e + 1], base, c, cs, ct, src, dst, count, up.ctypes.data, width
            )
    swiglu_row(gate.ctypes.data, up.ctypes.data, gate.ctypes.data, pairs * width // 16)
    quantize_rows(gate.ctypes.data, pairs, width, c, cs, ct)
    for e in range(experts):
        count, dst = begin[e + 1] - begin[e], own.ctypes.data + 8 * begin[e]
        if count:
            _multiply(
                weights[first + 3 * e + 2],
                base,
                c,
                cs,
                ct,
                dst,
                dst,
                count,
                said.ctypes.data,
                hidden,
            )
    keep_alive((gate, up, own, source))
    return said, place


@njit(cache=True, nogil=True)
def _mlp(weights, plan, base, c, cs, ct, every, tokens, out):  # type: ignore[no-untyped-def]
    """Compute a dense layer or the shared expert; the activations' codes are overwritten."""
    width = weights[plan[GATE], 2]
    gate, up = np.empty((tokens, width), np.float32), np.empty((tokens, width), np.float32)
    _multiply(weights[plan[GATE]], base, c, cs, ct, every, every, tokens, gate.ctypes.data, width)
    _multiply(weights[plan[UP]], base, c, cs, ct, every, every, tokens, up.ctypes.data, width)
    swiglu_row(gate.ctypes.data, up.ctypes.data, gate.ctypes.data, tokens * width // 16)
    quantize_rows(gate.ctypes.data, tokens, width, c, cs, ct)
    _multiply(
        weights[plan[DOWN]], base, c, cs, ct, every, every, tokens, out.ctypes.data, out.shape[1]
    )
    keep_alive((gate, up))
