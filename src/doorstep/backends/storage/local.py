"""Photos as files below one folder: for development, and for production on one machine."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import takewhile
from pathlib import Path
from typing import BinaryIO, Final

from tenacity import retry, retry_if_exception_type, stop_after_attempt

from doorstep.backends.storage.interface import KeyRefused, ObjectMissing, StorageError, checked, round_trip
from doorstep.core.settings import Settings

PRIVATE: Final = 0o700
# A file where a folder is wanted, or the other way round, and names too long stay so however often one tries.
FOR_GOOD: Final = frozenset(
    {errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENOTEMPTY, errno.ENAMETOOLONG, errno.EINVAL}
)


def make(settings: Settings) -> LocalStorage:
    """Returns the store in the folder of the settings."""
    return LocalStorage(settings.upload_root)


class LocalStorage:
    """One file for each object, readable by this account alone; the mime type is not kept, its row has it."""

    name = "local"

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def put(self, key: str, data: bytes, mime: str) -> None:
        """A file gets its name when all of it is on the disk: nobody ever reads half of one."""
        path = self._path(key)
        with _translated(key):
            try:
                self._place(path, data)
            except BaseException:
                self._prune(path.parent)
                raise

    # A deletion may take a folder away in the moment when it is empty, between its making and its use.
    @retry(
        retry=retry_if_exception_type((FileNotFoundError, FileExistsError)),
        stop=stop_after_attempt(5),
        reraise=True,
    )
    def _place(self, path: Path, data: bytes) -> None:
        self._make_folders(path.parent)
        _write(path, data)

    def open(self, key: str) -> BinaryIO:
        path = self._path(key)
        with _translated(key):
            try:
                return path.open("rb")
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
                raise ObjectMissing(key) from error

    def delete(self, key: str) -> bool:
        path = self._path(key)
        with _translated(key):
            if not path.is_file():
                return False
            try:
                path.unlink()
            except FileNotFoundError:  # another deletion was faster
                return False
            self._prune(path.parent)
            return True

    def exists(self, key: str) -> bool:
        path = self._path(key)
        with _translated(key):
            return path.is_file()

    def check(self) -> None:
        round_trip(self)

    def _path(self, key: str) -> Path:
        """Returns the file of a key. Raises KeyRefused, also when a symbolic link lies on the way."""
        path = self._root / checked(key)
        with _translated(key):
            if any(step.is_symlink() for step in self._up_to_root(path)):
                raise KeyRefused(key)
        return path

    def _up_to_root(self, path: Path) -> Iterator[Path]:
        """Yields the path and the folders above it that are below the root."""
        return takewhile(lambda step: step != self._root, (path, *path.parents))

    def _make_folders(self, folder: Path) -> None:
        """Makes the folder and those above it; unlike `mkdir(parents=True)` all of them private."""
        if folder.is_dir():
            return
        self._make_folders(folder.parent)
        folder.mkdir(PRIVATE, exist_ok=True)
        _sync_folder(folder.parent)

    def _prune(self, folder: Path) -> None:
        """Removes this folder and those above it, below the root, as long as they are empty."""
        with suppress(OSError):  # the first one that is not empty ends it
            for empty in self._up_to_root(folder):
                with suppress(FileNotFoundError):
                    empty.rmdir()


def _write(path: Path, data: bytes) -> None:
    """Writes under a temporary name that no key can have, then renames.

    A full disk may tell only at `fsync` or at `close`, and leaves what fitted: on any error that goes.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".partial")
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        _sync_folder(path.parent)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    """Makes the names in a folder as durable as the bytes."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _translated(key: str) -> Iterator[None]:
    """Turns what the operating system says into StorageError; a full disk can be emptied, so it may pass."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StorageError(f"{key}: {reason}", permanent=error.errno in FOR_GOOD) from error
