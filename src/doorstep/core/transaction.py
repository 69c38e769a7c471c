"""The one unit of work: opened at the edge (view, job, command), never in a service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from doorstep.core.db import Base
from doorstep.core.errors import Conflict, Invalid, Problem, StaleVersion, Unavailable
from doorstep.core.extensions import db

Row = TypeVar("Row", bound=Base)

OPEN: Final = "open"
JOINING: Final = "joining"

# SQLSTATE codes, https://www.postgresql.org/docs/current/errcodes-appendix.html
BUSY: Final = ("55P03", "40001", "40P01")  # lock not available, serialization failure, deadlock
QUERY_CANCELED: Final = "57014"


@contextmanager
def transaction() -> Iterator[None]:
    """Commits what the block did, or rolls all of it back and lets the error go on.

    Errors of the database that a person can do something about become problems (409, 412, 422, 503).
    Raises RuntimeError inside another unit of work: its first half would be committed alone.
    """
    session = db.session()
    around = session.info.get("unit_of_work", "")
    if around == OPEN:
        raise RuntimeError("a unit of work is open already; only the edge opens one")
    with _marked(session, OPEN), _part(session) if around == JOINING else _whole(session):
        yield


@contextmanager
def joining() -> Iterator[None]:
    """As `transaction`, for the edge itself: units of work inside become parts, kept or undone with the whole."""
    session = db.session()
    if session.info.get("unit_of_work"):
        raise RuntimeError("a unit of work is open already; only the edge opens one")
    with _marked(session, JOINING), _whole(session):
        yield


@contextmanager
def _marked(session: Session, mark: str) -> Iterator[None]:
    before = session.info.get("unit_of_work", "")
    session.info["unit_of_work"] = mark
    try:
        yield
    finally:
        session.info["unit_of_work"] = before


@contextmanager
def _whole(session: Session) -> Iterator[None]:
    try:
        yield
        session.commit()
    except BaseException as error:
        session.rollback()
        _raise_problem(error)
        raise


@contextmanager
def _part(session: Session) -> Iterator[None]:
    try:
        with session.begin_nested():
            yield
    except Exception as error:
        _raise_problem(error)
        raise


def _raise_problem(error: BaseException) -> None:
    problem = problem_of(error)
    if problem is not None:
        raise problem from error


def save(row: Row) -> Row:
    """Adds the row and flushes, so that its constraints speak here and children can point to it."""
    db.session.add(row)
    db.session.flush()
    return row


def constraint_of(error: IntegrityError) -> str:
    """Returns the name of the constraint that refused, or an empty string."""
    return getattr(getattr(error.orig, "diag", None), "constraint_name", None) or ""


def problem_of(error: BaseException) -> Problem | None:
    """Returns what to tell about an error of the database, or None when it is not the asker's to mend."""
    if isinstance(error, StaleDataError):
        return StaleVersion("Somebody else changed this meanwhile. Load it again to see the change.")
    if isinstance(error, IntegrityError):
        return Conflict("This does not fit what is already stored.")
    if isinstance(error, DataError):
        return Invalid("One of the values is larger than we can store.")
    code = getattr(error.orig, "pgcode", None) if isinstance(error, DBAPIError) else None
    if code in BUSY:
        return Conflict("Somebody else is changing this right now. Try again.")
    if code == QUERY_CANCELED:
        return Unavailable("The database took too long. Try again in a moment.", headers={"Retry-After": "5"})
    return None
