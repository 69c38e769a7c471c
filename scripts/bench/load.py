"""A bounded load from threads with kept-alive connections."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Mapping

THREADS = 8


def fire(port: int, path: str, requests: int, headers: Mapping[str, str] | None = None) -> list[float]:
    """Returns the seconds that each of `requests` GETs of `path` took. Raises RuntimeError unless all answer 200."""
    times: list[float] = []
    failures: list[str] = []

    def run() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            for _ in range(requests // THREADS):
                began = time.perf_counter()
                connection.request("GET", path, headers=dict(headers or {}))
                answer = connection.getresponse()
                body = answer.read()
                times.append(time.perf_counter() - began)
                if answer.status != 200:
                    failures.append(f"{path}: {answer.status} {body[:200]!r}")
                    return
        except (OSError, http.client.HTTPException) as error:
            failures.append(f"{path}: {error!r}")
        finally:
            connection.close()

    crew = [threading.Thread(target=run) for _ in range(THREADS)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    if failures:
        raise RuntimeError(failures[0])
    return times
