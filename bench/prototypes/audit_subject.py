"""How a subject finds who read them: an array with a GIN index, or a narrow table? `… audit_subject.py [MILLIONS]`.

Works in a schema of its own in the database of the usual CANBO_DATA and removes it. Rows name 20 of two million people
each. Told are the sizes, the rate of eight hundred further rows one by one, and the time to find a person's rows.
"""

import sys
import time

import psycopg

from canbo.config.environment import environment

MILLIONS = float(sys.argv[1]) if len(sys.argv) > 1 else 1
KEYS = "(SELECT array_agg((random() * 2000000)::bigint + 10000000000000) FROM generate_series(1, 20) WHERE n > 0)"
SIZE = "SELECT pg_size_pretty(pg_total_relation_size('subject.{0}')), pg_size_pretty(pg_relation_size('subject.{1}'))"
FORMS = {
    "array, GIN": (
        [f"CREATE TABLE subject.a AS SELECT n AS id, {KEYS} AS about FROM generate_series(1, {{0}}) n",
         "CREATE INDEX a_gin ON subject.a USING gin (about)"],
        [f"INSERT INTO subject.a SELECT n, {KEYS} FROM generate_series(%s::bigint, %s::bigint) n"],
        "SELECT count(*) FROM subject.a WHERE about @> ARRAY[%s::bigint]", ("a", "a_gin"),
    ),
    "narrow table": (
        [f"CREATE TABLE subject.n AS SELECT n AS id, unnest({KEYS}) AS key FROM generate_series(1, {{0}}) n",
         "CREATE INDEX n_key ON subject.n (key, id)"],
        [f"INSERT INTO subject.n SELECT n, unnest({KEYS}) FROM generate_series(%s::bigint, %s::bigint) n"],
        "SELECT count(*) FROM subject.n WHERE key = %s", ("n", "n_key"),
    ),
}  # fmt: skip


def main() -> None:
    """Fill, measure, print, remove."""
    many = int(MILLIONS * 10**6)
    with environment().database().connect("owner", autocommit=True) as link:
        link.execute("DROP SCHEMA IF EXISTS subject CASCADE")
        link.execute("CREATE SCHEMA subject")
        for name, (make, more, find, names) in FORMS.items():
            for statement in make:
                link.execute(statement.format(many))
            link.execute("VACUUM ANALYZE subject." + names[0])
            sizes = link.execute(SIZE.format(*names)).fetchone()
            rows = _one_by_one(link, more[0], many)
            keys = [10**13 + number * 997 for number in range(1, 200)]
            begun = time.perf_counter()
            found = sum(link.execute(find, [key]).fetchone()[0] for key in keys)
            each = (time.perf_counter() - begun) * 1000 / len(keys)
            print(f"{name}: {sizes[0]} in all, index {sizes[1]}; {rows:.2f} ms a row; {each:.2f} ms to find {found}")
        link.execute("DROP SCHEMA subject CASCADE")


def _one_by_one(link: psycopg.Connection, statement: str, first: int) -> float:
    begun = time.perf_counter()
    with link.transaction():
        for number in range(first + 1, first + 801):
            link.execute(statement, [number, number])
    return (time.perf_counter() - begun) * 1000 / 800


if __name__ == "__main__":
    main()
