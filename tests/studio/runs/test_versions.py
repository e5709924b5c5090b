"""Versions: counted over all runs of a family, restored, branched; older ones stay as they are."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from studio.pipeline.editing.edit_error import EditError
from studio.pipeline.editing.manual_edits import ManualEdit
from studio.runs.models import Attempt, Run
from studio.runs.services import claim_run, finish_run, record_attempt, start_run
from studio.runs.version_numbers import find_head, list_versions
from studio.versions.revisions import edit_by_hand, follow_up, restore
from tests.people import cast
from tests.studio.runs.making import BEN, attempt, claimed_run, project, upload

pytestmark = pytest.mark.django_db


def finished(run: Run, *attempts: Any, claim: bool = True) -> Run:
    if claim:
        assert claim_run(run_id=run.pk, worker=BEN)
    for one in attempts:
        assert record_attempt(run_id=run.pk, worker=BEN, attempt=one)
    finish_run(run_id=run.pk, worker=BEN, stop_reason="no model", message="", report={})
    run.refresh_from_db()
    return run


def first_run() -> Run:
    return finished(claimed_run(), attempt(0), attempt(1, 0.5, accepted=False), claim=False)


def version(number: int, family: Run) -> Attempt:
    return next(found.attempt for found in list_versions(family.family) if found.number == number)


def test_every_attempt_that_was_rendered_is_a_version() -> None:
    run = finished(
        claimed_run(), attempt(0), attempt(1, None, accepted=False), attempt(2, 0.95), claim=False
    )
    found = list_versions(run.pk)
    assert [(v.number, v.attempt.number, v.kept) for v in found] == [(1, 0, False), (2, 2, True)]
    assert all(v.attempt.thumbnail for v in found)


def test_a_follow_up_goes_on_from_its_base_and_is_counted_with_it() -> None:
    first = first_run()
    ben = cast("ben")
    second = follow_up(base=version(1, first), by=ben, prompt="A darker band", element="the header")
    assert (second.kind, second.root_id, second.base_id) == (
        "follow-up",
        first.pk,
        version(1, first).pk,
    )
    assert (second.upload_id, second.state, second.element) == (
        first.upload_id,
        "queued",
        "the header",
    )
    finished(second, attempt(0, 0.97))
    newest = list_versions(first.pk)[-1]
    assert (newest.number, newest.base, newest.branched, newest.run.created_by) == (
        3,
        1,
        False,
        ben,
    )
    assert list_versions(second.family) == list_versions(first.pk)


def test_going_on_from_an_older_version_branches() -> None:
    first = first_run()
    finished(follow_up(base=version(1, first), by=None, prompt="one"), attempt(0))
    finished(follow_up(base=version(1, first), by=None, prompt="two"), attempt(0))
    finished(follow_up(base=version(4, first), by=None, prompt="three"), attempt(0))
    assert [v.branched for v in list_versions(first.pk)] == [False, False, False, True, False]


def test_restoring_makes_a_new_version_at_once_and_leaves_the_old_one() -> None:
    first = first_run()
    finished(follow_up(base=version(1, first), by=None, prompt="worse"), attempt(0, 0.4))
    old = version(1, first)
    restored = restore(base=old, by=cast("ben"))
    newest = list_versions(first.pk)[-1]
    assert (restored.state, restored.kind, newest.number, newest.base) == (
        "finished",
        "restore",
        4,
        1,
    )
    assert (newest.attempt.bundle.name, newest.attempt.likeness) == (old.bundle.name, old.likeness)
    assert not newest.branched
    assert find_head(list_versions(first.pk)) == newest


def test_an_edit_by_hand_keeps_what_was_changed() -> None:
    first = first_run()
    run = edit_by_hand(base=version(1, first), by=None, changes=[ManualEdit(2, "text", "Ships")])
    run.refresh_from_db()
    assert (run.kind, run.rounds, run.changes[0]["value"]) == ("edit", 0, "Ships")
    assert run.prompt == "By hand: text “Ships”"
    with pytest.raises(EditError):
        edit_by_hand(base=version(1, first), by=None, changes=[ManualEdit(99, "text", "Ships")])


def test_a_run_of_several_mockups_keeps_their_order_and_hands_it_on() -> None:
    one, two = upload(), upload("ben")
    run = start_run(project=project(), by=None, upload=one, also=[two, one])
    assert [m.upload for m in run.further.all()] == [two, one]
    finished(run, attempt(0))
    again = follow_up(base=version(1, run), by=None, prompt="again")
    assert [m.upload for m in again.further.all()] == [two, one]


def test_text_alone_is_a_run_without_a_mockup() -> None:
    run = start_run(
        project=project(), by=None, upload=None, prompt="A page for hiring boats", stack="vue"
    )
    assert (run.kind, run.upload, run.stack, run.mockup_name) == ("text", None, "vue", None)


def test_more_versions_need_no_more_queries(django_assert_num_queries: Any) -> None:
    first = first_run()
    with CaptureQueriesContext(connection) as few:
        list_versions(first.pk)
    for _ in range(4):
        finished(follow_up(base=version(1, first), by=cast("ben"), prompt="more"), attempt(0))
    ben = cast("ben")
    with django_assert_num_queries(len(few)):
        assert [v.run.created_by for v in list_versions(first.pk)][-1] == ben


@pytest.mark.parametrize(("words", "runs"), [("Make it dark", 2), ("Three columns, please", 1)])
def test_without_a_model_that_writes_only_words_that_can_be_read_begin_a_run(
    client: Client, settings: Any, words: str, runs: int
) -> None:
    settings.MODEL_URL = ""
    base = version(1, first_run())
    asked = client.post(
        reverse("versions:follow-up", args=[base.run_id, base.number]),
        {"prompt": words},
        follow=True,
    )
    assert Run.objects.count() == runs
    assert ("Nothing in the instructions was understood" in asked.content.decode()) == (runs == 1)
