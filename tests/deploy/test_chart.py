"""The Helm chart, rendered by Helm's own engine for five sets of values and checked against Kubernetes'
schemas.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from studio.config.environment import list_settings
from studio.config.topology import KINDS
from studio.processes.roles import ROLES
from tests.deploy.renders import (
    CHART,
    KEPT,
    SETS,
    Document,
    find_differences,
    read_values,
    render,
    write_documents,
)
from tests.processes import ROOT

helm = pytest.importorskip("helm_python", reason="pip install helm-python-sdk: Helm's engine")
kubernetes_validate = pytest.importorskip("kubernetes_validate", reason="Kubernetes' schemas")

# The oldest version that the chart allows, and a newer one.
VERSIONS = ("1.27", "1.34")
# Kinds of KEDA and of Prometheus' operator, which Kubernetes' schemas do not have.
FOREIGN = {"ScaledObject", "ServiceMonitor"}
SETTINGS = {setting.name for setting in list_settings()}
# uvicorn's own, and what Kubernetes fills in.
OTHER_VARIABLES = {"FORWARDED_ALLOW_IPS", "POD_IP"}


def find(documents: list[Document], kind: str, name: str = "") -> list[Document]:
    return [
        one
        for one in documents
        if one["kind"] == kind and (not name or one["metadata"]["name"] == name)
    ]


def list_pods(documents: list[Document]) -> Iterator[tuple[str, Document]]:
    """Yield the name and the pod's spec of every workload."""
    for one in documents:
        if one["kind"] in ("Deployment", "Job"):
            yield one["metadata"]["name"], one["spec"]["template"]["spec"]


@pytest.fixture(scope="module", params=SETS)
def documents(request: pytest.FixtureRequest) -> list[Document]:
    return render(read_values(request.param))


def test_there_are_five_sets() -> None:
    assert SETS == ["gpu", "minimal", "one-node", "outer-model", "production"]


@pytest.mark.parametrize("name", SETS)
def test_the_renders_are_those_that_are_kept(name: str) -> None:
    """`python -m tests.deploy.renders` writes them anew; a review then shows what a change sends."""
    assert find_differences(name, write_documents(render(read_values(name)))) == ""


def test_every_kept_render_is_of_a_set() -> None:
    assert sorted(path.stem for path in KEPT.iterdir()) == SETS


@pytest.mark.parametrize("name", SETS)
def test_helm_has_nothing_to_say(name: str) -> None:
    found = helm.lint(str(CHART), read_values(name), strict=True)
    assert found["errors"] == []
    said = {message["error"] for message in found["messages"]}
    assert said <= {"icon is recommended"}


@pytest.mark.parametrize("version", VERSIONS)
def test_kubernetes_takes_every_document(documents: list[Document], version: str) -> None:
    checked = [one for one in documents if one["kind"] not in FOREIGN]
    assert checked
    for one in checked:
        kubernetes_validate.validate(one, version, strict=True)


def test_no_two_documents_have_one_name(documents: list[Document]) -> None:
    names = [(one["kind"], one["metadata"]["name"]) for one in documents]
    assert len(names) == len(set(names))


def test_pods_have_few_rights_and_keep_nothing(documents: list[Document]) -> None:
    for _, pod in list_pods(documents):
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"]["type"]
        for container in pod["containers"]:
            rights = container["securityContext"]
            assert rights["readOnlyRootFilesystem"] is True
            assert rights["allowPrivilegeEscalation"] is False
            assert rights["capabilities"] == {"drop": ["ALL"]}
            assert container["resources"]["limits"]["memory"]
        kinds = [set(volume) - {"name"} for volume in pod["volumes"]]
        assert all(kind <= {"emptyDir", "persistentVolumeClaim"} for kind in kinds)


def test_every_pods_command_is_one_of_the_studios(documents: list[Document]) -> None:
    for _, pod in list_pods(documents):
        for container in pod["containers"]:
            arguments = container["args"]
            assert arguments[0] in ("serve", "migrate")
            if arguments[0] == "serve":
                assert arguments[arguments.index("--role") + 1] in ROLES
            if "--queues" in arguments:
                queues = arguments[arguments.index("--queues") + 1].split(",")
                assert set(queues) <= set(KINDS)


def test_every_queue_has_a_worker(documents: list[Document]) -> None:
    taken: set[str] = set()
    for _, pod in list_pods(documents):
        arguments = pod["containers"][0]["args"]
        if "--queues" in arguments:
            taken.update(arguments[arguments.index("--queues") + 1].split(","))
    assert taken == set(KINDS)


def test_what_pods_are_given_are_settings(documents: list[Document]) -> None:
    given: set[str] = set()
    for one in find(documents, "ConfigMap"):
        given |= set(one["data"])
    for one in find(documents, "Secret"):
        given |= set(one["stringData"])
    for _, pod in list_pods(documents):
        for container in pod["containers"]:
            given |= {entry["name"] for entry in container.get("env", ())}
    assert given - OTHER_VARIABLES <= SETTINGS


def test_a_budget_and_a_policy_select_pods_that_exist(documents: list[Document]) -> None:
    parts = [
        one["spec"]["template"]["metadata"]["labels"]
        for one in documents
        if one["kind"] in ("Deployment", "Job")
    ]
    selectors = [
        one["spec"]["selector"]["matchLabels"] for one in find(documents, "PodDisruptionBudget")
    ]
    for one in find(documents, "NetworkPolicy"):
        selector = one["spec"]["podSelector"]["matchLabels"]
        if one["metadata"]["name"] == "studio-migrations" and not find(documents, "Job"):
            continue
        selectors.append(selector)
    for selector in selectors:
        assert any(selector.items() <= labels.items() for labels in parts), selector


def test_services_lead_to_pods(documents: list[Document]) -> None:
    deployments = {
        one["metadata"]["name"]: one["spec"]["template"] for one in find(documents, "Deployment")
    }
    for one in find(documents, "Service"):
        template = deployments[one["metadata"]["name"]]
        assert one["spec"]["selector"].items() <= template["metadata"]["labels"].items()
        ports = {port["name"] for port in template["spec"]["containers"][0]["ports"]}
        assert {port["targetPort"] for port in one["spec"]["ports"]} <= ports


def may_reach_the_internet(policy: Document) -> bool:
    """Whether a public address is allowed that the values do not name by itself."""
    for rule in policy["spec"].get("egress", ()):
        for target in rule.get("to", [{"ipBlock": {"cidr": "0.0.0.0/0"}}]):
            network = ipaddress.ip_network(target.get("ipBlock", {}).get("cidr", "10.0.0.0/8"))
            if network.prefixlen < 8:
                return True
    return False


class TestNetwork:
    @pytest.fixture
    def policies(self) -> dict[str, Document]:
        found = find(render(read_values("gpu")), "NetworkPolicy")
        return {one["metadata"]["name"]: one for one in found}

    def test_nothing_is_allowed_at_first(self, policies: dict[str, Document]) -> None:
        spec = policies["studio"]["spec"]
        assert spec["policyTypes"] == ["Ingress", "Egress"]
        assert "ingress" not in spec
        assert "egress" not in spec

    def test_renderers_reach_nothing_outside(self, policies: dict[str, Document]) -> None:
        assert not may_reach_the_internet(policies["studio-worker-runs"])
        assert "ingress" not in policies["studio-worker-runs"]["spec"]

    def test_deliveries_and_exports_reach_public_addresses_alone(
        self, policies: dict[str, Document]
    ) -> None:
        policy = policies["studio-worker-background"]
        assert may_reach_the_internet(policy)
        (block,) = (
            target["ipBlock"]
            for rule in policy["spec"]["egress"]
            for target in rule["to"]
            if target.get("ipBlock", {}).get("cidr") == "0.0.0.0/0"
        )
        for hidden in ("10.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"):
            assert hidden in block["except"]

    def test_the_model_reaches_nothing_and_only_the_studio_reaches_it(
        self, policies: dict[str, Document]
    ) -> None:
        spec = policies["studio-model"]["spec"]
        assert "egress" not in spec
        (rule,) = spec["ingress"]
        parts = {
            source["podSelector"]["matchLabels"]["app.kubernetes.io/component"]
            for source in rule["from"]
        }
        assert parts == {"worker-runs", "web"}

    def test_an_outer_model_server_is_reached_by_runs(self) -> None:
        documents = render(read_values("outer-model"))
        (policy,) = find(documents, "NetworkPolicy", "studio-worker-runs")
        assert {"ipBlock": {"cidr": "203.0.113.10/32"}} in [
            target for rule in policy["spec"]["egress"] for target in rule.get("to", ())
        ]


def test_the_browser_gets_the_profile_that_allows_its_sandbox() -> None:
    documents = render(read_values("minimal"))
    profiles = {
        name: pod["securityContext"]["seccompProfile"] for name, pod in list_pods(documents)
    }
    assert profiles["studio-worker-runs"] == {
        "type": "Localhost",
        "localhostProfile": "likeness.json",
    }
    assert profiles["studio-web"] == {"type": "RuntimeDefault"}


def test_an_upgrade_is_migrated_before_pods_are_replaced() -> None:
    (job,) = find(render(read_values("minimal")), "Job")
    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-upgrade"
    (container,) = job["spec"]["template"]["spec"]["containers"]
    assert container["args"] == ["migrate", "--no-input"]


def test_keda_counts_the_rows_that_a_worker_works_on() -> None:
    (scaled,) = find(render(read_values("production")), "ScaledObject")
    assert scaled["spec"]["scaleTargetRef"]["name"] == "studio-worker-runs"
    assert scaled["spec"]["maxReplicaCount"] == 50
    (trigger,) = scaled["spec"]["triggers"]
    assert trigger["type"] == "postgresql"
    query = trigger["metadata"]["query"]
    assert "FROM runs_run" in query
    from studio.runs.models import Run

    assert Run._meta.db_table == "runs_run"
    for state in (Run.State.QUEUED, Run.State.RUNNING):
        assert f"'{state.value}'" in query


def test_who_scales_decides_how_many_pods_there_are() -> None:
    for name in ("production", "outer-model"):
        (worker,) = find(render(read_values(name)), "Deployment", "studio-worker-runs")
        assert "replicas" not in worker["spec"]


def test_both_names_have_a_certificate_and_the_studio_knows_them() -> None:
    documents = render(read_values("production"))
    (ingress,) = find(documents, "Ingress")
    names = ["studio.example.org", "previews.example.net"]
    assert ingress["spec"]["tls"] == [{"secretName": "likeness-tls", "hosts": names}]
    assert [rule["host"] for rule in ingress["spec"]["rules"]] == names
    (settings,) = find(documents, "ConfigMap")
    assert settings["data"]["HTTPS"] == "True"
    assert settings["data"]["PUBLIC_URL"] == "https://studio.example.org"
    assert settings["data"]["PREVIEW_HOST"] == "previews.example.net"
    assert settings["data"]["OUTGOING_PRIVATE"] == "False"
    (web,) = find(documents, "Deployment", "studio-web")
    environment = {
        one["name"]: one for one in web["spec"]["template"]["spec"]["containers"][0]["env"]
    }
    assert environment["ALLOWED_HOSTS"]["value"] == "studio.example.org,localhost,$(POD_IP)"


def test_the_model_knows_neither_database_nor_keys() -> None:
    (model,) = find(render(read_values("gpu")), "Deployment", "studio-model")
    (container,) = model["spec"]["template"]["spec"]["containers"]
    assert "envFrom" not in container
    assert {entry["name"] for entry in container["env"]} == {"MODEL_URL", "MODEL_API_KEY"}
    assert container["resources"]["limits"]["nvidia.com/gpu"] == 1


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "secrets.DATABASE_URL is empty"),
        ({"existingSecret": "s", "model": {"enabled": True}}, "model.existingClaim is empty"),
        ({"existingSecret": "s", "ingress": {"enabled": True}}, "set host"),
        (
            {"existingSecret": "s", "workers": {"background": {"autoscaling": {"kind": "keda"}}}},
            "known for runs only",
        ),
    ],
)
def test_what_is_missing_is_said(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(helm.HelmError, match=sentence):
        render(values)


def test_unknown_values_are_refused() -> None:
    with helm.Chart.load(str(CHART)) as chart, pytest.raises(helm.HelmError):
        chart.validate_schema({"existingSecret": "s", "replicas": 3})
    with helm.Chart.load(str(CHART)) as chart, pytest.raises(helm.HelmError):
        chart.validate_schema({"workers": {"runs": {"queues": ["gpu"], "replicas": 1}}})


def test_the_chart_is_of_the_projects_version() -> None:
    import tomllib

    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert chart["appVersion"] == chart["version"] == version


def test_the_schema_knows_every_value() -> None:
    schema = json.loads(Path(CHART / "values.schema.json").read_text())
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    assert set(values) <= set(schema["properties"])
