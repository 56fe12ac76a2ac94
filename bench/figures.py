"""What single figures cost at national volume: `python bench/figures.py --data FOLDER [--write]`, after `nation.py`.

Every indicator without parameters of its own is asked about one commune and one province; a figure on a small unit
must not read the whole register. Milliseconds are medians of three after one to warm up, the question's own checks
included. With `--write` the plans of two figures go to `plans/` and the numbers to docs/performance.md.
"""

import argparse
import importlib
import os
import statistics
import time
from typing import Any

import rollup as bench

from canbo.config.start import start
from canbo.kernel.declare import scan

MEMBERSHIP = ("members", "members_admitted", "members_left", "members_moved", "members_advanced", "members_readmitted")
UNITS = {"commune": "ha-noi.2025.ba-dinh", "province": "ha-noi"}
LARGE = ("registry_membership", "registry_particulars", "registry_person")


def ask(name: str, unit: str) -> Any:
    """A figure as the command line asks for it."""
    question = importlib.import_module("canbo.reports.question").ask(unit, bench.ON, start=bench.START)
    return importlib.import_module("canbo.reports.indicator").INDICATORS[name].value(question)


def taken(name: str, unit: str) -> float:
    """Milliseconds of a figure."""
    times = []
    for _ in range(4):
        begun = time.perf_counter()
        ask(name, unit)
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times[1:])


def plans(name: str, unit: str) -> str:
    """The plans of the statements that count."""
    sent = bench.statements(lambda: ask(name, unit))
    counting = [(sql, params) for sql, params in sent if sql.startswith(("SELECT COUNT", "SELECT SUM"))]
    return "\n".join(bench.plan(sql, params) for sql, params in counting)


def scanned(plan: str) -> list[str]:
    """The large tables that a plan reads from end to end."""
    return [table for table in LARGE if f"Seq Scan on {table}" in plan]


def main() -> None:
    """Measure, and write down when asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="the data folder (CANBO_DATA) that nation.py filled")
    parser.add_argument("--write", action="store_true", help="keep plans and numbers")
    said = parser.parse_args()
    os.environ["CANBO_DATA"] = said.data
    start()
    scan("canbo.reports.indicators")
    indicators = importlib.import_module("canbo.reports.indicator").INDICATORS
    lines = ["| figure | commune, ms | province, ms | reads a large table whole |", "|---|---:|---:|---|"]
    for name, indicator in sorted(indicators.items()):
        if getattr(indicator, "parameters", ()):
            continue
        whole = {kind: scanned(plans(name, unit)) for kind, unit in UNITS.items()}
        if name in MEMBERSHIP or any(whole.values()):
            cost = {kind: taken(name, unit) for kind, unit in UNITS.items()}
            reads = "; ".join(f"{kind}: {', '.join(tables)}" for kind, tables in whole.items() if tables)
            lines.append(f"| `{name}` | {cost['commune']:,.0f} | {cost['province']:,.0f} | {reads or 'no'} |")
            print(lines[-1], flush=True)
    if said.write:
        for name in MEMBERSHIP[:2]:
            for kind, unit in UNITS.items():
                (bench.HERE / "plans" / f"{name}_{kind}.txt").write_text(plans(name, unit), encoding="utf-8")
        bench.write("figures", "\n".join(lines))


if __name__ == "__main__":
    main()
