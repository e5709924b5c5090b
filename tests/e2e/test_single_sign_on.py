"""Signing in with an OpenID Connect provider, in a real browser, against a real (small) provider
over loopback.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.asking import post, visitor
from tests.e2e.provider import CLIENT, SECRET, Provider, provider
from tests.processes import ROOT, Studio, studio

EVE = {"sub": "42", "email": "Eve@example.org", "email_verified": True}


@pytest.fixture(scope="module")
def there() -> Iterator[Provider]:
    with provider() as running:
        yield running


@pytest.fixture(scope="module")
def served(there: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    settings = {
        "OIDC_URL": there.issuer,
        "OIDC_CLIENT": f"{CLIENT}:{SECRET}",
        "OIDC_NAME": "Example ID",
    }
    with studio(tmp_path_factory.mktemp("oidc") / "data", **settings) as running:
        yield running


@pytest.fixture
def page(browser: Browser, served: Studio) -> Iterator[Page]:
    context = browser.new_context(base_url=served.address)
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def sign_in(page: Page, there: Provider, **person: object) -> None:
    there.person = {**EVE, **person}
    page.goto("/sign-in")
    page.click("text=Sign in with Example ID")
    page.wait_for_load_state()


def test_who_is_invited_gets_an_account_and_comes_back_to_it(
    page: Page, there: Provider, served: Studio
) -> None:
    sign_in(page, there)
    expect(page.get_by_role("alert")).to_contain_text("There is no account for eve@example.org;")

    with visitor(served) as owner:
        made = post(owner, "/teams/", {"name": "Boats"})
    with visitor(served) as owner:
        link = post(owner, made.headers["Location"] + "invite", {"role": "editor", "days": "1"})
        address = link.text.split('id="link">')[1].split("<")[0]
    page.goto(address)
    page.click("text=I have an account: sign in")
    page.click("text=Sign in with Example ID")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("status").first).to_contain_text("You are in the team Boats.")

    page.goto("/account")
    page.context.clear_cookies()
    sign_in(
        page, there, email="eve@elsewhere.example"
    )  # known by the provider's id, whatever the address is now
    page.goto("/account")
    expect(page.locator("header.top")).to_contain_text("eve@example.org")
    assert list_account_lines(served, "eve@example.org") == [
        "connected single sign-on",
        "signed in with single sign-on",
        "signed in with single sign-on",
    ]


def test_an_address_that_the_provider_does_not_vouch_for_opens_nothing(
    page: Page, there: Provider
) -> None:
    sign_in(page, there, sub="43", email="owner@localhost.example", email_verified=False)
    expect(page.get_by_role("alert")).to_contain_text(
        "does not say that your e-mail address is verified"
    )


def test_nor_is_an_account_shared_whose_address_nobody_proved(
    page: Page, there: Provider, served: Studio
) -> None:
    """Somebody made an account for another's address and waits for them to come."""
    code = (
        "from studio.teams.services import create_user; "
        "create_user(email='mallory@example.org', password='a boat now')"
    )
    run_in(served, code)
    sign_in(page, there, sub="44", email="mallory@example.org")
    expect(page.get_by_role("alert")).to_contain_text("mallory@example.org already has an account")


def come_back(served: Studio, there: Provider, **claims: object) -> httpx.Response:
    """The answer to who comes back from the provider with such claims, without a browser's script."""
    with httpx.Client(base_url=served.address, timeout=60) as client:
        return arrive(client, there, **claims)


def arrive(client: httpx.Client, there: Provider, **claims: object) -> httpx.Response:
    there.person = {**EVE, **claims}
    client.get("/sign-in")
    sent = post(client, "/oidc/studio/login/", {"process": "login"})
    back = httpx.get(sent.headers["Location"], timeout=60).headers["Location"]
    return client.get(back)


def run_in(served: Studio, code: str) -> str:
    """What such code prints that runs beside the studio, on its data."""
    settings = {
        "DATA_DIR": str(served.data_dir),
        "DJANGO_SETTINGS_MODULE": "studio.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{code}"],
        cwd=ROOT,
        env={**os.environ, **settings},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def test_the_provider_alone_does_not_open_an_account_with_a_second_factor(
    served: Studio, there: Provider
) -> None:
    code = (
        "import pyotp, time\n"
        "from studio.accounts import two_factor\n"
        "from studio.teams.services import create_user\n"
        "from studio.teams.models import User\n"
        "user = create_user(email='two@example.org')\n"
        "User.objects.update(confirmed=True)\n"
        "secret = two_factor.make_secret()\n"
        "print(two_factor.turn_on(user=user, secret=secret, code=pyotp.TOTP(secret).now())[0])\n"
    )
    recovery = run_in(served, code).strip()
    with httpx.Client(base_url=served.address, timeout=60) as client:
        for _ in range(2):  # the first time, when the account is found by its address, and later
            assert (
                arrive(client, there, sub="46", email="two@example.org").headers["Location"]
                == "/second-step"
            )
            assert client.get("/").headers["Location"].startswith("/sign-in")
        assert post(client, "/second-step", {"code": recovery}).headers["Location"] == "/"
        assert client.get("/").status_code == 200
    assert list_account_lines(served, "two@example.org") == [
        "turned on two-factor authentication",
        "connected single sign-on",
        "used a recovery code",
        "signed in with single sign-on",
    ]


def list_account_lines(served: Studio, email: str) -> list[str]:
    """What the activity log tells the operator of this account."""
    code = (
        "from studio.teams.models import Activity\n"
        f"lines = Activity.objects.filter(team=None, actor='{email}').order_by('pk')\n"
        "for line in lines: print(line.verb, line.target)\n"
    )
    return [line.strip() for line in run_in(served, code).splitlines()]


@pytest.mark.parametrize("claim", ["false", "0", "no", "True", 1, 0, None, ["true"], {}])
def test_only_true_counts_as_verified(served: Studio, there: Provider, claim: object) -> None:
    answer = come_back(
        served, there, sub="45", email="owner@localhost.example", email_verified=claim
    )
    assert answer.status_code == 403
    assert "does not say that your e-mail address is verified" in answer.text


def test_the_text_true_counts_as_verified(served: Studio, there: Provider) -> None:
    answer = come_back(served, there, sub="45", email="new@example.org", email_verified="true")
    assert "There is no account for new@example.org;" in answer.text


@pytest.mark.parametrize(
    "differs",
    [{"sub": "another"}, {"nonce": "of another sign-in"}, {"nonce": None}],
    ids=["subject", "nonce", "no nonce"],
)
def test_an_id_token_about_something_else_lets_nobody_in(
    served: Studio, there: Provider, differs: dict[str, object]
) -> None:
    there.in_id_token = differs
    try:
        answer = come_back(served, there)
    finally:
        there.in_id_token = {}
    assert answer.status_code == 403
    assert "Signing in with Example ID failed" in answer.text


@pytest.mark.parametrize("subject", [None, "", True, ["42"], "4" * 300])
def test_a_person_without_a_usable_subject_is_refused(
    served: Studio, there: Provider, subject: object
) -> None:
    answer = come_back(served, there, sub=subject)
    assert answer.status_code == 403


def test_a_link_cannot_start_a_sign_in(served: Studio) -> None:
    with httpx.Client(base_url=served.address, timeout=60) as client:
        assert client.get("/oidc/studio/login/").headers["Location"] == "/sign-in"
        assert client.get("/oidc/elsewhere/login/").status_code == 404


def test_a_callback_nobody_asked_for_is_refused(served: Studio) -> None:
    with httpx.Client(base_url=served.address, timeout=60) as client:
        answer = client.get("/oidc/studio/login/callback/?code=stolen&state=made-up")
        assert answer.status_code == 403
        assert client.get("/").headers["Location"].startswith("/sign-in")
