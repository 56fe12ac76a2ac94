"""What importing costs: `python bench/importing.py --data FOLDER [--people 20000] [--write]`.

People with five facts each, a file a list (persons, members, employments, training, recruitment), imported into a
register without people as `canbo import` does it, by an officer with a role over its province. Beside it in the same
run: COPY of the very rows that this wrote, table by table, into a copy of the register as it was before, with all
indexes, exclusion constraints and foreign keys, by a superuser with the triggers of the tables switched off, and by the
owner with them on; and a row-by-row importer in Django (look up by code, `full_clean`, `save`), which writes no acts.
FOLDER is filled by the first run and goes on being used. With `--write` the table goes to docs/performance.md.
"""

import argparse
import contextlib
import csv
import datetime as dt
import importlib
import itertools
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from canbo.config.environment import environment
from canbo.config.secret import command_key
from canbo.config.start import installing, start

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
PROFILE, LISTS = "vietnam-province", ("persons", "members", "employments", "training", "recruitment")
NAMES = yaml.safe_load((HERE / "nation.yaml").read_text(encoding="utf-8"))["names"]
BEFORE, BARE, FULL, PEER = "before", "copy_bare", "copy_full", "row_by_row"
HEAD = {
    "persons": ("person", "name", "sex", "born", "unit", "since"),
    "members": ("person", "unit", "stage", "since"),
    "employments": ("person", "unit", "group", "since"),
    "training": ("person", "unit", "level", "since", "until"),
    "recruitment": ("person", "unit", "group", "since", "until"),
}
WHO = "canbo.access.identity"
"""Tells connections on whose behalf they ask, which the owner's need not know."""
OFFICER = "officer"
KINDS = {
    "persons": "registry.Particulars",
    "members": "registry.Membership",
    "employments": "registry.Employment",
    "training": "registry.Training",
    "recruitment": "registry.Recruitment",
}
COLUMNS = """
SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""
UNITS = """
SELECT u.code FROM canbo.registry_organisation o JOIN canbo.registry_unit u ON u.id = o.unit_id ORDER BY 1
"""
TABLES = (
    "registry_decision", "kernel_audit", "registry_act", "registry_person", "registry_particulars",
    "registry_membership", "registry_employment", "registry_training", "registry_recruitment", "access_card",
)  # fmt: skip
"""What an import writes, in an order in which foreign keys hold."""


def build() -> None:
    """A register of one province with its organisations and nobody in it."""
    with installing(profile=PROFILE) as fresh:
        if fresh:
            importlib.import_module("canbo.kernel.profile").choose(PROFILE)
            importlib.import_module("canbo.access.keys").admit(command_key(environment().data, make=True), "sample")
            importlib.import_module("canbo.registry.takeover").take_over(begun(), by="bench")
    with environment().database().connect("owner", autocommit=True) as owner:
        owner.execute("VACUUM (ANALYZE)")


def begun() -> list[Any]:
    """The province with its organisations, and an officer over it who may do every act there."""
    bench = importlib.import_module("bench.take_over")
    nation = bench.Nation(0, provinces=1, communes=20)
    province = nation.provinces[0]
    founding = nation._founding(province)
    top, since = f"{province.place.code}.party", bench.PLAN["since"]
    acts = [
        ("person.register", {"code": OFFICER, "unit": top, "name": "Officer", "on": since}),
        ("mandate.give", {"person": OFFICER, "unit": top, "role": bench.PLAN["service"]["role"], "on": since}),
    ]
    paper = bench.Paper(symbol="officer", signed_on=since)
    return [founding, bench.Taken(nation._next(), paper, acts)]


def rows(concept: str, people: int, units: list[str]) -> Iterator[tuple[str, ...]]:
    """The rows of a list: everybody once."""
    draw = random.Random(concept)
    for number in range(people):
        day = (dt.date(2020, 1, 1) + dt.timedelta(days=draw.randrange(1800))).isoformat()
        code, unit = f"p{number:07}", units[number % len(units)]
        if concept == "persons":
            name = " ".join(draw.choice(NAMES[part]) for part in ("family", "middle", "middle", "given"))
            born = (dt.date(1955, 1, 1) + dt.timedelta(days=draw.randrange(18_000))).isoformat()
            yield code, name, draw.choice(("female", "male")), born, unit, day
        elif concept == "members":
            yield code, unit, draw.choice(("official", "probationary")), f"2025-0{draw.randrange(1, 10)}-01"
        elif concept == "employments":
            yield code, unit, draw.choice(("commune-level", "civil-servant")), day
        elif concept == "training":
            yield code, unit, draw.choice(("elementary", "intermediate")), day, ""
        else:
            yield code, unit, draw.choice(("commune-level", "civil-servant")), day, day


def write(folder: Path, people: int, units: list[str]) -> dict[str, Path]:
    """A file and a mapping for each list."""
    for concept in LISTS:
        with (folder / f"{concept}.csv").open("w", encoding="utf-8", newline="") as out:
            lines = csv.writer(out)
            lines.writerow(HEAD[concept])
            lines.writerows(rows(concept, people, units))
        coded = {"sex", "stage", "group", "level"}
        columns = {name: f"{name}.word" if name in coded else name for name in HEAD[concept]}
        mapping = {"concept": concept, "columns": columns, "prefix": {"person": "bench."}}
        (folder / f"{concept}.yaml").write_text(yaml.safe_dump(mapping), encoding="utf-8")
    return {concept: folder / f"{concept}.csv" for concept in LISTS}


@dataclass
class Cost:
    """Seconds by the clock, and of processors: this process, those it started, and its server process."""

    clock: float = 0
    processor: float = 0

    @contextlib.contextmanager
    def of(self, backend: int) -> Iterator[None]:
        """Add what the block takes; `backend` is the server process that works for it."""
        clock, processor = time.perf_counter(), busy(backend)
        yield
        self.clock += time.perf_counter() - clock
        self.processor += busy(backend) - processor


def busy(backend: int) -> float:
    """Seconds of processors that were used so far."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    served = Path(f"/proc/{backend}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
    ticks = sum(map(int, served)) / os.sysconf("SC_CLK_TCK")
    return time.process_time() + children.ru_utime + children.ru_stime + ticks


def take(files: dict[str, Path]) -> Cost:
    """Import the files; what they cost together."""
    connection = importlib.import_module("django.db").connection
    connection.ensure_connection()
    intake = importlib.import_module("canbo.exchange.intake")
    source = importlib.import_module("canbo.exchange.layout").source
    offered = importlib.import_module("canbo.web.generic.views").offered
    paper = importlib.import_module("canbo.registry.ledger").Paper
    cost = Cost()
    for concept, file in files.items():
        decided = paper(symbol=f"bench {concept}", signed_on=dt.date(2025, 1, 1), kind="opening")
        before = cost.clock
        with cost.of(connection.connection.info.backend_pid):
            taken = intake.take(file, offered(concept), source(file.with_suffix(".yaml")), by="bench", paper=decided)
        if taken.rejected or taken.created != taken.rows:
            raise SystemExit(f"{concept}: {taken.rejected[:3]}")
        print(f"{concept}: {taken.rows / (cost.clock - before):,.0f} rows a second", flush=True)
    return cost


def unload(database: Any, folder: Path, last: dict[str, int]) -> dict[str, tuple[str, int]]:
    """The rows written since, a file a table; answers the columns and how many rows."""
    found = {}
    with database.connect("superuser", autocommit=True) as link:
        link.execute("SET search_path = canbo, public")
        for table in TABLES:
            some = link.execute(COLUMNS, [table]).fetchone()[0]
            wanted = f"COPY (SELECT {some} FROM {table} WHERE id > {last[table]} ORDER BY id) TO STDOUT"
            with (folder / f"{table}.copy").open("wb") as out, link.cursor().copy(wanted) as copy:
                for piece in copy:
                    out.write(piece)
            found[table] = (some, link.execute(f"SELECT count(*) FROM {table} WHERE id > {last[table]}").fetchone()[0])
    return found


def lasts(database: Any) -> dict[str, int]:
    """The last key of each table."""
    with database.connect("superuser") as link:
        return {
            table: link.execute(f"SELECT coalesce(max(id), 0) FROM canbo.{table}").fetchone()[0] for table in TABLES
        }


def copied(database: Any, folder: Path, columns: dict[str, tuple[str, int]], triggers: bool) -> Cost:
    """What COPY of all rows costs, in one transaction; cards are rows like others where triggers make none."""
    cost = Cost()
    with database.connect("superuser") as link:
        link.execute("SET search_path = canbo, public")
        if not triggers:
            for table in TABLES:
                link.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            link.execute("SET ROLE canbo_owner")
        link.commit()
        with cost.of(link.info.backend_pid):
            for table, (named, _) in columns.items():
                if triggers and table == "access_card":
                    continue
                wanted = f"COPY {table} ({named}) FROM STDIN"
                with (folder / f"{table}.copy").open("rb") as file, link.cursor().copy(wanted) as copy:
                    while piece := file.read(1 << 20):
                        copy.write(piece)
            link.commit()
    return cost


def row_by_row(database: Any, files: dict[str, Path], people: int) -> float:
    """Rows a second of an importer as one writes it in Django, each row saved in a transaction of its own."""
    connections = importlib.import_module("django.db").connections
    connections.settings["default"] = dict(connections.settings["owner"]) | {"NAME": database.name}
    del connections["default"]
    importlib.import_module("django.db.backends.signals").connection_created.disconnect(dispatch_uid=WHO)
    act = cited()
    begun = time.perf_counter()
    for concept, file in files.items():
        with file.open(encoding="utf-8", newline="") as text:
            for said in itertools.islice(csv.DictReader(text), people):
                save(concept, said, act)
    taken = time.perf_counter() - begun
    connections["default"].close()
    return people * len(files) / taken


def cited() -> Any:
    """The one act that all rows of the row-by-row importer cite."""
    facts = importlib.import_module("canbo.registry.facts")
    now, day = dt.datetime.now(dt.UTC), dt.date(2025, 1, 1)
    decision = facts.Decision.objects.create(code="row by row", symbol="row by row", signed_on=day, applied_at=now)
    audit = importlib.import_module("canbo.kernel.models").Audit.objects
    row = audit.create(kind="decision", actor="bench", what="row by row", decision=decision.pk, count=1, digest=b"")
    return facts.Act.objects.create(decision=decision, seq=1, name="row by row", on=day, audit=row)


def save(concept: str, said: dict[str, str], act: Any) -> None:
    """One row, by the usual means of Django."""
    kind = importlib.import_module("django.apps").apps.get_model(KINDS[concept])
    facts, ranges = importlib.import_module("canbo.registry.facts"), importlib.import_module("psycopg.types.range")
    code = f"bench.{said.pop('person')}"
    if concept == "persons":
        person = facts.Person(code=code, introduced_by=act)
        person.full_clean()
        person.save()
    since, until = dt.date.fromisoformat(said.pop("since")), said.pop("until", "")
    after = dt.date.fromisoformat(until) + dt.timedelta(days=1) if until else None
    fact = kind(
        person=facts.Person.objects.get(code=code),
        unit=facts.Unit.objects.get(code=said.pop("unit")),
        valid=ranges.DateRange(since, after),
        recorded=ranges.TimestamptzRange(act.decision.applied_at, None),
        fact=next(keys),
        opened_by=act,
        asserted_by=act,
        **said,
        **({"entry": "balance"} if concept == "members" else {}),
    )
    fact.full_clean(exclude=["fact", "closed_by", "retracted_by", "origin"])
    fact.save()


keys = itertools.count(10**15)


@contextlib.contextmanager
def clone(source: Any, name: str) -> Iterator[Any]:
    """A copy of a database that nobody uses now, while the block runs."""
    copy = source.named(f"{source.name}_{name}")
    copy.drop()
    copy.copy(source.name)
    yield copy
    copy.drop()


def begin() -> tuple[Any, Any]:
    """The register as it was before any import, and a copy of that which stays so."""
    home = environment().database()
    home.ensure_server()
    base = home.named(f"{home.name}_{BEFORE}")
    if base.exists():
        home.drop()
        home.copy(base.name)
    else:
        base.copy(home.name)
    start()
    officer = importlib.import_module("canbo.registry.facts").Person.objects.using("owner").get(code=OFFICER)
    until = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    key = importlib.import_module("canbo.access.keys").issue(person=officer.pk, until=until, using="owner")
    importlib.import_module("canbo.access.identity").run_as(key.hex(), OFFICER)
    importlib.import_module("django.db").connections["owner"].close()
    return home, base


def measure(folder: Path, people: int, peer: int) -> str:
    """All of it; answers the table."""
    home, base = begin()
    with home.connect("owner") as owner:
        units = [code for (code,) in owner.execute(UNITS)]
    files, last = write(folder, people, units), lasts(home)
    took = take(files)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    importlib.import_module("django.db").connections.close_all()
    columns, costs = unload(home, folder, last), {"import of five files": took}
    for name, said in ((BARE, "COPY by a superuser, triggers off"), (FULL, "COPY by the owner, triggers on")):
        with clone(base, name) as copy:
            costs[said] = copied(copy, folder, columns, name == FULL)
    with clone(base, PEER) as copy:
        rate = row_by_row(copy, files, peer)
    facts, wrote, load = people * len(LISTS), sum(many for _, many in columns.values()), os.getloadavg()[0]
    lines = [
        f"PostgreSQL {version(home)}; {people:,} people, {facts:,} facts, {wrote:,} rows; load {load:.1f}.\n",
        "| | s | facts a second | rate of the import ÷ this | s of processors | import ÷ this |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for said, cost in costs.items():
        ratios = cost.clock / took.clock, took.processor / cost.processor
        lines.append(
            f"| {said} | {cost.clock:.1f} | {facts / cost.clock:,.0f} | {ratios[0]:.2f} | {cost.processor:.1f} |"
            f" {ratios[1]:.2f} |"
        )
    faster = facts / took.clock / rate
    lines.append(f"| row by row in Django, {peer * len(LISTS):,} facts | | {rate:,.0f} | {faster:.0f} | | |")
    return "\n".join([*lines, f"\nPeak memory: {peak} MB, beside the reader of files."])


def version(database: Any) -> str:
    """Of the server."""
    with database.connect("superuser") as link:
        return link.execute("SHOW server_version").fetchone()[0].split()[0]


def main() -> None:
    """Build what is not there, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the data folder (CANBO_DATA)")
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--peer", type=int, default=200, help="people whom the row-by-row importer gets")
    parser.add_argument("--build", action="store_true", help="only build the register")
    parser.add_argument("--write", action="store_true", help="keep the numbers")
    said = parser.parse_args()
    os.environ["CANBO_DATA"] = str(said.data)
    if said.build:
        build()
        return
    if not (said.data / "current.json").exists():
        subprocess.run([sys.executable, __file__, "--data", said.data, "--build"], check=True)
    folder = said.data / "files"
    folder.mkdir(exist_ok=True)
    lines = measure(folder, said.people, said.peer)
    print(lines)
    if said.write:
        importlib.import_module("rollup").write("importing", lines)


if __name__ == "__main__":
    main()
