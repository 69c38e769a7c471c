"""Writes docs/settings.md and .env.example from the table of settings. `--check` only says whether they are true."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from doorstep.core import settings

ROOT = Path(__file__).resolve().parents[1]
TITLES = {
    "app": "The application",
    "auth": "Signing in and portals",
    "database": "Database",
    "storage": "Photos",
    "email": "Mail",
    "export": "Events to other systems",
    "jobs": "Scheduled work",
}
HEAD = """\
# Settings

Doorstep is set up by environment variables, or a file `.env` beside `instance/`; the environment wins. They are read
once, at start. A mistake stops the start, and all mistakes are told together. A secret may also come from a file:
`AUTH_SECRET_KEY_FILE=/run/secrets/auth` stands for the text in that file.

Development needs none of them: secrets are made up once and kept in `instance/dev-secrets.json`, and the database is
an embedded one. Production (`APP_ENV=prod`) refuses to start without those that are marked as required.

This page is written by `scripts/settings_doc.py`.
"""


def page() -> str:
    """Returns docs/settings.md."""
    return "\n".join([HEAD, *_sections()])


def example() -> str:
    """Returns .env.example: every setting with its default, commented out."""
    lines = ["# Copy to .env and keep what you need. What each one means: docs/settings.md", ""]
    for group, rows in _groups():
        lines.append(f"# {TITLES[group]}")
        lines += [f"#{row['name']}={row['default']}" + _required(row) for row in rows]
        lines.append("")
    return "\n".join(lines)


def files() -> dict[Path, str]:
    """Returns the text of each file that is made."""
    return {ROOT / "docs" / "settings.md": page(), ROOT / ".env.example": example()}


def _groups() -> Iterator[tuple[str, list[dict[str, str]]]]:
    rows = sorted(settings.described(), key=lambda row: list(TITLES).index(row["group"]))
    for group, members in groupby(rows, key=lambda row: row["group"]):
        yield group, list(members)


def _sections() -> Iterator[str]:
    for group, rows in _groups():
        yield f"## {TITLES[group]}\n"
        yield "| name | default | what it means |"
        yield "| --- | --- | --- |"
        for row in rows:
            note = f" ({row['note']})" if row["note"] else ""
            default = f"`{row['default']}`" if row["default"] else ""
            yield f"| `{row['name']}` | {default} | {row['about']}{note} |"
        yield ""


def _required(row: dict[str, str]) -> str:
    return f"  # {row['note']}" if row["note"] else ""


def main() -> int:
    """Writes the files, or compares them."""
    stale = [path for path, text in files().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv:
        sys.stdout.writelines(f"{path.relative_to(ROOT)} is not up to date\n" for path in stale)
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(exist_ok=True)
        path.write_text(files()[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
