"""Vector functions for compiled code, written in LLVM because numba has no vector types.

Every function takes addresses (`array.ctypes.data`) and counts of elements; the caller keeps the
arrays alive and in bounds. A row is summed in the same order for any number of rows, so no result
depends on the batch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import Parameter, Signature
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

I8, I16, I32, I64, F32 = (
    ir.IntType(8),
    ir.IntType(16),
    ir.IntType(32),
    ir.IntType(64),
    ir.FloatType(),
)
F16 = ir.HalfType()


class Builder:
    """LLVM's builder with the few operations that are used here."""

    def __init__(self, builder: ir.IRBuilder) -> None:
        self.b = builder

    def at(self, address: Any, kind: ir.Type, offset: Any = None, scale: int = 1) -> Any:
        """Return a pointer to `kind` at `address` + `offset` · `scale` bytes."""
        if offset is not None:
            address = self.b.add(address, self.b.mul(offset, I64(scale)) if scale != 1 else offset)
        return self.b.inttoptr(address, kind.as_pointer())

    def load(self, address: Any, kind: ir.Type, offset: Any = None, scale: int = 1) -> Any:
        value = self.b.load(self.at(address, kind, offset, scale))
        value.align = 1
        return value

    def store(self, value: Any, address: Any, offset: Any = None, scale: int = 1) -> None:
        self.b.store(value, self.at(address, value.type, offset, scale), align=1)

    def splat(self, value: Any, lanes: int) -> Any:
        vector = ir.VectorType(value.type, lanes)
        one = self.b.insert_element(ir.Constant(vector, ir.Undefined), value, I32(0))
        return self.b.shuffle_vector(
            one,
            ir.Constant(vector, ir.Undefined),
            ir.Constant(ir.VectorType(I32, lanes), [0] * lanes),
        )

    def constant(self, kind: ir.Type, value: Any, lanes: int) -> Any:
        return ir.Constant(ir.VectorType(kind, lanes), [value] * lanes)

    def call(
        self, name: str, kind: ir.Type, values: Sequence[Any], fastmath: Sequence[str] = ()
    ) -> Any:
        signature = ir.FunctionType(kind, [value.type for value in values])
        function = cgutils.get_or_insert_function(self.b.module, signature, name)
        return self.b.call(function, values, fastmath=fastmath)

    def fma(self, a: Any, b: Any, c: Any) -> Any:
        lanes = c.type.count
        return self.call(f"llvm.fma.v{lanes}f32", c.type, [a, b, c])

    def prefetch(self, address: Any) -> None:
        """Prefetch into the L1 cache; an invalid address has no effect."""
        pointer = self.b.inttoptr(address, I8.as_pointer())
        signature = ir.FunctionType(ir.VoidType(), [pointer.type, I32, I32, I32])
        function = cgutils.get_or_insert_function(self.b.module, signature, "llvm.prefetch.p0")
        self.b.call(function, [pointer, I32(0), I32(3), I32(1)])

    def variables(self, count: int, start: Any) -> list[Any]:
        """Return stack variables, which LLVM turns into registers."""
        places = [cgutils.alloca_once(self.b, start.type) for _ in range(count)]
        for place in places:
            self.b.store(start, place)
        return places

    def loop(self, count: Any) -> Any:
        return cgutils.for_range(self.b, count, intp=I64)


def compiled(names: str) -> Callable[[Callable[..., None]], Any]:
    """Return a decorator that makes an intrinsic of a function `write(builder, *arguments)`.

    `names` are the names of the arguments, all int64. The intrinsic returns 0.
    """

    def make(write: Callable[..., None]) -> Any:
        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            write(Builder(builder), *args)
            return context.get_constant(types.int64, 0)

        def typed(typingctx: Any, *given: Any) -> Any:
            return types.int64(*[types.int64] * len(given)), generate

        # numba takes the names and the number of arguments from the signature.
        parameters = [
            Parameter(name, Parameter.POSITIONAL_OR_KEYWORD)
            for name in ("typingctx", *names.split())
        ]
        typed.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
        return intrinsic(typed)

    return make


def fma_tile(rows: int, lanes: int) -> Any:
    """Return a function for c[r, :lanes] = (add ? c : 0) + Σ_k a[r, k] · b[k, :lanes].

    a[r, k] is at r · a_row + k · a_k, b[k] at k · b_k; strides are in floats.
    """

    @compiled("a a_row a_k b b_k c c_row count add")
    def write(
        v: Builder,
        a: Any,
        a_row: Any,
        a_k: Any,
        b: Any,
        b_k: Any,
        c: Any,
        c_row: Any,
        count: Any,
        add: Any,
    ) -> None:
        vector = ir.VectorType(F32, lanes)
        sums = v.variables(rows, v.constant(F32, 0.0, lanes))
        starts = [v.b.add(a, v.b.mul(v.b.mul(a_row, I64(r)), I64(4))) for r in range(rows)]
        with v.b.if_then(v.b.icmp_signed("!=", add, I64(0))):
            for r, place in enumerate(sums):
                v.b.store(v.load(c, vector, v.b.mul(c_row, I64(r)), 4), place)
        with v.loop(count) as loop:
            right = v.load(b, vector, v.b.mul(loop.index, b_k), 4)
            step = v.b.mul(loop.index, a_k)
            for start, place in zip(starts, sums, strict=True):
                left = v.splat(v.load(start, F32, step, 4), lanes)
                v.b.store(v.fma(left, right, v.b.load(place)), place)
        for r, place in enumerate(sums):
            v.store(v.b.load(place), c, v.b.mul(c_row, I64(r)), 4)

    return write


LOG2E, LN2_HIGH, LN2_LOW = 1.44269504088896341, 0.693359375, -2.12194440e-4
POLYNOMIAL = (
    1.9875691500e-4,
    1.3981999507e-3,
    8.3334519073e-3,
    4.1665795894e-2,
    1.6666665459e-1,
    5.0000001201e-1,
)
LEAST = -87.0  # below it exp returns 0; e^-87 = 1.6e-38 is near the smallest normal number


def exp(v: Builder, x: Any) -> Any:
    """Return e^x for x ≤ 0, within 2 units in the last place (Cephes' polynomial)."""
    lanes = x.type.count
    n = v.call(f"llvm.rint.v{lanes}f32", x.type, [v.b.fmul(x, v.constant(F32, LOG2E, lanes))])
    r = v.fma(n, v.constant(F32, -LN2_HIGH, lanes), x)
    r = v.fma(n, v.constant(F32, -LN2_LOW, lanes), r)
    y = v.constant(F32, POLYNOMIAL[0], lanes)
    for factor in POLYNOMIAL[1:]:
        y = v.fma(y, r, v.constant(F32, factor, lanes))
    y = v.b.fadd(v.fma(y, v.b.fmul(r, r), r), v.constant(F32, 1.0, lanes))
    whole = v.b.fptosi(n, ir.VectorType(I32, lanes))
    power = v.b.shl(v.b.add(whole, v.constant(I32, 127, lanes)), v.constant(I32, 23, lanes))
    value = v.b.fmul(y, v.b.bitcast(power, x.type))
    gone = v.b.fcmp_ordered("<", x, v.constant(F32, LEAST, lanes))
    return v.b.select(gone, v.constant(F32, 0.0, lanes), value)


def softmax_step(lanes: int) -> Any:
    """Return a function for one step of an online softmax over columns.

    The step takes p [count, stride], of which `lanes` columns are used, and replaces p by
    e^(p − peak). It updates `peak` and `total` [lanes], the maximum and the sum so far, and sets
    `fade` [lanes], the factor for earlier results.
    """

    @compiled("p stride count peak total fade")
    def write(
        v: Builder, p: Any, stride: Any, count: Any, peak: Any, total: Any, fade: Any
    ) -> None:
        vector = ir.VectorType(F32, lanes)
        before = v.load(peak, vector)
        (highest,) = v.variables(1, v.constant(F32, 0.0, lanes))
        (added,) = v.variables(1, v.constant(F32, 0.0, lanes))
        v.b.store(before, highest)
        v.b.store(v.constant(F32, 0.0, lanes), added)
        with v.loop(count) as loop:
            value, best = v.load(p, vector, v.b.mul(loop.index, stride), 4), v.b.load(highest)
            v.b.store(v.b.select(v.b.fcmp_ordered(">", value, best), value, best), highest)
        now = v.b.load(highest)
        with v.loop(count) as loop:
            place = v.b.mul(loop.index, stride)
            value = exp(v, v.b.fsub(v.load(p, vector, place, 4), now))
            v.store(value, p, place, 4)
            v.b.store(v.b.fadd(v.b.load(added), value), added)
        gone = exp(v, v.b.fsub(before, now))
        v.store(gone, fade)
        v.store(now, peak)
        v.store(v.fma(v.load(total, vector), gone, v.b.load(added)), total)

    return write


@compiled("x out count")
def narrow(v: Builder, x: Any, out: Any, count: Any) -> None:
    """Convert x float32 [16 · count] to out float16."""
    with v.loop(count) as loop:
        values = v.load(x, ir.VectorType(F32, 16), loop.index, 64)
        v.store(v.b.fptrunc(values, ir.VectorType(F16, 16)), out, loop.index, 32)


@compiled("x out count")
def widen(v: Builder, x: Any, out: Any, count: Any) -> None:
    """Convert x float16 [16 · count] to out float32."""
    with v.loop(count) as loop:
        values = v.load(x, ir.VectorType(F16, 16), loop.index, 32)
        v.store(v.b.fpext(values, ir.VectorType(F32, 16)), out, loop.index, 64)


@compiled("x out count")
def widen_bf16(v: Builder, x: Any, out: Any, count: Any) -> None:
    """Convert x bfloat16 [16 · count] to out float32."""
    with v.loop(count) as loop:
        values = v.b.zext(v.load(x, ir.VectorType(I16, 16), loop.index, 32), ir.VectorType(I32, 16))
        v.store(v.b.shl(values, v.constant(I32, 16, 16)), out, loop.index, 64)


@compiled("x factor count")
def scale_row(v: Builder, x: Any, factor: Any, count: Any) -> None:
    """Multiply x float32 [16 · count] by the number at `factor`, in place."""
    vector = ir.VectorType(F32, 16)
    by = v.splat(v.load(factor, F32), 16)
    with v.loop(count) as loop:
        v.store(v.b.fmul(v.load(x, vector, loop.index, 64), by), x, loop.index, 64)


@compiled("gate up out count")
def swiglu_row(v: Builder, gate: Any, up: Any, out: Any, count: Any) -> None:
    """Compute out = silu(gate) · up, float32 [16 · count], with e^−|g|, which cannot overflow."""
    vector = ir.VectorType(F32, 16)
    zero, one = v.constant(F32, 0.0, 16), v.constant(F32, 1.0, 16)
    with v.loop(count) as loop:
        g, u = v.load(gate, vector, loop.index, 64), v.load(up, vector, loop.index, 64)
        e = exp(v, v.b.fsub(zero, v.call("llvm.fabs.v16f32", vector, [g])))
        positive = v.b.fcmp_ordered(">", g, zero)
        sigmoid = v.b.fdiv(v.b.select(positive, one, e), v.b.fadd(one, e))
        v.store(v.b.fmul(v.b.fmul(g, sigmoid), u), out, loop.index, 64)


@njit(nogil=True)
def keep_alive(arrays):  # type: ignore[no-untyped-def]
    """Use arrays of which only the addresses were passed on.

    numba frees an array after its last use by name.
    """
    return len(arrays)


@njit(cache=True, nogil=True, fastmath=True)
def sum_of(values):  # type: ignore[no-untyped-def]
    """Return the sum of [n] float32, read at the speed of the memory."""
    total = np.float32(0.0)
    for value in values:
        total += value
    return total
