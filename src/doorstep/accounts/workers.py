"""The workers of the organization in scope: list, add, change, time off. Nothing here commits."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.dialects.postgresql import Range, distinct_on

from doorstep.accounts import hours
from doorstep.accounts.models import TimeOff, User, Worker
from doorstep.accounts.users import checked_name
from doorstep.core import clock, tenancy
from doorstep.core.actor import Actor
from doorstep.core.errors import NotFound, invalid
from doorstep.core.extensions import db
from doorstep.core.http.paging import Keyset, by_time, split
from doorstep.core.transaction import save

LONGEST_ABSENCE: Final = timedelta(days=366)
COLOUR: Final = re.compile(r"[a-z0-9#-]{0,20}")
BY_NAME: Final = Keyset((Worker.name, Worker.id), (str, UUID), descending=False)
BY_START: Final = by_time(func.lower(TimeOff.during), TimeOff.id, descending=False)


def rows(limit: int = 50, cursor: str | None = None, *, inactive: bool = False) -> tuple[list[Worker], str | None]:
    """Returns a page of workers by name, the inactive ones too if wished, and the cursor of the next page."""
    return _page(select(Worker) if inactive else select(Worker).where(Worker.active), limit, cursor)


def former(limit: int = 50, cursor: str | None = None) -> tuple[list[Worker], str | None]:
    """Returns a page of those who get no orders any more, by name, and the cursor of the next page."""
    return _page(select(Worker).where(~Worker.active), limit, cursor)


def _page(statement: Select[Any], limit: int, cursor: str | None) -> tuple[list[Worker], str | None]:
    found = db.session.execute(BY_NAME.page(statement, limit, cursor)).scalars().all()
    shown, following = split(found, limit, lambda worker: (worker.name, worker.id))
    return list(shown), following


def find(worker_id: UUID, *, lock: bool = False) -> Worker:
    """Returns the worker. Raises NotFound."""
    return tenancy.get(Worker, worker_id, lock=lock)


def add(who: Actor, values: Mapping[str, Any]) -> Worker:
    """Returns the new worker: `name`, and what `change` knows. Without hours: Monday to Friday, 8:00 to 17:00.

    Raises Invalid for a value that does not fit.
    """
    given = {"weekly_hours": hours.USUAL, **values}
    return save(Worker(name=checked_name(given.pop("name", "")), **_checked(given)))


def change(who: Actor, worker_id: UUID, values: Mapping[str, Any]) -> Worker:
    """Returns the worker with the given values changed: name, phone, colour, skills, weekly_hours, active.

    Raises NotFound, or Invalid for a value that does not fit.
    """
    worker = find(worker_id, lock=True)
    for name, value in _checked(values).items():
        setattr(worker, name, value)
    return save(worker)


def enlist(user: User) -> Worker:
    """Returns the user's row in the list of workers, active; made when there is none."""
    statement = select(Worker).where(Worker.user_id == user.id)
    worker = db.session.execute(statement).scalar_one_or_none()
    if worker is None:
        worker = Worker(user_id=user.id, name=user.name, weekly_hours=hours.USUAL)
    worker.active = True
    return save(worker)


def set_active(user_id: UUID, *, active: bool) -> None:
    """Makes the user's row in the list of workers, if any, count or not."""
    db.session.execute(update(Worker).where(Worker.user_id == user_id).values(active=active))


def add_time_off(who: Actor, worker_id: UUID, *, start: datetime, end: datetime, reason: str = "") -> TimeOff:
    """Returns the worker's new time off, from `start` up to `end`. Raises NotFound, or Invalid when it ends
    before it starts, is over already or is longer than a year."""
    worker = find(worker_id)
    if end <= start:
        raise invalid("end", "The end comes before the start.")
    if end <= clock.now():
        raise invalid("end", "This is over already.")
    if end - start > LONGEST_ABSENCE:
        raise invalid("end", "At most a year at once.")
    during = Range(start, end, bounds="[)")
    return save(TimeOff(worker_id=worker.id, during=during, reason=_words(reason, 200, "reason")))


def time_off(worker_id: UUID, limit: int = 50, cursor: str | None = None) -> tuple[list[TimeOff], str | None]:
    """Returns a page of the worker's time off that is not over, soonest first, and the next cursor."""
    statement = select(TimeOff).where(TimeOff.worker_id == find(worker_id).id, func.upper(TimeOff.during) > clock.now())
    found = db.session.execute(BY_START.page(statement, limit, cursor)).scalars().all()
    shown, following = split(found, limit, lambda row: (row.during.lower, row.id))
    return list(shown), following


def next_time_off(worker_ids: Collection[UUID]) -> dict[UUID, TimeOff]:
    """Returns the first time off that is not over, of each worker who has one."""
    statement = (
        select(TimeOff)
        .where(TimeOff.worker_id.in_(worker_ids), func.upper(TimeOff.during) > clock.now())
        .ext(distinct_on(TimeOff.worker_id))
        .order_by(TimeOff.worker_id, func.lower(TimeOff.during), TimeOff.id)
    )
    return {row.worker_id: row for row in db.session.execute(statement).scalars()}


def remove_time_off(who: Actor, worker_id: UUID, time_off_id: UUID) -> None:
    """Takes a time off back. Raises NotFound."""
    row = tenancy.get(TimeOff, time_off_id, lock=True)
    if row.worker_id != worker_id:
        raise NotFound("There is no such time off here.")
    db.session.delete(row)
    db.session.flush()


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: CHECKS[name](value) for name, value in values.items() if name in CHECKS}


def _words(text: str, most: int, field: str) -> str:
    found = " ".join(text.split())
    if len(found) > most or not found.isprintable():
        raise invalid(field, f"Use at most {most} letters.")
    return found


def _colour(text: str) -> str:
    if not COLOUR.fullmatch(text):
        raise invalid("colour", "Choose one of the colours.")
    return text


def _skills(words: Sequence[str]) -> list[str]:
    return sorted({_words(word, 40, "skills").lower() for word in words} - {""})


CHECKS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "name": checked_name,
    "phone": lambda text: _words(text, 40, "phone"),
    "colour": _colour,
    "skills": _skills,
    "weekly_hours": hours.checked,
    "active": bool,
}
