"""A team's design system: owners set it, members see it, runs are mapped onto it."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from studio.designs.models import TeamDesign
from studio.designs.services import load_design_system
from studio.teams.models import Role
from tests.people import adas_team, cast
from tests.studio.api.calling import program
from tests.studio.runs.making import finished_run

pytestmark = pytest.mark.django_db
CSS = ":root { --brand: #1d4ed8; --shadow: 0 1px red; }"
BUTTON = {
    "name": "button",
    "html": '<button class="btn">Go</button>',
    "css": ".btn { color: red; }",
}


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(cast("ada"))
    return client


def page() -> str:
    return f"/teams/{adas_team().pk}/design"


class TestSettingsPage:
    def test_tokens_and_components_are_saved_and_shown(self, client: Client) -> None:
        assert client.post(page(), {"source": CSS})["Location"] == page()
        client.post(f"{page()}/components", BUTTON)
        shown = client.get(page()).content.decode()
        assert "--brand: #1d4ed8" in shown
        assert "1 token is of no kind" in shown
        assert "&lt;button class=&quot;btn&quot;&gt;" in shown
        system = load_design_system(adas_team().pk)
        assert system is not None
        assert system.colors == {"brand": (29, 78, 216)}
        assert [component.name for component in system.components] == ["button"]

    def test_a_component_of_the_same_name_is_replaced_and_one_can_be_removed(
        self, client: Client
    ) -> None:
        client.post(f"{page()}/components", BUTTON)
        client.post(f"{page()}/components", {**BUTTON, "css": ""})
        [component] = TeamDesign.objects.get().components
        assert component["css"] == ""
        client.post(f"{page()}/components/button/remove")
        assert load_design_system(adas_team().pk) is None

    def test_what_cannot_be_read_is_said_and_nothing_is_lost(self, client: Client) -> None:
        client.post(page(), {"source": CSS})
        refused = client.post(page(), {"source": "body { color: red; }"})
        assert refused.status_code == 422
        assert b"No tokens were found" in refused.content
        assert b"body { color: red; }" in refused.content  # what was typed is still there
        assert TeamDesign.objects.get().source == CSS

    def test_it_can_be_removed_and_the_log_says_so(self, client: Client) -> None:
        client.post(page(), {"source": CSS})
        client.post(f"{page()}/remove")
        assert not TeamDesign.objects.exists()
        verbs = [one.verb for one in adas_team().activities.all()[:2]]
        assert verbs == ["removed the design system", "changed the design system"]

    def test_a_viewer_sees_it_without_forms(self, client: Client) -> None:
        client.post(page(), {"source": CSS})
        viewer = Client()
        viewer.force_login(cast("cleo"))
        shown = viewer.get(page()).content.decode()
        assert "--brand: #1d4ed8" in shown
        assert "<textarea" not in shown


class TestApi:
    def test_an_owner_sets_reads_and_removes_it(self) -> None:
        owner = program(role=Role.OWNER)
        body = json.dumps({"tokens": CSS, "components": [BUTTON]})
        made = owner.put("/api/v1/design", body, content_type="application/json").json()
        assert made["colors"] == {"brand": "#1d4ed8"}
        assert made["unread"] == ["shadow"]
        assert owner.get("/api/v1/design").json() == made
        assert owner.delete("/api/v1/design").status_code == 204
        assert owner.get("/api/v1/design").json()["tokens"] == ""

    def test_errors_are_one_sentence(self) -> None:
        body = json.dumps({"tokens": "{"})
        answer = program(role=Role.OWNER).put(
            "/api/v1/design", body, content_type="application/json"
        )
        assert answer.status_code == 422
        assert answer.json()["detail"].startswith("This is not JSON")


def test_a_runs_page_says_what_could_not_be_mapped(client: Client) -> None:
    run = finished_run()
    run.report = {
        **run.report,
        "design": {
            "mapped": [["color", "#1d4fd8", "brand", 3]],
            "unmapped": [["space", "13px", "space-4", 2], ["component", "table", "", 0]],
        },
    }
    run.save(update_fields=["report"])
    shown = " ".join(client.get(f"/runs/{run.pk}/").content.decode().split())
    assert "1 value of the page is a token or component" in shown
    assert "space <code>13px</code>" in shown
    assert "used 2 times, nearest is space-4" in shown
    assert 'component <code>table</code> <span class="muted">not found on the page' in shown
