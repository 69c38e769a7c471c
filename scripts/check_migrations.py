"""Runs the migrations on an empty database, up, down and up again, and compares the result with the models.

An argument names the programs of another PostgreSQL, such as /usr/lib/postgresql/15/bin.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from doorstep.backends.database import embedded

ROOT = Path(__file__).resolve().parents[1]
STEPS = (("upgrade",), ("check",), ("downgrade", "base"), ("upgrade",), ("check",))


def main() -> int:
    bin_dir = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "postgres"
        urls = embedded.ensure(root, bin_dir=bin_dir, fast=True)
        environment = os.environ | {"DATABASE_URL": urls.app, "DATABASE_OWNER_URL": urls.owner}
        try:
            for step in STEPS:
                command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", *step]
                done = subprocess.run(command, cwd=ROOT, env=environment)
                print(f"flask db {' '.join(step)}: {'ok' if done.returncode == 0 else 'failed'}", flush=True)
                if done.returncode != 0:
                    return 1
        finally:
            embedded.remove(root)
    return 0


if __name__ == "__main__":
    sys.exit(main())
