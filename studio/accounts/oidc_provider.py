"""allauth's OpenID Connect provider with our reading of claims, a nonce and our own views.

allauth reads claims by truthiness and compares no subjects. It is used for the protocol: discovery,
state, PKCE, the exchange of the code, the checks of the ID token.
"""

from __future__ import annotations

import logging
import secrets
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from requests import RequestException

from studio.accounts.claims import ClaimError, Identity, read_identity
from studio.teams.site_address import link_to

PROVIDER = "studio"  # part of the redirect address that the provider knows
FAILED = gettext_lazy("Signing in with {name} failed; try again, or sign in with your password.")

logger = logging.getLogger(__name__)


class OidcAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """allauth's adapter. `nonce` is what was sent with the request that is being answered."""

    nonce = ""

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        id_token = kwargs["response"].get("id_token")
        if not isinstance(id_token, str):
            raise OAuth2Error("the provider sent no id_token")
        try:
            identity = read_identity(
                id_token=self._decode_id_token(app, id_token),
                userinfo=self._fetch_user_info(token.token),
                nonce=self.nonce,
            )
        except ClaimError as error:
            logger.warning("single sign-on was refused: %s", error)
            raise OAuth2Error(str(error)) from error
        return self.get_provider().sociallogin_from_response(request, {"identity": identity})

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return link_to(request, reverse("openid_connect_callback"))


class OidcProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """The provider for allauth's flows; `data` is `{"identity": Identity}`."""

    oauth2_adapter_class = OidcAdapter

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **kwargs: Any,
    ) -> HttpResponse:
        nonce = secrets.token_urlsafe(16)
        kwargs["auth_params"] = {**self.get_auth_params(), "nonce": nonce}
        kwargs["scope"] = self.get_scope()
        answer: HttpResponse = super().redirect(
            request, process, next_url, data, nonce=nonce, **kwargs
        )
        return answer

    def extract_uid(self, data: dict[str, Identity]) -> str:
        return data["identity"].subject

    def extract_extra_data(self, data: dict[str, Identity]) -> dict[str, Any]:
        return {"email": data["identity"].email}

    def extract_common_fields(self, data: dict[str, Identity]) -> dict[str, Any]:
        return {"email": data["identity"].email}

    def extract_email_addresses(self, data: dict[str, Identity]) -> list[EmailAddress]:
        identity = data["identity"]
        if not identity.email:
            return []
        return [EmailAddress(email=identity.email, verified=identity.email_verified, primary=True)]


class CallbackView(OAuth2CallbackView):  # type: ignore[misc]
    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, refusal = super()._get_state(request, provider)
        if state is not None:
            self.adapter.nonce = str(state.get("nonce", ""))
        return state, refusal


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start_login(request: HttpRequest) -> HttpResponse:
    """Redirect to the provider; only on POST, so that a link cannot sign a visitor in."""
    if request.method != "POST":
        return redirect("accounts:sign-in")
    next_url = request.POST.get("next", "")
    try:
        provider = OidcAdapter(request, PROVIDER).get_provider()
        answer: HttpResponse = provider.redirect(
            request, "login", next_url if _is_ours(next_url, request) else None
        )
    except (RequestException, ValueError, KeyError) as error:
        # the provider's configuration cannot be fetched or read
        return _refuse(request, error)
    return answer


@login_not_required
@never_cache
@require_safe
def finish_login(request: HttpRequest) -> HttpResponse:
    """Sign in a person who comes back from the provider."""
    try:
        answer: HttpResponse = CallbackView.adapter_view(OidcAdapter(request, PROVIDER))(request)
    except (RequestException, ValueError, KeyError) as error:
        return _refuse(request, error)
    return answer


def _is_ours(address: str, request: HttpRequest) -> bool:
    return url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())


def _refuse(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.warning("the OpenID Connect provider cannot be used: %s", type(error).__name__)
    words = FAILED.format(name=settings.OIDC_NAME)
    return render(request, "teams/refused.html", {"error": words}, status=502)
