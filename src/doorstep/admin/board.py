"""The day board: a lane for each worker and one for visits without, on a grid of quarter hours. Pure over its rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from doorstep.accounts.models import Worker
from doorstep.core import formats
from doorstep.orders import slots
from doorstep.orders.queries import Board
from doorstep.orders.slots import Span

QUARTERS: Final = 48
QUARTER: Final = timedelta(minutes=15)
USUAL_START: Final = 7
LAST_START: Final = 12
MIDNIGHT: Final = 24
MOST_ROWS: Final = 8  # with a class of their own; what is further down takes the first row that is free
Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Card:
    """A visit on the grid: from quarter `at` for `length` of them, in the lane's `row` (from 1)."""

    line: Line
    at: int
    length: int
    row: int
    late: bool

    @property
    def place(self) -> str:
        """The classes that place it."""
        row = f" row-{self.row}" if self.row <= MOST_ROWS else " row-more"
        return f"at-{self.at} for-{self.length}" + (row if self.row > 1 else "")


@dataclass(frozen=True, slots=True)
class Away:
    """A stretch in which a worker is not there; `words` say why."""

    at: int
    length: int
    words: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A worker's day; `worker` is None in the lane of visits that nobody has yet."""

    worker: Worker | None
    cards: Sequence[Card]
    away: Sequence[Away]
    booked_minutes: int
    working_minutes: int

    @property
    def rows(self) -> int:
        """How many cards lie one below the other where they overlap."""
        return max((card.row for card in self.cards), default=1)

    @property
    def load(self) -> str:
        """How full the day is, in words."""
        if self.worker is None:
            return f"{len(self.cards)} {'order' if len(self.cards) == 1 else 'orders'}"
        if not self.working_minutes:
            return f"{formats.duration(self.booked_minutes)}, day off" if self.booked_minutes else "Not working"
        return f"{hours(self.booked_minutes)} of {hours(self.working_minutes)} h"


@dataclass(frozen=True, slots=True)
class Grid:
    """The board of a day. `now` is where the line of the present stands (0 to 1), if it is today."""

    day: date
    opens_at: int
    lanes: Sequence[Lane]
    now: float | None

    @property
    def marks(self) -> list[tuple[int, str]]:
        """The full hours: the quarter at which each stands, and its words."""
        return [(hour * 4, _hour(self.opens_at + hour)) for hour in range(1, QUARTERS // 4)]

    @property
    def booked(self) -> str:
        """How much of the workers' time is taken, in words."""
        staffed = [lane for lane in self.lanes if lane.worker]
        taken, there = sum(lane.booked_minutes for lane in staffed), sum(lane.working_minutes for lane in staffed)
        return f"{hours(taken)} of {hours(there)} h booked"


def grid(board: Board, zone: ZoneInfo, now: datetime) -> Grid:
    """Returns the board as it is drawn. A day that begins before seven or ends late moves the twelve hours shown."""
    opens = _opens([line for line in board.rows if line["start"] >= board.start], zone)
    clock = _Clock(board.start + timedelta(hours=opens), now)
    lanes = [_lane(worker, board, zone, clock) for worker in _people(board)]
    share = (now - clock.start) / (QUARTERS * QUARTER)
    return Grid(board.day, opens, lanes, share if 0 <= share <= 1 else None)


def hours(minutes: int) -> str:
    """Returns e.g. `7.5`."""
    return f"{minutes / 60:.1f}".removesuffix(".0")


@dataclass(frozen=True, slots=True)
class _Clock:
    """Where moments stand on the grid that begins at `start`."""

    start: datetime
    now: datetime

    def quarter(self, moment: datetime) -> int:
        return round((moment - self.start) / QUARTER)

    def place(self, start: datetime, end: datetime) -> tuple[int, int] | None:
        """Returns the first quarter and the number of quarters that are to be seen; None for nothing."""
        first, last = self.quarter(start), self.quarter(end)
        if last <= 0 or first >= QUARTERS:
            return None
        at = min(max(first, 0), QUARTERS - 1)
        return at, max(min(last, QUARTERS) - at, 1)


def _people(board: Board) -> Iterable[Worker | None]:
    nobody: list[Worker | None] = [None] if board.of(None) else []
    return [*nobody, *board.workers]


def _lane(worker: Worker | None, board: Board, zone: ZoneInfo, clock: _Clock) -> Lane:
    lines = board.of(worker.id if worker else None)
    spans = slots.working_spans(worker.weekly_hours, board.day, zone) if worker else []
    off = [(away.during.lower, away.during.upper) for away in board.away if worker and away.worker_id == worker.id]
    present = slots.minus(spans, [(start or board.start, end or board.end) for start, end in off])
    return Lane(
        worker=worker,
        cards=_stacked(lines, clock),
        away=_away(present, board, worker.id, clock) if worker else [],
        booked_minutes=sum(_minutes_of_the_day(line, board) for line in lines),
        working_minutes=sum(int((end - start).total_seconds() // 60) for start, end in present),
    )


def _minutes_of_the_day(line: Line, board: Board) -> int:
    return int((min(line["end"], board.end) - max(line["start"], board.start)).total_seconds() // 60)


def _stacked(lines: Sequence[Line], clock: _Clock) -> list[Card]:
    """Places the visits; what overlaps goes one row further down, what lies outside the hours shown at the edge."""
    cards: list[Card] = []
    ends: list[int] = []
    for line in lines:
        at, length = clock.place(line["start"], line["end"]) or (
            (0, 1) if line["end"] <= clock.start else (QUARTERS - 1, 1)
        )
        row = next((n for n, end in enumerate(ends) if end <= at), len(ends))
        ends[row:] = [at + length, *ends[row + 1 :]]
        cards.append(Card(line, at, length, row + 1, _is_late(line, clock.now)))
    return cards


def _is_late(line: Line, now: datetime) -> bool:
    return line["status"] in ("scheduled", "on_the_way") and bool(line["start"] < now)


def _away(present: Sequence[Span], board: Board, worker_id: UUID, clock: _Clock) -> list[Away]:
    gaps = slots.minus([(clock.start, clock.start + QUARTERS * QUARTER)], present)
    placed = [(place, start, end) for start, end in gaps if (place := clock.place(start, end))]
    return [Away(*place, _reason(board, worker_id, start, end)) for place, start, end in placed]


def _reason(board: Board, worker_id: UUID, start: datetime, end: datetime) -> str:
    for away in board.away:
        lower, upper = away.during.lower or start, away.during.upper or end
        if away.worker_id == worker_id and lower < end and start < upper:
            return away.reason or "Time off"
    return "Not working" if end - start > timedelta(hours=3) else ""


def _opens(lines: Iterable[Line], zone: ZoneInfo) -> int:
    """Returns the hour at which the twelve shown hours begin, so that as much as possible is to be seen."""
    shown = [(formats.local(line["start"], zone), formats.local(line["end"], zone)) for line in lines]
    if not shown:
        return USUAL_START
    earliest = min(start.hour for start, _ in shown)
    latest = max(end.hour + (end.minute > 0) if end.date() == start.date() else MIDNIGHT for start, end in shown)
    if earliest < USUAL_START:
        return earliest
    return min(max(USUAL_START, latest - QUARTERS // 4), earliest, LAST_START)


def _hour(hour: int) -> str:
    return f"{hour}:00"
