"""The images' and compose's files fit the project: paths, roles, settings, versions."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import pytest
import yaml

from studio.config.env_example import COMPOSE, make_env_example
from studio.config.environment import list_settings
from studio.config.topology import KINDS
from studio.pipeline.rendering.browser import NAMES
from studio.processes.roles import ROLES
from tests.processes import ROOT

DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
SETTINGS = {setting.name for setting in list_settings()}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return loaded


def test_the_example_of_settings_is_that_of_this_version() -> None:
    """`python -m studio.config.env_example > deploy/.env.example` writes it anew."""
    assert (DEPLOY / ".env.example").read_text() == make_env_example()


def test_what_compose_asks_for_is_a_setting_or_explained(compose: dict[str, Any]) -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    asked = set(re.findall(r"\$\{([A-Z_]+)", text))
    known = SETTINGS | {name for name, _, _ in COMPOSE} | {"LIKENESS_IMAGE"}
    assert asked <= known
    assert set(compose["services"]["web"]["environment"]) <= SETTINGS


@pytest.mark.parametrize(("service", "role"), [("web", "web"), ("worker", "worker")])
def test_each_service_has_its_role(compose: dict[str, Any], service: str, role: str) -> None:
    assert compose["services"][service]["command"] == ["serve", "--role", role]
    assert role in ROLES


def test_the_studios_containers_have_few_rights(compose: dict[str, Any]) -> None:
    for name in ("web", "worker"):
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
        assert "seccomp:./seccomp.json" in service["security_opt"]
        assert "privileged" not in service


def test_the_seccomp_profile_leaves_what_the_browsers_sandbox_is_made_of() -> None:
    profile = json.loads((DEPLOY / "seccomp.json").read_text())
    denied = {name for rule in profile["syscalls"] for name in rule["names"]}
    assert profile["defaultAction"] == "SCMP_ACT_ALLOW"
    assert not denied & {"clone", "clone3", "unshare", "setns", "chroot", "seccomp", "prctl"}
    assert {"mount", "bpf", "kexec_load", "init_module", "ptrace", "keyctl"} <= denied


def test_a_full_valkey_drops_no_queued_run(compose: dict[str, Any]) -> None:
    command = compose["services"]["valkey"]["command"]
    assert command[command.index("--maxmemory-policy") + 1] == "volatile-ttl"


def test_the_images_copy_only_what_exists() -> None:
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE):
        *sources, _ = line.split()
        for source in sources:
            assert (ROOT / source).exists(), source


def test_nothing_that_is_copied_is_ignored() -> None:
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    allowed = {line.removeprefix("!") for line in lines if line.startswith("!")}
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE):
        *sources, _ = line.split()
        assert set(sources) <= allowed


def test_the_images_have_the_projects_versions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    (torch,) = (name for name in extras["engine"] if name.startswith("torch"))
    assert set(re.findall(r"torch==[\d.]+", DOCKERFILE)) == {torch}
    (triton,) = (name.partition(";")[0] for name in extras["gpu"])
    assert set(re.findall(r"triton==[\d.]+", DOCKERFILE)) == {triton}


def test_the_image_installs_what_setup_installs() -> None:
    setup = (ROOT / "setup.sh").read_text()
    readers = re.search(r'^READERS="([^"]+)"', setup, re.MULTILINE)
    assert readers
    for package in readers[1].split():
        assert re.search(rf"\s{package}\s", DOCKERFILE), package
    assert NAMES[0] in DOCKERFILE


def test_no_image_runs_as_root() -> None:
    stages = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)
    final = [stage for stage in stages if re.match(r"\S+ AS (cli|gpu|studio)\n", stage)]
    assert len(final) == 3
    for stage in final:
        assert "USER 10001" in stage


def test_the_dashboard_asks_for_metrics_that_exist() -> None:
    dashboard = (DEPLOY / "grafana" / "dashboards" / "likeness.json").read_text()
    asked = set(re.findall(r"likeness_[a-z_]+", dashboard))
    source = (ROOT / "studio" / "runs" / "metrics.py").read_text()
    for name in asked:
        assert re.sub(r"_(bucket|total)$", "", name) in source, name


def test_workers_take_every_queue() -> None:
    assert set(KINDS) == {"runs", "deliveries", "exports"}
