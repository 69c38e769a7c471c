"""Database, migrations, demo data, web server: one line for each, then where to look and how to sign in.

One process does the first three and then goes on as gunicorn's master, so that there is nothing between the person
and the server: Ctrl-C, a closed terminal, SIGTERM and even `kill -9` reach it, and the database stops itself after
its last user. A forked child waits for the first answer, says where to look, and ends.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import flask_migrate
from gunicorn.app.wsgiapp import WSGIApplication
from sqlalchemy.exc import DBAPIError

from doorstep.app import create_app
from doorstep.backends.database.embedded import EmbeddedError
from doorstep.core import settings
from doorstep.core.errors import Problem
from doorstep.core.extensions import db
from doorstep.core.settings import SettingsError
from doorstep.demo import loader

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
PORT = os.environ.get("PORT", "8000")
PATIENCE_SECONDS = 60


class Server(WSGIApplication):
    """gunicorn as `gunicorn.conf.py` has it, on this port, ending with the terminal it was started in."""

    def load_config(self) -> None:
        super().load_config()
        self.cfg.set("bind", [f"{HOST}:{PORT}"])
        self.cfg.set("loglevel", "warning")
        self.cfg.set("when_ready", end_with_the_terminal)


def end_with_the_terminal(server: object) -> None:
    """gunicorn would take the hang-up for a wish to reload, and stay behind where nobody sees it."""
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))


def step(text: str) -> None:
    print(f"{text} ...", flush=True)


def prepare() -> list[str]:
    """Brings database and demo data up to date, and returns what to tell the person."""
    if PORT != "8000":
        os.environ.setdefault("PUBLIC_BASE_URL", f"http://{HOST}:{PORT}")
    chosen = settings.load(instance=ROOT / "instance")
    step("Connecting to the database of DATABASE_URL" if chosen.database_url else "Starting the database")
    app = create_app(chosen)
    with app.app_context():
        step("Updating tables")
        logging.getLogger("alembic").setLevel(logging.WARNING)
        flask_migrate.upgrade()
        step("Looking for the demo companies")
        loader.load_if_missing(lambda text: step(f"Loading {text}"))
        lines = loader.welcome_lines(chosen.public_base_url)
        db.engine.dispose()
    return lines


def refusal(error: DBAPIError) -> str:
    """A sentence for what the database did not want."""
    said = str(error.orig).strip().splitlines()
    return (
        f"The database did not let Doorstep do its work: {said[0] if said else type(error.orig).__name__}\n"
        "DATABASE_URL is for the role `app` and DATABASE_OWNER_URL for the role `owner` of a PostgreSQL 15 or later; "
        "ops/postgres/roles.sql makes both."
    )


def answers() -> bool:
    """Whether the server does. Asked without urllib, which would go through a proxy that the machine may have."""
    connection = HTTPConnection(HOST, int(PORT), timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def announce(lines: list[str], server: int) -> None:
    """Waits until the server answers, then prints; silent if the server died, which tells why itself."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while os.getppid() == server and time.monotonic() < deadline:
        if answers():
            print("\n".join(["", *lines, "", "Ctrl-C stops everything."]), flush=True)
            return
        time.sleep(0.05)


def main() -> None:
    os.chdir(ROOT)
    try:
        lines = prepare()
    except (EmbeddedError, SettingsError, Problem) as error:
        sys.exit(str(error))
    except DBAPIError as error:
        sys.exit(refusal(error))
    step("Starting the web server")
    server = os.getpid()
    if os.fork() == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        announce(lines, server)
        os._exit(0)
    Server("%(prog)s").run()
