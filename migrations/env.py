"""Migrations run as the owner, one at a time, impatient: a short wait for locks, a bounded number of tries.

`ALTER TABLE` waits behind the slowest reader, and everybody else waits behind it; so it gives up after a second
and comes back later.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import context
from flask import current_app
from sqlalchemy.exc import OperationalError

LOCK_KEY = 7_405_201  # any number; the same for every migration of this product
LOCK_NOT_AVAILABLE = "55P03"
TRIES = 5


def _owner_url() -> str:
    settings = current_app.extensions["doorstep.settings"]
    return str(settings.database_owner_url or settings.database_direct_url or settings.database_url)


@contextmanager
def _alone() -> Iterator[sa.Connection]:
    """Gives a connection of the owner that holds the lock of all migrations; closing it gives the lock back."""
    engine = sa.create_engine(_owner_url(), poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text("select pg_advisory_lock(:key)"), {"key": LOCK_KEY})
        connection.execute(sa.text("set lock_timeout = '1s'"))
        connection.execute(sa.text("set statement_timeout = '10min'"))
        connection.commit()
        yield connection


def _run(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=current_app.extensions["migrate"].db.metadata,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()


def _with_patience() -> None:
    for attempt in range(1, TRIES + 1):
        try:
            with _alone() as connection:
                return _run(connection)
        except OperationalError as error:
            if getattr(error.orig, "pgcode", None) != LOCK_NOT_AVAILABLE or attempt == TRIES:
                raise
            time.sleep(attempt)


_with_patience()
