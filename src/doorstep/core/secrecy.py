"""Secrets of an installation: what makes one bad, and where development keeps the ones nobody gave."""

from __future__ import annotations

import fcntl
import json
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

PLACEHOLDERS: Final = ("change-me", "changeme", "secret", "example", "placeholder", "xxxx")
MAKE_ONE: Final = "python -c 'import secrets; print(secrets.token_urlsafe(48))'"


def faults(given: Mapping[str, str], fewest: Mapping[str, int]) -> list[str]:
    """Returns what is wrong with the secrets in `given`, a sentence each; empty ones are not judged."""
    found = []
    values = {name: value for name, value in given.items() if value}
    for name, value in values.items():
        if len(value) < fewest[name]:
            found.append(f"{name} must have at least {fewest[name]} characters")
        if any(word in value.lower() for word in PLACEHOLDERS):
            found.append(f"{name} is a placeholder; make a secret with `{MAKE_ONE}`")
    found += [f"{names} are the same secret; each needs its own" for names in twins(values)]
    return found


def twins(values: Mapping[str, str]) -> list[str]:
    """Returns for each value that several names have those names, as they are said in a sentence."""
    by_value: dict[str, list[str]] = {}
    for name, value in values.items():
        by_value.setdefault(value, []).append(name)
    return [" and ".join(names) for names in by_value.values() if len(names) > 1]


def kept(path: Path, names: Iterable[str]) -> dict[str, str]:
    """Returns a secret for each name, from the file at `path`; made and stored there when first asked for.

    Several processes may start at once: the first one makes them, the others read the same.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        fresh = {name: secrets.token_urlsafe(36) for name in names if name not in known}
        if fresh:
            _write(path, known | fresh)
    return known | fresh


def _write(path: Path, values: Mapping[str, str]) -> None:
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)
    partial.write_text(json.dumps(values, indent=1), encoding="utf-8")
    partial.replace(path)
