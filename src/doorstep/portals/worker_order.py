"""One visit as the worker's phone shows it: the one thing to do next, what is still missing, the photos, the clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from doorstep.core import clock
from doorstep.core.actor import Actor
from doorstep.orders import checklist, photos, queries, service, timekeeping
from doorstep.orders.models import ChecklistItem, Order, OrderEvent, Photo
from doorstep.orders.queries import OrderView

OPEN: Final = ("scheduled", "on_the_way", "in_progress")
PHOTO_MISSING: Final = "photo missing: "
TITLES: Final = {"before": "Before", "after": "After", "other": "Other photos"}
Tile = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verb:
    """A button of the page: what it does, what it says, and when it has been done already."""

    act: Callable[[Actor, Order], Order]
    done: Callable[[Order], bool]
    label: str
    icon: str


def _is(status: str) -> Callable[[Order], bool]:
    return lambda order: order.status == status


def _works(order: Order) -> bool:
    return order.status == "in_progress" and bool(timekeeping.running(order))


def _rests(order: Order) -> bool:
    return order.status == "in_progress" and not timekeeping.running(order)


VERBS: Final[Mapping[str, Verb]] = {
    "on-the-way": Verb(service.on_the_way, _is("on_the_way"), "On my way", "navigation"),
    "start": Verb(service.start, _is("in_progress"), "Start", "circle-play"),
    "pause": Verb(service.pause, _rests, "Pause", "circle-pause"),
    "resume": Verb(service.resume, _works, "Resume", "circle-play"),
    "finish": Verb(service.complete, _is("completed"), "Finish order", "circle-check"),
}


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that stands between the visit and its end, and where on the page it can be done."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Shots:
    """A set of photos that is taken together. `needs` names the steps that wait for one of them."""

    key: str
    title: str
    phase: str
    item: UUID | None
    tiles: Sequence[Tile]
    needs: Sequence[str]


@dataclass(frozen=True, slots=True)
class Time:
    """The time worked so far, in seconds; `since` is when the clock was started or stopped last."""

    seconds: int
    running: bool
    since: datetime | None

    @property
    def started(self) -> str:
        """When the clock would have been started if it had never stood still (ISO 8601)."""
        return (clock.now() - timedelta(seconds=self.seconds)).isoformat(timespec="seconds")

    @property
    def shown(self) -> str:
        """The time as a clock, e.g. `1:24:22`."""
        minutes, seconds = divmod(self.seconds, 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that the page of a visit shows."""

    view: OrderView
    steps: Sequence[Tile]
    missing: Sequence[Missing]
    shots: Sequence[Shots]
    time: Time
    notes: Sequence[OrderEvent]

    @property
    def open(self) -> bool:
        """Whether there is still something to be done."""
        return self.view.order.status in OPEN

    @property
    def first(self) -> str:
        """The key of the one large button; an empty text when nothing is left to do."""
        if self.view.order.status == "in_progress":
            return "finish" if self.time.running or not self.missing else "resume"
        return {"scheduled": "on-the-way", "on_the_way": "start"}.get(self.view.order.status, "")


def of(order: Order) -> Sheet:
    """Returns the visit with all that its page needs."""
    view = queries.view(order)
    missing = checklist.missing(order) if order.status in OPEN else []
    return Sheet(
        view=view,
        steps=[_step(item) for item in view.checklist if not item.photo_required],
        missing=[_missing(reason, view.checklist) for reason in missing],
        shots=_shots(view, {reason.removeprefix(PHOTO_MISSING) for reason in missing}),
        time=_time(view),
        notes=[event for event in view.events if event.kind == "noted"],
    )


def tile(photo: Photo, alt: str) -> Tile:
    """Returns a small picture that leads to the page of the photo."""
    small = photo.sizes["thumb"]
    return {
        "href": f"/worker/orders/{photo.order_id}/photos/{photo.id}",
        "src": photos.link(photo, "thumb"),
        "alt": alt,
        "width": small["width"],
        "height": small["height"],
        "state": photo.state,
    }


def _step(item: ChecklistItem) -> Tile:
    return {"id": item.id, "label": item.label, "done": item.done_at is not None}


def _missing(reason: str, items: Sequence[ChecklistItem]) -> Missing:
    """Returns a reason as a kind sentence with its place."""
    label = reason.partition(": ")[2]
    item = next((one for one in items if one.label == label), None)
    if not reason.startswith(PHOTO_MISSING):
        return Missing(f"Tick “{label}”", "#checklist")
    return Missing(f"Add a photo for “{label}”", f"#photos-{_set_of(item) if item else 'before'}")


def _set_of(item: ChecklistItem) -> str:
    return item.phase or str(item.id)


def _shots(view: OrderView, missing: set[str]) -> list[Shots]:
    """Returns before and after, the steps that want a photo of their own, and the rest if there is any."""
    asked = [item for item in view.checklist if item.photo_required]
    own = [item for item in asked if item.phase is None]
    of_steps = {item.id for item in own}
    loose = [photo for photo in view.photos if photo.checklist_item_id not in of_steps]
    sets = [_phase(phase, loose, asked, missing) for phase in ("before", "after")]
    for item in own:
        mine = [photo for photo in view.photos if photo.checklist_item_id == item.id]
        needs = [item.label] if item.label in missing else []
        sets.append(Shots(str(item.id), item.label, "other", item.id, _tiles(mine, item.label), needs))
    return [*sets, _phase("other", loose, asked, missing)]


def _phase(phase: str, loose: Sequence[Photo], asked: Sequence[ChecklistItem], missing: set[str]) -> Shots:
    needs = [item.label for item in asked if item.phase == phase and item.label in missing]
    mine = [photo for photo in loose if photo.phase == phase]
    return Shots(phase, TITLES[phase], phase, None, _tiles(mine, TITLES[phase]), needs)


def _tiles(found: Sequence[Photo], title: str) -> list[Tile]:
    return [tile(photo, f"{title}, photo {number}") for number, photo in enumerate(found, 1)]


def _time(view: OrderView) -> Time:
    spans = [(entry.ended_at or clock.now()) - entry.started_at for entry in view.entries]
    last = view.entries[-1] if view.entries else None
    since = (last.ended_at or last.started_at) if last else None
    return Time(int(sum(span.total_seconds() for span in spans)), view.running, since)
