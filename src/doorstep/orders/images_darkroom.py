"""Runs `images_child.py`: one child process for one picture, with limits of memory, processor and clock time.

A file made to harm takes down one child; the threads of the server keep running meanwhile.
"""

from __future__ import annotations

import json
import logging
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from doorstep.core.errors import FieldError, Invalid, Problem, TooLarge, Unavailable

log = logging.getLogger(__name__)

CHILD = Path(__file__).with_name("images_child.py")
CRASHES = frozenset({signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL, signal.SIGFPE})
# None of the server's secrets, and not 64 MB of address space for each thread of a decoder.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "2"}


@dataclass(frozen=True)
class Size:
    """One of the pictures to make, its longest side at most `side` pixels; nothing is ever enlarged."""

    name: str
    format: str
    side: int
    quality: int


@dataclass(frozen=True)
class Limits:
    """What one picture may cost, and how many may be in work at once in this process of the server."""

    children: int = 2
    wait_seconds: float = 8  # for a free place; together with `wall_seconds` below a request's usual 30 s
    wall_seconds: float = 15
    cpu_seconds: int = 10
    memory_bytes: int = 1 << 30  # address space; 40 megapixels need up to 700 MB
    max_pixels: int = 40_000_000


class Developed(NamedTuple):
    """A finished picture; sizes are pixels."""

    data: bytes
    width: int
    height: int


class Negative(NamedTuple):
    """What a child made: a picture for each size in order, and EXIF's words for the time of taking."""

    pictures: list[Developed]
    taken: str | None
    offset: str | None


class Darkroom:
    """Develops uploads in child processes, a bounded number at once; safe to share between threads."""

    def __init__(self, limits: Limits | None = None, program: Path = CHILD) -> None:
        self._limits = limits or Limits()
        self._program = program
        self._places = threading.BoundedSemaphore(self._limits.children)

    def develop(self, data: bytes, decoder: str, sizes: Sequence[Size]) -> Negative:
        """Returns the clean pictures of one upload that Pillow's `decoder` (`JPEG`, ...) can read.

        Raises TooLarge (pixels, memory), Invalid (damaged), Unavailable (no free place, or out of
        time: trying again can help).
        """
        with self._place():
            answer = self._run(data, self._job(decoder, sizes))
        header, blobs = _unpack(answer)
        if "refused" in header:
            raise self._refusal(header["refused"])
        return Negative(list(_cut(header["sizes"], blobs)), header["taken"], header["offset"])

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(timeout=self._limits.wait_seconds):
            raise _busy()
        try:
            yield
        finally:
            self._places.release()

    def _run(self, data: bytes, job: str) -> bytes:
        """Returns what the child answered. `subprocess.run` kills and buries it on every way out."""
        try:
            done = subprocess.run(
                [sys.executable, "-IB", str(self._program), job],
                input=data,
                capture_output=True,
                timeout=self._limits.wall_seconds,
                cwd="/",
                env=ENVIRONMENT,
                start_new_session=True,
            )
        except (subprocess.TimeoutExpired, OSError) as failure:
            log.warning("picture child did not finish: %s", type(failure).__name__)
            raise _busy() from failure
        if done.returncode or done.stderr:
            level = logging.WARNING if done.returncode else logging.INFO  # a refused file is daily business
            log.log(level, "picture child ended with %d: %r", done.returncode, done.stderr[-2000:])
        if done.returncode:
            raise self._refusal("broken") if -done.returncode in CRASHES else _busy()
        return done.stdout

    def _job(self, decoder: str, sizes: Sequence[Size]) -> str:
        limits = asdict(self._limits)
        of_the_child = {name: limits[name] for name in ("cpu_seconds", "memory_bytes", "max_pixels")}
        return json.dumps({"format": decoder, "sizes": [asdict(size) for size in sizes], **of_the_child})

    def _refusal(self, reason: str) -> Problem:
        if reason == "too_large":
            most = self._limits.max_pixels / 1e6
            return refuse(TooLarge, f"This photo has too many pixels: {most:g} megapixels are the limit.")
        return refuse(Invalid, "This photo is damaged or not complete. Please take or send it again.")


def refuse(kind: type[Problem], detail: str, **extra: object) -> Problem:
    """Returns the problem about the field `file`, to be raised by the caller."""
    headers = {"Retry-After": "10"} if kind is Unavailable else {}
    return kind(detail, errors=[FieldError("file", detail)], extra=extra, headers=headers)


def _busy() -> Problem:
    return refuse(Unavailable, "This photo could not be worked on in time. Please try again in a moment.")


def _unpack(answer: bytes) -> tuple[dict[str, Any], bytes]:
    """Returns header and body of the child's answer. Raises Unavailable when it is none."""
    try:
        (length,) = struct.unpack_from(">I", answer)
        header = json.loads(answer[4 : 4 + length])
    except (struct.error, ValueError) as error:
        log.exception("picture child answered nonsense")
        raise _busy() from error
    return header, answer[4 + length :]


def _cut(entries: list[dict[str, int]], blobs: bytes) -> Iterator[Developed]:
    start = 0
    for entry in entries:
        end = start + entry["bytes"]
        yield Developed(blobs[start:end], entry["width"], entry["height"])
        start = end
