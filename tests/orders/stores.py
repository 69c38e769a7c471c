"""Stores of photos that go wrong in a chosen way, around the real one on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from flask import Flask

from doorstep.backends.storage.interface import Storage, StorageError


class Killed(BaseException):
    """The process ends here: nothing that the code would still do gets done."""


class Troubled:
    """The real store, except that something happens before a put or a delete is done."""

    name = "local"

    def __init__(
        self,
        real: Storage,
        before_put: Callable[[int], None] = lambda number: None,
        before_delete: Callable[[], None] = lambda: None,
    ) -> None:
        self.real = real
        self.before_put = before_put
        self.before_delete = before_delete
        self.puts = 0

    def put(self, key: str, data: bytes, mime: str) -> None:
        self.puts += 1
        self.before_put(self.puts)
        self.real.put(key, data, mime)

    def open(self, key: str) -> BinaryIO:
        return self.real.open(key)

    def delete(self, key: str) -> bool:
        self.before_delete()
        return self.real.delete(key)

    def exists(self, key: str) -> bool:
        return self.real.exists(key)

    def check(self) -> None:
        self.real.check()


@contextmanager
def troubled(app: Flask, **trouble: Callable[..., None]) -> Iterator[Troubled]:
    """Puts the troubled store in the place of the application's for the block."""
    real = app.extensions["doorstep.storage"]
    store = Troubled(real, **trouble)
    app.extensions["doorstep.storage"] = store
    try:
        yield store
    finally:
        app.extensions["doorstep.storage"] = real


def full_disk(*_: int) -> None:
    """The store refuses."""
    raise StorageError("No space left on device", permanent=False)


def at_put(number: int, what: Callable[[], None]) -> Callable[[int], None]:
    """Does `what` before the put of this number."""

    def act(now: int) -> None:
        if now == number:
            what()

    return act


def killed() -> None:
    """The process ends."""
    raise Killed


def files_below(app: Flask) -> list[Path]:
    """Returns every file in the store."""
    root = app.extensions["doorstep.settings"].upload_root
    return sorted(path for path in root.rglob("*") if path.is_file())
