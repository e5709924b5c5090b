"""`python -m kernels check`: compile every Triton kernel for GPUs that need not be present.

Reports registers, spills, shared memory and matrix instructions. Faults are a spill, too much
shared memory, and a missing matrix instruction that a launch expects.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import product
from typing import Any

from torch import Tensor

from kernels import scenes
from kernels.launch import Launch
from kernels.tuning import load_table, use_table

# Compute capability: (the matrix instruction that large tiles should use, the bytes of shared
# memory that a block may have, the device whose table of settings is used).
ARCHITECTURES = {
    80: ("mma.sync", 166_912, ""),
    90: ("wgmma", 232_448, "H100"),
    100: ("tcgen05", 232_448, ""),
}
LARGE_TILE = 64  # rows from which a tile can use the device's own matrix instructions
INSTRUCTIONS = {
    "mma.sync": re.compile(r"\bmma\.sync"),
    "wgmma": re.compile(r"\bwgmma\.mma_async"),
    "tcgen05": re.compile(r"\btcgen05\.mma"),
}
TYPES = {
    "torch.bfloat16": "*bf16",
    "torch.float16": "*fp16",
    "torch.float32": "*fp32",
    "torch.int32": "*i32",
    "torch.int64": "*i64",
    "torch.uint8": "*u8",
    "torch.int16": "*i16",
    "torch.bool": "*i1",
}


@dataclass(frozen=True)
class CheckRow:
    """The result for one kernel and architecture; `stack` is in bytes, above 0 means a spill."""

    operation: str
    scene: str
    kernel: str
    architecture: int
    warps: int
    registers: int
    stack: int
    shared: int
    matrix: dict[str, int]
    faults: tuple[str, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--op",
        action="append",
        choices=sorted(scenes.SCENES),
        help="check only this operation; may be repeated",
    )
    parser.add_argument(
        "--arch",
        action="append",
        type=int,
        choices=ARCHITECTURES,
        help="check only this compute capability (80, 90 or 100); may be repeated",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object for each kernel")


def run(args: argparse.Namespace) -> int:
    if not args.json:
        print(
            f"{'kernel':<58} {'sm':>4} {'warps':>5} {'registers':>9} {'stack':>5} {'shared':>7}  "
            "matrix instructions"
        )
    faults = 0
    for row in check_operations(args.op or sorted(scenes.SCENES), args.arch or list(ARCHITECTURES)):
        faults += len(row.faults)
        print(json.dumps(asdict(row)) if args.json else _format_line(row), flush=True)
    if faults:
        print(f"{faults} faults; see the lines above.", file=sys.stderr)
    return 1 if faults else 0


def check_operations(operations: list[str], architectures: list[int]) -> Iterator[CheckRow]:
    """Yield a row for each distinct kernel of the operations, for each architecture."""
    for operation, architecture in product(operations, architectures):
        compiled: set[str] = set()
        with use_table(load_table(ARCHITECTURES[architecture][2])):
            launches_by_scene = scenes.list_launches(operation)
        for scene, launches in launches_by_scene.items():
            for launch in launches:
                signature = repr(
                    (_specialize_launch(launch), launch.kernel, launch.warps, launch.stages)
                )
                if signature not in compiled:
                    compiled.add(signature)
                    yield compile_launch(operation, scene, launch, architecture)


def compile_launch(operation: str, scene: str, launch: Launch, architecture: int) -> CheckRow:
    """Compile one launch and return its resources; a failure to compile is a fault."""
    import triton
    from triton.backends.compiler import GPUTarget
    from triton.compiler import ASTSource

    def make_row(
        registers: int, stack: int, shared: int, matrix: dict[str, int], faults: list[str]
    ) -> CheckRow:
        return CheckRow(
            operation,
            scene,
            launch.kernel.__name__,
            architecture,
            launch.warps,
            registers,
            stack,
            shared,
            matrix,
            tuple(faults),
        )

    signature, constants, attributes = _specialize_launch(launch)
    source = ASTSource(launch.kernel, signature, constants, attributes)
    options = {"num_warps": launch.warps, "num_stages": launch.stages}
    try:
        kernel = triton.compile(source, target=GPUTarget("cuda", architecture, 32), options=options)
    except Exception as error:
        return make_row(0, 0, 0, {}, [f"does not compile: {str(error).strip().splitlines()[0]}"])
    ptx = kernel.asm["ptx"]
    shared = kernel.metadata.shared
    counts = {name: len(pattern.findall(ptx)) for name, pattern in INSTRUCTIONS.items()}
    matrix = {name: count for name, count in counts.items() if count}
    registers, stack = _read_resources(kernel.asm["cubin"])
    instruction, most, _ = ARCHITECTURES[architecture]
    faults = []
    if "trap;" in ptx:
        faults.append("is a trap: the compiler failed silently")
    if stack:
        faults.append(f"spills {stack} bytes")
    if shared > most:
        faults.append(f"needs {shared} bytes of shared memory; a block has {most}")
    if launch.matrix >= LARGE_TILE and instruction not in matrix:
        faults.append(f"should use {instruction} and does not")
    elif launch.matrix and not matrix:
        faults.append(f"should use {instruction} and has no matrix instruction")
    return make_row(registers, stack, shared, matrix, faults)


def _specialize_launch(
    launch: Launch,
) -> tuple[dict[str, str], dict[str, Any], dict[tuple[int], list[list[Any]]]]:
    """Return (types, constants, attributes) as Triton's launch derives them from the arguments."""
    names: list[str] = launch.kernel.arg_names
    constants = dict(launch.constants)
    signature = {name: "constexpr" for name in constants}
    attributes: dict[tuple[int], list[list[Any]]] = {}
    for place, (name, value) in enumerate(zip(names, launch.arguments, strict=False)):
        aligned = True
        if isinstance(value, Tensor):
            signature[name] = TYPES[str(value.dtype)]
            aligned = value.storage_offset() * value.element_size() % 16 == 0
        elif isinstance(value, float):
            signature[name], aligned = "fp32", False
        elif value == 1:
            signature[name], constants[name], aligned = "constexpr", 1, False
        else:
            signature[name] = "i32" if -(1 << 31) <= value < 1 << 31 else "i64"
            aligned = value % 16 == 0
        if aligned:
            attributes[(place,)] = [["tt.divisibility", 16]]
    return {name: signature[name] for name in names}, constants, attributes


def _read_resources(cubin: bytes) -> tuple[int, int]:
    """Return (registers of a thread, bytes of its stack)."""
    from triton import knobs

    with tempfile.NamedTemporaryFile(suffix=".cubin") as file:
        file.write(cubin)
        file.flush()
        command = [knobs.nvidia.cuobjdump.path, "--dump-resource-usage", file.name]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    match = re.search(r"REG:(\d+) STACK:(\d+)", output)
    assert match, output
    return int(match[1]), int(match[2])


def _format_line(row: CheckRow) -> str:
    name = f"{row.operation}.{row.kernel} ({row.scene})"
    matrix = ", ".join(f"{count} {instruction}" for instruction, count in row.matrix.items()) or "–"
    fault = f"  FAULT: {'; '.join(row.faults)}" if row.faults else ""
    return (
        f"{name:<58} {row.architecture:>4} {row.warps:>5} {row.registers:>9} {row.stack:>5} "
        f"{row.shared:>7}  {matrix}{fault}"
    )
