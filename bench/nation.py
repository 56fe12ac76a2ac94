"""A register of national size: `python bench/nation.py --data FOLDER [--members 5600000] [--particulars]
[--service] [--alone]`.

Prints what it took, in time and on disk. Built by the take-over loader (`take_over.py`).
"""

import argparse
import importlib
import os
import subprocess
import sys
import time
from pathlib import Path

from canbo.config.environment import environment
from canbo.config.secret import command_key
from canbo.config.start import installing

PROFILE = "vietnam-province"


def main() -> None:
    """Build the nation and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="the data folder (CANBO_DATA) to build in")
    parser.add_argument("--members", type=int, default=5_600_000)
    parser.add_argument("--particulars", action="store_true", help="names, sex and birth too")
    parser.add_argument("--service", action="store_true", help="administrations, employees, secretaries, officers too")
    parser.add_argument("--alone", action="store_true", help="the first province only, as large as among all")
    said = parser.parse_args()
    os.environ["CANBO_DATA"] = said.data
    begun = time.monotonic()
    with installing(profile=PROFILE) as fresh:
        if not fresh:
            raise SystemExit(f"{said.data} holds records already")
        sys.path.insert(0, str(Path(__file__).parent.parent))
        importlib.import_module("canbo.kernel.profile").choose(PROFILE)  # models: only after Django is set up
        importlib.import_module("canbo.access.keys").admit(command_key(environment().data, make=True), "sample")
        importlib.import_module("bench.take_over").Nation(
            said.members, particulars=said.particulars, service=said.service, alone=said.alone
        ).load()
        print(f"loaded after {time.monotonic() - begun:.0f} s")
    database = environment().database()
    with database.connect("owner", autocommit=True) as owner:
        owner.execute("VACUUM (ANALYZE)")
        print(f"vacuumed after {time.monotonic() - begun:.0f} s")
        for row in owner.execute(_SIZES):
            print("{:28} {:>11,} rows {:>9} heap {:>9} in all".format(*row))
    home = database.cluster.pgdata
    print(subprocess.run(["du", "-sh", home], capture_output=True, text=True, check=True).stdout.split()[0], "on disk")


_SIZES = """
SELECT relname, reltuples::bigint, pg_size_pretty(pg_relation_size(oid)), pg_size_pretty(pg_total_relation_size(oid))
FROM pg_class WHERE relkind = 'r' AND relnamespace = 'canbo'::regnamespace AND reltuples > 1000
ORDER BY pg_total_relation_size(oid) DESC
"""

if __name__ == "__main__":
    main()
