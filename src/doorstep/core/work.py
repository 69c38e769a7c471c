"""What a job of the system is given while it runs: time that ends, fenced units of work, whether to pretend."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import CursorResult, Delete, Update, text

from doorstep.core import clock, tenancy
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction

Counts = Mapping[str, int]
BATCH: Final = 500
PATIENT: Final = text("select set_config('statement_timeout', :milliseconds, true)")


class Fenced(RuntimeError):
    """This run is not the one that may work any more: it was frozen or cut off, and another took its place."""


class _Pretended(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Work:
    """One run of a job. `dry` means that everything is done and undone again, and calls to the outside are left out.

    `ends` is when to stop, on the monotonic clock; `fence` is asked first in every unit of work and raises Fenced
    unless this run may still work; what it read stays locked until the commit.
    """

    ends: float
    dry: bool = False
    fence: Callable[[], None] = lambda: None
    statement_seconds: int = 30

    @property
    def has_time(self) -> bool:
        """Whether there is time for more; every loop asks."""
        return clock.monotonic() < self.ends

    @contextmanager
    def part(self, why: str) -> Iterator[None]:
        """One unit of work over all organizations. Committed at its end; when `dry`, rolled back.

        Raises Fenced when this run may not work any more.
        """
        try:
            with tenancy.system_scope(why), transaction():
                db.session.execute(PATIENT, {"milliseconds": str(self.statement_seconds * 1000)})
                self.fence()
                yield
                if self.dry:
                    raise _Pretended
        except _Pretended:
            pass

    @staticmethod
    def rows_of(statement: Delete | Update) -> int:
        """Returns how many rows a statement changed."""
        return int(cast("CursorResult[Any]", db.session.execute(statement)).rowcount)

    def sweep(self, why: str, batch: Callable[[int], int]) -> int:
        """Returns how many rows `batch(most)` took altogether, called in a unit of work each until it takes fewer than
        it might, or time ends. Pretending, one batch is counted."""
        total = 0
        while self.has_time:
            with self.part(why):
                taken = batch(BATCH)
            total += taken
            if taken < BATCH or self.dry:
                break
        return total
