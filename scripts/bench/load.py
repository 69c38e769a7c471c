"""A bounded load from threads with kept-alive connections, and the server's CPU time it cost."""

from __future__ import annotations

import http.client
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """What requests cost: CPU of the server's processes in microseconds each, and wall times in milliseconds."""

    cpu_us: float
    p50_ms: float
    p99_ms: float


def cpu_seconds(pids: list[int]) -> float:
    """Returns the CPU time that these processes have used so far, in seconds (Linux)."""
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def children(pid: int) -> list[int]:
    """Returns the worker processes of a gunicorn master (Linux)."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as found:
        return [int(child) for child in found.read().split()]


def measure(
    port: int, master: int, path: str, *, requests: int, threads: int = 8, headers: Mapping[str, str] | None = None
) -> Cost:
    """Returns the cost of `requests` GETs of `path`. Raises RuntimeError for an answer that is not 200."""
    _fire(port, path, max(requests // 5, threads * 4), threads, headers)
    workers = children(master)
    before = cpu_seconds(workers)
    times = sorted(_fire(port, path, requests, threads, headers))
    used = cpu_seconds(workers) - before
    return Cost(used / len(times) * 1e6, times[len(times) // 2] * 1e3, times[int(len(times) * 0.99)] * 1e3)


def _fire(port: int, path: str, requests: int, threads: int, headers: Mapping[str, str] | None) -> list[float]:
    times: list[float] = []
    failures: list[str] = []

    def run() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for _ in range(requests // threads):
            began = time.perf_counter()
            connection.request("GET", path, headers=dict(headers or {}))
            answer = connection.getresponse()
            answer.read()
            times.append(time.perf_counter() - began)
            if answer.status != 200:
                failures.append(f"{path}: {answer.status}")
                return
        connection.close()

    crew = [threading.Thread(target=run) for _ in range(threads)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    if failures:
        raise RuntimeError(failures[0])
    return times
