"""Stops the embedded PostgreSQL once nobody uses it any more.

Everybody who uses the server holds a shared `flock` on one file. The kernel drops it however a process
ends, `kill -9` included, so waiting for the exclusive lock is waiting for the last user to be gone.

Runs detached as `python -I -S watchdog.py ROOT PG_CTL DATA SOCKETS FD`: it must outlive whoever started it,
so it imports only the standard library and nothing of this package. FD is the watchdog's own lock, taken
by the one who started it: as long as it is held there is a watchdog, and exactly one.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

START_LOCK = "start.lock"
HOLDERS_LOCK = "holders.lock"
WATCHDOG_LOCK = "watchdog.lock"

# Long enough for a restart of the application, short enough that nobody wonders about a stray server.
GRACE_SECONDS = 2.0
STOP_SECONDS = 20


class Server(NamedTuple):
    """What is needed to stop a server: the program for it, the cluster, the folder of its socket."""

    pg_ctl: Path
    data: Path
    sockets: Path


def open_lock(path: Path) -> int:
    """Returns a descriptor on the lock file `path`; closed on exec, so PostgreSQL never inherits a lock."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds `path` exclusively for the block, waiting for it as long as it takes."""
    descriptor = open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def try_lock(descriptor: int) -> bool:
    """Takes the lock exclusively if that is possible at once, and says whether it did."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def clean_environment() -> dict[str, str]:
    """The environment for PostgreSQL's programs: a `PGPORT` or `PGDATA` meant for another server would
    mislead them, and their messages are to be English, whatever the language of the machine."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return kept | {"LC_ALL": "C"}


def stop_server(server: Server) -> bool:
    """Stops the server, politely and then less so; says whether it is down."""
    for mode in ("fast", "immediate"):
        if _is_running(server):
            _pg_ctl(server, "stop", "-m", mode, "-w", "-t", str(STOP_SECONDS))
    stopped = not _is_running(server)
    if stopped:
        with suppress(OSError):
            server.sockets.rmdir()
    return stopped


def _is_running(server: Server) -> bool:
    return server.data.is_dir() and _pg_ctl(server, "status") == 0


def _pg_ctl(server: Server, *arguments: str) -> int:
    """Runs pg_ctl as the account that owns the cluster, and returns its exit code.

    With that account's rights a stale process number can never hit a process of somebody else.
    """
    owner = server.data.stat()
    is_root = os.geteuid() == 0
    return subprocess.run(
        [server.pg_ctl, *arguments, "-D", server.data.name],
        cwd=server.data.parent,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        user=owner.st_uid if is_root else None,
        group=owner.st_gid if is_root else None,
        extra_groups=[] if is_root else None,
    ).returncode


def watch(root: Path, server: Server, own_lock: int) -> None:
    """Waits for the last user to leave, then stops the server; a user who comes back in time is welcome."""
    while True:
        with locked(root / HOLDERS_LOCK):
            pass
        time.sleep(GRACE_SECONDS)
        with locked(root / START_LOCK):
            holders = open_lock(root / HOLDERS_LOCK)
            if try_lock(holders):
                stop_server(server)
                # Inside the start lock: whoever starts the server next must see that no watchdog is left.
                os.close(own_lock)
                return
            os.close(holders)


def main() -> None:
    """The watchdog's life; a folder that was deleted meanwhile ends it too."""
    root, pg_ctl, data, sockets, own_lock = sys.argv[1:]
    server = Server(Path(pg_ctl), Path(data), Path(sockets))
    try:
        watch(Path(root), server, int(own_lock))
    except FileNotFoundError:
        stop_server(server)


if __name__ == "__main__":
    main()
