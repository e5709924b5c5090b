"""The plan of the house, read from the imports themselves."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted(
    path for top in ("studio", "inference", "kernels") for path in (ROOT / top).rglob("*.py")
)
LONGEST = 500
DJANGO_APPS = (
    "languages",
    "teams",
    "accounts",
    "designs",
    "projects",
    "uploads",
    "runs",
    "versions",
    "collaboration",
    "library",
    "webhooks",
    "export",
    "jobs",
    "api",
    "mcp",
)
TRAINING = "studio.pipeline.labelling.training"
PIPELINE_MAY_USE = ("inference.types", "inference.client")


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """(module, name) for every import in the file; the name is empty for a plain `import module`."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield from ((node.module or "", alias.name) for alias in node.names)


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def breaks(module: str, imported: str) -> bool:
    """Return True when `module` may not import `imported`."""
    top, target = module.split(".")[0], imported.split(".")[0]
    if top == "kernels":
        return target in ("inference", "studio", "django")
    if top == "inference":
        return target in ("studio", "django")
    if module.startswith(TRAINING):
        return target == "django" or _leaves_pipeline(imported)
    if module.startswith("studio.pipeline"):
        engine = target == "inference" and not imported.startswith(PIPELINE_MAY_USE)
        return (
            engine or target in ("django", "torch", "triton", "httpx") or _leaves_pipeline(imported)
        )
    return target == "inference" and not imported.startswith(
        ("inference.client", "inference.types")
    )


def _leaves_pipeline(imported: str) -> bool:
    return imported.split(".")[0] == "studio" and not imported.startswith("studio.pipeline")


@pytest.mark.parametrize("path", SOURCES, ids=module_of)
def test_imports_point_down(path: Path) -> None:
    wrong = [name for name, _ in imports(path) if breaks(module_of(path), name)]
    assert not wrong, f"{module_of(path)} imports {wrong}: studio → inference → kernels, never back"


@pytest.mark.parametrize("path", SOURCES, ids=module_of)
def test_django_apps_import_only_earlier_ones(path: Path) -> None:
    parts = module_of(path).split(".")
    if len(parts) < 2 or parts[0] != "studio" or parts[1] not in DJANGO_APPS:
        return
    later = DJANGO_APPS[DJANGO_APPS.index(parts[1]) + 1 :]
    wrong = [
        name
        for name, _ in imports(path)
        if name.startswith(tuple(f"studio.{app}" for app in later))
    ]
    assert not wrong


@pytest.mark.parametrize("path", SOURCES, ids=module_of)
def test_underscore_names_stay_at_home(path: Path) -> None:
    ours = ("studio", "inference", "kernels")
    wrong = [
        name for module, name in imports(path) if module.startswith(ours) and name.startswith("_")
    ]
    assert not wrong


@pytest.mark.parametrize("path", SOURCES, ids=module_of)
def test_files_are_short(path: Path) -> None:
    lines = len(path.read_text().splitlines())
    assert lines <= LONGEST, f"{module_of(path)} has {lines} lines: split it by subject"


def test_every_top_package_is_installed_with_the_command() -> None:
    """`likeness mcp` and `likeness compare` run in folders of others, where only that finds them."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    assert {"studio", "inference", "kernels"} <= set(told)


def test_a_wrong_import_would_be_seen() -> None:
    assert breaks("kernels.rope", "inference.types")
    assert breaks("studio.pipeline.layout.tree", "torch")
    assert breaks("studio.pipeline.rendering.render", "django.conf")
    assert breaks("studio.pipeline.rendering.render", "inference.models.kimi")
    assert breaks("studio.pipeline.loop.generate", "inference.engine.engine")
    assert not breaks("studio.pipeline.loop.generate", "inference.client")


@pytest.mark.parametrize(
    "heavy", ["cv2", "onnxruntime", "rapidocr", "playwright", "torch", "scipy"]
)
def test_django_starts_without_heavy_libraries(heavy: str) -> None:
    code = f"import django, sys; django.setup(); import studio.config.urls; sys.exit({heavy!r} in sys.modules)"
    environment = {"DJANGO_SETTINGS_MODULE": "studio.config.settings", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, f"{heavy} is loaded at start-up: {done.stderr.decode()[-500:]}"
