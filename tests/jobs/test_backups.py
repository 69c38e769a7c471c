"""How old the newest backup is, from what lies in the folder."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask import Flask

from doorstep.core import clock
from doorstep.core.work import Work
from doorstep.jobs import backups


@pytest.fixture
def folder(context: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of backups, as the settings name it."""
    known = replace(context.extensions["doorstep.settings"], backup_dir=tmp_path)
    monkeypatch.setitem(context.extensions, "doorstep.settings", known)
    return tmp_path


def put(folder: Path, name: str, age: timedelta, verified: datetime | None = None, data: bytes = b"dump") -> None:
    """Writes a dump and its manifest."""
    (folder / name).write_bytes(data)
    said: dict[str, Any] = {"file": name, "created_at": (clock.now() - age).isoformat(), "bytes": 4}
    said["verified_at"] = verified.isoformat() if verified else None
    (folder / f"{name}.json").write_bytes(orjson.dumps(said))


def check() -> Any:
    return backups.check(Work(clock.monotonic() + 10))


def test_without_a_folder_nothing_is_expected(context: Flask) -> None:
    assert check()["backups"] == 0


def test_the_newest_counts_and_the_last_verification_of_any(folder: Path) -> None:
    seen = clock.now() - timedelta(hours=20)
    put(folder, "old.dump", timedelta(hours=30), verified=seen)
    put(folder, "new.dump", timedelta(hours=2))
    said = check()
    assert (said["backups"], said["bytes"], said["last_verified_at"]) == (2, 4, seen.isoformat())
    assert 7190 <= said["age_seconds"] <= 7260


def test_none_or_an_old_one_is_a_failure_that_says_so(folder: Path) -> None:
    with pytest.raises(RuntimeError, match="no finished backup"):
        check()
    put(folder, "old.dump", timedelta(hours=30))
    with pytest.raises(RuntimeError, match=r"old\.dump, is 30 hours old"):
        check()


def test_what_is_not_whole_counts_for_nothing(folder: Path) -> None:
    put(folder, "short.dump", timedelta(hours=1), data=b"du")
    put(folder, "gone.dump", timedelta(hours=1))
    (folder / "gone.dump").unlink()
    (folder / "broken.json").write_text("{")
    (folder / "list.json").write_text("[1]")
    (folder / "running.dump.partial").write_bytes(b"dump")
    assert list(backups.known(folder)) == []
