"""The second half of `make run`: database, migrations, demo data, web server. Prints one line for each.

One process does the first three and then *becomes* gunicorn, so that there is nothing between the person and
the server: Ctrl-C, SIGTERM and even `kill -9` reach it, and the database stops itself after its last user.
A forked child waits for the first answer, says where to look, and ends.
"""

from __future__ import annotations

import logging
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import flask_migrate

from doorstep.app import create_app
from doorstep.backends.database.embedded import EmbeddedError
from doorstep.core.extensions import db
from doorstep.core.settings import SettingsError
from doorstep.demo import loader

ROOT = Path(__file__).resolve().parents[1]
PORT = os.environ.get("PORT", "8000")
PATIENCE_SECONDS = 60


def step(text: str) -> None:
    print(f"{text} ...", flush=True)


def prepare() -> list[str]:
    """Brings database and demo data up to date, and returns what to tell the person."""
    if PORT != "8000":
        os.environ.setdefault("PUBLIC_BASE_URL", f"http://127.0.0.1:{PORT}")
    step("Starting the database")
    app = create_app()
    with app.app_context():
        step("Updating tables")
        logging.getLogger("alembic").setLevel(logging.WARNING)
        flask_migrate.upgrade()
        step("Loading the demo companies")
        loader.load_if_missing()
        lines = loader.welcome_lines(app.extensions["doorstep.settings"].public_base_url)
        db.engine.dispose()
    return lines


def announce(lines: list[str], server: int) -> None:
    """Waits until the server answers, then prints; silent if the server died, which tells why itself."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while os.getppid() == server and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=2):
                print("\n".join(["", *lines, "", "Ctrl-C stops everything."]), flush=True)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)


def main() -> None:
    os.chdir(ROOT)
    try:
        lines = prepare()
    except (EmbeddedError, SettingsError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped.")
    step("Starting the web server")
    server = os.getpid()
    if os.fork() == 0:
        announce(lines, server)
        os._exit(0)
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "--log-level", "warning"])  # noqa: S606


if __name__ == "__main__":
    main()
