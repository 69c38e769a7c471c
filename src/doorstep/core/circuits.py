"""Circuit breakers of outside services, kept in the database: what one process learns about a server that is down, all
processes know, and the operator's page shows it.

Asked once for each call that is slow anyway, such as a mail; a call inside a request wants one in memory instead. After
`failures` bad calls in a row the circuit is open and nobody calls; when its time is over it is half-open: a call may
prove that all is well again, or opens it for twice as long.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from doorstep.core import clock
from doorstep.core.db import Base
from doorstep.core.extensions import db

CLOSED: Final = "closed"
HALF_OPEN: Final = "half-open"
OPEN: Final = "open"
LEAST_SHARE: Final = 0.75
LONGEST_ERROR: Final = 300


class CircuitRow(Base):
    """What is known of a service that gives trouble; one without a row is well. `opens` counts how often in a row it
    was opened, `opened_at` is when the trouble was first called so."""

    __tablename__ = "circuits"

    name: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    opens: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime | None]
    open_until: Mapped[datetime | None]
    last_error: Mapped[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a circuit is at a moment: `closed`, `half-open` or `open`; since when it is not closed, until when nobody
    calls, and what was the last trouble."""

    state: str
    since: datetime | None = None
    until: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Circuit:
    """The breaker of one service. All of its methods belong to the transaction of the caller."""

    name: str
    failures: int
    open_seconds: float
    most_seconds: float

    def standing(self) -> Standing:
        """Returns how the circuit is now."""
        row = db.session.execute(select(CircuitRow).where(CircuitRow.name == self.name)).scalar_one_or_none()
        if row is None or row.open_until is None:
            return Standing(CLOSED)
        state = OPEN if row.open_until > clock.now() else HALF_OPEN
        return Standing(state, row.opened_at, row.open_until, row.last_error)

    def good(self) -> bool:
        """Notes a call that went well. Returns whether this closed the circuit."""
        gone = delete(CircuitRow).where(CircuitRow.name == self.name).returning(CircuitRow.open_until)
        row = db.session.execute(gone.execution_options(synchronize_session=False)).first()
        return row is not None and row.open_until is not None

    def bad(self, error: str, *, wait: float = 0) -> bool:
        """Notes a call that failed because of the service. `wait` is for how many seconds it asked to be left alone.

        Returns whether this opened the circuit, or opened it again.
        """
        row = self._locked()
        row.failures += 1
        row.last_error = error[:LONGEST_ERROR]
        opens = row.failures >= self.failures or row.open_until is not None or wait > 0
        if opens:
            row.opened_at = row.opened_at or clock.now()
            row.open_until = clock.now() + timedelta(seconds=max(self._seconds(row.opens), wait))
            row.opens += 1
        db.session.flush()
        return opens

    def _locked(self) -> CircuitRow:
        first = insert(CircuitRow).values(name=self.name, failures=0, opens=0, last_error="")
        db.session.execute(first.on_conflict_do_nothing(index_elements=["name"]))
        mine = select(CircuitRow).where(CircuitRow.name == self.name).with_for_update()
        return db.session.execute(mine.execution_options(populate_existing=True)).scalar_one()

    def _seconds(self, opens: int) -> float:
        """Doubled each time, and not quite the same for everybody, so that a server that comes back is not run over."""
        roof = min(self.most_seconds, self.open_seconds * 2.0 ** min(opens, 30))
        return roof * random.uniform(LEAST_SHARE, 1.0)  # noqa: S311 (no secret)
