"""Migrations run as the owner, one at a time, impatient: a short wait for locks and a bounded number of tries."""

from __future__ import annotations

import time

import sqlalchemy as sa
from alembic import context
from flask import current_app
from sqlalchemy.exc import OperationalError

LOCK_KEY = 7_405_201  # any number; the same for every migration of this product
LOCK_NOT_AVAILABLE = "55P03"
TRIES = 5


def _not_ours(name: str | None, kind: str) -> bool:
    """Objects that are written by hand in migrations and not compared."""
    return kind == "index" and name is not None and name.startswith(("ix_assignments_worker", "no_double_booking"))


def _include(obj: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    return not _not_ours(name, kind)


def _run(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        connection.execute(sa.text("select pg_advisory_lock(:key)"), {"key": LOCK_KEY})
        connection.execute(sa.text("set lock_timeout = '1s'"))
        connection.execute(sa.text("set statement_timeout = '10min'"))
        connection.commit()
        try:
            context.configure(
                connection=connection,
                target_metadata=current_app.extensions["migrate"].db.metadata,
                compare_type=True,
                transaction_per_migration=True,
                include_object=_include,
            )
            with context.begin_transaction():
                context.run_migrations()
            connection.commit()
        finally:
            connection.rollback()
            connection.execute(sa.text("select pg_advisory_unlock(:key)"), {"key": LOCK_KEY})
            connection.commit()


def _owner_engine() -> sa.Engine:
    settings = current_app.extensions["doorstep.settings"]
    return sa.create_engine(settings.database_owner_url or settings.database_url, poolclass=sa.NullPool)


def _with_patience() -> None:
    for attempt in range(1, TRIES + 1):
        try:
            return _run(_owner_engine())
        except OperationalError as error:
            if getattr(error.orig, "pgcode", None) != LOCK_NOT_AVAILABLE or attempt == TRIES:
                raise
            time.sleep(attempt)


_with_patience()
