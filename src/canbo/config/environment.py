"""The settings of an installation, read from the environment: every CANBO_… variable is known and typed,
or refused.
"""

import difflib
import json
import os
import zoneinfo
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from canbo.kernel.cluster import TIME_ZONE, Cluster
from canbo.kernel.database import Database
from canbo.kernel.refusal import Mistake

PREFIX = "CANBO_"
ELSEWHERE = {
    *("CANBO_PYTHON", "CANBO_VENV", "CANBO_PROFILES"),
    *(f"CANBO_TEST_{name}" for name in ("DATA", "FULL", "SEED", "TURNS")),
}
"""Read by the launcher, by the profiles and by the tests."""
DEFAULT_NAME = "canbo"


def _user_data() -> Path:
    base = os.environ.get("XDG_DATA_HOME", "")
    return (Path(base) if os.path.isabs(base) else Path.home() / ".local/share") / "canbo"


def _folder(path: Path) -> Path:
    path = path.expanduser()
    if path.exists() and not path.is_dir():
        raise ValueError("is a file; name a folder")
    return path.resolve()


def _programs(path: Path) -> Path:
    if not (path / "initdb").is_file():
        raise ValueError(
            "holds no `initdb`; name the folder of PostgreSQL's programs, such as /usr/lib/postgresql/15/bin"
        )
    return path


def _url(url: str) -> str:
    if urlsplit(url).scheme not in ("postgresql", "postgres") or not urlsplit(url).path.strip("/"):
        raise ValueError("is no address of a database; write postgresql://USER:PASSWORD@HOST:PORT/DATABASE")
    return url


def _zone(name: str) -> str:
    if name not in zoneinfo.available_timezones():
        raise ValueError(f"is no time zone; write a name such as {TIME_ZONE}")
    return name


Url = Annotated[str, AfterValidator(_url)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,50}$")]


class Environment(BaseSettings):
    """What the variables CANBO_… say. An empty variable counts as unset; a mistake names the variable and
    the cure.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    data: Annotated[Path, AfterValidator(_folder)] = Field(default_factory=_user_data)
    """Everything this installation keeps: the embedded server, its passwords, the name of the current
    database.
    """
    database_url: Url | None = None
    """A PostgreSQL 15 or newer of the administrator instead of the embedded one, as the role canbo_app."""
    owner_database_url: Url | None = None
    """The same database as canbo_owner; only `init` and `demo` need it."""
    signin_database_url: Url | None = None
    """The same database as canbo_signin, which alone knows accounts and sessions."""
    backup_database_url: Url | None = None
    """The same database as canbo_backup; only `backup` needs it."""
    database_name: Name | None = None
    """The database of the embedded server; otherwise the one that `init` or `demo` made last."""
    time_zone: Annotated[str, AfterValidator(_zone)] | None = None
    operator: str = ""
    """Who is said to have done what is done from the command line."""
    pg_bin: Annotated[Path, AfterValidator(_programs)] | None = None
    """The programs of another PostgreSQL, for the embedded server and for backups."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?$")] | None = None
    """The name under which browsers elsewhere reach the pages; `canbo serve --name` says it too."""
    https: bool = False
    """That a web server in front speaks HTTPS to them and hands on X-Forwarded-Proto and X-Forwarded-For."""
    session_idle: Annotated[int, Field(ge=1, le=24 * 60)] = 60
    """Minutes without a page after which somebody has to sign in again."""
    session_longest: Annotated[int, Field(ge=1, le=24 * 60)] = 12 * 60
    """Minutes after which somebody has to sign in again whatever they did."""
    oidc_url: Annotated[str, Field(pattern=r"^https?://[^\s/]+\S*$")] | None = None
    """The address of a provider of single sign-on (OpenID Connect): where its /.well-known/ begins."""
    oidc_client: str = ""
    oidc_secret: Path | None = None
    """A file whose first line is the secret that the provider gave this client."""
    oidc_name: str = "SSO"
    """What the button of single sign-on says."""

    signing_certificate: Path | None = None
    """With what `canbo sign` signs: PKCS#12, or a certificate in PEM whose key stands in `signing_key`."""
    signing_key: Path | None = None
    signing_passphrase: Path | None = None
    """A file whose first line opens the key; no passphrase stands in the environment."""

    @property
    def elsewhere(self) -> bool:
        """Whether browsers of other machines may ask: under a name, and with HTTPS."""
        return bool(self.name and self.https)

    @property
    def provider(self) -> list[str]:
        """The origin of the provider of single sign-on, to which a form may lead."""
        return ["{0.scheme}://{0.netloc}".format(urlsplit(self.oidc_url))] if self.oidc_url else []

    def single_sign_on(self) -> dict[str, Any]:
        """The provider as allauth wants it; its secret is read from the file that is named for it."""
        ours = {"provider_class": "canbo.access.single_sign_on.Provider", "APPS": []}
        if not self.oidc_url:
            return {"openid_connect": ours}
        secret = self.oidc_secret.read_text(encoding="utf-8").splitlines()[0].strip() if self.oidc_secret else ""
        app = {"provider_id": "sso", "name": self.oidc_name, "client_id": self.oidc_client, "secret": secret}
        app["settings"] = {"server_url": self.oidc_url, "oauth_pkce_enabled": True}
        return {"openid_connect": ours | {"APPS": [app]}}

    @property
    def current(self) -> Path:
        """Names the database, and its time zone, that commands work on unless told otherwise."""
        return self.data / "current.json"

    def database(self) -> Database:
        """The database of this environment. Nothing is started or written."""
        remembered = self.remembered()
        zone = self.time_zone or remembered.get("time_zone", TIME_ZONE)
        if self.database_url:
            name = urlsplit(self.database_url).path.strip("/")
            others = self.owner_database_url, self.signin_database_url, self.backup_database_url
            return Database(name, None, self.database_url, *(url or "" for url in others), zone, self.pg_bin)
        name = self.database_name or remembered.get("database", DEFAULT_NAME)
        if name == remembered.get("database") and remembered["url"]:
            return Database.given(remembered["url"], zone, self.pg_bin)
        return Database(name, Cluster(self.data, self.pg_bin), time_zone=zone)

    def remember(self, database: Database, *, sample: bool = False) -> None:
        """Let later commands work on this database; what CANBO_DATABASE_URL names they find only while it is set."""
        self.data.mkdir(parents=True, exist_ok=True)
        draft = self.current.with_suffix(".new")
        url = "" if self.database_url else database.url
        said = {"database": database.name, "time_zone": database.time_zone, "sample": sample, "url": url}
        draft.write_text(json.dumps(said), encoding="utf-8")
        draft.replace(self.current)

    def remembered(self) -> dict[str, Any]:
        """What `init` or `demo` made last here: `database`, `time_zone`, whether it is a `sample`, and the `url` where
        `move` brought it; or nothing.
        """
        try:
            said = json.loads(self.current.read_text(encoding="utf-8"))
            name, zone = str(said["database"]), _zone(said["time_zone"])
            url = _url(said["url"]) if said.get("url") else ""
            return {"database": name, "time_zone": zone, "sample": bool(said.get("sample")), "url": url}
        except FileNotFoundError:
            return {}
        except (ValueError, KeyError, TypeError) as error:
            raise Mistake(
                "current",
                f"{self.current} cannot be read ({error}). Remove it and run `canbo init` or `demo`.",
            ) from error


def environment() -> Environment:
    """The environment as it is now. Raises `Mistake` that names each wrong variable; values are not
    repeated.
    """
    fields = {f"{PREFIX}{name.upper()}" for name in Environment.model_fields}
    wrong = []
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in fields | ELSEWHERE:
            near = difflib.get_close_matches(name, fields, 1)
            advice = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(fields))}."
            wrong.append(f"{name} is not a setting; {advice}")
    try:
        found = Environment()
    except ValidationError as error:
        wrong += [
            f"{PREFIX}{str(e['loc'][0]).upper()} {_message(e)}" for e in error.errors(include_input=False)
        ]
    if wrong:
        raise Mistake(
            "environment", "The environment holds mistakes:\n" + "\n".join(f"  {line}" for line in wrong)
        )
    return found


def _message(error: Any) -> str:
    if error["type"] == "string_pattern_mismatch" and error["loc"][0] == "oidc_url":
        return "is no address; write https://HOST/…"
    if error["type"] == "string_pattern_mismatch" and error["loc"][0] == "name":
        return "is no name of a server; write it as in an address, such as canbo.example"
    if error["type"] == "string_pattern_mismatch":
        return "is no name of a database; write small letters, digits and _, first a letter"
    return str(error["msg"]).removeprefix("Value error, ")
