"""A provider of single sign-on as a process of its own: OpenID Connect by Authlib, with discovery, PKCE and signed
identities; it can be told to misbehave. `python -m tests.access.provider PORT SUBJECT [forged|nonce|audience|shared]`.
"""

import os
import sys
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from flask import Flask, Response, jsonify, request
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "canbo", "s3cret of the client"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
STRANGER = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
CODES: dict[str, Any] = {}


@dataclass
class Person:
    """Who has an identity here."""

    subject: str

    def get_user_id(self) -> str:
        return self.subject


class Known(ClientMixin):
    """The one client: only its own address is answered, only with PKCE."""

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return ""

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return urlsplit(redirect_uri).path == "/account/linked/sso/answer"

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in ("client_secret_post", "client_secret_basic")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Code:
    """A code that was handed out."""

    code: str
    redirect_uri: str
    scope: str
    nonce: str
    subject: str
    code_challenge: str
    code_challenge_method: str

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope


class Grant(grants.AuthorizationCodeGrant):
    """The flow with a code, each good once."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_post", "client_secret_basic"]

    def save_authorization_code(self, code: str, request: Any) -> None:
        said = request.payload.data
        CODES[code] = Code(
            code, request.payload.redirect_uri, request.payload.scope, said.get("nonce", ""), request.user.subject,
            said.get("code_challenge", ""), said.get("code_challenge_method", ""),
        )  # fmt: skip

    def query_authorization_code(self, code: str, client: Any) -> Code | None:
        return CODES.get(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        del CODES[authorization_code.code]

    def authenticate_user(self, authorization_code: Code) -> Person:
        return Person(authorization_code.subject)


def identity(found: Code, issuer: str, fault: str) -> str:
    """The signed identity, or one with the fault."""
    now = int(time.time())
    claims = {"iss": issuer, "sub": found.subject, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": found.nonce}
    claims |= {"nonce": "of another question"} if fault == "nonce" else {}
    claims |= {"aud": "another client"} if fault == "audience" else {}
    if fault == "shared":
        return jwt.encode({"alg": "HS256", "kid": "one"}, claims, OctKey.import_key(SECRET))
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, STRANGER if fault == "forged" else KEY)


def provider(port: int, subject: str, fault: str) -> Flask:
    """The pages of the provider; whoever comes is `subject`."""
    app, issuer = Flask(__name__), f"http://127.0.0.1:{port}"
    server = AuthorizationServer(app, query_client=lambda name: Known() if name == CLIENT else None)

    class Extended(CodeChallenge):
        """Adds the identity to the answer."""

        def __call__(self, grant: Any) -> None:
            super().__call__(grant)
            grant.register_hook("after_create_token_response", self.sign)

        def sign(self, grant: Any, response: tuple[int, dict[str, Any], Any]) -> None:
            response[1]["id_token"] = identity(grant.request.authorization_code, issuer, fault)

    server.save_token = lambda token, request: None
    server.register_grant(Grant, [Extended(required=True)])

    @app.get("/.well-known/openid-configuration")
    def discovery() -> Response:
        places = {"authorization_endpoint": "ask", "token_endpoint": "token", "jwks_uri": "keys"}
        return jsonify(
            {name: f"{issuer}/{path}" for name, path in places.items()}
            | {"issuer": issuer, "token_endpoint_auth_methods_supported": ["client_secret_post"]}
        )

    @app.get("/keys")
    def keys() -> Response:
        return jsonify({"keys": [KEY.as_dict(private=False)]})

    @app.get("/ask")
    def ask() -> Response:
        return server.create_authorization_response(request, grant_user=Person(subject))

    @app.post("/token")
    def token() -> Response:
        return server.create_token_response()

    return app


if __name__ == "__main__":
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    where, who, *wrong = sys.argv[1:]
    provider(int(where), who, wrong[0] if wrong else "").run("127.0.0.1", int(where))
