"""The pages as a browser without script gets them."""

from __future__ import annotations

import gzip
import io
import json
import re
import uuid
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from studio.runs.events import Writer
from studio.runs.models import Run
from studio.runs.services import cancel_run, finish_run, record_attempt
from studio.uploads.models import Upload
from tests.people import cast
from tests.studio.runs.making import BEN, attempt, claimed_run, page_token, png, queued_run

pytestmark = pytest.mark.django_db


def address(name: str, run: Run, *more: Any) -> str:
    return reverse(f"runs:{name}", args=[run.pk, *more])


def page_address(run: Run, name: str, attempt: int | None = 0) -> str:
    """Where the frame finds a file of the generated page."""
    return reverse("runs:page", args=[page_token(run, attempt), "x"])[:-1] + name


def finished_run() -> Run:
    run = claimed_run()
    record_attempt(run_id=run.pk, worker=BEN, attempt=attempt(0, 0.9234))
    record_attempt(run_id=run.pk, worker=BEN, attempt=attempt(1, 0.5, accepted=False))
    record_attempt(run_id=run.pk, worker=BEN, attempt=attempt(2, None, accepted=False))
    finish_run(
        run_id=run.pk, worker=BEN, stop_reason="rounds spent", message="", report={"best": 0}
    )
    return run


def post(client: Client, data: bytes, name: str = "mockup.png", **fields: Any) -> Any:
    return client.post("/", {"mockup": SimpleUploadedFile(name, data), **fields})


class TestStartPage:
    def test_a_mockup_becomes_a_run_and_its_page(self, client: Client) -> None:
        response = post(client, png(), prompt="Use a grid", rounds="2")
        run = Run.objects.get()
        assert response.status_code == 302
        assert response["Location"] == address("run", run)
        assert (run.prompt, run.rounds, run.state) == ("Use a grid", 2, "queued")

    @pytest.mark.parametrize(
        ("data", "fields", "words"),
        [
            (
                b"<svg/>",
                {},
                "The file is an SVG drawing; send a PNG, JPEG, WebP, GIF, AVIF or HEIC picture, or a PDF.",
            ),
            (b"", {}, "The file is empty"),
            (png(), {"rounds": "many"}, "Rounds: use a whole number from 0 to 20."),
        ],
    )
    def test_what_cannot_be_used_is_one_sentence_on_the_page(
        self, client: Client, data: bytes, fields: dict[str, str], words: str
    ) -> None:
        response = post(client, data, prompt="keep me", **fields)
        assert response.status_code == 422
        assert words in response.content.decode()
        assert "keep me" in response.content.decode()
        assert not Run.objects.exists()
        assert not Upload.objects.exists()

    def test_neither_picture_nor_words_says_so(self, client: Client) -> None:
        assert (
            "Choose a mockup or enter an address, or write what to generate."
            in client.post("/", {}).content.decode()
        )

    def test_words_alone_start_a_run_without_a_model(self, client: Client) -> None:
        client.post("/", {"prompt": "A page for boats"})
        assert Run.objects.get().kind == "text"

    def test_words_alone_keep_their_wishes(self, client: Client, settings: Any) -> None:
        settings.MODEL_URL = "http://127.0.0.1:9/v1"
        client.post(
            "/", {"prompt": "A page for boats", "stack": "vue", "thinking": "on", "candidates": "2"}
        )
        run = Run.objects.get()
        assert (run.kind, run.upload, run.stack, run.thinking, run.candidates) == (
            "text",
            None,
            "vue",
            True,
            2,
        )

    def test_several_pictures_are_several_runs_or_one_of_several_widths(
        self, client: Client
    ) -> None:
        sent = [
            SimpleUploadedFile(f"{i}.png", png(color)) for i, color in enumerate(("red", "blue"))
        ]
        assert client.post("/", {"mockup": sent})["Location"].startswith("/projects/")
        assert Run.objects.count() == 2
        for one in sent:
            one.seek(0)
        address = client.post("/", {"mockup": sent, "together": "on"})["Location"]
        run = Run.objects.get(pk=address.split("/")[2])
        assert [m.position for m in run.further.all()] == [1]

    @pytest.mark.parametrize(("who", "forms"), [("ben", 1), ("cleo", 0)])
    def test_who_may_only_look_is_told_so_instead_of_being_refused(
        self, who: str, forms: int
    ) -> None:
        run, visitor = queued_run(), Client()
        visitor.force_login(cast(who))
        project = visitor.get(address("project", run.project)).content.decode()
        assert (
            project.count("Generate <kbd>")
            == project.count("/rename")
            == project.count("/delete")
            == forms
        )
        visitor.post(reverse("teams:work", args=[run.project.team_id]))
        start = visitor.get("/").content.decode()
        assert start.count("Generate <kbd>") == start.count("New project") == forms
        assert ("switch to another team" in start) == (forms == 0)

    def test_no_model_is_a_choice(self, client: Client, settings: Any) -> None:
        settings.MODEL_URL = "http://127.0.0.1:9/v1"
        post(client, png(), model="draft", rounds="3")
        assert Run.objects.get().rounds == 0
        assert "is not among this team" in post(client, png(), model="77").content.decode()

    def test_a_form_from_another_site_is_refused(self) -> None:
        assert post(Client(enforce_csrf_checks=True), png()).status_code == 403

    def test_recent_runs_show_picture_likeness_and_state(self, client: Client) -> None:
        run = finished_run()
        page = client.get("/").content.decode()
        assert address("run", run) in page
        assert "92.3 %" in page
        thumbnail = reverse("uploads:thumbnail", args=[run.upload.sha256])
        assert thumbnail in page
        assert client.get(thumbnail)["Content-Type"] == "image/webp"

    def test_more_runs_need_no_more_queries(
        self, client: Client, django_assert_num_queries: Callable[..., Any]
    ) -> None:
        finished_run()
        with CaptureQueriesContext(connection) as few:
            client.get("/")
        for _ in range(3):
            finished_run()
        with django_assert_num_queries(len(few)):
            client.get("/")


class TestRunPage:
    def test_where_a_model_that_only_labels_was_chosen_none_is_called_missing(
        self, client: Client
    ) -> None:
        run = claimed_run()
        record_attempt(run_id=run.pk, worker=BEN, attempt=attempt(0, 0.9))
        finish_run(run_id=run.pk, worker=BEN, stop_reason="no model", message="", report={})
        page = client.get(address("run", run)).content.decode()
        assert "No model wrote this page: the layout draft is the result." in page

    def test_a_finished_run_shows_score_code_and_differences(self, client: Client) -> None:
        page = client.get(address("run", finished_run())).content.decode()
        assert "92.3 %" in page
        assert "All rounds were used." in page
        assert "&#x27;Sign in&#x27; 14 px too low" in page
        assert "h1 { color: teal }" in page
        assert "no improvement, dropped" in page
        assert "The page hung." in page
        assert "data-over" in page
        assert "<noscript>" not in page

    def test_a_running_one_refreshes_itself_even_without_script(self, client: Client) -> None:
        run = claimed_run()
        page = client.get(address("run", run)).content.decode()
        assert '<noscript><meta http-equiv="refresh"' in page
        assert f'socket="/ws/runs/{run.pk}"' in page
        assert "Stop" in page

    @pytest.mark.parametrize(("who", "forms"), [("ben", 1), ("cleo", 0)])
    def test_who_may_not_edit_selects_without_a_form_to_change_what_is_selected(
        self, who: str, forms: int
    ) -> None:
        run, visitor = finished_run(), Client()
        visitor.force_login(cast(who))
        html = visitor.get(address("run", run)).content.decode()
        assert "data-selected" in html
        assert html.count("data-edit") == html.count('class="ask-more') == forms

    @pytest.mark.parametrize(
        ("choice", "content"),
        [
            ('name="panel"', '<section class="panel conversation"'),
            ('name="tab"', 'id="outcome"'),
            ('name="mode"', 'class="panes"'),
            ('name="file"', 'data-file="1"'),
            ('name="side"', 'class="side-panel"'),
        ],
    )
    def test_what_chooses_comes_before_what_it_chooses_so_that_half_a_page_looks_like_the_whole(
        self, client: Client, choice: str, content: str
    ) -> None:
        html = client.get(address("run", finished_run())).content.decode()
        assert 0 < html.index(choice) < html.index(content)

    def test_while_the_model_thinks_its_thoughts_and_pace_are_there_even_without_script(
        self, client: Client, valkey: None
    ) -> None:
        run = claimed_run()
        writer = Writer(run.pk)
        writer.append("step", {"name": "writing", "state": "started"})
        writer.append(
            "chunk", {"kind": "thinking", "text": "Boats <b>are</b> blue", "tokens": 1234}
        )
        html = client.get(address("run", run)).content.decode()
        assert "Boats &lt;b&gt;are&lt;/b&gt; blue</pre>" in html
        assert "The model is thinking …" in html
        assert "Thinking, 1,234 tokens</span>" in html

    def test_generated_code_cannot_break_out_of_the_page(self, client: Client) -> None:
        run = claimed_run()
        record_attempt(
            run_id=run.pk,
            worker=BEN,
            attempt=attempt(html="</code></pre><script>alert(1)</script>"),
        )
        assert "<script>alert(1)" not in client.get(address("run", run)).content.decode()

    def test_an_unknown_run_is_not_found(self, client: Client) -> None:
        assert client.get(reverse("runs:run", args=[uuid.uuid4()])).status_code == 404

    def test_its_policy_lets_it_load_only_from_here(self, client: Client) -> None:
        policy = client.get("/")["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-src 'self'" in policy
        assert "'self'" not in next(
            part for part in policy.split("; ") if part.startswith("script-src ")
        )

    def test_scripts_and_styles_are_trusted_by_a_nonce_that_no_two_answers_share(
        self, client: Client
    ) -> None:
        first, second = client.get("/"), client.get("/")
        nonces = [
            re.findall(r"script-src 'nonce-([^']+)'", page["Content-Security-Policy"])[0]
            for page in (first, second)
        ]
        assert len(set(nonces)) == 2
        for page, nonce in zip((first, second), nonces, strict=True):
            assert set(re.findall(r'nonce="([^"]*)"', page.content.decode())) == {nonce}


def find_version(page: str, part: str) -> str:
    """Return what tells a followed page whether it replaces a part of itself."""
    found = re.search(rf'<div id="{part}"[^>]* data-version="([^"]*)"', page)
    assert found
    return found[1]


class TestEnd:
    @pytest.mark.parametrize("part", ["outcome", "selected"])
    def test_the_page_that_is_shown_is_not_loaded_again(self, client: Client, part: str) -> None:
        run = claimed_run()
        record_attempt(run_id=run.pk, worker=BEN, attempt=attempt(0))
        before = find_version(client.get(address("result", run)).content.decode(), part)
        finish_run(run_id=run.pk, worker=BEN, stop_reason="no model", message="", report={})
        after = client.get(address("result", run)).content.decode()
        assert find_version(after, part) == before
        assert find_version(after, "ask").endswith("True")  # the composer is

    def test_a_mockup_whose_frame_was_cut_off_is_shown_anew(self, client: Client) -> None:
        run = claimed_run()
        record_attempt(run_id=run.pk, worker=BEN, attempt=attempt(0))
        before = find_version(client.get(address("result", run)).content.decode(), "outcome")
        report = {"cut": [4, 0, 0, 0]}
        finish_run(run_id=run.pk, worker=BEN, stop_reason="no model", message="", report=report)
        after = client.get(address("result", run)).content.decode()
        assert find_version(after, "outcome") != before

    def test_a_run_without_a_version_leads_to_a_new_one(self, client: Client) -> None:
        run = claimed_run()
        finish_run(run_id=run.pk, worker=BEN, stop_reason="failed", message="", report={})
        html = client.get(address("run", run)).content.decode()
        assert "This run made no version." in html
        assert (
            "This run made no version."
            not in client.get(address("run", finished_run())).content.decode()
        )


class TestStanding:
    def test_a_waiting_run_shows_its_place(self, client: Client) -> None:
        queued_run()
        assert (
            "1 run ahead of this one"
            in client.get(address("result", queued_run())).content.decode()
        )

    def test_stop_ends_the_run(self, client: Client) -> None:
        run = queued_run()
        assert client.post(address("cancel", run))["Location"] == address("run", run)
        assert Run.objects.get().state == "cancelled"
        assert client.get(address("cancel", run)).status_code == 405


class TestDownload:
    def test_the_zip_holds_code_assets_pictures_and_report(self, client: Client) -> None:
        response = client.get(address("download", finished_run()))
        with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
            page = {"index.html", "styles.css", "assets/a.png", "package.json", "package-lock.json"}
            page.add("README.md")
            assert set(archive.namelist()) == {*page, "render.png", "heatmap.png", "report.json"}
            assert archive.testzip() is None
            assert json.loads(archive.read("report.json")) == {"best": 0, "attempts": []}
        assert response["Content-Disposition"].startswith('attachment; filename="likeness-')

    def test_a_stopped_run_reports_what_it_has(self, client: Client) -> None:
        run = claimed_run()
        record_attempt(run_id=run.pk, worker=BEN, attempt=attempt())
        cancel_run(run_id=run.pk)
        with zipfile.ZipFile(io.BytesIO(client.get(address("download", run)).content)) as archive:
            report = json.loads(archive.read("report.json"))
        assert (report["stop_reason"], report["likeness"]) == ("cancelled", 0.9)

    def test_without_a_result_there_is_nothing_to_download(self, client: Client) -> None:
        assert client.get(address("download", queued_run())).status_code == 404


class TestPreview:
    def test_the_generated_page_gets_an_origin_of_its_own_and_no_address_but_its_files(
        self, client: Client
    ) -> None:
        run = finished_run()
        found = page_address(run, "index.html")
        response = client.get(found)
        policy = response["Content-Security-Policy"]
        own = "http://testserver" + found.removesuffix("index.html")
        assert policy.startswith("sandbox allow-scripts; default-src 'none'; ")
        assert f"img-src {own} data:" in policy
        assert "'self'" not in policy.replace("frame-ancestors 'self'", "")
        assert "allow-same-origin" not in policy
        assert response["X-Frame-Options"] == "SAMEORIGIN"

    @pytest.mark.parametrize(
        ("name", "media"),
        [("styles.css", "text/css; charset=utf-8"), ("assets/a.png", "image/png")],
    )
    def test_its_files_come_with_their_types_and_may_be_read_by_it(
        self, client: Client, name: str, media: str
    ) -> None:
        response = client.get(page_address(finished_run(), name))
        assert response["Content-Type"] == media
        assert response["Access-Control-Allow-Origin"] == "*"

    def test_in_a_tab_of_its_own_it_is_not_shown(self, client: Client) -> None:
        run = finished_run()
        response = client.get(
            page_address(run, "index.html"), headers={"Sec-Fetch-Dest": "document"}
        )
        assert response["Location"] == "http://testserver" + address("run", run)

    @pytest.mark.parametrize("name", ["missing.css", "../../../../etc/passwd", "assets/"])
    def test_what_is_not_in_the_bundle_is_not_found(self, client: Client, name: str) -> None:
        assert client.get(page_address(finished_run(), name)).status_code == 404

    def test_without_a_cookie_the_address_alone_is_enough_and_nothing_else_is(
        self, client: Client
    ) -> None:
        run = finished_run()
        assert Client().get(page_address(run, "styles.css")).status_code == 200
        assert (
            Client().get(page_address(run, "styles.css").replace("/pages/", "/pages/x")).status_code
            == 404
        )

    def test_the_page_being_written_is_shown_as_far_as_it_goes(
        self, client: Client, valkey: None
    ) -> None:
        run = claimed_run()
        record_attempt(run_id=run.pk, worker=BEN, attempt=attempt())
        writer = Writer(run.pk)
        writer.append("step", {"name": "writing", "state": "started"})
        writer.append("chunk", {"kind": "thinking", "text": "```html\n<p>not this"})
        writer.append("chunk", {"kind": "answer", "text": "```html index.html\n<h1>Half a pa"})
        response = client.get(page_address(run, "index.html", attempt=None))
        assert response.content == b"<h1>Half a pa"
        assert response["Cache-Control"] == "no-store"
        assert client.get(page_address(run, "assets/a.png", attempt=None)).status_code == 200

    def test_pictures_are_those_two(self, client: Client) -> None:
        run = finished_run()
        assert client.get(address("picture", run, 0, "heatmap"))["Content-Type"] == "image/png"
        assert client.get(address("picture", run, 0, "bundle")).status_code == 404
        assert client.get(address("picture", run, 2, "render")).status_code == 404


class TestAssets:
    def test_they_are_sent_once_and_then_only_if_they_changed(self, client: Client) -> None:
        first = client.get("/static/icon.svg")
        assert (first.status_code, first["Content-Type"]) == (200, "image/svg+xml")
        assert (
            client.get("/static/icon.svg", headers={"If-None-Match": first["ETag"]}).status_code
            == 304
        )

    def test_a_page_names_their_versions_so_that_a_browser_need_not_ask_again(
        self, client: Client
    ) -> None:
        page = client.get(reverse("runs:start")).content.decode()
        named = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
        assert {address.partition("?")[0] for address in named} >= {
            "/static/icon.svg",
            "/static/dist/app.css",
            "/static/dist/app.js",
        }
        for address in named:
            kept = client.get(address)["Cache-Control"]
            assert kept.startswith("public, max-age="), address

    def test_a_version_that_is_not_the_files_is_not_kept(self, client: Client) -> None:
        assert client.get("/static/icon.svg?v=another")["Cache-Control"] == "no-cache"
        assert client.get("/static/icon.svg")["Cache-Control"] == "no-cache"

    def test_they_cost_no_query_and_are_the_same_for_everybody(
        self, client: Client, django_assert_num_queries: Any
    ) -> None:
        with django_assert_num_queries(0):
            found = client.get("/static/icon.svg")
        assert found["Vary"] == "Accept-Encoding"

    def test_scripts_come_packed_to_who_can_unpack(self, client: Client) -> None:
        packed = client.get("/static/dist/app.js", headers={"Accept-Encoding": "gzip, br"})
        assert packed["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.content) == client.get("/static/dist/app.js").content

    @pytest.mark.parametrize("path", ["nowhere.css", "dist", "..%2F..%2Fmanage.py"])
    def test_nothing_else_is(self, client: Client, path: str) -> None:
        assert client.get(f"/static/{path}").status_code in (400, 404)
