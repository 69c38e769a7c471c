"""An order's timeline as the office reads it: who did what, with the words that go with it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from doorstep.core import formats
from doorstep.orders.models import OrderEvent

ASKED: Final = {
    "move": "Asked for another time",
    "cancel": "Asked to cancel",
    "question": "Wrote to the office",
    "accept": "Accepted the quote",
}
FIELDS: Final = {
    "address": "address",
    "city": "city",
    "postal_code": "postal code",
    "access_notes": "how to get in",
    "details": "details",
    "price_cents": "price",
}
SOURCES: Final = {"api": "Made by another system", "office": "Taken down by the office"}
Line = dict[str, Any]
Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """In which zone and currency the timeline is read."""

    zone: ZoneInfo
    currency: str

    def lines(self, events: Sequence[OrderEvent]) -> list[Line]:
        """Returns the timeline for a thread, the newest first."""
        return [self._line(event) for event in reversed(events)]

    def window(self, data: Data, prefix: str) -> str:
        """Returns a visit as told in an event, e.g. `Tue 24 Nov, 9:00 – 11:00, Ana Morales`."""
        start, end, worker = (data.get(prefix + name) for name in ("start", "end", "worker"))
        if not start or not end:
            return ""
        when = formats.window(datetime.fromisoformat(start), datetime.fromisoformat(end), self.zone)
        return f"{when}, {worker or 'nobody yet'}"

    def _line(self, event: OrderEvent) -> Line:
        what, said, icon = WORDS.get(event.kind, _unknown)(self, event.kind, event.data)
        by = f", {event.actor_name}" if event.actor_name else ""
        when = f"{formats.day(event.at, self.zone)}, {formats.hm(event.at, self.zone)}{by}"
        return {"what": what, "when": when, "said": said, "icon": icon}


Told = tuple[str, str, str]
Teller = Callable[[Reader, str, Data], Told]


def _plain(what: str, icon: str, words: str = "reason") -> Teller:
    return lambda _reader, _kind, data: (what, str(data.get(words) or ""), icon)


def _unknown(_: Reader, kind: str, data: Data) -> Told:
    return kind.replace("_", " ").capitalize(), str(data.get("text") or data.get("reason") or ""), "circle-dot"


def _requested(_: Reader, kind: str, data: Data) -> Told:
    return SOURCES.get(str(data.get("source")), "Asked for on the company page"), "", "inbox"


def _scheduled(reader: Reader, kind: str, data: Data) -> Told:
    return "Scheduled", reader.window(data, "to_"), "calendar-check"


def _moved(reader: Reader, kind: str, data: Data) -> Told:
    same_time = (data.get("from_start"), data.get("from_end")) == (data.get("to_start"), data.get("to_end"))
    if same_time:
        return (
            "Given to " + (data.get("to_worker") or "nobody"),
            f"Before: {data.get('from_worker') or 'nobody'}",
            "user",
        )
    before = reader.window(data, "from_")
    return (
        "Moved",
        "\n".join(part for part in (reader.window(data, "to_"), f"Before: {before}" if before else "") if part),
        "calendar-clock",
    )


def _quoted(reader: Reader, kind: str, data: Data) -> Told:
    return f"Quoted {formats.money(data.get('price_cents'), reader.currency)}", str(data.get("note") or ""), "receipt"


def _changed(_: Reader, kind: str, data: Data) -> Told:
    return "Changed " + ", ".join(FIELDS.get(name, name) for name in data.get("fields", [])), "", "pencil"


def _noted(_: Reader, kind: str, data: Data) -> Told:
    return (
        "Note" + (", the client sees it" if data.get("for_client") else ""),
        str(data.get("text") or ""),
        "message-square",
    )


def _asked(_: Reader, kind: str, data: Data) -> Told:
    return ASKED.get(str(data.get("about")), ASKED["question"]), str(data.get("text") or ""), "hand"


def _answered(_: Reader, kind: str, data: Data) -> Told:
    words = str(data.get("text") or "")
    return "Answered" if words else "Answered by other means", words, "message-circle"


def _completed(_: Reader, kind: str, data: Data) -> Told:
    minutes = data.get("minutes")
    return (
        "Finished" + (f" after {formats.duration(minutes)}" if minutes else ""),
        str(data.get("note") or ""),
        "circle-check",
    )


def _rated(_: Reader, kind: str, data: Data) -> Told:
    return f"Rated: {data.get('score')} of 5 stars", "", "star"


def _photo(what: str, icon: str) -> Teller:
    return lambda _reader, _kind, data: (what, "", icon)


def _reviewed(_: Reader, kind: str, data: Data) -> Told:
    return ("Photo approved" if data.get("verdict") == "approved" else "Photo kept from the client"), "", "eye"


WORDS: Final[dict[str, Teller]] = {
    "requested": _requested,
    "quoted": _quoted,
    "scheduled": _scheduled,
    "moved": _moved,
    "declined": _plain("Declined", "circle-x"),
    "cancelled": _plain("Cancelled", "ban"),
    "on_the_way": _plain("On the way", "navigation"),
    "started": _plain("Work began", "circle-play"),
    "paused": _plain("Paused", "circle-pause"),
    "resumed": _plain("Went on", "circle-play"),
    "postponed": _plain("Could not be finished", "calendar-x"),
    "completed": _completed,
    "changed": _changed,
    "noted": _noted,
    "asked": _asked,
    "answered": _answered,
    "rated": _rated,
    "photo_stored": _photo("Photo added", "camera"),
    "photo_removed": _photo("Photo removed", "trash-2"),
    "photo_reviewed": _reviewed,
}
