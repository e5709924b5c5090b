"""Comments: said by members, pinned to elements, told to whoever looks."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from studio.collaboration.models import Comment
from studio.collaboration.services import add_comment, delete_comment, restore_comment
from tests.people import cast
from tests.studio.runs.making import queued_run

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Requested-With": "fetch"}


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(cast(name))
    return client


def test_every_member_may_say_something_pinned_to_an_element() -> None:
    run = queued_run()
    pinned = {"attempt": 2, "element": "main > h1", "box": json.dumps([1, 2.25, 30, 40])}
    answer = signed_in("cleo").post(
        reverse("collaboration:comments", args=[run.pk]),
        {"text": "Larger, please", **pinned},
        headers=SCRIPT,
    )
    said = Comment.objects.get()
    assert (said.author, said.attempt, said.element, said.box) == (
        cast("cleo"),
        2,
        "main > h1",
        [1.0, 2.2, 30.0, 40.0],
    )
    assert "Larger, please" in answer.content.decode()


def test_without_script_the_form_leads_back_to_the_run(client: Client) -> None:
    run = queued_run()
    answer = client.post(reverse("collaboration:comments", args=[run.pk]), {"text": "Fine"})
    assert answer["Location"] == reverse("runs:run", args=[run.pk])


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"text": " "}, "Write a comment first."),
        ({"text": "x" * 2001}, "A comment may have up to 2000 characters."),
        ({"text": "x", "box": "[1, 2]"}, "four numbers"),
    ],
)
def test_what_is_no_comment_is_refused_in_one_sentence(
    client: Client, sent: dict[str, str], words: str
) -> None:
    answer = client.post(
        reverse("collaboration:comments", args=[queued_run().pk]), sent, headers=SCRIPT
    )
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Comment.objects.exists()


def test_markup_in_a_comment_stays_words(client: Client) -> None:
    run = queued_run()
    add_comment(run=run, by=cast("ben"), text="<script>alert(1)</script>", element='"><img src=x>')
    page = client.get(reverse("collaboration:comments", args=[run.pk])).content.decode()
    assert "<script>" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("who", "status"), [("ada", 302), ("ben", 302), ("cleo", 403), ("dan", 404)]
)
def test_an_editor_resolves_what_others_said(who: str, status: int) -> None:
    run = queued_run()
    said = add_comment(run=run, by=cast("ada"), text="x")
    assert (
        signed_in(who).post(reverse("collaboration:resolve", args=[run.pk, said.pk])).status_code
        == status
    )
    assert (Comment.objects.get().resolved_at is not None) == (status == 302)


def test_its_author_resolves_and_opens_again_whatever_their_role() -> None:
    run = queued_run()
    said = add_comment(run=run, by=cast("cleo"), text="x")
    address = reverse("collaboration:resolve", args=[run.pk, said.pk])
    signed_in("cleo").post(address)
    assert Comment.objects.get().resolved_at
    signed_in("cleo").post(address, {"resolved": "no"})
    assert Comment.objects.get().resolved_at is None


def test_the_run_page_shows_what_was_said_before_it_was_opened(client: Client) -> None:
    run = queued_run()
    add_comment(run=run, by=cast("ben"), text="The button could be larger")
    assert (
        "The button could be larger"
        in client.get(reverse("runs:run", args=[run.pk])).content.decode()
    )


@pytest.mark.parametrize(("who", "buttons"), [("ada", 2), ("ben", 2), ("cleo", 1)])
def test_only_who_may_resolve_a_comment_has_a_button_for_it(who: str, buttons: int) -> None:
    run = queued_run()
    for author in ("ada", "cleo"):
        add_comment(run=run, by=cast(author), text="x")
    for address in (
        reverse("collaboration:comments", args=[run.pk]),
        reverse("runs:run", args=[run.pk]),
    ):
        assert signed_in(who).get(address).content.decode().count("/resolve") == buttons


def test_strangers_neither_read_nor_say() -> None:
    address = reverse("collaboration:comments", args=[queued_run().pk])
    assert signed_in("dan").get(address).status_code == 404
    assert signed_in("dan").post(address, {"text": "hello"}).status_code == 404


def test_the_list_costs_the_same_however_long_it_is(
    client: Client, django_assert_max_num_queries: object
) -> None:
    run = queued_run()
    address = reverse("collaboration:comments", args=[run.pk])
    counts = []
    for name in ("ada", "ben"):
        for _ in range(5):
            add_comment(run=run, by=cast(name), text="x")
        with django_assert_max_num_queries(20) as queries:  # type: ignore[operator]
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


class TestDeleting:
    @pytest.mark.parametrize(("who", "status"), [("ada", 302), ("ben", 302), ("cleo", 403)])
    def test_editors_delete_what_others_said(self, who: str, status: int) -> None:
        run = queued_run()
        said = add_comment(run=run, by=cast("ada"), text="Larger")
        address = reverse("collaboration:delete", args=[run.pk, said.pk])
        assert signed_in(who).post(address).status_code == status
        assert Comment.objects.exists() == (status == 403)

    def test_its_author_deletes_it_and_undo_brings_it_back_as_it_was(self) -> None:
        run, cleo = queued_run(), signed_in("cleo")
        said = add_comment(
            run=run,
            by=cast("cleo"),
            text="<b>Larger</b>",
            attempt=2,
            element="h1",
            box=[1, 2, 3, 4],
        )
        before = Comment.objects.values().get()
        page = cleo.post(
            reverse("collaboration:delete", args=[run.pk, said.pk]), follow=True
        ).content.decode()
        assert not Comment.objects.exists()
        assert "The comment is deleted." in page
        form = re.search(
            r'action="([^"]+/restore)".*?name="token" value="([^"]+)"', page, re.DOTALL
        )
        assert form, "the page offers no way back"
        cleo.post(form[1], {"token": form[2]})
        assert Comment.objects.values().get() == before

    def test_with_script_the_list_itself_offers_the_way_back(self) -> None:
        run, ada = queued_run(), signed_in("ada")
        said = add_comment(run=run, by=cast("ada"), text="Larger")
        address = reverse("collaboration:delete", args=[run.pk, said.pk])
        shown = ada.post(address, headers=SCRIPT).content.decode()
        token = re.search(r'name="token" value="([^"]+)"', shown)
        assert token
        again = reverse("collaboration:restore", args=[run.pk])
        assert (
            "Larger"
            in ada.post(again, {"token": token[1]}, headers=SCRIPT, follow=True).content.decode()
        )

    def test_a_token_is_good_for_its_run_alone_and_only_once(self) -> None:
        run, other = queued_run(), queued_run()
        token = delete_comment(comment=add_comment(run=run, by=cast("ada"), text="Larger"))
        assert not restore_comment(run=other, token=token)
        assert not restore_comment(run=run, token=token[:-2])
        assert restore_comment(run=run, token=token)
        assert restore_comment(run=run, token=token)  # it is there: nothing to do
        assert Comment.objects.count() == 1
