"""The outline of a page from words is shown, changed and made a page again, without script."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from studio.pipeline import bundle_zip
from studio.pipeline.bundle_zip import unzip_files
from studio.pipeline.outline.outline_edits import add_section
from studio.pipeline.outline.schema import OutlineError, read_outline
from studio.pipeline.outline.section_kinds import SPECS
from studio.runs import worker
from studio.runs.models import Attempt, Run
from studio.runs.outline_names import KIND_NAMES, LAYOUT_NAMES
from studio.versions.outline_form import build_form_context, read_form
from studio.versions.revisions import edit_outline
from tests.people import cast
from tests.studio.runs.making import finished_run
from tests.studio.runs.outlined import OUTLINE, PROMPT, make_outlined_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey", "ada")]
KINDS = [section.kind for section in OUTLINE.sections]


def fill_form(**changed: str) -> dict[str, str]:
    """Return the fields of the editor as a browser sends them, with some changed."""
    rows = build_form_context(OUTLINE)["rows"]
    fields = {
        "name": OUTLINE.name,
        "theme": OUTLINE.look.theme,
        "density": OUTLINE.look.density,
        "accent": OUTLINE.look.accent,
    }
    for row in rows:
        one, place = row.section, row.place
        fields |= {
            f"kind-{place}": one.kind,
            f"had-{place}": str(len(one.items)),
            f"layout-{place}": one.layout,
            f"columns-{place}": str(one.columns),
            f"title-{place}": one.title,
            f"text-{place}": one.text,
            f"actions-{place}": row.actions,
        }
        for item in row.items:
            fields |= {
                f"item-title-{item.name}": item.item.title,
                f"item-text-{item.name}": item.item.text,
                f"item-detail-{item.name}": item.item.detail,
                f"item-points-{item.name}": item.points,
            }
    return fields | {name.replace("_", "-"): value for name, value in changed.items()}


def test_the_page_of_a_run_from_words_reads_its_files_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = make_outlined_version()
    read = []

    def unzip(data: bytes) -> dict[str, bytes]:
        read.append(len(data))
        return unzip_files(data)

    monkeypatch.setattr(bundle_zip, "unzip_files", unzip)
    for name in ("runs:run", "runs:result"):
        read.clear()
        page = client.get(reverse(name, args=[base.run_id])).content.decode()
        assert "Edit the outline" in page
        assert "styles.css" in page
        assert len(read) == 1, name


def test_the_gallery_shows_the_page_that_was_made_from_words(client: Client) -> None:
    base = make_outlined_version()
    picture = reverse("runs:thumbnail", args=[base.run_id, base.number])
    for name in ("runs:start", "library:library"):
        assert f'src="{picture}"' in client.get(reverse(name)).content.decode()
    assert client.get(picture).status_code == 200


def get_address(base: Attempt) -> str:
    return reverse("versions:outline", args=[base.run_id, base.number])


def visit(who: str = "ada") -> Client:
    client = Client()
    client.force_login(cast(who))
    return client


def test_the_form_gives_back_the_outline_that_it_shows() -> None:
    assert read_form(fill_form(), OUTLINE) == OUTLINE


def test_the_runs_page_shows_the_sections_and_leads_to_the_editor() -> None:
    base = make_outlined_version()
    page = visit().get(reverse("runs:run", args=[base.run_id])).content.decode()
    assert 'class="page-outline"' in page
    assert "Edit the outline" in page
    assert get_address(base) in page
    shown = page[page.index('id="page-outline"') :]
    assert shown.index("Products") < shown.index("Story") < shown.index("Contact")


def test_a_page_from_a_mockup_has_no_outline() -> None:
    run = finished_run()
    page = visit().get(reverse("runs:run", args=[run.pk])).content.decode()
    assert 'class="page-outline"' not in page
    assert visit().get(reverse("versions:outline", args=[run.pk, 0])).status_code == 404


def test_every_section_and_layout_has_a_name() -> None:
    assert set(KIND_NAMES) == set(SPECS)
    layouts = {
        layout for spec in SPECS.values() if len(spec.layouts) > 1 for layout in spec.layouts
    }
    assert layouts <= set(LAYOUT_NAMES)


def test_viewers_read_it_and_cannot_change_it() -> None:
    base = make_outlined_version()
    page = visit("cleo").get(get_address(base)).content.decode()
    assert "Our products" in page
    assert 'name="do"' not in page
    assert visit("cleo").post(get_address(base), fill_form()).status_code == 403
    run_page = visit("cleo").get(reverse("runs:run", args=[base.run_id])).content.decode()
    assert "View the outline" in run_page


def test_sections_move_and_go_before_anything_is_stored() -> None:
    base = make_outlined_version()
    place = KINDS.index("story")
    answer = visit().post(get_address(base), fill_form(do=f"up-{place}"))
    kinds = [row.section.kind for row in answer.context["rows"]]
    assert kinds.index("story") == place - 1
    assert answer.context["focus"] == place - 1
    answer = visit().post(get_address(base), fill_form(do=f"remove-{place}"))
    assert "story" not in [row.section.kind for row in answer.context["rows"]]
    assert "nothing is stored" in answer.content.decode()
    assert Run.objects.count() == 1


def test_a_section_is_added_and_open_with_our_texts() -> None:
    base = make_outlined_version()
    data = fill_form(do="add", add_kind="faq")
    answer = visit().post(get_address(base), data)
    (row,) = [row for row in answer.context["rows"] if row.section.kind == "faq"]
    assert row.is_open
    assert row.section.items[0].title


def test_generating_makes_a_version_of_the_same_family_without_a_model(settings: Any) -> None:
    settings.MODEL_URL = "http://127.0.0.1:9/v1"
    base = make_outlined_version()
    place = KINDS.index("products")
    data = fill_form(do="generate", theme="bold")
    data[f"title-{place}"] = "Baked <b>today</b>"
    answer = visit().post(get_address(base), data)
    run = Run.objects.exclude(pk=base.run_id).get()
    assert answer.headers["Location"] == reverse("runs:run", args=[run.pk])
    assert (run.kind, run.family, run.rounds) == ("edit", base.run_id, 0)
    assert run.prompt == "Outline: changed products; look"
    assert worker.choose_model(run) == ("", None)
    page = worker.load_base_version(run)
    assert page is not None
    assert "Baked &lt;b&gt;today&lt;/b&gt;" in page.files["index.html"]
    outline = read_outline(run.changes[0]["outline"])
    assert outline.look.theme == "bold"
    assert outline.sections[place + 1 :] == OUTLINE.sections[place + 1 :]


def test_only_an_added_section_is_left_to_the_writer(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MODEL_URL = ""
    monkeypatch.setattr(worker, "find_writer", lambda data_dir: "http://127.0.0.1:7/v1")
    base = make_outlined_version()
    run = edit_outline(base=base, by=None, outline=add_section(OUTLINE, "faq"))
    assert run.rounds == 1
    assert worker.choose_model(run) == ("http://127.0.0.1:7/v1", None)
    places = [one.kind for one in add_section(OUTLINE, "faq").sections]
    assert run.changes[0]["write"] == [places.index("faq")]


def test_what_cannot_be_made_is_refused_in_one_sentence() -> None:
    base = make_outlined_version()
    answer = visit().post(get_address(base), fill_form(do="generate"))
    assert answer.status_code == 422
    assert "Nothing was changed." in answer.content.decode()
    answer = visit().post(get_address(base), fill_form(do="generate", accent="red"))
    assert "use &#x27;#rrggbb&#x27; or leave it empty." in answer.content.decode()
    answer = visit().post(get_address(base), fill_form(do="add", add_kind="board"))
    assert "cannot be added" in answer.content.decode()
    answer = visit().post(get_address(base), {"do": "generate"})
    assert "The outline has no section" in answer.content.decode()
    answer = visit().post(get_address(base), fill_form(do="up-99"))
    assert "There is no section 100." in answer.content.decode()
    chinese = visit()
    chinese.cookies["likeness_language"] = "zh-hans"
    answer = chinese.post(get_address(base), fill_form(do="generate"))
    assert "Nothing was changed." not in answer.content.decode()
    assert Run.objects.count() == 1


def test_a_page_that_was_edited_by_hand_keeps_these_edits() -> None:
    base = make_outlined_version(edit="Our own bread")
    page = visit().get(get_address(base)).content.decode()
    assert "edited by hand" in page
    assert 'name="do"' not in page
    with pytest.raises(OutlineError, match="would lose these edits"):
        edit_outline(base=base, by=None, outline=add_section(OUTLINE, "faq"))
    answer = visit().post(get_address(base), fill_form(do="generate", theme="bold"))
    assert answer.status_code == 422


def test_hostile_texts_are_escaped_in_the_editor() -> None:
    hostile = '"><script>alert(1)</script>'
    sections = tuple(replace(one, title=hostile) for one in OUTLINE.sections)
    base = make_outlined_version(replace(OUTLINE, name=hostile, sections=sections))
    for path in (get_address(base), reverse("runs:run", args=[base.run_id])):
        assert "<script>alert(1)" not in visit().get(path).content.decode()


def test_without_a_model_a_wish_that_a_rule_reads_on_the_outline_begins_a_run(
    settings: Any,
) -> None:
    settings.MODEL_URL = ""
    base = make_outlined_version()
    address = reverse("versions:follow-up", args=[base.run_id, base.number])
    visit().post(address, {"prompt": "Add a FAQ above the contact"})
    assert Run.objects.count() == 2
    answer = visit().post(address, {"prompt": "let the logo spin"}, follow=True)
    assert "sections to be added, removed or moved" in answer.content.decode()
    assert Run.objects.count() == 2


def test_a_wish_that_no_rule_reads_goes_to_the_small_writer(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MODEL_URL = ""
    for module in ("studio.runs.worker", "studio.versions.views"):
        monkeypatch.setattr(f"{module}.find_writer", lambda data_dir: "http://127.0.0.1:7/v1")
    base = make_outlined_version()
    address = reverse("versions:follow-up", args=[base.run_id, base.number])
    visit().post(address, {"prompt": "it feels a little cramped"})
    run = Run.objects.exclude(pk=base.run_id).get()
    assert worker.choose_model(run) == ("http://127.0.0.1:7/v1", None)


def test_the_brief_of_an_added_section_is_the_familys_prompt() -> None:
    run = edit_outline(base=make_outlined_version(), by=None, outline=add_section(OUTLINE, "faq"))
    options = worker._make_options(run)
    assert (options.brief, options.prompt) == (PROMPT, "")
    assert options.added == tuple(run.changes[0]["write"])
