"""Pages of our own with a known right answer: the elements that must be in their code.

The hints beside this file are what perception finds in pictures of them.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.perception.hints import Hints

FOLDER = Path(__file__).parent / "cases"
NAMES = ("form", "keys", "landing", "sidebar", "truncated")


@cache
def draft(name: str) -> BeautifulSoup:
    hints = Hints.from_json(json.loads((FOLDER / f"{name}.json").read_text("utf-8")))
    return BeautifulSoup(make_draft(hints, {}).bundle.files["index.html"], "html.parser")


def texts(name: str, selector: str) -> list[str]:
    return [element.get_text(" ", strip=True) for element in draft(name).select(selector)]


@pytest.mark.parametrize("name", NAMES)
def test_no_class_ends_in_a_number(name: str):
    classes = {word for e in draft(name).select("[class]") for word in e["class"]}
    assert not [word for word in classes if re.search(r"\d$", word)]


@pytest.mark.parametrize("name", NAMES)
def test_there_is_one_main_and_at_most_one_header_and_footer(name: str):
    page = draft(name)
    assert len(page.select("main")) == 1
    assert len(page.select("header")) <= 1
    assert len(page.select("footer")) <= 1


def test_form_every_label_is_for_a_field():
    page = draft("form")
    labels = page.select("label[for]")
    assert [label.get_text() for label in labels] == [
        "First name",
        "E-mail",
        "Last name",
        "Country",
        "Why do you join?",
    ]
    assert all(page.find(id=label["for"]) for label in labels)


def test_form_fields_are_what_they_are():
    page = draft("form")
    assert len(page.select("form")) == 1
    assert [e["type"] for e in page.select("form input.field")] == ["text", "text", "email"]
    assert texts("form", "select option") == ["Portugal"]
    assert texts("form", "textarea") == ["Looking for a quiet place."]
    assert page.select_one("form button[type=submit]").get_text() == "Create account"


def test_form_values_are_values_and_placeholders_placeholders():
    page = draft("form")
    assert page.find(id="first-name")["value"] == "Amara"
    assert page.find(id="last-name")["placeholder"] == "Your last name"


def test_form_has_a_check_box_two_radio_buttons_and_a_switch():
    page = draft("form")
    assert len(page.select("input[type=checkbox]:not([role])")) == 1
    assert len(page.select("input[type=radio]")) == 2
    assert len(page.select("input[role=switch]")) == 1
    assert not page.select("img[width='13']")


def test_keys_are_buttons_of_one_class():
    keys = draft("keys").select("button")
    assert len(keys) >= 15
    assert {key["class"][0] for key in keys} == {"button"}


def test_landing_has_its_landmarks_and_a_nav_of_links():
    page = draft("landing")
    assert texts("landing", "header nav ul a") == ["Product", "Pricing", "Docs", "Sign in"]
    assert page.select_one("header a").get_text() == "Planely"
    assert page.select_one("footer") is not None


def test_landing_features_are_one_component_with_headings_of_one_level():
    page = draft("landing")
    features = page.select("article.feature")
    assert len(features) == 3
    assert {e.name for feature in features for e in feature.select("h2, h3, h4")} == {"h3"}
    assert len(page.select("h1")) == 1


def test_sidebar_has_an_aside_a_nav_and_a_search_field():
    page = draft("sidebar")
    entries = texts("sidebar", "aside nav a")
    assert entries[-5:] == ["Customers", "Reports", "Messages", "Alerts", "Settings"]
    assert len(page.select("input[type=search]")) == 1


def test_sidebar_orders_are_a_table_with_a_head_and_badges():
    page = draft("sidebar")
    assert texts("sidebar", "thead th") == ["Order", "Customer", "Date", "Status", "Amount"]
    assert len(page.select("tbody tr")) == 5
    assert texts("sidebar", "td .badge") == ["Paid", "Pending", "Paid", "Failed", "Paid"]


def test_truncated_rows_are_texts_of_two_kinds():
    page = draft("truncated")
    cut = [e for e in page.select("main [class]") if e.get_text().endswith("...")]
    assert len({(e.name, e["class"][0]) for e in cut}) <= 3
