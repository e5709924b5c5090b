from __future__ import annotations

import re

import pytest

from studio.pipeline.bundle import Bundle
from studio.pipeline.codegen.draft import make_draft
from tests.studio.pipeline.codegen.sketch import Sketch, article, bill, cards, login


def drafted(page: Sketch, assets: dict[str, bytes] | None = None) -> Bundle:
    return make_draft(page.hints(), assets or {}).bundle


def html(page: Sketch) -> str:
    return drafted(page).files["index.html"]


def css(page: Sketch) -> str:
    return drafted(page).files["styles.css"]


def rule(sheet: str, selector: str) -> str:
    found = re.search(rf"^{re.escape(selector)} {{(.*?)^}}", sheet, re.M | re.S)
    assert found, f"{selector} has no rule"
    return found[1]


@pytest.mark.parametrize(
    "page", [article(), cards(), login(), bill()], ids=["article", "cards", "login", "bill"]
)
def test_code_has_no_inline_styles_and_nothing_is_placed_absolutely(page: Sketch):
    files = drafted(page).files
    assert "style=" not in files["index.html"]
    assert "absolute" not in files["styles.css"]
    assert "data-" not in files["index.html"]


def test_cards_are_one_class_in_a_grid_of_equal_columns():
    page = cards()
    assert html(page).count('<article class="card">') == 3
    assert "repeat(3, minmax(0, 1fr))" in rule(css(page), ".cards")


def test_a_grid_collapses_on_narrow_screens():
    narrow = css(cards()).split("@media")[1]
    assert "grid-template-columns: minmax(0, 1fr)" in narrow


def test_what_stands_in_the_middle_is_centred_not_offset():
    sheet = css(cards())
    title = rule(sheet, ".section__title")
    assert "text-align: center" in title
    assert "margin-left" not in title
    assert "margin-inline: auto" in sheet


def test_colours_are_custom_properties():
    sheet = css(cards())
    root, rest = rule(sheet, ":root"), sheet.split("}", 1)[1]
    assert "--ground: #f5f5f5" in root
    assert "--ink:" in root
    assert not re.search(r"#[0-9a-f]{6}", rest)


def test_fields_are_inputs_with_placeholders_and_the_button_submits():
    page = html(login())
    assert re.search(r'<input [^>]*type="email" placeholder="Email address"', page)
    assert re.search(r'<input [^>]*type="password" placeholder="Password"', page)
    assert re.search(r'<button [^>]*type="submit">Log in</button>', page)
    assert "<form" in page


def test_a_table_has_a_head_and_columns_with_widths():
    page = html(bill())
    assert page.count("<tr") == 3
    assert page.count("<col>") == 2
    assert re.search(r"<thead>.*Item.*Price.*</thead>", page, re.S)
    assert page.index("</thead>") < page.index("Hosting")


def test_the_title_is_the_first_heading_and_the_page_has_landmarks():
    page = html(article())
    assert "<title>A quiet revolution</title>" in page
    assert "<main" in page
    assert '<html lang="en">' in page
    assert 'name="viewport"' in page


def test_words_are_escaped():
    page = Sketch().text(100, 100, "Fish & <chips>")
    assert "Fish &amp; &lt;chips&gt;" in html(page)


def test_only_assets_that_are_shown_are_in_the_bundle():
    page = article().picture(100, 300, 400, 200)
    bundle = drafted(page, {"assets/picture-1.png": b"1", "assets/picture-9.png": b"9"})
    assert dict(bundle.assets) == {"assets/picture-1.png": b"1"}
    assert 'src="assets/picture-1.png"' in bundle.files["index.html"]


def test_a_photo_behind_text_is_the_section_s_background():
    page = (
        Sketch()
        .picture(0, 0, 1280, 400, background=True)
        .text(500, 220, "Shop in style", size=48, color="#ffffff")
    )
    bundle = drafted(page, {"assets/picture-1.png": b"1"})
    assert "url(assets/picture-1.png) center / cover" in bundle.files["styles.css"]
    assert "<img" not in bundle.files["index.html"]


def test_tracing_names_nodes_and_changes_nothing_else():
    draft = make_draft(cards().hints(), {})
    traced = draft.expanded(trace=True)
    assert traced.files["styles.css"] == draft.bundle.files["styles.css"]
    assert (
        re.sub(r' id="n\d+"', "", traced.files["index.html"]).split()
        == draft.bundle.files["index.html"].split()
    )


def test_the_same_hints_give_the_same_code():
    hints = cards().hints()
    assert make_draft(hints, {}).bundle == make_draft(hints, {}).bundle


def test_an_empty_mockup_gives_an_empty_page_in_its_colour():
    bundle = drafted(Sketch(background="#fafafa"))
    assert "--ground: #fafafa" in bundle.files["styles.css"]


def test_only_words_stand_in_a_label():
    page = (
        article().rect(100, 700, 16, 16, "#ffffff", border="#777777").text(126, 713, "Remember me")
    )
    label = re.search(r"<label.*?</label>", html(page), re.S)
    assert label
    assert "<p" not in label[0]
    assert "Remember me" in label[0]


def test_what_stands_at_the_far_end_of_a_button_stays_there():
    page = Sketch().rect(200, 100, 300, 44, "#222222", radius=6.0)
    page.picture(216, 114, 16, 16, kind="icon").text(244, 127, "Pages", color="#ffffff")
    bundle = drafted(page.picture(468, 114, 16, 16, kind="icon"), {})
    assert re.search(
        r"<(a|button) .*?<img.*?<span>Pages</span>.*?<img", bundle.files["index.html"], re.S
    )
    assert re.search(r"\.main__icon \{[^}]*margin-left: auto", bundle.files["styles.css"])
