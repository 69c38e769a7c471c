"""The one mechanism of all queues: outgoing email, export deliveries, deletions of stored objects.

A row is `due`; a process claims it by a lease and commits; it calls out with no transaction open; a
new transaction writes the outcome. A lease that ran out is due again, so delivery is at least once.
Claiming skips rows that others hold locked: any number of processes may deliver at the same time.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import Index, and_, func, or_, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from doorstep.core import clock, ids
from doorstep.core.db import OrgRow, only
from doorstep.core.errors import Conflict
from doorstep.core.extensions import db

STATES: Final = ("due", "sending", "sent", "dead", "cancelled")
MOST_COUNTED: Final = 10_000
PARKED: Final = ("dead", "cancelled")


class QueueRow(OrgRow):
    """The columns of a row that is to be delivered."""

    state: Mapped[str] = mapped_column(default="due")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(default=clock.now)
    lease_until: Mapped[datetime | None]
    leased_by: Mapped[UUID | None]
    last_error: Mapped[str | None]
    finished_at: Mapped[datetime | None]


def queue_constraints(table: str) -> tuple[Any, ...]:
    """Returns the CHECK and the partial indexes by which the due and the dead rows of `table` are found."""
    waiting = text("state in ('due', 'sending')")
    return (
        only("state", STATES),
        Index(f"ix_{table}_waiting", "next_at", "id", postgresql_where=waiting),
        Index(f"ix_{table}_dead", "finished_at", "id", postgresql_where=text("state = 'dead'")),
    )


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait between tries: exponential from `base` seconds, capped, with full jitter."""

    tries: int
    base_seconds: float
    cap_seconds: float

    def delay(self, attempts: int, *, permanent: bool = False, chance: float | None = None) -> timedelta | None:
        """Returns the wait after `attempts` failed tries, or None when the row is to be parked.

        `chance` in [0, 1) replaces the random draw. Rule: full jitter as described in "Exponential
        Backoff And Jitter", AWS Architecture Blog, 2015.
        """
        if permanent or attempts >= self.tries:
            return None
        roof = min(self.cap_seconds, self.base_seconds * 2 ** max(attempts - 1, 0))
        return timedelta(seconds=roof * (random.random() if chance is None else chance))  # noqa: S311


Row = TypeVar("Row", bound=QueueRow)


def claim(model: type[Row], limit: int, lease: timedelta) -> list[Row]:
    """Returns up to `limit` due rows, oldest first, leased to this caller. The caller commits.

    The statement uses the database's clock (`now()`), so that hosts with different clocks agree.
    """
    mine = ids.new()
    waiting = or_(model.state == "due", and_(model.state == "sending", model.lease_until < func.now()))
    chosen = (
        select(model.org_id, model.id)
        .where(waiting, model.state.in_(("due", "sending")), model.next_at <= func.now())
        .order_by(model.next_at, model.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("chosen")
    )
    claimed = (
        update(model)
        .where(model.org_id == chosen.c.org_id, model.id == chosen.c.id)
        .values(state="sending", leased_by=mine, lease_until=func.now() + lease, attempts=model.attempts + 1)
        .returning(model)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    rows: Sequence[Row] = db.session.execute(claimed).scalars().all()
    return sorted(rows, key=lambda row: (row.next_at, row.id))


def settle_sent(row: QueueRow, **more: Any) -> bool:
    """Writes that the row was delivered, and `more` of its columns. Returns False when the lease was lost to another
    process."""
    return _settle(row, state="sent", finished_at=func.now(), last_error=None, **more)


def settle_failed(row: QueueRow, error: str, backoff: Backoff, *, permanent: bool = False, counts: bool = True) -> bool:
    """Writes a failed try: due again later, or `dead` after the last or a permanent one. One that does not count,
    because it only showed that the service is still down, is never the last.

    Returns False when the lease was lost to another process.
    """
    tried = row.attempts if counts else row.attempts - 1
    wait = backoff.delay(tried, permanent=permanent)
    if wait is None:
        return _settle(row, state="dead", finished_at=func.now(), last_error=error)
    return _settle(row, state="due", next_at=func.now() + wait, last_error=error, attempts=tried)


def replay(row: QueueRow) -> None:
    """Makes a parked row due again, under the same id. Raises Conflict unless it is dead or cancelled."""
    if not _move(row, PARKED, state="due", attempts=0, next_at=func.now(), finished_at=None):
        raise Conflict(f"Only parked deliveries can be replayed; this one is {row.state}.")


def withdraw(row: QueueRow) -> bool:
    """Cancels a row that nobody has begun to send. Returns whether that was still possible."""
    return _move(row, ("due",), state="cancelled", finished_at=func.now())


def backlog(model: type[QueueRow]) -> tuple[int, int, datetime | None]:
    """Returns how many rows are to be delivered and how many are dead, each counted up to MOST_COUNTED, and since
    when the oldest is due (None when nothing is)."""
    waiting = model.state.in_(("due", "sending"))
    counts = []
    for condition in (waiting, model.state == "dead"):
        some = select(model.id).where(condition).limit(MOST_COUNTED).subquery()
        counts.append(select(func.count()).select_from(some).scalar_subquery())
    oldest = select(func.min(model.next_at)).where(waiting, model.next_at <= func.now()).scalar_subquery()
    found = db.session.execute(select(*counts, oldest)).one()
    return int(found[0]), int(found[1]), found[2]


def _settle(row: QueueRow, **values: Any) -> bool:
    model = type(row)
    mine = model.leased_by == row.leased_by, model.attempts == row.attempts
    return _written(row, model.state == "sending", *mine, lease_until=None, leased_by=None, **values)


def _move(row: QueueRow, states: Sequence[str], **values: Any) -> bool:
    """The state is asked in the same statement that changes it: a process may claim the row at this moment."""
    moved = _written(row, type(row).state.in_(states), **values)
    db.session.refresh(row)
    return moved


def _written(row: QueueRow, *conditions: Any, **values: Any) -> bool:
    model = type(row)
    statement = (
        update(model)
        .where(model.org_id == row.org_id, model.id == row.id, *conditions)
        .values(**values)
        .execution_options(synchronize_session=False)
        .returning(model.id)
    )
    return db.session.execute(statement).first() is not None
