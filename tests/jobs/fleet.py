"""Real web servers on one database, for what only happens between processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
from sqlalchemy.engine import make_url

from doorstep.backends.database.embedded import Urls

ROOT = Path(__file__).resolve().parents[2]
SCHEDULES = "heartbeat=every 1s,cleanup=every 24h,backup-check=every 24h"


def free_port() -> int:
    """Returns a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Fleet:
    """Web servers of two workers each."""

    urls: Urls
    log: Path
    servers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, count: int) -> None:
        """Starts that many servers more."""
        for _ in range(count):
            environ = os.environ | {
                "DATABASE_URL": self.urls.app,
                "DATABASE_OWNER_URL": self.urls.owner,
                "JOB_SCHEDULES": SCHEDULES,
                "PORT": str(free_port()),
                "WEB_CONCURRENCY": "2",
                "LOG_LEVEL": "info",
            }
            with self.log.open("ab") as out:
                command = [sys.executable, "-m", "gunicorn"]
                self.servers.append(subprocess.Popen(command, cwd=ROOT, env=environ, stdout=out, stderr=out))

    def stop(self) -> None:
        """Ends all of them, whatever state they are in."""
        for server in self.servers:
            for pid in (*workers_of(server.pid), server.pid):
                _signal(pid, signal.SIGCONT)
            server.terminate()
        for server in self.servers:
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()

    def ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Returns what the database says to its administrator."""
        parts = make_url(self.urls.admin)
        connection = psycopg2.connect(host=parts.query["host"], user=parts.username, dbname=parts.database)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(sql, values)
                return cursor.fetchall()
        finally:
            connection.close()

    def newest(self) -> tuple[str, int]:
        """Returns who made the newest good run, and under which epoch; nobody and 0 before the first."""
        rows = self.ask(
            "select leader, epoch from job_runs where job = 'heartbeat' and state = 'succeeded' "
            "order by due desc limit 1"
        )
        return (str(rows[0][0]), int(rows[0][1])) if rows else ("", 0)

    def sessions(self) -> list[str]:
        """Returns who is connected, what they do, and who holds which lock."""
        seen = self.ask(
            "select a.pid, a.application_name, a.state, a.wait_event, a.query_start, left(a.query, 90), "
            "(select array_agg(l.objid) from pg_locks l where l.pid = a.pid and l.locktype = 'advisory' and l.granted) "
            "from pg_stat_activity a where a.datname = current_database()"
        )
        return [" | ".join(str(word) for word in row) for row in seen]

    def until(self, true: Callable[[], bool], seconds: float) -> float:
        """Waits until it is true and returns how long that took. Fails with the servers' log."""
        began = time.monotonic()
        while True:
            try:
                if true():
                    return time.monotonic() - began
            except psycopg2.Error:
                pass  # the database is just being restarted
            if time.monotonic() - began > seconds:
                tail = self.log.read_text(errors="replace").splitlines()[-25:]
                raise AssertionError("\n".join([f"not true within {seconds} s", *tail, *self.sessions()]))
            time.sleep(0.05)


def pid_of(leader: str) -> int:
    """Returns the process of a leader's name."""
    return int(leader.rpartition(":")[2])


def workers_of(pid: int) -> list[int]:
    """Returns the children of a process."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in path.read_text().split()] if path.exists() else []


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
