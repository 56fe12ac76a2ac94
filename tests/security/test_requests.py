"""What a request may bring and how often, which cookies it gets, and how little an answer gives away that says no."""

import json
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings as live
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.urls import path

from canbo.config import settings as written
from canbo.config.environment import Environment
from canbo.config.urls import urlpatterns
from canbo.kernel.database import Database
from canbo.registry.facts import Person
from canbo.reports.proofreading.reading import LARGEST
from canbo.web.errors import bad_request, broken, forbidden, not_found
from tests.signing_in import PASSWORD, account_of, signed_in

pytestmark = pytest.mark.database

ROOT = Path(__file__).resolve().parents[2]
TELLING = re.compile(
    r"Traceback|\.py\b|site-packages|/home/|canbo\.\w|django|psycopg|granian|PostgreSQL|SELECT |DETAIL:|s3cret|Error\b",
    re.IGNORECASE,
)
"""What no answer to a reader says."""
LIMITED = ("export", "report", "search", "proofread", "import", "receive", "compare", "quality", "pairs")


@pytest.fixture
def reader(association: Database) -> Client:
    """Somebody of the second profile, in German."""
    cache.clear()
    client = signed_in(Client())
    client.cookies["django_language"] = "de"
    return client


@pytest.fixture
def limited(settings) -> None:
    settings.A_MINUTE = dict.fromkeys(LIMITED, 2)


def statuses(client: Client, *addresses: str) -> list[int]:
    found = []
    for address in addresses:
        answer = client.get(address)
        answer.close()
        found.append(answer.status_code)
    return found


EXPORTS = ("/list/members/export.csv", "/list/posts/export.xlsx")


@pytest.mark.parametrize(
    "address",
    [
        "/search?q=an", EXPORTS[0], "/proofread", "/list/members/import", "/list/members/compare", "/quality",
        "/quality/pairs", "/report/year/wayside",
    ],
)
def test_who_asks_too_often_is_told_to_wait_and_nobody_else(reader: Client, limited, address: str):
    assert statuses(reader, address, address) == [200, 200]
    answer = reader.get(address)
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert "Warten Sie eine Minute" in unescape(answer.content.decode())
    assert statuses(reader, "/", "/list/posts") == [200, 200], "other pages go on"
    someone = Person.objects.exclude(pk=account_of().person_id).order_by("pk").values_list("code", flat=True)[0]
    assert statuses(signed_in(Client(), someone), address)[0] != 429, "and so do others"


def test_all_that_is_taken_along_counts_together_until_the_minute_is_over(reader: Client, limited):
    assert statuses(reader, *EXPORTS, EXPORTS[0], "/file/html/en/year/wayside") == [200, 200, 429, 429]
    with connections["signin"].cursor() as cursor:
        cursor.execute("UPDATE access_memory SET ends_at = statement_timestamp()")
    assert statuses(reader, *EXPORTS, EXPORTS[0]) == [200, 200, 429]


def test_limits_are_set_for_all_that_is_exported_or_reported():
    assert set(written.A_MINUTE) == set(LIMITED)
    assert all(10 <= times <= 300 for times in written.A_MINUTE.values())


def promised(client: Client, address: str, size: int) -> tuple[int, str]:
    """What somebody is told who announces a body of so many bytes."""
    answer = client.generic("POST", address, b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(size))
    return answer.status_code, unescape(answer.content.decode())


def test_a_body_that_is_too_large_is_refused_in_words_before_it_is_read(reader: Client):
    status, said = promised(reader, "/proofread", LARGEST + live.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    assert (status, "Es wurde zu viel auf einmal gesendet" in said, "21 MB" in said) == (413, True, True)
    for address in ("/account/password", "/search", "/no/such/page"):
        status, said = promised(reader, address, live.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        assert (status, "1 MB" in said) == (413, True), address
    status, said = promised(Client(), "/account/sign-in", live.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    assert (status, "at once" in said) == (413, True), "nobody needs to be signed in to be refused"


def test_a_form_with_too_much_in_it_is_refused_in_words(reader: Client):
    for said in ({"text": "x" * (live.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}, {f"x{n}": "" for n in range(1001)}):
        answer = reader.post("/proofread", said)
        assert answer.status_code == 413
        assert "senden Sie weniger" in unescape(answer.content.decode())
    assert reader.post("/proofread", {"text": "Von 47 Orten nahmen 12 teil."}).status_code == 200


@pytest.fixture
def failing(settings) -> None:
    """A server with a page that breaks, in words that nobody should read."""

    def fail(request):
        raise ValueError("s3cret of /home/x.py: SELECT 1")

    class Addresses:
        handler400, handler403, handler404, handler500 = bad_request, forbidden, not_found, broken

    Addresses.urlpatterns = [*urlpatterns, path("fail", fail)]
    settings.ROOT_URLCONF = Addresses


def test_no_answer_that_says_no_tells_how_the_server_works(reader: Client, failing, limited):
    reader.raise_request_exception = False
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    statuses(reader, *EXPORTS)
    evil = {"host": "evil.example"}
    answers = {
        500: [reader.get("/fail"), reader.post("/fail")],
        404: [reader.get("/no/such/page"), reader.get("/unit/x"), reader.get("/account/linked/none/ask")],
        400: [reader.get("/?on=x"), reader.get("/", headers=evil), reader.get("/list/members?sort=x")],
        403: [strict.post("/account/sign-in")],
        413: [reader.post("/proofread", {f"x{n}": "" for n in range(1001)})],
        429: [reader.get(EXPORTS[0])],
    }
    for status, some in answers.items():
        for answer in some:
            text = re.sub(r"<(?!!)[^>]*>", " ", answer.content.decode())
            assert (answer.status_code, TELLING.findall(text)) == (status, []), answer.request["PATH_INFO"]
            assert not {"Server", "X-Powered-By", "Via"} & set(answer.headers)
    assert not hasattr(written, "DEBUG"), "Django's own is off"


def test_no_header_of_a_request_moves_where_answers_lead(reader: Client):
    for client in (reader, Client()):
        for header in ("x-forwarded-host", "x-forwarded-server", "forwarded", "x-original-url", "x-rewrite-url"):
            answer = client.get("/", headers={header: "host=evil.example"})
            assert "evil.example" not in f"{dict(answer.headers)}{answer.content.decode()}", header
    assert Client().get("/", headers={"host": "127.0.0.1:8000"}).status_code == 302
    for host in ("127.0.0.1.evil.example", "evil.example:8000", "localhost@evil.example", "[::1", ""):
        assert Client().get("/", headers={"host": host}).status_code == 400, host


def test_a_request_is_never_repeated_to_whoever_made_it(reader: Client):
    answer = reader.trace("/", headers={"x-said": "echoed", "cookie": "other=echoed"})
    assert "echoed" not in f"{dict(answer.headers)}{answer.content.decode()}"


def test_every_cookie_is_out_of_reach_of_scripts_and_other_sites_and_goes_by_https_only(association, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.LANGUAGE_COOKIE_SECURE = True
    browser, account = Client(), account_of()
    browser.get("/account/sign-in?lang=de", secure=True)
    browser.post("/account/sign-in", {"login": account.login, "password": PASSWORD}, secure=True)
    assert len(browser.cookies) == 3
    for cookie in browser.cookies.values():
        assert cookie["secure"], cookie.key
        assert cookie["httponly"], cookie.key
        assert (cookie["samesite"] in ("Lax", "Strict"), cookie["path"], cookie["domain"]) == (True, "/", "")


def test_with_https_cookies_belong_to_this_server_alone():
    script = (
        "import json; from canbo.config import settings as s; print(json.dumps({n: getattr(s, n) for n in dir(s)"
        " if n.startswith(('SESSION_COOKIE', 'CSRF_COOKIE', 'LANGUAGE_COOKIE', 'SECURE_HSTS'))}))"
    )
    said = {"CANBO_HTTPS": "1", "CANBO_NAME": "canbo.example", "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", script], env=os.environ | said, capture_output=True, check=True)
    found = json.loads(done.stdout)
    for cookie in ("SESSION", "CSRF", "LANGUAGE"):
        assert found[f"{cookie}_COOKIE_NAME"].startswith("__Host-"), "browsers take it over HTTPS for this host only"
        assert found[f"{cookie}_COOKIE_SECURE"]
    assert found["SECURE_HSTS_INCLUDE_SUBDOMAINS"]
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000


def test_no_setting_is_a_secret_but_names_its_file():
    secret = re.compile("secret|passphrase|password|key|certificate|token")
    named = {name: field.annotation for name, field in Environment.model_fields.items() if secret.search(name)}
    assert set(named) == {"oidc_secret", "signing_key", "signing_passphrase", "signing_certificate"}
    assert set(named.values()) == {Path | None}
