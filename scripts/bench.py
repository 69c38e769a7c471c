"""A short measurement of a running server on this machine: requests a second and times, page by page.

    make bench ARGS="--seconds 5 --clients 8 /healthz /b/alder"

Each client keeps one connection and asks again as soon as it was answered. Good for a first impression
and to compare two states of the code; no load test.
"""

from __future__ import annotations

import argparse
import http.client
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles

PAGES = ["/healthz", "/readyz", "/b/alder", "/auth/sign-in"]


def ask(port: int, path: str, seconds: float) -> tuple[list[float], dict[int, int]]:
    """One client's times in milliseconds, and how often it got which status."""
    times: list[float] = []
    statuses: dict[int, int] = {}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        times.append((time.perf_counter() - began) * 1000)
        statuses[answer.status] = statuses.get(answer.status, 0) + 1
    connection.close()
    return times, statuses


def measure(port: int, path: str, clients: int, seconds: float) -> str:
    """One line about one page."""
    with ThreadPoolExecutor(clients) as threads:
        answers = list(threads.map(lambda _: ask(port, path, seconds), range(clients)))
    times = sorted(ms for found, _ in answers for ms in found)
    statuses = sorted({status for _, found in answers for status in found})
    cuts = quantiles(times, n=100) if len(times) > 1 else times * 99
    rate = len(times) / seconds
    return f"{path:24} {rate:8.0f}/s   p50 {cuts[49]:7.1f} ms   p99 {cuts[98]:7.1f} ms   status {statuses}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("pages", nargs="*", default=PAGES)
    given = parser.parse_args()
    try:
        for path in given.pages:
            measure(given.port, path, given.clients, 0.5)
            print(measure(given.port, path, given.clients, given.seconds), flush=True)
    except (OSError, http.client.HTTPException) as error:
        sys.exit(f"No good answer from http://127.0.0.1:{given.port} ({error}): is `make run` going?")


if __name__ == "__main__":
    main()
