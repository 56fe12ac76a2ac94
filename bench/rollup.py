"""The roll-up against SQL written by hand: `python bench/rollup.py --data FOLDER [--write]`, after `nation.py`.

Ten figures of a thousand organisations on a day, in one process and connection, as the application's role, statements
never prepared: in each round ours, the hand-written one and plain grouped scans, one after the other; medians of
five rounds after one to warm up. The figures must be equal. With `--write` both plans go to `plans/` and the numbers
to docs/performance.md.
"""

import argparse
import datetime as dt
import importlib
import os
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection

from canbo.config.start import start
from canbo.kernel.declare import scan

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "performance.md"
ON, START = dt.date(2025, 12, 31), dt.date(2025, 1, 2)
ROUNDS, UNITS = 5, 1000
INDICATORS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("members", {}),
    ("members", {"stage": "official"}),
    ("members", {"stage": "probationary"}),
    ("members", {"category": "retired"}),
    ("members", {"category": "high-school-student"}),
    ("members", {"category": ["farmer", "enterprise-worker"]}),
    ("members_admitted", {}),
    ("members_left", {}),
    ("members_moved", {}),
    ("members_advanced", {}),
)
WOMEN = ("members", {"sex": "female"})
BY_HAND = (HERE / "rollup_by_hand.sql").read_text(encoding="utf-8")
DATED = """SELECT unit_id, count(*) FROM registry_membership
WHERE recorded @> %(known)s AND valid @> %(on)s GROUP BY unit_id"""
TABLE = "SELECT unit_id, count(stage) FROM registry_membership GROUP BY unit_id"
INDEX = "SELECT unit_id, count(*) FROM registry_membership GROUP BY unit_id"
UNITS_ASKED = """
SELECT u.code, u.id FROM registry_organisation o JOIN registry_unit u ON u.id = o.unit_id
WHERE o.kind IN ('provincial-party', 'commune-party') ORDER BY o.kind DESC, u.id LIMIT %s
"""


def medians(ways: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Milliseconds of each way: the median of rounds in which each runs once, the first round not counted."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS + 1):
        for name, way in ways.items():
            begun = time.perf_counter()
            way()
            taken[name].append((time.perf_counter() - begun) * 1000)
    return {name: statistics.median(times[1:]) for name, times in taken.items()}


def run(statement: str, said: dict[str, Any] | None = None) -> list[tuple]:
    """All rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, said)
        return cursor.fetchall()


def plan(statement: str, said: dict[str, Any] | None = None) -> str:
    """How the server runs a statement, with the times it takes."""
    rows = run(f"EXPLAIN (ANALYZE, COSTS OFF, BUFFERS OFF, SETTINGS) {statement}", said)
    return re.sub(r"'\{.{200,}?\}'", "'{…}'", "\n".join(line for (line,) in rows)) + "\n"


def statements(way: Callable[[], Any]) -> list[tuple[str, Any]]:
    """What a call sends to the server."""
    sent: list[tuple[str, Any]] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        way()
    return sent


def check(ours: dict[str, list[Any]], hand: list[tuple]) -> None:
    """The same figures, or no measurement."""
    by_hand = {code: [int(figure) for figure in figures] for code, *figures in hand}
    wrong = {code: (ours[code], by_hand[code]) for code in by_hand if ours[code] != by_hand[code]}
    if wrong or len(by_hand) != len(ours):
        raise SystemExit(f"{len(wrong)} units differ, such as {next(iter(wrong.items()), None)}")


def main() -> None:
    """Measure, and write down when asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="the data folder (CANBO_DATA) that nation.py filled")
    parser.add_argument("--write", action="store_true", help="keep plans and numbers")
    said = parser.parse_args()
    os.environ["CANBO_DATA"] = said.data
    start()
    scan("canbo.reports.indicators")
    roll_up = importlib.import_module("canbo.reports.rollup").roll_up  # models: only after Django is set up
    known = run("SELECT max(applied_at) FROM registry_decision")[0][0]
    asked = run(UNITS_ASKED, [UNITS])
    codes = [code for code, _ in asked]
    terms = {"units": [key for _, key in asked], "on": ON, "start": START, "known": known}

    def ours(*more: tuple[str, dict[str, Any]]) -> dict[str, list[Any]]:
        return roll_up([*INDICATORS, *more], codes, ON, start=START)

    check(ours(), run(BY_HAND, terms))
    found = medians(
        {
            "roll-up": ours,
            "by hand": lambda: run(BY_HAND, terms),
            "dated": lambda: run(DATED, terms),
            "table": lambda: run(TABLE),
            "index": lambda: run(INDEX),
            "and women": lambda: ours(WOMEN),
        }
    )
    lines = table(found)
    print(lines)
    if said.write:
        sql, params = next(sent for sent in statements(ours) if "counted" in sent[0])
        plans = {"rollup": plan(sql, params), "rollup_by_hand": plan(BY_HAND, terms), "plain": plan(DATED, terms)}
        (HERE / "plans").mkdir(exist_ok=True)
        for name, text in plans.items():
            (HERE / "plans" / f"{name}.txt").write_text(text, encoding="utf-8")
        write("roll-up", lines)


def table(found: dict[str, float]) -> str:
    """The numbers of a run as a table."""
    rows, ours = run("SELECT count(*) FROM registry_membership")[0][0], found["roll-up"]
    named = {
        "roll-up": f"roll-up, {UNITS:,} units × {len(INDICATORS)} indicators",
        "by hand": "the same figures by `bench/rollup_by_hand.sql`",
        "dated": "plain grouped scan on the same two dates: `bench/plans/plain.txt`",
        "table": "plain grouped scan of the table without dates: `count(stage) … GROUP BY unit_id`",
        "index": "the same that needs no table, only an index: `count(*) … GROUP BY unit_id`",
        "and women": "roll-up with an eleventh indicator, women (joins the particulars)",
    }
    version, day = run("SELECT current_setting('server_version'), canbo.today()")[0]
    lines = [f"{day}, PostgreSQL {version}, {rows:,} rows of memberships:", ""]
    lines += ["| | median of 5, ms | roll-up ÷ this |", "|---|---:|---:|"]
    lines += [f"| {named[name]} | {taken:,.0f} | {ours / taken:.2f} |" for name, taken in found.items()]
    return "\n".join(lines)


def write(mark: str, lines: str) -> None:
    """Put lines in the place that docs/performance.md keeps for them."""
    begin, end = f"<!-- {mark} -->", f"<!-- end {mark} -->"
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    after = rest.partition(end)[2]
    PAGE.write_text(f"{before}{begin}\n{lines}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
