"""What the list of orders shows: filters as they stand in the address, forgiving where an address was typed wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from doorstep.core import typed
from doorstep.orders.lines import OrderFilter
from doorstep.orders.status import VISITING

PAGE: Final = 50
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class View:
    """A chip over the list: its key in the address, its words, which orders it shows."""

    key: str
    label: str
    icon: str
    status: Sequence[str] = ()
    unassigned: bool = False


VIEWS: Final = (
    View("", "All", "list-filter"),
    View("requested", "Requested", "inbox", ("requested",)),
    View("quoted", "Quoted", "receipt", ("quoted",)),
    View("planned", "Planned", "calendar-days", VISITING),
    View("unassigned", "Unassigned", "circle-dashed", unassigned=True),
    View("finished", "Finished", "circle-check", ("completed",)),
    View("ended", "Declined and cancelled", "ban", ("declined", "cancelled")),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """The list that an address asks for, and the words of its filters."""

    view: View
    worker: UUID | None
    first: date | None
    last: date | None
    search: str
    cursor: str | None
    zone: ZoneInfo

    @property
    def wanted(self) -> OrderFilter:
        """The filter for the rows."""
        return OrderFilter(
            status=self.view.status,
            unassigned=self.view.unassigned,
            worker_id=self.worker,
            first=_midnight(self.first, self.zone),
            until=_midnight(self.last + timedelta(days=1), self.zone) if self.last else None,
            search=self.search,
        )

    @property
    def is_filtered(self) -> bool:
        """Whether it shows less than everything."""
        return bool(self.view.key or self.worker or self.first or self.last or self.search)

    @property
    def kept(self) -> dict[str, str]:
        """The filters beside the search words, for the form of those."""
        values = {"view": self.view.key, "worker": self.worker, "from": self.first, "to": self.last}
        return {name: str(value) for name, value in values.items() if value}


def read(query: Mapping[str, str], zone: ZoneInfo) -> Shown:
    """Returns the list that the address asks for. What cannot be read filters nothing."""
    views = {view.key: view for view in VIEWS}
    return Shown(
        view=views.get(query.get("view", ""), VIEWS[0]),
        worker=_read(UUID, query.get("worker")),
        first=_read(_day, query.get("from")),
        last=_read(_day, query.get("to")),
        search=query.get("q", "").replace("\0", "").strip()[:100],
        cursor=query.get("cursor"),
        zone=zone,
    )


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if day.year not in typed.YEARS:
        raise ValueError("out of range")
    return day


def _read(kind: Callable[[str], T], text: str | None) -> T | None:
    try:
        return kind(text or "")
    except ValueError:
        return None


def _midnight(day: date | None, zone: ZoneInfo) -> Any:
    return datetime.combine(day, time(), zone) if day else None
