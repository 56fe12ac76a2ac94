"""Pages against the least that a page of fifty rows can cost: `python bench/pages.py [--data FOLDER] [--write]`.

One run on what `canbo demo` loaded, questions about one province, asked of our own server by one reader who follows
link after link: in each round every page once, in a new order; medians of forty rounds after ten to warm up. A page
may take four times as long as the minimal one. With `--write` the table goes to docs/performance.md.
"""

import argparse
import http.client
import importlib
import os
import random
import re
import statistics
import time
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

from canbo.config.environment import environment
from canbo.config.start import start
from tests.browser.server import serving

COOKIE = "sessionid"
PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
LIMIT, WARM, ROUNDS = 4, 10, 40
BASE = "minimal"
PERSON = """SELECT p.code FROM registry_incumbency i JOIN registry_person p ON p.id = i.person_id
WHERE upper_inf(i.recorded) AND i.valid @> date '2024-05-01' ORDER BY p.code LIMIT 1"""
PAGES = {
    BASE: "/minimal",
    "list of members of a province": "/list/members?unit={unit}",
    "its second page, by code": "/list/members?unit={unit}&sort=code&page=2",
    "list narrowed to a name": "/list/members?unit={unit}&q=van+hung",
    "search for a name": "/search?q=nguyen+van+an",
    "person": "/person/{person}",
    "organisation": "/unit/{unit}.party",
    "province": "/unit/{unit}",
    "figure with its records, today": "/report/term/{unit}/members.admitted",
    "figure with its records, a past day": "/report/term/{unit}/members?on=2024-05-01",
}


def ask(link: http.client.HTTPConnection, address: str, session: str) -> tuple[float, int]:
    """Milliseconds until the whole page was read, and its size; anything but a page is an error."""
    begun = time.perf_counter()
    link.request("GET", address, headers={"Cookie": f"django_language=vi; {COOKIE}={session}"})
    answer = link.getresponse()
    text = answer.read()
    taken = (time.perf_counter() - begun) * 1000
    if answer.status != 200:
        raise SystemExit(f"{address} answers {answer.status}")
    return taken, len(text)


def measure(origin: str, addresses: dict[str, str], session: str) -> dict[str, list[float]]:
    """All times of each page, those to warm up left out, and the size at the end."""
    link = http.client.HTTPConnection(urlsplit(origin).netloc, timeout=60)
    taken: dict[str, list[float]] = {name: [] for name in addresses}
    order = random.Random(1)
    for _ in range(WARM + ROUNDS):
        for name in order.sample(list(addresses), len(addresses)):
            taken[name].append(ask(link, addresses[name], session)[0])
    return {name: times[WARM:] for name, times in taken.items()}


def table(taken: dict[str, list[float]]) -> tuple[str, bool]:
    """The medians, and whether all are within the limit."""
    base = statistics.median(taken[BASE])
    lines, kept = [], True
    for name, times in taken.items():
        median = statistics.median(times)
        kept = kept and median <= LIMIT * base
        lines.append(f"| {name} | {median:,.1f} | {min(times):,.1f} | {median / base:.2f} |")
    head = "| page | median, ms | least, ms | ÷ minimal |\n|---|---:|---:|---:|"
    return "\n".join([head, *lines]), kept


def write(lines: str) -> None:
    """Put the table between its marks in docs/performance.md."""
    text = PAGE.read_text(encoding="utf-8")
    said = f"<!-- pages -->\n{lines}\n<!-- end pages -->"
    PAGE.write_text(re.sub(r"<!-- pages -->.*<!-- end pages -->", said, text, flags=re.DOTALL), encoding="utf-8")


def main() -> None:
    """Serve, measure, print; exit 1 where a page is beyond the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", help="CANBO_DATA of a full `canbo demo`; the usual one unless said")
    parser.add_argument("--unit", default="dien-bien")
    parser.add_argument("--write", action="store_true", help="keep the numbers")
    said = parser.parse_args()
    if said.data:
        os.environ["CANBO_DATA"] = said.data
    start()
    with connection.cursor() as cursor:
        cursor.execute(PERSON)
        ((person,),) = cursor.fetchall()
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.minimal_settings"
    addresses = {name: path.format(unit=said.unit, person=person) for name, path in PAGES.items()}
    session = importlib.import_module("tests.signing_in").new_session()  # models: only after Django is set up
    with serving(environment().database()) as origin:
        lines, kept = table(measure(origin, addresses, session))
    print(lines)
    if said.write:
        write(lines)
    raise SystemExit(0 if kept else 1)


if __name__ == "__main__":
    main()
