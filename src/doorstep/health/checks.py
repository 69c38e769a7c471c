"""What readiness means, one function a check; each returns facts with `ok`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from doorstep.core import clock, current
from doorstep.core.extensions import db
from doorstep.jobs import status

Facts = dict[str, Any]


def database() -> Facts:
    """The database answers."""
    db.session.execute(text("select 1"))
    return {"ok": True}


def migrations() -> Facts:
    """The database's schema is the one this code was written for."""
    found = db.session.execute(text("select version_num from alembic_version")).scalar_one_or_none()
    return {"ok": found == head(), "current": found, "head": head()}


def tenancy() -> Facts:
    """Row security holds for the role that the application runs as."""
    row = db.session.execute(text("select current_user as role, row_security_active('orders') as active")).one()
    return {"ok": bool(row.active), "role": row.role}


def jobs() -> Facts:
    """The system's own work is being done, where that is asked for."""
    settings = current.settings()
    at, age = status.heartbeat_age()
    fresh = age is not None and age <= settings.job_heartbeat_ttl_seconds
    return {
        "ok": fresh or not settings.job_heartbeat_required,
        "required": settings.job_heartbeat_required,
        "last_heartbeat": at,
        "age_seconds": None if age is None else round(age, 1),
        "ttl_seconds": settings.job_heartbeat_ttl_seconds,
    }


CHECKS: Final[dict[str, Callable[[], Facts]]] = {
    "database": database,
    "migrations": migrations,
    "tenancy": tenancy,
    "jobs": jobs,
}


def head() -> str:
    """Returns the newest migration in the code; read once per process."""
    known: str | None = current_app.extensions.get("doorstep.migration_head")
    if known is None:
        script = ScriptDirectory(current_app.extensions["migrate"].directory)
        known = current_app.extensions["doorstep.migration_head"] = script.get_current_head() or ""
    return known


def readiness() -> tuple[bool, dict[str, Facts]]:
    """Returns whether all checks hold, and the facts of each.

    A check that fails says why and stops no other, except that nothing more is asked of a database that is away:
    each question would wait for it once more.
    """
    facts = {"database": _timed(database)}
    for name, check in CHECKS.items():
        if name not in facts:
            facts[name] = _timed(check) if facts["database"]["ok"] else {"ok": False, "error": "no database"}
    return all(fact["ok"] for fact in facts.values()), facts


def _timed(check: Callable[[], Facts]) -> Facts:
    began = clock.monotonic()
    try:
        facts = check()
    except SQLAlchemyError as error:
        db.session.rollback()
        facts = {"ok": False, "error": type(error).__name__}
    return {**facts, "ms": round((clock.monotonic() - began) * 1000, 1)}
