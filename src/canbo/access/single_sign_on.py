"""Single sign-on by OpenID Connect, with what the standard asks of us checked on every identity: the provider's
signature, that it is meant for us, now, and that it answers the very question this browser asked (nonce, PKCE).
"""

import hashlib
import hmac
from typing import Any

import jwt
from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

PROVIDER = "sso"
"""The one provider, in addresses and in links of accounts."""
_SIGNATURES = {f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)} | {"EdDSA"}
"""Signatures with a public key: with a shared one, whoever can check could also forge."""


class Conversation(OpenIDConnectOAuth2Adapter):
    """One use of the provider."""

    def get_access_token_data(self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: str = "") -> dict:
        """Remember which question is answered."""
        self.nonce = _nonce(pkce_code_verifier)
        return super().get_access_token_data(request, app, client, pkce_code_verifier=pkce_code_verifier)

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Who it is, from the signed identity alone."""
        identity = kwargs["response"].get("id_token")
        if not identity:
            raise OAuth2Error("no id_token")
        return self.get_provider().sociallogin_from_response(request, {"id_token": self._checked(app, identity)})

    def _checked(self, app: Any, identity: str) -> dict:
        try:
            if jwt.get_unverified_header(identity).get("alg") not in _SIGNATURES:
                raise OAuth2Error("id_token is not signed with a public key")
        except jwt.PyJWTError as error:
            raise OAuth2Error("no id_token") from error
        said = jwtkit.verify_and_decode(
            credential=identity,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        if not hmac.compare_digest(str(said.get("nonce", "")), self.nonce):
            raise OAuth2Error("id_token answers another question")
        return {name: said[name] for name in ("iss", "sub")}


class Provider(OpenIDConnectProvider):
    """The provider that the settings name."""

    oauth2_adapter_class = Conversation

    def get_pkce_params(self) -> dict:
        """PKCE always, and a nonce that belongs to the same question."""
        made = super().get_pkce_params()
        return made | {"nonce": _nonce(made["code_verifier"])}

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict:
        """What an address says is not handed on to the provider."""
        return {}

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """We ask who it is, and nothing else."""
        return ["openid"]


@login_not_required
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go and ask the provider."""
    return OAuth2LoginView.adapter_view(_conversation(request, provider_id))(request)


@login_not_required
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back with its answer."""
    return OAuth2CallbackView.adapter_view(_conversation(request, provider_id))(request)


def _conversation(request: HttpRequest, provider_id: str) -> Conversation:
    """With a provider that the settings name; there is no page for another one."""
    if provider_id not in {app["provider_id"] for app in settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]}:
        raise Http404
    return Conversation(request, provider_id)


def _nonce(verifier: str) -> str:
    return hashlib.sha256(b"nonce:" + (verifier or "").encode()).hexdigest()
