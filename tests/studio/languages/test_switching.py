"""A person reads the studio in their browser's language, or in the one that they choose."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from studio.teams.models import Activity, User

CHINESE: dict[str, Any] = {"headers": {"accept-language": "zh-CN,zh;q=0.9"}}
PAGES = ("runs:start", "library:library", "teams:teams", "accounts:account", "versions:import")


def read_language(page: str) -> str:
    found = re.search(r'<html lang="([\w-]+)"', page)
    assert found is not None
    return found[1]


def test_the_browser_decides_at_first(db: None) -> None:
    page = Client().get(reverse("accounts:sign-in"), **CHINESE)
    assert read_language(page.text) == "zh-hans"
    assert "登录" in page.text
    assert page.headers["Content-Language"] == "zh-hans"


def test_without_a_wish_the_studio_speaks_english(db: None) -> None:
    page = Client().get(reverse("accounts:sign-in"))
    assert read_language(page.text) == "en"


def test_a_choice_is_kept_against_the_browser(db: None) -> None:
    visitor = Client()
    here = reverse("accounts:sign-in")
    answer = visitor.post(
        reverse("language"), {"language": "en", "next": here}, headers={"accept-language": "zh-CN"}
    )
    assert answer.headers["Location"] == here
    assert visitor.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert read_language(visitor.get(here, **CHINESE).text) == "en"


def test_a_choice_never_leads_to_another_site(db: None) -> None:
    answer = Client().post(
        reverse("language"), {"language": "zh-hans", "next": "https://elsewhere.example/"}
    )
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("name", PAGES)
def test_pages_offer_the_other_language_by_its_own_name(client: Client, name: str) -> None:
    assert 'value="zh-hans"' in client.get(reverse(name)).text
    assert ">English</button>" in client.get(reverse(name), **CHINESE).text


@pytest.mark.parametrize("name", PAGES)
def test_a_chinese_page_has_no_english_sentence(client: Client, name: str) -> None:
    page = client.get(reverse(name), **CHINESE).text
    assert read_language(page) == "zh-hans"
    visible = re.sub(r"<(script|style|code|svg)\b.*?</\1>", "", page, flags=re.DOTALL)
    texts = [text.strip() for text in re.sub(r"<[^>]*>", "\n", visible).splitlines()]
    english = [text for text in texts if re.search(r"[a-z]{3,} [a-z]{3,} [a-z]{2,}", text)]
    assert not english


def test_errors_of_a_form_are_chinese_too(ada: User) -> None:
    page = Client().post(
        reverse("accounts:sign-in"), {"username": ada.email, "password": "wrong"}, **CHINESE
    )
    assert "没有使用此邮箱和密码的账户。" in page.text


def test_scripts_find_their_texts_in_a_chinese_page(client: Client) -> None:
    page = client.get(reverse("runs:start"), **CHINESE).text
    assert '<script id="texts" type="application/json">' in page
    assert '<script id="texts"' not in client.get(reverse("runs:start")).text


def test_the_activity_log_is_stored_in_english_and_shown_in_chinese(
    client: Client, ada: User
) -> None:
    client.post(reverse("teams:teams"), {"name": "Harbour"}, **CHINESE)
    team = ada.memberships.get(team__name="Harbour").team
    assert Activity.objects.get(team=team).verb == "created the team"
    assert "创建了团队" in client.get(reverse("teams:activity", args=[team.pk]), **CHINESE).text


def test_a_program_gets_english_whatever_it_accepts(db: None) -> None:
    refused = Client().get("/api/v1/runs", **CHINESE)
    assert refused.status_code == 401
    assert refused.text.isascii()
    assert "Accept-Language" not in refused.headers.get("Vary", "")


def test_the_catalogs_are_where_django_looks_for_them() -> None:
    from django.apps import apps

    folder = Path(apps.get_app_config("languages").path) / "locale" / "zh_Hans" / "LC_MESSAGES"
    assert {path.name for path in folder.glob("*.mo")} == {"django.mo", "djangojs.mo"}
