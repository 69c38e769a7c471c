"""The job `backup-check`: how old the newest backup is and when one was last verified, from their manifests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from doorstep.core import clock, current
from doorstep.core.work import Work


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished backup, as its manifest `<name>.json` says; the dump `<name>` lies beside it."""

    name: str
    made_at: datetime
    bytes: int
    verified_at: datetime | None


def check(work: Work) -> Mapping[str, Any]:
    """Returns the age of the newest backup in seconds, its size in bytes, and when one was last verified.

    Raises RuntimeError when there is none, or it is older than BACKUP_MAX_AGE_HOURS, once BACKUP_DIR is set.
    """
    folder = current.settings().backup_dir
    if folder is None:
        return {"backups": 0, "said": "BACKUP_DIR is not set, so nothing is expected"}
    found = sorted(known(folder), key=lambda backup: backup.made_at)
    if not found:
        raise RuntimeError(f"there is no finished backup in {folder}")
    newest, now = found[-1], clock.now()
    age = int((now - newest.made_at).total_seconds())
    if age > current.settings().backup_max_age_hours * 3600:
        raise RuntimeError(f"the newest backup, {newest.name}, is {age // 3600} hours old")
    verified = max((one.verified_at for one in found if one.verified_at), default=None)
    return {
        "backups": len(found),
        "age_seconds": age,
        "bytes": newest.bytes,
        "last_verified_at": verified.isoformat() if verified else None,
    }


def known(folder: Path) -> Iterator[Backup]:
    """Yields the finished backups of a folder: those whose dump is there in full. A manifest that cannot be read, or
    whose dump is missing or of another size, counts for nothing."""
    for manifest in folder.glob("*.json"):
        try:
            said = orjson.loads(manifest.read_bytes())
            dump = folder / str(said["file"])
            backup = Backup(
                dump.name, _moment(said["created_at"]), int(said["bytes"]), _or_none(said.get("verified_at"))
            )
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if dump.is_file() and dump.stat().st_size == backup.bytes > 0:
            yield backup


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _or_none(text: str | None) -> datetime | None:
    return _moment(text) if text else None
