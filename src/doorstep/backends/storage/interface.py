"""The contract of every store of photos: whole objects under keys such as
`orders/{org}/{order}/{photo}/{size}.{ext}`."""

from __future__ import annotations

import re
import secrets
from typing import BinaryIO, Final, Protocol

# Words of letters, digits, `-`, `_` and inner dots, joined by slashes: no `..`, nothing hidden or absolute.
KEY: Final = re.compile(r"(?=.{1,512}\Z)[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*", re.ASCII)


class StorageError(Exception):
    """The store did not do it; unless `permanent`, trying again later can help."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


class ObjectMissing(StorageError):
    """There is no object under this key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"no object {key}", permanent=True)


class KeyRefused(StorageError):
    """This is not a key: a fault in our code, or somebody trying to reach other files."""

    def __init__(self, key: str) -> None:
        super().__init__(f"not a key: {key!r}", permanent=True)


class Storage(Protocol):
    """Keeps bytes under keys. Every method may raise StorageError, and KeyRefused for what is not a key."""

    name: str

    def put(self, key: str, data: bytes, mime: str) -> None:
        """Stores the object wholly or not at all, in place of one that was there; durable on return."""

    def open(self, key: str) -> BinaryIO:
        """Returns the object for reading, to be closed by the caller. Raises ObjectMissing."""

    def delete(self, key: str) -> bool:
        """Removes the object; returns False when there was none, which is as good."""

    def exists(self, key: str) -> bool:
        """Says whether there is such an object."""

    def check(self) -> None:
        """Proves by an object of its own that writing, reading and deleting work."""


def checked(key: str) -> str:
    """Returns the key itself. Raises KeyRefused unless it has the form that every backend can hold."""
    if not KEY.fullmatch(key):
        raise KeyRefused(key)
    return key


def round_trip(storage: Storage) -> None:
    """Puts, reads and deletes a small object: the common `check`. Raises StorageError."""
    key, data = f"doctor/{secrets.token_hex(8)}.txt", secrets.token_bytes(64)
    storage.put(key, data, "text/plain")
    try:
        with storage.open(key) as stored:
            if stored.read() != data:
                raise StorageError("other bytes came back than were stored", permanent=False)
    finally:
        storage.delete(key)
    if storage.exists(key):
        raise StorageError("an object is still there after its deletion", permanent=False)
