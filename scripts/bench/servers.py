"""The servers under measurement, and the CPU time that processes have used (Linux)."""

from __future__ import annotations

import os
import runpy
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
HERE: Final = Path(__file__).resolve().parent
CONF: Final = ROOT / "gunicorn.conf.py"
TICK: Final = os.sysconf("SC_CLK_TCK")
READY_SECONDS: Final = 60
# What of the product's process model the floor shares: everything but the hooks, which are the product's own.
SHARED: Final = ("worker_class", "workers", "threads", "keepalive", "worker_tmp_dir", "control_socket_disable")


class Server:
    """A gunicorn on a free loopback port: one master and its workers."""

    def __init__(self, name: str, arguments: list[str], environ: dict[str, str], log: Path) -> None:
        self.name, self.log = name, log
        self.port = _free_port()
        command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{self.port}", *arguments]
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                command, cwd=HERE, env={**os.environ, **environ}, stdout=out, stderr=out, stdin=subprocess.DEVNULL
            )

    def wait(self, path: str) -> None:
        """Waits until the server answers. Raises RuntimeError with its last words when it never does."""
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(f"{self.name} never answered:\n" + self.log.read_text(errors="replace")[-3000:])

    def cpu(self) -> float:
        """Returns the CPU seconds that master and workers have used so far."""
        return cpu_of_family(self.process.pid)

    def stop(self) -> None:
        """Ends the server."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()


def product(environ: dict[str, str], log: Path) -> Server:
    """Returns Doorstep as it is deployed: its own gunicorn.conf.py, application and hooks."""
    return Server("the product", ["--config", str(CONF), "--chdir", str(ROOT)], environ, log)


def floor(environ: dict[str, str], log: Path) -> Server:
    """Returns the floor with the same process model."""
    chosen = {name: value for name, value in runpy.run_path(str(CONF)).items() if name in SHARED}
    conf = log.with_name("floor.conf.py")
    conf.write_text("".join(f"{name} = {value!r}\n" for name, value in chosen.items()), encoding="utf-8")
    return Server("the floor", ["--config", str(conf), "floor:app"], environ, log)


def cpu_of_family(pid: int) -> float:
    """Returns the CPU seconds of a process, its children, and those of its children that have ended."""
    own = _times(pid)
    return (sum(own) + sum(sum(_times(child)[:2]) for child in _children(pid))) / TICK


def _times(pid: int) -> tuple[int, ...]:
    """utime, stime, cutime, cstime: see proc_pid_stat(5)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return (0, 0, 0, 0)
    return tuple(map(int, stat.rpartition(")")[2].split()[11:15]))


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in found.split()]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
