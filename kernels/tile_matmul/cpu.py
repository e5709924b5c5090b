"""Tiles times int8 activations as compiled code, with AVX-512 VNNI or plain vectors."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import njit

from kernels.dispatch import cpu_has
from kernels.int4 import GROUP
from kernels.vectors import F32, I8, I16, I32, I64, Builder, compiled

LANES = 16
# Bytes to prefetch, for at most FEW tokens. The processor's own prefetch ends with each page of
# 4 kB, and with few tokens the kernel only waits for memory.
AHEAD, FEW = 2048, 2
VNNI = cpu_has("avx512vnni")


def _dot(v: Builder, total: Any, codes: Any, values: Any) -> Any:
    """Return total [16] int32 + Σ of four products of unsigned codes and signed values (bytes)."""
    if VNNI:
        return v.call("llvm.x86.avx512.vpdpbusd.512", total.type, [total, codes, values])
    for byte in range(4):
        low = v.b.and_(
            v.b.lshr(codes, v.constant(I32, 8 * byte, LANES)), v.constant(I32, 255, LANES)
        )
        high = v.b.ashr(
            v.b.shl(values, v.constant(I32, 24 - 8 * byte, LANES)), v.constant(I32, 24, LANES)
        )
        total = v.b.add(total, v.b.mul(low, high))
    return total


def _codes(v: Builder, at: Any, bits: int) -> list[Any]:
    """Return the eight operands of one group, four columns each."""
    whole = ir.VectorType(I32, LANES)
    if bits == 8:
        return [v.load(at, whole, I64(64 * block)) for block in range(8)]
    out, low = [], v.constant(I32, 0x0F0F0F0F, LANES)
    for block in range(4):
        both = v.load(at, whole, I64(64 * block))
        out += [v.b.and_(both, low), v.b.and_(v.b.lshr(both, v.constant(I32, 4, LANES)), low)]
    return out


def tile(bits: int, tokens: int) -> Any:
    """Return a function that multiplies one tile by `tokens` rows: y[dst[i], :16] = W x[src[i]].

    weights, scales: of the tile. x, x_scale, x_sum: int8 [.., 32 · groups], float32 and int32 [..,
    groups]. src, dst: int64 [tokens]. y: float32 with `stride` floats in a row.
    """
    size = LANES * GROUP * bits // 8
    shift = {4: 3, 8: 7}[bits]  # codes are 8 or 128 too large

    @compiled("weights scales x x_scale x_sum src dst y stride groups")
    def write(
        v: Builder,
        weights: Any,
        scales: Any,
        x: Any,
        x_scale: Any,
        x_sum: Any,
        src: Any,
        dst: Any,
        y: Any,
        stride: Any,
        groups: Any,
    ) -> None:
        rows = [v.load(src, I64, I64(8 * i)) for i in range(tokens)]
        xs = [v.b.add(x, v.b.mul(row, v.b.mul(groups, I64(GROUP)))) for row in rows]
        places = [v.b.mul(row, v.b.mul(groups, I64(4))) for row in rows]
        sums = v.variables(tokens, v.constant(F32, 0.0, LANES))
        with v.loop(groups) as loop:
            here = v.b.add(weights, v.b.mul(loop.index, I64(size)))
            if tokens <= FEW:
                for line in range(0, size, 64):
                    v.prefetch(v.b.add(here, I64(AHEAD + line)))
            codes = _codes(v, here, bits)
            half = v.load(scales, ir.VectorType(I16, LANES), loop.index, 2 * LANES)
            wide = v.b.shl(v.b.zext(half, ir.VectorType(I32, LANES)), v.constant(I32, 16, LANES))
            step = v.b.bitcast(wide, ir.VectorType(F32, LANES))
            inner = v.b.mul(loop.index, I64(4))
            for row, place, held in zip(xs, places, sums, strict=True):
                at = v.b.add(row, v.b.mul(loop.index, I64(GROUP)))
                begun = v.b.sub(
                    I32(0), v.b.shl(v.load(x_sum, I32, v.b.add(place, inner)), I32(shift))
                )
                total = v.splat(begun, LANES)
                for block, code in enumerate(codes):
                    total = _dot(v, total, code, v.splat(v.load(at, I32, I64(4 * block)), LANES))
                factor = v.b.fmul(step, v.splat(v.load(x_scale, F32, v.b.add(place, inner)), LANES))
                v.b.store(v.fma(v.b.sitofp(total, step.type), factor, v.b.load(held)), held)
        for i, held in enumerate(sums):
            v.store(v.b.load(held), y, v.b.mul(v.load(dst, I64, I64(8 * i)), stride), 4)

    return write


@compiled("x q scale total groups")
def quantize_row(v: Builder, x: Any, q: Any, scale: Any, total: Any, groups: Any) -> None:
    """Quantize x float32 [32 · groups] to q int8 and scale float32 [groups].

    total int32 [groups] are the sums of q.
    """
    floats, wholes = ir.VectorType(F32, GROUP), ir.VectorType(I32, GROUP)
    with v.loop(groups) as loop:
        values = v.load(x, floats, loop.index, 4 * GROUP)
        size = v.call(f"llvm.fabs.v{GROUP}f32", floats, [values])
        largest = v.call(f"llvm.vector.reduce.fmax.v{GROUP}f32", F32, [size], fastmath=("nnan",))
        some = v.b.fcmp_ordered(">", largest, F32(0.0))
        factor = v.b.select(
            some, v.b.fdiv(F32(127.0), v.b.select(some, largest, F32(1.0))), F32(0.0)
        )
        rounded = v.call(
            f"llvm.rint.v{GROUP}f32", floats, [v.b.fmul(values, v.splat(factor, GROUP))]
        )
        codes = v.b.fptosi(rounded, wholes)
        v.store(v.b.trunc(codes, ir.VectorType(I8, GROUP)), q, loop.index, GROUP)
        v.store(v.b.fdiv(largest, F32(127.0)), scale, loop.index, 4)
        v.store(v.call(f"llvm.vector.reduce.add.v{GROUP}i32", I32, [codes]), total, loop.index, 4)


tile4x1, tile4x2, tile4x4, tile4x8 = (tile(4, tokens) for tokens in (1, 2, 4, 8))
tile8x1, tile8x2, tile8x4, tile8x8 = (tile(8, tokens) for tokens in (1, 2, 4, 8))


@njit(cache=True, nogil=True)
def quantize_rows(x, rows, columns, q, scale, total):  # type: ignore[no-untyped-def]
    """Quantize rows; arguments are addresses.

    x [rows, columns] float32, q int8, scale and total [rows, columns / 32].
    """
    groups = columns // 32
    for row in range(rows):
        quantize_row(
            x + 4 * row * columns,
            q + row * columns,
            scale + 4 * row * groups,
            total + 4 * row * groups,
            groups,
        )


@njit(cache=True, nogil=True)
def multiply(weights, bits, rows, columns, q, scale, total, src, dst, count, y, stride):  # type: ignore[no-untyped-def]
    """Compute y[dst[i], :rows] = W x[src[i]] for `count` rows; y has `rows` padded to 16."""
    groups = columns // 32
    size = groups * 64 * bits
    whole = (size + groups * 32 + 63) // 64 * 64
    for piece in range((rows + 15) // 16):
        w = weights + piece * whole
        s, out, i = w + size, y + 64 * piece, 0
        while i < count:
            left, a, b = count - i, src + 8 * i, dst + 8 * i
            if bits == 4:
                if left >= 8:
                    tile4x8(w, s, q, scale, total, a, b, out, stride, groups)
                elif left >= 4:
                    tile4x4(w, s, q, scale, total, a, b, out, stride, groups)
                elif left >= 2:
                    tile4x2(w, s, q, scale, total, a, b, out, stride, groups)
                else:
                    tile4x1(w, s, q, scale, total, a, b, out, stride, groups)
            elif left >= 8:
                tile8x8(w, s, q, scale, total, a, b, out, stride, groups)
            elif left >= 4:
                tile8x4(w, s, q, scale, total, a, b, out, stride, groups)
            elif left >= 2:
                tile8x2(w, s, q, scale, total, a, b, out, stride, groups)
            else:
                tile8x1(w, s, q, scale, total, a, b, out, stride, groups)
            i += 8 if left >= 8 else 4 if left >= 4 else 2 if left >= 2 else 1
