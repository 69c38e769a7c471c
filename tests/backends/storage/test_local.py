"""Photos as files: the common contract, and what only a disk can do wrong."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from doorstep.backends.storage.interface import KeyRefused, ObjectMissing, StorageError
from doorstep.backends.storage.local import LocalStorage
from tests.backends.storage.contract import KEY, NEIGHBOUR, PHOTO, StorageContract


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path.resolve() / "uploads"


@pytest.fixture
def storage(root: Path) -> LocalStorage:
    return LocalStorage(root)


def entries(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def failing(code: int) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    return fail


class TestContract(StorageContract):
    """The promises of every backend."""


class TestFiles:
    """What lies on the disk."""

    def test_an_object_is_one_private_file_in_private_folders(self, storage: LocalStorage, root: Path) -> None:
        before = os.umask(0)
        try:
            storage.put(KEY, PHOTO, "image/jpeg")
        finally:
            os.umask(before)
        assert (root / KEY).read_bytes() == PHOTO
        modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (root, *root.rglob("*"))}
        assert modes.pop(root / KEY) == 0o600
        assert set(modes.values()) == {0o700}

    def test_deleting_takes_empty_folders_along_but_not_the_root(self, storage: LocalStorage, root: Path) -> None:
        storage.put(KEY, PHOTO, "image/jpeg")
        storage.put(NEIGHBOUR, PHOTO, "image/webp")
        storage.delete(KEY)
        assert (root / NEIGHBOUR).exists()
        storage.delete(NEIGHBOUR)
        assert root.is_dir()
        assert entries(root) == set()

    def test_the_check_leaves_nothing(self, storage: LocalStorage, root: Path) -> None:
        storage.check()
        assert entries(root) == set()

    def test_the_root_may_be_reached_by_a_link(self, tmp_path: Path, root: Path) -> None:
        root.mkdir()
        (tmp_path / "link").symlink_to(root)
        LocalStorage(tmp_path / "link").put(KEY, PHOTO, "image/jpeg")
        assert (root / KEY).exists()

    def test_bytes_and_name_are_on_the_disk_before_put_returns(
        self, storage: LocalStorage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        storage.put(NEIGHBOUR, PHOTO, "image/webp")
        synced: list[bool] = []
        monkeypatch.setattr(os, "fsync", lambda handle: synced.append(stat.S_ISDIR(os.fstat(handle).st_mode)))
        storage.put(KEY, PHOTO, "image/jpeg")
        assert synced == [False, True]


class TestLeavingTheRoot:
    """A key never reaches a file outside, not through links either."""

    @pytest.fixture
    def outside(self, tmp_path: Path, root: Path) -> Path:
        """A folder whose name begins like the root's, which a comparison of strings takes for inside."""
        folder = root.with_name("uploads-secret")
        folder.mkdir()
        (folder / "letter.jpg").write_bytes(b"private")
        root.mkdir()
        return folder

    def everything(self, storage: LocalStorage, key: str) -> Iterator[Callable[[], object]]:
        yield lambda: storage.put(key, PHOTO, "image/jpeg")
        yield lambda: storage.open(key)
        yield lambda: storage.delete(key)
        yield lambda: storage.exists(key)

    @pytest.mark.parametrize("key", ["../uploads-secret/letter.jpg", "orders/../../uploads-secret/letter.jpg"])
    def test_by_dots_is_refused(self, storage: LocalStorage, outside: Path, key: str) -> None:
        for attempt in self.everything(storage, key):
            with pytest.raises(KeyRefused):
                attempt()
        assert (outside / "letter.jpg").read_bytes() == b"private"

    def test_by_its_absolute_name_is_refused(self, storage: LocalStorage, outside: Path) -> None:
        for attempt in self.everything(storage, str(outside / "letter.jpg")):
            with pytest.raises(KeyRefused):
                attempt()

    def test_through_a_linked_folder_is_refused(self, storage: LocalStorage, root: Path, outside: Path) -> None:
        (root / "orders").symlink_to(outside)
        for attempt in self.everything(storage, "orders/letter.jpg"):
            with pytest.raises(KeyRefused):
                attempt()
        assert (outside / "letter.jpg").read_bytes() == b"private"

    @pytest.mark.parametrize("target", ["letter.jpg", "nothing.jpg"])
    def test_through_a_linked_file_is_refused(
        self, storage: LocalStorage, root: Path, outside: Path, target: str
    ) -> None:
        (root / "photo.jpg").symlink_to(outside / target)
        for attempt in self.everything(storage, "photo.jpg"):
            with pytest.raises(KeyRefused):
                attempt()
        assert os.listdir(outside) == ["letter.jpg"]

    def test_a_ring_of_links_is_refused(self, storage: LocalStorage, root: Path, outside: Path) -> None:
        (root / "ring").symlink_to(root / "ring")
        for attempt in self.everything(storage, "ring/photo.jpg"):
            with pytest.raises(KeyRefused):
                attempt()


class TestTrouble:
    """A disk that is full, read-only or used wrongly."""

    @pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS])
    @pytest.mark.parametrize("step", ["fsync", "replace"])
    def test_a_failing_disk_leaves_nothing_and_may_be_tried_again(
        self, storage: LocalStorage, root: Path, monkeypatch: pytest.MonkeyPatch, step: str, code: int
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(os, step, failing(code))
            with pytest.raises(StorageError) as trouble:
                storage.put(KEY, PHOTO, "image/jpeg")
        assert not trouble.value.permanent
        assert entries(root) == set()
        storage.put(KEY, PHOTO, "image/jpeg")

    def test_a_disk_that_tells_only_at_close_that_it_is_full(
        self, storage: LocalStorage, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = os.fdopen

        def opened(handle: int, mode: str) -> object:
            file = real(handle, mode)

            class Full:
                def __getattr__(self, name: str) -> object:
                    return getattr(file, name)

                def __enter__(self) -> Full:
                    return self

                def __exit__(self, *_: object) -> None:
                    file.close()
                    failing(errno.ENOSPC)()

            return Full()

        monkeypatch.setattr(os, "fdopen", opened)
        with pytest.raises(StorageError, match="No space left") as trouble:
            storage.put(KEY, PHOTO, "image/jpeg")
        assert not trouble.value.permanent
        assert entries(root) == set()

    def test_a_failed_replacement_leaves_the_object_that_was_there(
        self, storage: LocalStorage, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        storage.put(KEY, b"first", "image/jpeg")
        monkeypatch.setattr(os, "fsync", failing(errno.ENOSPC))
        with pytest.raises(StorageError):
            storage.put(KEY, PHOTO, "image/jpeg")
        assert (root / KEY).read_bytes() == b"first"
        assert os.listdir((root / KEY).parent) == ["original.jpg"]

    def test_a_really_full_disk(self, root: Path) -> None:
        root.mkdir()
        mount = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", root], check=False, capture_output=True
        )
        if mount.returncode:
            pytest.skip("this account may not mount a small disk")
        try:
            storage = LocalStorage(root)
            with pytest.raises(StorageError, match="No space left") as trouble:
                storage.put(KEY, PHOTO * 10, "image/jpeg")
            assert not trouble.value.permanent
            assert entries(root) == set()
            storage.check()
        finally:
            subprocess.run(["umount", root], check=True)

    def test_a_key_below_an_object_will_never_work(self, storage: LocalStorage) -> None:
        storage.put("orders/a", PHOTO, "image/jpeg")
        with pytest.raises(StorageError) as trouble:
            storage.put("orders/a/b", PHOTO, "image/jpeg")
        assert trouble.value.permanent
        with pytest.raises(ObjectMissing):
            storage.open("orders/a/b")
        assert storage.delete("orders/a/b") is False
        assert storage.exists("orders/a")

    def test_a_key_that_is_a_folder_of_others_will_never_work(self, storage: LocalStorage) -> None:
        storage.put("orders/a/b", PHOTO, "image/jpeg")
        with pytest.raises(StorageError) as trouble:
            storage.put("orders/a", PHOTO, "image/jpeg")
        assert trouble.value.permanent
        assert storage.exists("orders/a/b")

    def test_a_word_too_long_for_a_file_name_will_never_work(self, storage: LocalStorage) -> None:
        with pytest.raises(StorageError) as trouble:
            storage.put("x" * 300, PHOTO, "image/jpeg")
        assert trouble.value.permanent

    def test_the_check_notices_bytes_that_changed(self, storage: LocalStorage, monkeypatch: pytest.MonkeyPatch) -> None:
        real = LocalStorage.put
        monkeypatch.setattr(LocalStorage, "put", lambda self, key, _, mime: real(self, key, b"other", mime))
        with pytest.raises(StorageError, match="other bytes"):
            storage.check()

    def test_the_check_notices_objects_that_stay(self, storage: LocalStorage, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(LocalStorage, "delete", lambda *_: False)
        with pytest.raises(StorageError, match="still there"):
            storage.check()
