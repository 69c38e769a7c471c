"""What an order's page tells its client: where things stand in one sentence, and how they came about. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from doorstep.core import formats
from doorstep.notifications.messages import first_name
from doorstep.orders.models import OrderEvent
from doorstep.orders.queries import OrderView
from doorstep.portals.client_asks import quote_accepted

ASKED: Final = {
    "move": "You asked for another time",
    "cancel": "You asked to cancel",
    "question": "You wrote to us",
    "accept": "You accepted the quote",
}
OFFICE: Final = ("member", "token")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an order stands: a headline, a line below it, and whether the client is the one to act."""

    headline: str
    lead: str
    waits_for_client: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """An order as its client reads it at the moment `now`, on the clocks of `zone`."""

    view: OrderView
    company: str
    zone: ZoneInfo
    now: datetime
    answers_within: str = "one working day"

    @property
    def service(self) -> str:
        """The service as it stands inside a sentence."""
        name = self.view.service.name
        return name if name[:2].isupper() else name[:1].lower() + name[1:]

    @property
    def workers(self) -> str:
        """The first names of who comes, or nothing while nobody is chosen."""
        return " and ".join(first_name(visit.worker_name) for visit in self.view.visits)

    @property
    def accepted(self) -> bool:
        """Whether the client accepted the quote as it stands now."""
        return quote_accepted(self.view.events)

    @property
    def postponed(self) -> bool:
        """Whether the visit broke off and has no new time yet."""
        story = [e.kind for e in self.view.events if e.kind in ("scheduled", "moved", "postponed")]
        return story[-1:] == ["postponed"]

    def standing(self) -> Standing:
        """Returns where the order stands."""
        return STANDINGS[self.view.order.status](self)

    def timeline(self) -> list[dict[str, Any]]:
        """Returns what happened, what is now and what comes, as lines of the thread."""
        past = [line for line in (_past(self, event) for event in self.view.events) if line]
        now = NOW[self.view.order.status](self)
        coming = [{"what": words} for words in COMING[self.view.order.status]]
        return [*past, *([{**now, "state": "now"}] if now else []), *coming]

    def window(self) -> tuple[datetime, datetime]:
        """Returns the visit's beginning and end. Only asked where the status guarantees a visit."""
        window = self.view.order.scheduled
        if window is None or window.lower is None or window.upper is None:
            raise LookupError("this order has no visit")
        return window.lower, window.upper

    def facts(self) -> list[tuple[str, str]]:
        """Returns what was asked for and who does it where, as pairs of name and words; the words may be empty."""
        order, done = self.view.order, self.view.order.status == "completed"
        wished = order.wished_at if order.wished_at and not order.scheduled else None
        return [
            ("Service", self.view.service.name),
            ("With", ", ".join(extra["label"] for extra in order.extras)),
            ("Who came" if done else "Who comes", ", ".join(visit.worker_name for visit in self.view.visits)),
            ("Where", ", ".join(filter(None, (order.address, order.city)))),
            ("You wished", f"{formats.day(wished, self.zone)}, {self.hm(wished)}" if wished else ""),
        ]

    def on_day(self, moment: datetime) -> str:
        """Returns `today`, `tomorrow` or `on Tuesday 24 November`."""
        days = (formats.local(moment, self.zone).date() - formats.local(self.now, self.zone).date()).days
        return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days) or f"on {formats.long_day(moment, self.zone)}"

    def hm(self, moment: datetime) -> str:
        """Returns the time of day."""
        return formats.hm(moment, self.zone)

    def minutes_worked(self) -> int:
        """Returns the minutes on the clock so far."""
        spans = ((entry.ended_at or self.now) - entry.started_at for entry in self.view.entries)
        return int(sum(spans, timedelta()).total_seconds() // 60)


def _requested(story: Story) -> Standing:
    name = first_name(story.view.client.name)
    answer = f"{story.company} answers within {story.answers_within}."
    return Standing(f"We have your request, {name}", f"{answer} Nothing is fixed and nothing is paid yet.")


def _quoted(story: Story) -> Standing:
    price = formats.money(story.view.order.price_cents, story.view.order.currency)
    if story.accepted:
        return Standing("Thank you, we look for a time", f"You accepted {price}. {story.company} writes to you soon.")
    return Standing(f"Your quote: {price}", "Nothing happens until you accept it.", waits_for_client=True)


def _scheduled(story: Story) -> Standing:
    start, end = story.window()
    if story.postponed:
        return Standing("We need another day", f"{story.company} finds a new time and writes to you.")
    if end < story.now:
        lead = f"It was planned {story.on_day(start)}. Call us if nobody came."
        return Standing("Your visit should be over", lead)
    who = f"{story.workers} come{'' if len(story.view.visits) > 1 else 's'}" if story.workers else "Your visit is"
    place = f", at {story.view.order.address}" if story.view.order.address else ""
    return Standing(f"{who} {story.on_day(start)}", f"From {story.hm(start)} to {story.hm(end)}{place}.")


def _on_the_way(story: Story) -> Standing:
    start, _ = story.window()
    verb = "is" if len(story.view.visits) == 1 else "are"
    return Standing(
        f"{story.workers or 'We'} {verb} on the way", f"Expected {story.on_day(start)} at {story.hm(start)}."
    )


def _in_progress(story: Story) -> Standing:
    began = min((entry.started_at for entry in story.view.entries), default=None)
    since = f"Since {story.hm(began)}. " if began else ""
    verb = "is" if len(story.view.visits) == 1 else "are"
    return Standing(f"{story.workers or 'We'} {verb} at work", f"{since}{_steps(story)}")


def _completed(story: Story) -> Standing:
    finished, minutes = story.view.order.finished_at, story.minutes_worked()
    day = f" {story.on_day(finished)} at {story.hm(finished)}" if finished else ""
    lasted = f", after {formats.duration(minutes)}" if minutes else ""
    lead = f"{story.workers or 'We'} finished your {story.service}{day}{lasted}."
    look = " Have a look?" if any(photo.visible_to_client for photo in story.view.photos) else ""
    return Standing(f"All done, {first_name(story.view.client.name)}.{look}", lead)


def _declined(story: Story) -> Standing:
    return Standing("We cannot take this one", story.view.order.reason or "We are sorry.")


def _cancelled(story: Story) -> Standing:
    return Standing("This order is cancelled", story.view.order.reason or "Nobody comes, and there is nothing to pay.")


def _steps(story: Story) -> str:
    steps = story.view.checklist
    done = sum(step.done_at is not None for step in steps)
    return f"{done} of {len(steps)} steps done." if done else ""


STANDINGS: Final[dict[str, Callable[[Story], Standing]]] = {
    "requested": _requested,
    "quoted": _quoted,
    "scheduled": _scheduled,
    "on_the_way": _on_the_way,
    "in_progress": _in_progress,
    "completed": _completed,
    "declined": _declined,
    "cancelled": _cancelled,
}

Line = dict[str, Any] | None


def _visit_line(story: Story) -> Line:
    start, end = story.window()
    if story.postponed:
        return {"what": "We look for a new time", "icon": "calendar-clock"}
    who = f"{story.workers} arrive{'' if len(story.view.visits) > 1 else 's'}" if story.workers else "Your visit"
    return {"what": who, "when": formats.window(start, end, story.zone), "icon": "calendar"}


def _rating_line(story: Story) -> Line:
    return None if story.view.feedback else {"what": "Your turn: how was it?", "icon": "star"}


def _quote_line(story: Story) -> Line:
    if story.accepted:
        return {"what": "We look for a time", "icon": "calendar-clock"}
    return {"what": "Your answer to the quote", "icon": "eye"}


NOW: Final[dict[str, Callable[[Story], Line]]] = {
    "requested": lambda _: {"what": "We look at your request", "icon": "eye"},
    "quoted": _quote_line,
    "scheduled": _visit_line,
    "on_the_way": _visit_line,
    "in_progress": lambda story: {"what": "At work", "when": _steps(story), "icon": "play"},
    "completed": _rating_line,
    "declined": lambda _: None,
    "cancelled": lambda _: None,
}
COMING: Final[dict[str, Sequence[str]]] = {
    "requested": ("Your visit", "Photos of the work"),
    "quoted": ("Your visit", "Photos of the work"),
    "scheduled": ("Photos of the work",),
    "on_the_way": ("Photos of the work",),
    "in_progress": ("Photos of the work",),
    "completed": (),
    "declined": (),
    "cancelled": (),
}


def _past(story: Story, event: OrderEvent) -> Line:
    """Returns the line of an event, or None for what is not the client's business."""
    told = PAST[event.kind](story, event) if event.kind in PAST else None
    if told is None:
        return None
    what, said = told
    by = f" by {first_name(event.actor_name)}" if event.actor_kind in OFFICE and event.kind in BY_OFFICE else ""
    at = f"{formats.day(event.at, story.zone)}, {story.hm(event.at)}{by}"
    return {"what": what, "when": at, "said": said, "state": "past"}


Told = tuple[str, str] | None


def _moved(story: Story, event: OrderEvent) -> Told:
    data = event.data
    if (data.get("from_start"), data.get("from_end")) == (data.get("to_start"), data.get("to_end")):
        worker = first_name(data.get("to_worker") or "")
        return (f"{worker} comes", "") if worker else None
    return f"Moved to {_window_of(story, data)}", ""


def _scheduled_past(story: Story, event: OrderEvent) -> Told:
    return f"Visit set for {_window_of(story, event.data)}", ""


def _window_of(story: Story, data: dict[str, Any]) -> str:
    ends = (data.get("to_start"), data.get("to_end"))
    start, end = (datetime.fromisoformat(end) if end else None for end in ends)
    return formats.window(start, end, story.zone) if start and end else "another time"


def _quoted_past(story: Story, event: OrderEvent) -> Told:
    price = formats.money(event.data.get("price_cents"), story.view.order.currency)
    return f"Quote: {price}", str(event.data.get("note", ""))


def _asked_past(_: Story, event: OrderEvent) -> Told:
    return ASKED.get(str(event.data.get("about")), ASKED["question"]), str(event.data.get("text", ""))


def _noted(story: Story, event: OrderEvent) -> Told:
    if not event.data.get("for_client"):
        return None
    return f"Note from {first_name(event.actor_name) or story.company}", str(event.data.get("text", ""))


def _answered(story: Story, event: OrderEvent) -> Told:
    words = str(event.data.get("text", ""))
    return (f"Answer from {first_name(event.actor_name) or story.company}", words) if words else None


def _completed_past(_: Story, event: OrderEvent) -> Told:
    minutes = event.data.get("minutes")
    return f"Finished{' after ' + formats.duration(minutes) if minutes else ''}", ""


def _set_out(_: Story, event: OrderEvent) -> Told:
    return f"{first_name(event.data.get('from_worker') or event.actor_name)} set out", ""


def _reasoned(what: str) -> Callable[[Story, OrderEvent], Told]:
    return lambda _, event: (what, str(event.data.get("reason", "")))


BY_OFFICE: Final = ("scheduled", "moved", "quoted", "declined", "cancelled", "noted")
PAST: Final[dict[str, Callable[[Story, OrderEvent], Told]]] = {
    "requested": lambda _, event: ("Order taken down" if event.actor_kind in OFFICE else "You asked for this", ""),
    "quoted": _quoted_past,
    "scheduled": _scheduled_past,
    "moved": _moved,
    "declined": _reasoned("We could not take it"),
    "cancelled": _reasoned("Cancelled"),
    "on_the_way": _set_out,
    "started": lambda *_: ("Work began", ""),
    "postponed": _reasoned("To be finished another day"),
    "completed": _completed_past,
    "noted": _noted,
    "asked": _asked_past,
    "answered": _answered,
}
