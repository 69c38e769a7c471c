"""A PostgreSQL of our own for development and tests: started when first needed, stopped when nobody uses it.

    urls = embedded.ensure(instance / "postgres")

Any number of processes may do so at once. One of them starts the server, all of them hold it (see
`watchdog`), and it goes down after the last one ended, even if that was killed. The server has no TCP
port; its socket lies in a private folder, and that is what keeps strangers out.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psycopg2
from sqlalchemy import URL

from doorstep.backends.database import bootstrap, place, watchdog
from doorstep.backends.database.bootstrap import Urls
from doorstep.backends.database.place import EmbeddedError, Place

__all__ = ["EmbeddedError", "Urls", "ensure", "remove", "stop"]

READY_SECONDS = 60
LEFTOVER_SECONDS = 20
SOCKET_LOCK = ".s.PGSQL.5432.lock"

SETTINGS = {
    "jit": "off",  # costs more than it gives for short statements
    "max_connections": "100",
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For data that nobody will miss after a power cut.
FAST_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}

# One descriptor per cluster this process uses, closed by nothing but `stop`. A forked child shares it. If it
# were part of an object, collecting that object would stop the database under the application.
_holders: dict[Path, int] = {}


def ensure(root: Path, database: str = "doorstep", *, bin_dir: Path | None = None, fast: bool = False) -> Urls:
    """Returns the URLs of a running server with `database` in it, its files below `root`.

    `bin_dir` names another PostgreSQL's programs, 15 or later; `fast` gives up safety against power cuts.
    Raises `EmbeddedError` with a sentence for a person if there cannot be one.
    """
    root = _private_folder(root)
    with watchdog.locked(root / watchdog.START_LOCK):
        cluster = place.find(root, bin_dir)
        _hold(root)
        _initialise(cluster, fast=fast)
        _start(cluster, fast=fast)
        _watch(cluster)
    bootstrap.prepare(_url(cluster, "postgres", "postgres"), database)
    return Urls(
        app=_url(cluster, "app", database),
        owner=_url(cluster, "owner", database),
        admin=_url(cluster, "postgres", database),
    )


def stop(root: Path) -> None:
    """Stops the server of `root` now, whoever else uses it, and lets go of it."""
    root = root.resolve()
    if not (root / "data").exists():
        return
    with watchdog.locked(root / watchdog.START_LOCK):
        cluster = place.find(root, None)
        if not watchdog.stop_server(cluster.server):
            raise EmbeddedError(f"The database in {cluster.data} does not stop: see server.log in that folder.")
        holder = _holders.pop(root, None)
        if holder is not None:
            os.close(holder)


def remove(root: Path) -> None:
    """Stops the server of `root` and deletes the cluster, wherever it was put."""
    stop(root)
    place.remove(root.resolve())


def _private_folder(root: Path) -> Path:
    """Makes `root` if need be; root's own umask must not shut out the account that PostgreSQL runs as."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            root.chmod(0o711)
        os.close(watchdog.open_lock(root / watchdog.START_LOCK))
    except OSError as error:
        raise EmbeddedError(f"The database cannot be kept in {root}: {error.strerror}.") from error
    return root.resolve()


def _hold(root: Path) -> None:
    """Holds the server; anew if the folder was deleted meanwhile, and the lock on a file that is no more."""
    descriptor = watchdog.open_lock(root / watchdog.HOLDERS_LOCK)
    if root in _holders and os.path.sameopenfile(_holders[root], descriptor):
        os.close(descriptor)
        return
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    outdated = _holders.pop(root, None)
    if outdated is not None:
        os.close(outdated)
    _holders[root] = descriptor


def _initialise(cluster: Place, *, fast: bool) -> None:
    """Makes the cluster beside its final name and renames it: whatever has that name is whole."""
    if (cluster.data / "PG_VERSION").exists():
        _check_version(cluster)
        return
    _dismiss_orphan(cluster)
    unfinished = cluster.data.with_name("data.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    if cluster.account:
        os.chown(unfinished, cluster.account.uid, cluster.account.gid)
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    arguments = ["-D", unfinished.name, "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
    arguments += locale if cluster.major >= 17 else ["--locale=C.UTF-8"]
    done = cluster.run("initdb", *arguments, "--no-instructions", *(["--no-sync"] if fast else []))
    if done.returncode != 0:
        raise EmbeddedError(f"The database could not be created: {_last_line(done.stderr)}")
    unfinished.rename(cluster.data)


def _dismiss_orphan(cluster: Place) -> None:
    """Ends a server whose cluster was deleted while it ran. It notices by itself, but only after a minute;
    until then it has the socket, and could still write its control file into the new cluster. So it is
    stopped before there is one, in the way that writes nothing."""
    lock = cluster.sockets / SOCKET_LOCK
    deadline = time.monotonic() + LEFTOVER_SECONDS
    while lock.exists() and time.monotonic() < deadline:
        with suppress(FileNotFoundError, IndexError):
            if cluster.run("pg_ctl", "kill", "QUIT", lock.read_text().split()[0]).returncode != 0:
                return  # no such process: the server starts over such a remainder
        time.sleep(0.1)


def _check_version(cluster: Place) -> None:
    made_by = (cluster.data / "PG_VERSION").read_text().strip()
    if made_by != str(cluster.major):
        raise EmbeddedError(
            f"The database in {cluster.data} was made by PostgreSQL {made_by}, and this is {cluster.major}: "
            "restore a backup into a new one, or move that folder away to start afresh."
        )


def _start(cluster: Place, *, fast: bool) -> None:
    """Starts the server unless it runs, and returns when it answers.

    After a crash the remains of the old server may take a moment to go away, and another process may have
    died while the server was starting: with a process file there, it is worth trying for some seconds.
    """
    if _answers(cluster):
        return
    log = cluster.data / "server.log"
    seen = log.stat().st_size if log.exists() else 0
    patience = LEFTOVER_SECONDS if (cluster.data / "postmaster.pid").exists() else 0
    deadline = time.monotonic() + patience
    while not _started(cluster, fast=fast) and not _answers(cluster):
        if time.monotonic() > deadline:
            raise EmbeddedError(f"PostgreSQL did not start: {_reason(log, seen)} (more in {log}).")
        time.sleep(0.1)


def _started(cluster: Place, *, fast: bool) -> bool:
    settings = SETTINGS | {"unix_socket_directories": str(cluster.sockets)} | (FAST_SETTINGS if fast else {})
    options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    arguments = ["-D", cluster.data.name, "-l", f"{cluster.data.name}/server.log", "-o", options]
    return cluster.run("pg_ctl", "start", *arguments, "-w", "-t", str(READY_SECONDS)).returncode == 0


def _reason(log: Path, seen: int) -> str:
    """The last complaint in the part of the server's log that is new."""
    said = log.read_text(errors="replace")[seen:] if log.exists() else ""
    fatal = re.findall(r"(?:FATAL|PANIC): +(.+)", said)
    return fatal[-1] if fatal else _last_line(said)


def _answers(cluster: Place) -> bool:
    try:
        psycopg2.connect(host=str(cluster.sockets), user="postgres", dbname="postgres", connect_timeout=5).close()
    except psycopg2.OperationalError:
        return False
    return True


def _watch(cluster: Place) -> None:
    """Makes sure that a watchdog lives; it inherits its lock from us, so there is no moment without one."""
    descriptor = watchdog.open_lock(cluster.root / watchdog.WATCHDOG_LOCK)
    try:
        if watchdog.try_lock(descriptor):
            process = subprocess.Popen(
                [
                    sys.executable,
                    "-I",
                    "-S",
                    watchdog.__file__,
                    cluster.root,
                    *cluster.server,
                    str(descriptor),
                ],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(descriptor,),
                start_new_session=True,
            )
            process.returncode = 0  # it is meant to outlive us: nothing to wait for, nothing to warn about
    finally:
        os.close(descriptor)


def _url(cluster: Place, user: str, database: str) -> str:
    url = URL.create("postgresql+psycopg2", username=user, database=database, query={"host": str(cluster.sockets)})
    return url.render_as_string(hide_password=False)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it gave no reason"
