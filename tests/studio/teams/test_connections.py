"""A team's own model servers: asked before they are kept, their keys encrypted, and never shown
again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django.fixtures import Settings

from inference.types import ModelError
from studio.config import vault
from studio.runs.model_choices import find_connection, list_model_choices
from studio.runs.model_client import open_model_client
from studio.teams import connections
from studio.teams.errors import TeamError
from studio.teams.models import Activity, Connection
from tests.inference.client.scripted import ScriptedServer, delta, reply, serving, stream
from tests.people import adas_team, cast

pytestmark = pytest.mark.django_db
KEY = "sk-very-secret-1234"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with serving() as running:
        yield running


@pytest.fixture(autouse=True)
def own_keys(settings: Settings, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path


def connect(url: str, **more: Any) -> Connection:
    values = {"name": "Kimi", "model": "", "key": KEY, "price_in": 0.6, "price_out": 2.5, **more}
    return connections.save_connection(team=adas_team(), by=cast("ada"), url=url, **values)


class TestSaving:
    def test_the_server_is_asked_and_its_first_model_taken(self, server: ScriptedServer) -> None:
        assert connect(f"{server.url}/").model == "kimi-k2.6"
        assert Connection.objects.get().url == server.url

    @pytest.mark.parametrize(
        ("answer", "given", "words"),
        [
            (
                (200, {"data": [{"id": "a"}]}),
                {"model": "b"},
                "The server lists no model b; it has a.",
            ),
            ((200, {"data": []}), {}, "lists no model"),
            ((401, "the vault's inner words"), {}, "answered 401; check the key."),
            ((302, ""), {}, "answered 302"),
            (
                (200, "<html>the inner wiki</html>"),
                {},
                "has no readable model list at /models; check the address",
            ),
        ],
    )
    def test_what_does_not_work_is_one_sentence_without_the_servers_own_words(
        self,
        server: ScriptedServer,
        monkeypatch: pytest.MonkeyPatch,
        answer: Any,
        given: Any,
        words: str,
    ) -> None:
        script = reply(*answer, Location="http://169.254.169.254/latest")
        monkeypatch.setattr(server.RequestHandlerClass, "do_GET", lambda handler: script(handler))
        server.says(reply(404, "the vault's inner words"))
        with pytest.raises(TeamError) as refused:
            connect(server.url, **given)
        assert words in str(refused.value)
        assert "inner" not in str(refused.value)
        assert KEY not in str(refused.value)
        assert not Connection.objects.exists()

    def test_an_address_without_its_last_part_is_completed(self, server: ScriptedServer) -> None:
        assert connect(server.url.removesuffix("/v1")).url == server.url

    @pytest.mark.parametrize("listed", [{"data": []}, {"data": [{"id": "other"}]}, "nothing"])
    def test_a_named_model_that_is_not_listed_is_kept_when_it_answers(
        self, server: ScriptedServer, listed: Any
    ) -> None:
        server.models = listed
        server.says(stream(delta(content="yes"), delta("stop")))
        assert connect(server.url, model="kimi-latest").model == "kimi-latest"
        assert server.bodies[0]["model"] == "kimi-latest"

    def test_a_named_model_that_does_not_answer_is_not_kept(self, server: ScriptedServer) -> None:
        server.models = {"data": []}
        server.says(reply(401, "the vault's inner words"))
        with pytest.raises(TeamError, match="answered 401; check the key"):
            connect(server.url, model="kimi-latest")

    def test_a_server_that_is_away_is_said(self) -> None:
        with pytest.raises(
            TeamError, match="nothing listens there; check the address and that it is running"
        ):
            connect("http://127.0.0.1:1/v1")

    @pytest.mark.parametrize(
        ("url", "words"),
        [
            ("ftp://models.example.org/v1", "Enter the server's address as http"),
            ("local:/etc", "Enter the server's address as http"),
            ("http:///v1", "Enter the server's address as http"),
            ("http://key@127.0.0.1/v1", "the key has its own field"),
            ("http://127.0.0.1/x?y=", "Enter only the address"),
            ("http://127.0.0.1/x#", "Enter only the address"),
            ("http://169.254.169.254/v1", "has a cloud metadata address"),
            ("http://[fe80::1]/v1", "has a link-local address"),
            ("http://[::ffff:169.254.169.254]/v1", "has a cloud metadata address"),
            (
                "http://2852039166/v1",
                "has a cloud metadata address",
            ),  # the same, as one number
            ("http://0.0.0.0/v1", "where no server can be"),
        ],
    )
    def test_where_no_request_may_go_none_goes(self, url: str, words: str) -> None:
        with pytest.raises(TeamError, match=words):
            connect(url.replace("x#", "x#y"))

    def test_an_operator_can_name_the_hosts(
        self, server: ScriptedServer, settings: Settings
    ) -> None:
        settings.CONNECTION_HOSTS = ("api.moonshot.ai", "*.models.example.org")
        with pytest.raises(TeamError, match=r"does not connect to 127\.0\.0\.1: CONNECTION_HOSTS"):
            connect(server.url)
        assert (
            connections.check_address("https://a.models.example.org/v1/")
            == "https://a.models.example.org/v1"
        )
        with pytest.raises(TeamError, match="CONNECTION_HOSTS"):
            connections.check_address("https://models.example.org.evil.example/v1")

    def test_an_empty_key_stays_as_it_is_but_not_for_another_server(
        self, server: ScriptedServer
    ) -> None:
        kept = connect(server.url)
        connect(server.url, connection=kept, key="", name="Kimi 2")
        changed = Connection.objects.get()
        assert (changed.name, connections.make_server(changed).api_key) == ("Kimi 2", KEY)
        with pytest.raises(
            TeamError, match="Enter the key again: the stored one belongs to another server"
        ):
            connect("http://127.0.0.1:9/v1", connection=changed, key="")

    def test_names_differ(self, server: ScriptedServer) -> None:
        connect(server.url)
        with pytest.raises(TeamError, match="already has a connection Kimi"):
            connect(server.url)


class TestKeys:
    def test_the_database_and_the_log_do_not_hold_it(self, server: ScriptedServer) -> None:
        connect(server.url)
        row = Connection.objects.values().get()
        assert KEY not in str(row)
        assert KEY not in str(list(Activity.objects.values()))
        assert (row["ending"], vault.unseal(row["key"])) == ("1234", KEY)
        assert vault.get_key_file().stat().st_mode & 0o777 == 0o600

    def test_of_a_short_one_nothing_is_shown(self, server: ScriptedServer) -> None:
        assert connect(server.url, key="12345678").ending == ""

    def test_pages_show_its_last_characters_at_most(
        self, server: ScriptedServer, client: Client
    ) -> None:
        address = f"/teams/{adas_team().pk}/models"
        form = {
            "name": "Kimi",
            "url": server.url,
            "key": KEY,
            "price_in": "0.6",
            "price_out": "2.5",
        }
        assert (
            client.post(address, {**form, "url": "http://127.0.0.1:1/v1"})
            .content.decode()
            .count(KEY)
            == 0
        )
        assert client.post(address, form).status_code == 302
        kept = Connection.objects.get()
        for page in (address, f"{address}/{kept.pk}/"):
            shown = client.get(page).content.decode()
            assert "…1234" in shown
            assert KEY not in shown
            assert kept.key not in shown

    def test_members_see_the_name_and_not_the_address(self, server: ScriptedServer) -> None:
        connect(server.url)
        ben = Client()
        ben.force_login(cast("ben"))
        page = ben.get(f"/teams/{adas_team().pk}/models").content.decode()
        assert "kimi-k2.6" in page
        assert "127.0.0.1" not in page
        assert "1234" not in page

    def test_it_reaches_its_server_and_no_other(self, server: ScriptedServer) -> None:
        kept = connect(server.url)
        with open_model_client("http://127.0.0.1:1/v1", kept) as client:
            assert client is not None
            assert client.name == "kimi-k2.6"
        assert connections.make_server(kept).api_key == KEY

    def test_removed_it_forgets_its_key_and_runs_say_so(self, server: ScriptedServer) -> None:
        kept = connect(server.url)
        assert find_connection(adas_team(), f"connection-{kept.pk}") == kept
        assert list_model_choices(adas_team())[0].price_out == 2.5
        connections.remove_connection(connection=kept, by=cast("ada"))
        kept.refresh_from_db()
        assert (kept.key, kept.ending) == ("", "")
        assert [choice.key for choice in list_model_choices(adas_team())] == ["draft"]
        with pytest.raises(ModelError, match="The connection Kimi was removed"):
            connections.make_server(kept)

    def test_another_teams_is_no_choice(self, server: ScriptedServer) -> None:
        kept = connect(server.url)
        from studio.teams.access import get_own_team

        assert find_connection(get_own_team(cast("dan")), f"connection-{kept.pk}") is None


class TestRotation:
    def test_everything_is_encrypted_anew(
        self, server: ScriptedServer, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before = connect(server.url).key
        call_command("rotate_keys")
        assert (
            "1 stored secret encrypted with the newest key; 1 older key can still decrypt."
            in capsys.readouterr().out
        )
        kept = Connection.objects.get()
        assert kept.key != before
        assert len(vault.list_keys()) == 2
        assert vault.unseal(before) == KEY

    def test_older_keys_can_be_forgotten(self, server: ScriptedServer) -> None:
        before = connect(server.url).key
        call_command("rotate_keys", "--forget")
        assert len(vault.list_keys()) == 1
        assert vault.get_key_file().stat().st_mode & 0o777 == 0o600
        assert connections.make_server(Connection.objects.get()).api_key == KEY
        with pytest.raises(vault.VaultError, match="cannot be decrypted with VAULT_KEYS"):
            vault.unseal(before)

    def test_keys_from_the_settings_are_used_in_their_order(
        self, server: ScriptedServer, settings: Settings
    ) -> None:
        old, new = vault.make_key(), vault.make_key()
        settings.VAULT_KEYS = (old,)
        connect(server.url)
        settings.VAULT_KEYS = (new, old)
        call_command("rotate_keys")
        settings.VAULT_KEYS = (new,)
        assert connections.make_server(Connection.objects.get()).api_key == KEY
        assert not vault.get_key_file().exists()
