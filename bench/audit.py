"""What audit rows cost eight readers at once: `python bench/audit.py [--data FOLDER] [--seconds N] [--write]`.

Two servers as `canbo serve` runs them, on what `canbo demo` loaded: one writes audit rows, one does not and is the
same in everything else. Eight clients read personal files and pages of a list as fast as they can, now from the one
server, now from the other; the medians of the rounds are compared. At most a tenth may be lost. With `--write` the
table goes to docs/performance.md.
"""

import argparse
import http.client
import importlib
import os
import random
import re
import statistics
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection, connections

from canbo.config.environment import environment
from canbo.config.start import start
from tests.browser.server import serving

COOKIE = "sessionid"
PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
CLIENTS, ROUNDS, LIMIT = 8, 15, 0.10
PEOPLE = "SELECT code FROM registry_person ORDER BY code LIMIT 2000"
ROWS = "SELECT count(*) FROM kernel_sealed UNION ALL SELECT count(*) FROM kernel_unsealed"


def read(origin: str, addresses: list[str], session: str, seconds: float) -> float:
    """Pages a second of all clients together."""
    until = time.perf_counter() + seconds
    done = [0] * CLIENTS

    def client(number: int) -> None:
        link = http.client.HTTPConnection(urlsplit(origin).netloc, timeout=60)
        draw = random.Random(number)
        while time.perf_counter() < until:
            link.request("GET", draw.choice(addresses), headers={"Cookie": f"django_language=vi; {COOKIE}={session}"})
            answer = link.getresponse()
            answer.read()
            if answer.status != 200:
                raise SystemExit(f"a page answers {answer.status}")
            done[number] += 1

    threads = [threading.Thread(target=client, args=[number]) for number in range(CLIENTS)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.perf_counter() - begun)


def written() -> int:
    """How many audit rows there are, which only the owner may count."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(ROWS)
        return sum(count for (count,) in cursor.fetchall())


def table(found: dict[str, list[float]], rows: int) -> tuple[str, bool]:
    """The medians, and whether no more than a tenth is lost."""
    medians = {name: statistics.median(rates) for name, rates in found.items()}
    lost = 1 - medians["with"] / medians["without"]
    pairs = sorted(1 - a / b for a, b in zip(found["with"], found["without"], strict=True))
    lines = ["| pages a second, 8 clients | median | least | most |", "|---|---:|---:|---:|"]
    for name, rates in found.items():
        lines.append(f"| {name} audit rows | {medians[name]:.1f} | {min(rates):.1f} | {max(rates):.1f} |")
    spread = f"round by round from {pairs[0]:.1%} to {pairs[-1]:.1%}"
    lines += ["", f"Lost: {lost:.1%} of the median, {spread}; {rows:,} rows written."]
    return "\n".join(lines), lost <= LIMIT


def main() -> None:
    """Serve twice, measure by turns, print; exit 1 where more than a tenth is lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", help="CANBO_DATA of a full `canbo demo`; the usual one unless said")
    parser.add_argument("--seconds", type=float, default=4, help="of each round")
    parser.add_argument("--write", action="store_true", help="keep the numbers")
    said = parser.parse_args()
    if said.data:
        os.environ["CANBO_DATA"] = said.data
    start()
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE)
        people = [f"/person/{code}" for (code,) in cursor.fetchall()]
    addresses = people + [f"/list/members?unit=dien-bien&page={n}" for n in range(1, 20)] * (len(people) // 76)
    session = importlib.import_module("tests.signing_in").new_session()  # models: only after Django is set up
    database, before = environment().database(), written()
    found: dict[str, list[float]] = {"without": [], "with": []}
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.unaudited_settings"
    with serving(database) as without:
        os.environ["DJANGO_SETTINGS_MODULE"] = "canbo.config.settings"
        with serving(database) as audited:
            for number in range(ROUNDS + 1):
                for name, origin in (("without", without), ("with", audited))[:: 1 if number % 2 else -1]:
                    rate = read(origin, addresses, session, said.seconds)
                    if number:  # the first round warms up
                        found[name].append(rate)
    lines, kept = table(found, written() - before)
    print(lines)
    if said.write:
        text = PAGE.read_text(encoding="utf-8")
        block = f"<!-- audit -->\n{lines}\n<!-- end audit -->"
        PAGE.write_text(re.sub(r"<!-- audit -->.*<!-- end audit -->", block, text, flags=re.DOTALL), encoding="utf-8")
    raise SystemExit(0 if kept else 1)


if __name__ == "__main__":
    main()
