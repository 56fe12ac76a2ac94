"""What authority costs at volume: `python bench/authority.py --data FOLDER [--write] [--plans FOLDER]`, after
`python bench/nation.py --data FOLDER --members 1000000 --particulars --service`.

What pages and reports ask of the database is noted while somebody asks, then replayed by turns over two connections:
as that person, with key, lens, reach and audit row, and by a role that row-level security does not bind, without these:
there the units that each question names decide alone. Counts and reports must answer the same rows both ways, else
nothing is measured. Told is the least of the rounds, since other programs only add. Counts and reports may take 1.3
times as long (or 5 ms more), a first page 20 ms, one record 2 ms; exit 1 where one is missed. Plans go to the folder
said, or to FOLDER/plans; with `--write` the table to docs/performance.md.
"""

import argparse
import datetime as dt
import importlib
import os
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import rollup as bench
from django.db import connection, transaction
from django.test import Client

from canbo.access.identity import assume, file_of, look, run_as
from canbo.config.environment import environment
from canbo.config.start import start
from canbo.kernel.declare import scan
from canbo.kernel.periods import this_instant

ROUNDS, WARM, LONGEST = 30, 2, 5
"""Rounds, those to warm up before, and seconds after which a case has been asked often enough."""
AUTHORITY = re.compile(
    r"set_config\('(app\.|role)|canbo\.(look|reach|opened|called|grants|sees_all)_\d|INSERT INTO kernel_audit"
)
"""Statements that only those whom policies bind have to ask."""
LOOKS = "canbo.look_1"
"""Before the transaction of the page."""
RATIO, PAGE, RECORD = "÷ 1.3 or + 5 ms", "20 ms", "2 ms"
"""What a question costs however small it is (the key, the lens, the reach, a look at the key in each statement) counts
against a ratio only where somebody could notice it.
"""
LIMITS: dict[str, Callable[[float, float], bool]] = {
    RATIO: lambda bound, free: bound <= max(1.3 * free, free + 5),
    PAGE: lambda bound, free: bound <= 20,
    RECORD: lambda bound, free: bound <= 2,
    "": lambda bound, free: True,
}
SIZES = """
SELECT (SELECT count(*) FROM registry_person), m, e, i, m + e + i FROM
    (SELECT count(*) AS m FROM registry_membership) AS m, (SELECT count(*) AS e FROM registry_employment) AS e,
    (SELECT count(*) AS i FROM registry_incumbency) AS i
"""
OFFICERS = """
SELECT p.code, p.id, replace(u.code, '.party', ''),
       (SELECT count(DISTINCT m.person_id) FROM registry_membership m JOIN registry_closure c
               ON c.descendant_id = m.unit_id AND c.valid @> canbo.today() WHERE c.ancestor_id = g.unit_id)
FROM registry_mandate g JOIN registry_person p ON p.id = g.person_id JOIN registry_unit u ON u.id = g.unit_id
WHERE NOT EXISTS (SELECT FROM registry_mandate o WHERE o.person_id = g.person_id AND o.id <> g.id)
"""
NATIONAL = """
SELECT p.code, p.id FROM registry_mandate g JOIN registry_person p ON p.id = g.person_id
GROUP BY p.id ORDER BY count(*) DESC LIMIT 1
"""
SECRETARY = """
SELECT p.code, p.id, u.code, count(*) OVER () FROM registry_incumbency i JOIN registry_person p ON p.id = i.person_id
JOIN registry_unit u ON u.id = i.unit_id JOIN registry_closure c ON c.descendant_id = u.id AND c.valid @> canbo.today()
JOIN registry_unit a ON a.id = c.ancestor_id WHERE a.code = %s || '.party' ORDER BY u.code LIMIT 1
"""
SOMEONE = """
SELECT p.person_id, n.code, p.name FROM registry_unit u
JOIN registry_closure c ON c.ancestor_id = u.id AND c.valid @> canbo.today()
JOIN registry_particulars p ON p.unit_id = c.descendant_id
JOIN registry_person n ON n.id = p.person_id WHERE u.code = ANY (%(units)s)
ORDER BY p.id DESC LIMIT 1
"""


@dataclass(frozen=True)
class Reader:
    """Somebody who asks: code and key of the person (none: of the system, which sees everything), and about what."""

    name: str
    code: str
    person: int | None
    unit: str


@dataclass
class Case:
    """The statements of one question, in order, with the names of what is measured."""

    name: str
    reader: Reader
    limit: str
    sent: list[str]
    bound: float = 0
    free: float = 0
    same: bool = True
    """Where nothing but the policies narrows a question, the other role answers more: no ratio is told."""

    @property
    def kept(self) -> bool:
        return LIMITS[self.limit](self.bound, self.free)


def readers(owner: psycopg.Connection[Any]) -> tuple[list[Reader], int]:
    """An officer of the province nearest to 30,000 people, officers of all provinces, and the head of one cell."""
    code, person, province, people = min(owner.execute(OFFICERS).fetchall(), key=lambda row: abs(row[3] - 30_000))
    national, cell = owner.execute(NATIONAL).fetchone(), owner.execute(SECRETARY, [province]).fetchone()
    return [
        Reader("cell", *cell[:3]),
        Reader("province", code, person, province),
        Reader("all provinces", *national, province),
        Reader("everything", "", None, province),
    ], people


def noted(way: Callable[[], Any]) -> list[str]:
    """What a call sends to the server, as text."""
    sent: list[str] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append(psycopg.ClientCursor(connection.connection).mogrify(sql, params) if params else sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        way()
    return sent


def key_of(reader: Reader) -> str:
    """A key with which to ask on behalf of a reader."""
    until = this_instant() + dt.timedelta(hours=4)
    issue = importlib.import_module("canbo.access.keys").issue  # models: only after Django is set up
    return issue(person=reader.person, system="" if reader.person else "sample", until=until, using="owner").hex()


def asked(reader: Reader, way: Callable[[], Any]) -> list[str]:
    """What a call sends in one transaction on behalf of a reader."""
    key = key_of(reader)

    def whole() -> None:
        look(key)
        with transaction.atomic():
            assume(key)
            way()

    return noted(whole)


def visited(client: Client, address: str) -> list[str]:
    """What a page sends."""

    def visit() -> None:
        answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answers {answer.status_code}")

    return noted(visit)


def cases(reader: Reader, owner: psycopg.Connection[Any]) -> list[Case]:
    """Everything that is measured for one reader."""
    module = importlib.import_module
    book, question = module("canbo.reports.book"), module("canbo.reports.question")
    members = module("canbo.reports.indicator").INDICATORS["members"]
    particulars = module("canbo.registry.people.models").Particulars
    client = module("tests.signing_in").signed_in(Client(SERVER_NAME="localhost"), reader.code)
    someone, code, name = owner.execute(SOMEONE, {"units": [reader.unit, f"{reader.unit}.party"]}).fetchone()

    def record() -> None:
        list(particulars.objects.filter(person=someone, recorded__upper_inf=True).values_list())

    def file() -> None:
        with file_of(someone) as may:
            if not may:
                raise SystemExit(f"{reader.name} may not open the file of {code}")
            record()

    def case(said: str, limit: str, sent: list[str]) -> Case:
        return Case(said, reader, limit, sent)

    return [
        case("count of members", RATIO, asked(reader, lambda: members.value(question.ask(reader.unit, bench.ON)))),
        case("year report", RATIO, asked(reader, lambda: book.report("year", reader.unit, bench.ON))),
        case("list of members, first visit", "", visited(client, "/list/members")),
        case("list of members, first page", PAGE, visited(client, "/list/members")),
        case("search for a name", "", visited(client, f"/search?q={name}")),
        case("one record", RECORD, asked(reader, record)),
        case("one record of an opened file", RECORD, asked(reader, file)),
        case("page of a person", "", visited(client, f"/person/{code}")),
    ]


def replay(link: psycopg.Connection[Any], sent: list[str]) -> tuple[float, list[list[Any]]]:
    """Milliseconds of the statements in one transaction, and what each answered."""
    answers = []
    begun = time.perf_counter()
    for statement in sent:
        found = link.execute(statement)
        if LOOKS in statement:
            link.commit()
        answers.append(found.fetchall() if found.description else [])
    link.rollback()
    return (time.perf_counter() - begun) * 1000, answers


def measure(case: Case, bound: psycopg.Connection[Any], free: psycopg.Connection[Any]) -> None:
    """By turns as the reader and as a role that nothing binds."""
    data = [statement for statement in case.sent if not AUTHORITY.search(statement)]
    times: dict[str, list[float]] = {"bound": [], "free": []}
    begun = time.perf_counter()
    for number in range(ROUNDS + WARM):
        taken, rows = replay(bound, case.sent)
        other, same = replay(free, data)
        if not number:
            told = [rows[at] for at, said in enumerate(case.sent) if not AUTHORITY.search(said)]
            pairs = zip(data, told, same, strict=True)
            wrong = [asked for asked, rows, others in pairs if Counter(map(repr, rows)) != Counter(map(repr, others))]
            if wrong and case.limit == RATIO:
                raise SystemExit(f"{case.name}, {case.reader.name}: other rows are answered by\n{wrong[0][:2000]}")
            case.same = not wrong
        if number >= WARM or taken + other > LONGEST * 1000 / WARM:
            times["bound"].append(taken)
            times["free"].append(other)
        if times["bound"] and time.perf_counter() - begun > LONGEST:
            break
    case.bound, case.free = (min(times[way]) for way in ("bound", "free"))


def plan(case: Case, bound: psycopg.Connection[Any], free: psycopg.Connection[Any]) -> str:
    """How the longest of the statements is run both ways."""
    times = {}
    for at, statement in enumerate(case.sent):
        begun = time.perf_counter()
        bound.execute(statement)
        if LOOKS in statement:
            bound.commit()
        if statement.startswith(("SELECT", "WITH")) and not AUTHORITY.search(statement):
            times[time.perf_counter() - begun] = at
    bound.rollback()
    worst = times[max(times)]
    for statement in case.sent[:worst]:
        if LOOKS not in statement:
            bound.execute(statement)
    told = [f"== {case.name}, {case.reader.name}", case.sent[worst]]
    for name, link in (("as this reader", bound), ("by a role that nothing binds", free)):
        rows = link.execute(f"EXPLAIN (ANALYZE, COSTS OFF, BUFFERS OFF) {case.sent[worst]}").fetchall()
        link.rollback()
        told += [f"-- {name}", *(line for (line,) in rows)]
    return re.sub(r"'\{[\d,]{60,}\}'", "'{…}'", "\n".join(told)) + "\n"


def table(found: list[Case], sizes: tuple[int, ...], people: int) -> str:
    """The numbers of a run."""
    version, day = bench.run("SELECT current_setting('server_version'), canbo.today()")[0]
    said = "{:,} persons, {:,} rows of memberships, {:,} of employments, {:,} of posts held: {:,} links"
    lines = [f"{day}, PostgreSQL {version}; {said.format(*sizes)}; the province has {people:,} people.", ""]
    lines += ["| asked | by | by no policy, ms | as they, ms | ÷ | limit | |", "|---|---|---:|---:|---:|---:|---|"]
    for one in found:
        kept = ("kept" if one.kept else "**missed**") if one.limit else ""
        free, ratio = (f"{one.free:,.1f}", f"{one.bound / one.free:.2f}") if one.same else ("", "")
        numbers = f"{free} | {one.bound:,.1f} | {ratio} | {one.limit} | {kept}"
        lines.append(f"| {one.name} | {one.reader.name} | {numbers} |")
    return "\n".join(lines)


def main() -> None:
    """Note, replay, print; exit 1 where a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="the data folder (CANBO_DATA) that nation.py filled")
    parser.add_argument("--plans", type=Path, help="where the plans go; FOLDER/plans unless said")
    parser.add_argument("--write", action="store_true", help="keep the numbers in docs/performance.md")
    said = parser.parse_args()
    os.environ["CANBO_DATA"] = said.data
    start()
    scan("canbo.reports.indicators")
    database = environment().database()
    with database.connect("owner", autocommit=True) as owner:
        sizes = owner.execute(SIZES).fetchone()
        several, people = readers(owner)
        run_as(key_of(several[-1]))  # to find the account of who signs in
        bench.run("SELECT 1")  # what a new connection asks for itself is nobody's question
        found = [case for reader in several for case in cases(reader, owner)]
    with database.connect("app") as bound, database.connect("backup") as free:
        for case in found:
            measure(case, bound, free)
        told = [plan(case, bound, free) for case in found]
    lines = table(found, sizes, people)
    print(lines)
    folder = said.plans or Path(said.data) / "plans"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "authority.txt").write_text("\n".join(told), encoding="utf-8")
    if said.write:
        bench.write("authority", lines)
    raise SystemExit(0 if all(case.kept for case in found) else 1)


if __name__ == "__main__":
    main()
