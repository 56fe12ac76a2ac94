"""A province among 34 and the same province alone: `python bench/province.py --nation FOLDER --alone FOLDER [--write]`.

Both folders were built by `bench/nation.py --particulars --service`, the second with `--alone`. The officer of the
province asks two servers for the same pages and reports in turn, as of another day in each round, so that nothing is
remembered; medians of twenty rounds after three to warm up. In the nation a page may take 1.5 times as long.
"""

import argparse
import contextlib
import datetime as dt
import http.client
import importlib
import json
import os
import random
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.pages import PAGE, ask
from canbo.config.environment import environment
from canbo.config.start import start
from tests.browser.server import serving

LIMIT, WARM, ROUNDS = 1.5, 3, 20
FIRST = dt.date(2025, 8, 1)
OFFICER = """
SELECT p.code FROM canbo.registry_mandate g JOIN canbo.registry_person p ON p.id = g.person_id
JOIN canbo.registry_unit u ON u.id = g.unit_id WHERE u.code = %s || '.party'
AND NOT EXISTS (SELECT FROM canbo.registry_mandate o WHERE o.person_id = g.person_id AND o.unit_id <> g.unit_id)
ORDER BY p.id LIMIT 1
"""
"""Whose role is over this province and no other."""
PAGES = {
    "list of members": "/list/members?unit={unit}",
    "its second page, by code": "/list/members?unit={unit}&sort=code&page=2",
    "list narrowed to a name": "/list/members?unit={unit}&q=van+hung",
    "search for a name": "/search?q=nguyen+van+anh",
    "person": "/person/{person}",
    "organisation": "/unit/{unit}.party",
    "province": "/unit/{unit}",
    "figure with its records": "/report/term/{unit}/members.admitted",
    "report of the term": "/report/term/{unit}",
    "data quality": "/quality?unit={unit}",
}


def serve(unit: str) -> None:
    """Serve the records of CANBO_DATA for one officer, tell whose they are as JSON, and stay until stdin ends."""
    start()
    with environment().database().connect("owner") as owner:
        ((person,),) = owner.execute(OFFICER, [unit]).fetchall()
    session = importlib.import_module("tests.signing_in").new_session(person)  # models: only after Django is set up
    with serving(environment().database()) as origin:
        print(json.dumps({"origin": origin, "session": session, "person": person}), flush=True)
        sys.stdin.read()


@contextlib.contextmanager
def served(folder: str, unit: str) -> Iterator[dict[str, str]]:
    """A process that serves the records of a folder, and what it tells."""
    command = [sys.executable, __file__, "--serve", unit]
    surroundings = os.environ | {"CANBO_DATA": folder}
    with subprocess.Popen(command, env=surroundings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        try:
            yield json.loads(child.stdout.readline())
        finally:
            child.stdin.close()


def measure(told: list[dict[str, str]], unit: str) -> dict[str, list[list[float]]]:
    """All times of each page at each server, those to warm up left out."""
    links = [http.client.HTTPConnection(urlsplit(one["origin"]).netloc, timeout=120) for one in told]
    taken: dict[str, list[list[float]]] = {name: [[], []] for name in PAGES}
    order = random.Random(1)
    for number in range(WARM + ROUNDS):
        on = FIRST + dt.timedelta(days=number)
        for name in order.sample(list(PAGES), len(PAGES)):
            for at in order.sample((0, 1), 2):
                path = PAGES[name].format(unit=unit, person=told[at]["person"])
                address = f"{path}{'&' if '?' in path else '?'}on={on}"
                taken[name][at].append(ask(links[at], address, told[at]["session"])[0])
    return {name: [times[WARM:] for times in both] for name, both in taken.items()}


def table(taken: dict[str, list[list[float]]]) -> tuple[str, bool]:
    """The medians, and whether all are within the limit."""
    lines, kept = ["| page | in the nation, ms | alone, ms | ÷ |", "|---|---:|---:|---:|"], True
    for name, both in taken.items():
        nation, alone = map(statistics.median, both)
        kept = kept and nation <= LIMIT * alone
        lines.append(f"| {name} | {nation:,.1f} | {alone:,.1f} | {nation / alone:.2f} |")
    return "\n".join(lines), kept


def write(lines: str) -> None:
    """Put the table between its marks in docs/performance.md."""
    text = PAGE.read_text(encoding="utf-8")
    said = f"<!-- province -->\n{lines}\n<!-- end province -->"
    marks = r"<!-- province -->.*<!-- end province -->"
    PAGE.write_text(re.sub(marks, lambda _: said, text, flags=re.DOTALL), encoding="utf-8")


def main() -> Any:
    """Serve both, measure, print; 1 where a page is beyond the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nation", help="CANBO_DATA of the nation")
    parser.add_argument("--alone", help="CANBO_DATA of its first province alone")
    parser.add_argument("--unit", default="ha-noi", help="the code of that province")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    parser.add_argument("--write", action="store_true", help="keep the numbers")
    said = parser.parse_args()
    if said.serve:
        return serve(said.serve)
    with served(said.nation, said.unit) as nation, served(said.alone, said.unit) as alone:
        lines, kept = table(measure([nation, alone], said.unit))
    print(lines)
    if said.write:
        write(lines)
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
