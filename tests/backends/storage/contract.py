"""What every storage backend promises: its test inherits this class and has a `storage` fixture."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from doorstep.backends.storage.interface import KeyRefused, ObjectMissing, Storage

ORDER = "orders/0198c1aa-1111-7000-8000-000000000001/0198c1aa-2222-7000-8000-000000000002"
KEY = f"{ORDER}/0198c1aa-3333-7000-8000-000000000003/original.jpg"
NEIGHBOUR = f"{ORDER}/0198c1aa-3333-7000-8000-000000000003/thumb.webp"
PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 400


class StorageContract:
    """Put, open, delete, exists, check; and the keys that no backend accepts."""

    @staticmethod
    def read(storage: Storage, key: str = KEY) -> bytes:
        with storage.open(key) as stored:
            return stored.read()

    def test_has_a_name_for_rows_and_logs(self, storage: Storage) -> None:
        assert storage.name.isidentifier()

    def test_gives_back_what_was_put(self, storage: Storage) -> None:
        storage.put(KEY, PHOTO, "image/jpeg")
        assert storage.exists(KEY)
        assert self.read(storage) == PHOTO

    def test_holds_an_empty_object(self, storage: Storage) -> None:
        storage.put(KEY, b"", "image/jpeg")
        assert storage.exists(KEY)
        assert self.read(storage) == b""

    def test_a_second_put_replaces_the_first(self, storage: Storage) -> None:
        storage.put(KEY, PHOTO, "image/jpeg")
        storage.put(KEY, b"shorter", "image/jpeg")
        assert self.read(storage) == b"shorter"

    def test_can_be_read_in_pieces_and_more_than_once(self, storage: Storage) -> None:
        storage.put(KEY, PHOTO, "image/jpeg")
        with storage.open(KEY) as first, storage.open(KEY) as second:
            assert first.read(4) + first.read() == second.read() == PHOTO

    def test_says_that_an_object_is_missing(self, storage: Storage) -> None:
        assert not storage.exists(KEY)
        with pytest.raises(ObjectMissing) as missing:
            storage.open(KEY)
        assert missing.value.permanent

    def test_what_was_deleted_is_gone(self, storage: Storage) -> None:
        storage.put(KEY, PHOTO, "image/jpeg")
        assert storage.delete(KEY) is True
        assert not storage.exists(KEY)
        with pytest.raises(ObjectMissing):
            storage.open(KEY)

    def test_deleting_twice_is_fine(self, storage: Storage) -> None:
        storage.put(KEY, PHOTO, "image/jpeg")
        storage.delete(KEY)
        storage.delete(KEY)
        assert not storage.exists(KEY)

    def test_deleting_leaves_the_neighbours(self, storage: Storage) -> None:
        storage.put(KEY, PHOTO, "image/jpeg")
        storage.put(NEIGHBOUR, b"small", "image/webp")
        storage.delete(KEY)
        assert self.read(storage, NEIGHBOUR) == b"small"

    def test_a_part_of_a_key_is_no_object(self, storage: Storage) -> None:
        storage.put(KEY, PHOTO, "image/jpeg")
        assert not storage.exists(ORDER)
        with pytest.raises(ObjectMissing):
            storage.open(ORDER)
        storage.delete(ORDER)
        assert self.read(storage) == PHOTO

    def test_the_check_passes_and_leaves_nothing(self, storage: Storage) -> None:
        storage.check()

    def test_many_may_put_and_delete_at_once(self, storage: Storage) -> None:
        def live(number: int) -> bool:
            key = f"{ORDER}/photo-{number % 4}/{number}.jpg"
            storage.put(key, PHOTO, "image/jpeg")
            same = self.read(storage, key) == PHOTO
            return storage.delete(key) and same

        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(live, range(64)))

    @pytest.mark.parametrize(
        "key",
        [
            "",
            "/",
            "/etc/passwd",
            "orders/",
            "/orders/a",
            "orders//a",
            "..",
            "../outside",
            "orders/../../outside",
            "orders/..",
            "orders/./a",
            ".hidden",
            "orders/.partial",
            "orders\\..\\a",
            "C:/a",
            "orders/a\0b",
            "orders/a\n",
            "orders/%2e%2e/a",
            "orders/ä.jpg",
            "orders/a b",
            "x" * 513,
        ],
    )
    def test_refuses_what_is_not_a_key(self, storage: Storage, key: str) -> None:
        for attempt in (
            lambda: storage.put(key, PHOTO, "image/jpeg"),
            lambda: storage.open(key),
            lambda: storage.delete(key),
            lambda: storage.exists(key),
        ):
            with pytest.raises(KeyRefused) as refused:
                attempt()
            assert refused.value.permanent
