"""An export over http with a token and over ssh with a key: refused, cut off, protected; and no
secret anywhere.
"""

from __future__ import annotations

import io
import logging
import random
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from studio.config.vault import VaultError, reseal, seal, unseal
from studio.export import services
from studio.export.models import Export, Repository
from studio.export.services import ExportError, add_repository, make_remote, retry_export
from studio.runs import events
from tests.people import adas_team, cast
from tests.studio.export.making import BRANCH, agreed, carried_on, exported, planned, version
from tests.studio.export.remotes import Bare, Cutter, served, sshd

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey")]
TOKEN = "glpat-planted/3+x=Tok3n"


def added(url: str, secret: str = TOKEN, kind: str = "git") -> Repository:
    return add_repository(team=adas_team(), by=cast("ada"), kind=kind, url=url, secret=secret)


class TestHttp:
    def test_with_the_token_it_is_pushed(self, bare: Bare, tmp_path: Path) -> None:
        with served(tmp_path, TOKEN) as host:
            repository = added(f"{host}/site.git")
            assert (repository.base, repository.can_write) == ("main", True)
            assert exported(version(), repository).state == "done"
        assert bare.log(BRANCH) == ["Add page: Boats for @everyone", "First"]

    def test_a_wrong_token_is_refused_when_it_is_entered(self, bare: Bare, tmp_path: Path) -> None:
        with (
            served(tmp_path, TOKEN) as host,
            pytest.raises(ExportError, match="The server refused the token"),
        ):
            added(f"{host}/site.git", "another")
        assert not Repository.objects.exists()

    def test_a_token_that_may_only_read_is_known_as_such(self, bare: Bare, tmp_path: Path) -> None:
        from tests.studio.export.remotes import git

        git("config", "http.receivepack", "false", cwd=bare.path)
        with served(tmp_path, TOKEN) as host:
            repository = added(f"{host}/site.git")
            assert not repository.can_write
            with pytest.raises(ExportError, match="may only read"):
                planned(version(), repository)

    @pytest.mark.parametrize("content", ["noise", "zeros"])
    def test_a_repository_that_is_too_large_is_not_taken_in(
        self, bare: Bare, tmp_path: Path, settings: Any, content: str
    ) -> None:
        """Neither what is large as it is sent, nor what only unpacks to very much."""
        settings.EXPORT_MEGABYTES = 1
        big = random.Random(1).randbytes(1_000_000).hex() if content == "noise" else "0" * 6_000_000
        bare.edit("main", {"big.txt": big})
        with served(tmp_path, TOKEN) as host:
            export = planned(version(), added(f"{host}/site.git"))
        assert export.state == "failed"
        assert "larger than the limit of 1 MB" in export.message
        assert "EXPORT_MEGABYTES" in export.message

    def test_a_protected_branch_is_told_by_the_reason_that_git_gives(
        self, bare: Bare, tmp_path: Path
    ) -> None:
        bare.protect(BRANCH)
        with served(tmp_path, TOKEN) as host:
            export = exported(version(), added(f"{host}/site.git"))
        assert export.state == "failed"
        assert export.message.startswith(
            "Pushing: The server refused the push: a hook declined it."
        )
        assert "If the branch is protected" in export.message
        assert BRANCH not in bare.branches()

    def test_a_repository_that_vanished(self, bare: Bare, tmp_path: Path) -> None:
        with served(tmp_path, TOKEN) as host:
            export = planned(version(), added(f"{host}/site.git"))
            bare.path.rename(tmp_path / "elsewhere")
            assert "There is no such repository" in agreed(export).message

    @pytest.mark.parametrize(
        "after_arrival", [False, True], ids=["before it arrived", "after it arrived"]
    )
    def test_a_push_that_is_cut_off_leaves_one_commit_once_it_is_retried(
        self, bare: Bare, tmp_path: Path, after_arrival: bool
    ) -> None:
        with served(tmp_path, TOKEN) as host:
            proxy = Cutter(host)
            export = planned(version(), added(f"{proxy.url}/site.git"))
            proxy.cut_push, proxy.after_arrival = True, after_arrival
            agreed(export)
            proxy.cut_push = False
            if (
                export.state == "failed"
            ):  # where it had arrived, trying again by itself finds it there
                assert "was lost" in export.message, export.message
                assert retry_export(export=export)
                carried_on(export)
            proxy.close()
        assert (export.state, export.message) == ("done", "")
        assert export.commit
        assert bare.log(BRANCH) == ["Add page: Boats for @everyone", "First"]


class TestSsh:
    def test_with_the_key_it_is_pushed_and_another_server_is_not_believed(
        self, bare: Bare, tmp_path: Path
    ) -> None:
        folder = tmp_path / "ssh"
        folder.mkdir()
        with sshd(folder) as (root, key):
            repository = added(f"{root}{bare.path}", key)
            assert repository.host_key.startswith("ssh-ed25519 ")
            assert exported(version(), repository).state == "done"
            assert len(bare.log(BRANCH)) == 2
            Repository.objects.update(host_key=repository.host_key[:-8] + "AAAAAAAA")
            repository.refresh_from_db()
            export = planned(version(), repository, branch="likeness/other")
        assert export.state == "failed"
        assert "The host key of" in export.message

    def test_what_is_no_key_is_said_so(self, bare: Bare, tmp_path: Path) -> None:
        with pytest.raises(ExportError, match="private key cannot be used"):
            added(f"ssh://git@127.0.0.1:1{bare.path}", "not a key")


class TestSecrets:
    def test_no_planted_secret_in_any_log_event_error_or_dump(
        self, bare: Bare, tmp_path: Path, caplog: pytest.LogCaptureFixture, client: Any
    ) -> None:
        caplog.set_level(logging.DEBUG)
        seen = io.StringIO()
        with served(tmp_path, TOKEN) as host:
            repository = added(f"{host}/site.git")
            done = exported(version(), repository)
            bare.protect("likeness/no")
            refused = exported(version(), repository, branch="likeness/no")
            bare.path.rename(tmp_path / "away")
            gone = planned(version(), repository, branch="likeness/gone")
            page = client.get(f"/teams/{adas_team().pk}/repositories").content.decode()
        with pytest.raises(ExportError) as unreachable:
            added(f"{host}/site.git")
        call_command("dumpdata", stdout=seen)
        for export in (done, refused, gone):
            seen.write(
                str(export.message) + str(export.plan) + str(events.read_events(export.run_id))
            )
        seen.write(str(unreachable.value) + caplog.text + page + repr(make_remote(repository)))
        for secret in (TOKEN, TOKEN[:12], "Tok3n"):
            assert secret not in seen.getvalue()
        assert [done.state, refused.state, gone.state] == ["done", "failed", "failed"]

    def test_keys_can_be_exchanged_without_a_stop(self, settings: Any) -> None:
        settings.VAULT_KEYS = ["old"]
        sealed = seal("token")
        settings.VAULT_KEYS = ["new", "old"]
        again = reseal(sealed)
        settings.VAULT_KEYS = ["new"]
        assert unseal(again) == "token"
        with pytest.raises(VaultError, match="add the old key after the new one"):
            unseal(sealed)


def test_a_worker_that_died_is_followed_by_another(bare: Bare, repository: Repository) -> None:
    export = planned(version(), repository)
    Export.objects.filter(pk=export.pk).update(
        state="running", claimed_by="dead", heartbeat="2020-01-01T00:00Z"
    )
    assert services.rescue_exports() == 1
    assert carried_on(export).state == "planned"
