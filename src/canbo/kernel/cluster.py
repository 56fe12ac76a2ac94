"""The PostgreSQL server of our own: one data directory, one unix socket, shared by all who use it.

The first process that needs the server starts it; it stays up when that process ends, however it ends.
Whoever comes next finds it by its socket in well under a millisecond. A killed server is recovered by the
next start.

    DATA/passwords      the roles' random passwords in the format of libpq's passfile, 0600
    DATA/cluster        names the folder of the server where that cannot be DATA/server (root, closed folders)
    DATA/server/        of the account that runs the server: data (PGDATA), socket, canbo.conf, log
"""

import contextlib
import fcntl
import hashlib
import os
import re
import secrets
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from canbo.kernel.binaries import SHARED, Binaries, account, give, own_folder, reachable
from canbo.kernel.refusal import Refused

SUPERUSER = "postgres"
LOGINS = (SUPERUSER, "canbo_owner", "canbo_app", "canbo_backup", "canbo_signin")
PORT = 5432
TIME_ZONE = "Asia/Ho_Chi_Minh"
"""Unless a database says otherwise."""
_LONGEST_SOCKET = 100 - len("/.s.PGSQL.5432.lock")
_PATIENCE = 60.0


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL server in the folder `data`; nothing is touched before `start`.

    `durable=False` is for tests only: a crash of the machine may then destroy the data.
    """

    data: Path
    binaries: Path | None = None
    durable: bool = True
    home: Path = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "data", self.data.expanduser().resolve())
        object.__setattr__(self, "home", self._home())

    def _home(self) -> Path:
        named, inside = self.data / "cluster", self.data / "server"
        if named.exists():
            return Path(named.read_text(encoding="utf-8").strip())
        if inside.exists() or reachable(self.data):
            return inside
        return SHARED / self.key

    @property
    def key(self) -> str:
        """A short name of the data directory, the same in every process."""
        return hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]

    @property
    def passfile(self) -> Path:
        """The passwords, for libpq's parameter `passfile`; libpq itself refuses it when others may read
        it.
        """
        return self.data / "passwords"

    @property
    def pgdata(self) -> Path:
        """PostgreSQL's own folder."""
        return self.home / "data"

    @property
    def socket(self) -> Path:
        """The folder of the socket. Its path holds about 100 bytes and, for libpq, no comma; else it lies
        in /tmp.
        """
        inside = self.home / "socket"
        fits = len(os.fsencode(inside)) <= _LONGEST_SOCKET and "," not in str(inside)
        return inside if fits else Path(f"/tmp/canbo-{os.geteuid()}-{self.key}")  # noqa: S108 its owner is checked

    @property
    def exists(self) -> bool:
        """Whether the server was ever set up."""
        return self.pgdata.is_dir()

    @property
    def running(self) -> bool:
        """Whether the server answers now. Spawns nothing, costs a few file reads and one connect."""
        try:
            lines = (self.pgdata / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(str(self.socket / f".s.PGSQL.{PORT}"))
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready" and self.passfile.exists()

    def start(self) -> None:
        """Make the server answer: set it up, start it, recover it; nothing to do is the fast path.

        Raises `Refused` with the server's own words where it cannot.
        """
        if self.running:
            return
        if re.search(r'["$`\\\n]', str(self.home)):  # pg_ctl hands them to a shell as they are
            raise Refused("odd_folder", f'The folder {self.home} holds one of " $ ` \\. Choose another CANBO_DATA.')
        try:
            own_folder(self.data, 0o711 if account() and self.home.parent == self.data else 0o700)
        except OSError as error:
            raise Refused("no_data_directory", f"{error}. Set CANBO_DATA to a folder that you may write.") from error
        with self._locked():
            if self.running:
                return
            binaries = Binaries.find(self.binaries)
            self._prepare(binaries)
            if self._clear_the_dead() and self._comes_up(_PATIENCE):
                return
            self._configure()
            code, said = binaries.run(
                "pg_ctl", "-D", self.pgdata, "-w", "-t", int(_PATIENCE), "-l", self.home / "log", "start"
            )
            if code and not (self._clear_the_dead() and self._comes_up(_PATIENCE)):
                raise Refused("server_does_not_start", f"The database server does not start: {self._why(said)}")

    def stop(self) -> bool:
        """Stop the server and end every connection; False where it did not run."""
        if not self.exists or not self.data.exists():
            return False
        with self._locked():
            if not self._clear_the_dead():
                return False
            code, said = Binaries.find(self.binaries).run("pg_ctl", "-D", self.pgdata, "-w", "-m", "fast", "stop")
            if code:
                raise Refused("server_does_not_stop", f"The database server does not stop: {said}")
            return True

    def admit(self) -> None:
        """Give each role that has no password yet a random one: a later version may know more roles than the first."""
        with self._locked():
            lines = self.passfile.read_text(encoding="utf-8").splitlines(keepends=True)
            known = {line.split(":")[3] for line in lines}
            new = [f"*:*:*:{role}:{secrets.token_urlsafe(24)}\n" for role in LOGINS if role not in known]
            if new:
                draft = self.passfile.with_name("passwords.new")
                with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                    file.writelines([*lines, *new])
                draft.replace(self.passfile)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.data / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _prepare(self, binaries: Binaries) -> None:
        """Make what is missing of the folders, the passwords and the data; each step survives a kill."""
        if self.home.parent != self.data:
            self._move_out()
        for folder in (self.home, self.socket):
            own_folder(folder, 0o700)
            if folder.stat().st_uid not in (os.geteuid(), account().pw_uid if account() else -1):
                raise Refused(
                    "foreign_folder",
                    f"{folder} belongs to somebody else; remove it or choose other CANBO_DATA.",
                )
            give(folder, 0o700)
        made_by = self.pgdata / "PG_VERSION"
        if not self.exists:
            self._initdb(binaries)
        elif int(made_by.read_text()) != binaries.major:
            raise Refused(
                "other_postgresql",
                f"{self.pgdata} was made by PostgreSQL {made_by.read_text().strip()}, "
                f"the programs in {binaries.folder} are {binaries.version}. "
                "Set CANBO_PG_BIN to the former, or dump there and restore into a new CANBO_DATA.",
            )
        if not self.passfile.exists():
            raise Refused("passwords_missing", f"{self.passfile} is missing; restore it from a backup of {self.data}.")

    def _move_out(self) -> None:
        """Let the data directory name a folder outside; one left by a data directory since removed is set
        aside.
        """
        named = self.data / "cluster"
        if named.exists():
            return
        own_folder(SHARED, 0o711)
        if self.home.exists():
            self._end_processes(patience=0)
            aside = self.home.with_name(f"{self.home.name}-{time.strftime('%Y%m%d%H%M%S')}")
            self.home.rename(aside)
            print(
                f"The database of an earlier {self.data} is kept in {aside}; remove it when you like.",
                file=sys.stderr,
            )
        draft = named.with_name("cluster.new")
        draft.write_text(f"{self.home}\n", encoding="utf-8")
        draft.rename(named)

    def _initdb(self, binaries: Binaries) -> None:
        for left in self.home.glob("data.new-*"):
            shutil.rmtree(left, ignore_errors=True)
        # A name of its own: the initdb of a setup that was killed may still be at work in the other.
        draft, password = self.home / f"data.new-{secrets.token_hex(4)}", self.home / "password"
        passwords = {role: secrets.token_urlsafe(24) for role in LOGINS}
        with open(os.open(self.passfile, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.writelines(f"*:*:*:{role}:{secret}\n" for role, secret in passwords.items())
        password.write_text(passwords[SUPERUSER])
        give(password)
        locale = ["--locale=C.UTF-8"]
        if binaries.major >= 17:  # the same everywhere, whatever locales the machine has
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        code, said = binaries.run(
            "initdb", "-D", draft, "-U", SUPERUSER, "-A", "scram-sha-256", f"--pwfile={password}",
            "-E", "UTF8", "--data-checksums", "--no-instructions", *locale,
        )  # fmt: skip
        password.unlink()
        if code:
            raise Refused("server_not_made", f"The database server cannot be set up in {self.home}: {said}")
        with (draft / "postgresql.conf").open("a") as conf:
            conf.write("\ninclude '../canbo.conf'   # rewritten at each start; ALTER SYSTEM overrides it\n")
        draft.rename(self.pgdata)

    def _configure(self) -> None:
        quoted = '"' + str(self.socket).replace('"', '""') + '"'
        values = {
            "listen_addresses": "", "port": PORT,
            "unix_socket_directories": quoted, "unix_socket_permissions": "0700",
            "cluster_name": f"canbo-{self.key}", "timezone": TIME_ZONE, "log_timezone": TIME_ZONE,
            "lc_messages": "C", "max_connections": 100, "shared_buffers": "256MB", "work_mem": "16MB",
            "maintenance_work_mem": "256MB", "max_wal_size": "2GB", "jit": "off",
            "random_page_cost": 1.1,  # a province fits into memory, and servers have no turning disks
        }  # fmt: skip
        if not self.durable:
            values |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
            values |= {"max_wal_size": "256MB"}
        conf = self.home / "canbo.conf"
        conf.write_text("".join("{} = '{}'\n".format(k, str(v).replace("'", "''")) for k, v in values.items()))
        give(conf)
        log = self.home / "log"
        if log.exists() and log.stat().st_size > 10_000_000:
            log.rename(self.home / "log.before")

    def _processes(self) -> list[int]:
        """The server's processes that live, found by command line: zombies have none, and pid files lie.

        Empty without /proc, where PostgreSQL's own checks must do.
        """
        child = f"postgres: canbo-{self.key}: ".encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                line = entry.read_bytes()
                words = line.split(b"\0")
                if line.startswith(child) or (words[0].endswith(b"/postgres") and os.fsencode(self.pgdata) in words):
                    found.append(int(entry.parent.name))
        return found

    def _clear_the_dead(self) -> bool:
        """Whether a server lives (it may still be starting); what a killed one left is removed.

        PostgreSQL would take a zombie, or a stranger who got the number, for the living. The killed server's
        children go first: a second server beside them would ruin the data.
        """
        pid = self.pgdata / "postmaster.pid"
        if not pid.exists():
            return False
        if not Path("/proc/self/cmdline").exists():
            return self.running
        postmaster = int(pid.read_text().split()[0])
        if postmaster in self._processes():
            return True
        self._end_processes(patience=5)
        name = self.socket / f".s.PGSQL.{PORT}"
        for file in (pid, name, name.with_name(f"{name.name}.lock")):
            file.unlink(missing_ok=True)
        return False

    def _end_processes(self, patience: float) -> None:
        """Wait until the processes of an abandoned server have ended; after `patience` end them as a crash would."""
        begun = time.monotonic()
        while processes := self._processes():
            waited = time.monotonic() - begun
            if waited > _PATIENCE:
                raise Refused("orphans", f"Processes {processes} of a killed server in {self.pgdata} do not end.")
            if waited >= patience:
                for process in processes:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(process, signal.SIGQUIT)
            time.sleep(0.02)

    def _comes_up(self, seconds: float) -> bool:
        """Whether the server, started by somebody else, answers within the time."""
        deadline = time.monotonic() + seconds
        while not self.running:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def _why(self, said: str) -> str:
        log = self.home / "log"
        tail = log.read_text(errors="replace").splitlines()[-8:] if log.exists() else []
        return "\n".join([said, f"{log}:", *tail])
