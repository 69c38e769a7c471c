"""Everything about one order for the office's pages: the page of its own, the requests, the board's inspector."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from doorstep.accounts import workers
from doorstep.admin.order_story import Reader
from doorstep.admin.order_tellings import Forecast, forecasts
from doorstep.core import clock, formats, typed
from doorstep.core.actor import DISPATCH, Actor, Org
from doorstep.core.http.inputs import Form
from doorstep.notifications import mails
from doorstep.notifications.mails import MailFilter
from doorstep.notifications.models import OutgoingEmail
from doorstep.orders import checklist, photos, queries, slots, timekeeping
from doorstep.orders.models import Order, OrderEvent, Photo
from doorstep.orders.queries import OrderView
from doorstep.orders.status import MOVES, VISITING

PHASES: Final = {"before": "Before", "after": "After", "other": "Other"}
MOST_WORKERS: Final = 200
MOST_MAILS: Final = 10
Picture = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PhotoSet:
    """The photos of one phase as small pictures."""

    title: str
    pictures: Sequence[Picture]


@dataclass(frozen=True, slots=True)
class Facts:
    """An order as the office sees it. `offers` are free times that fit; `forecasts` say which mails each form sets off;
    `failed` is the form that was refused."""

    view: OrderView
    org: Org
    story: Sequence[dict[str, Any]]
    offers: Sequence[dict[str, str]]
    workers: Sequence[tuple[str, str]]
    photo_sets: Sequence[PhotoSet]
    mails: Sequence[OutgoingEmail]
    more_mails: bool
    forecasts: Mapping[str, Sequence[Forecast]]
    missing: Sequence[str]
    failed: tuple[str, Form] | None = None

    @property
    def order(self) -> Order:
        """The order itself."""
        return self.view.order

    @property
    def start(self) -> datetime | None:
        """When the visit begins."""
        return self.order.scheduled.lower if self.order.scheduled else None

    @property
    def worker_id(self) -> str:
        """Who does it; an empty text for nobody."""
        return str(self.view.visits[0].worker_id) if self.view.visits else ""

    @property
    def minutes_worked(self) -> int:
        """The minutes on the clock so far."""
        return timekeeping.minutes(self.order)

    @property
    def steps(self) -> list[Picture]:
        """The steps of the checklist that are ticked; those that want a photo are met by one."""
        steps = [item for item in self.view.checklist if not item.photo_required]
        return [{"id": item.id, "label": item.label, "done": item.done_at is not None} for item in steps]

    @property
    def late(self) -> bool:
        """Whether the visit should have begun already."""
        return self.order.status in ("scheduled", "on_the_way") and bool(self.start and self.start < clock.now())

    @property
    def wish(self) -> OrderEvent | None:
        """What the client asked last, or why the work broke off, while it waits for an answer."""
        if self.order.waiting_since is None:
            return None
        asked = [event for event in self.view.events if event.kind in ("asked", "postponed")]
        return asked[-1] if asked and self.order.status != "requested" else None

    def can(self, status: str) -> bool:
        """Whether the order may go to this status."""
        return status in MOVES[self.order.status]

    def form(self, name: str) -> Form | None:
        """Returns what was typed into the form of this name, if that was refused."""
        return self.failed[1] if self.failed and self.failed[0] == name else None

    def typed(self, name: str, field: str, default: Any = "") -> Any:
        """Returns what to show in a field: what was typed, else how things stand."""
        form = self.form(name)
        return form.value(field, default) if form else default

    def error(self, name: str, field: str) -> str:
        """Returns the mistake at a field of the form of this name."""
        form = self.form(name)
        return (form.error(field) if form else None) or ""

    @property
    def visit_fields(self) -> dict[str, str]:
        """Day, time, length and worker as they stand in the form that sets the visit."""
        at = self.start or self.order.wished_at
        local = at.astimezone(self.org.zone) if at else None
        return {
            "day": local.date().isoformat() if local else "",
            "time": f"{local:%H:%M}" if local else "",
            "minutes": str(self.order.duration_minutes),
            "worker": self.worker_id,
        }

    @property
    def price_field(self) -> str:
        """The price as it is typed."""
        return typed.amount(self.order.price_cents, self.order.currency)


def facts(who: Actor, order_id: UUID, *, failed: tuple[str, Form] | None = None, free: Iterable[Any] = ()) -> Facts:
    """Returns everything about the order. `free` are the alternatives of a clash, to be offered. Raises NotFound."""
    order = queries.find(who, order_id)
    view = queries.view(order)
    zone = who.home.zone
    written, more = mails.rows(MailFilter(order_id=order.id), MOST_MAILS)
    return Facts(
        view=view,
        org=who.home,
        story=Reader(zone, order.currency).lines(view.events),
        offers=[_offer(slot, zone) for slot in free or _suggested(order)],
        workers=worker_choices(view),
        photo_sets=_photo_sets(view),
        mails=written,
        more_mails=more is not None,
        forecasts=forecasts(who, view) if who.may(DISPATCH) else {},
        missing=checklist.missing(order) if order.status in VISITING else [],
        failed=failed,
    )


def worker_choices(view: OrderView | None = None) -> list[tuple[str, str]]:
    """Returns who can be chosen to do an order: the active workers, and whoever does it now."""
    active, _ = workers.rows(MOST_WORKERS)
    known = {str(worker.id): worker.name for worker in active}
    known |= {str(visit.worker_id): visit.worker_name for visit in (view.visits if view else ())}
    return [("", "Nobody yet"), *known.items()]


def _suggested(order: Order) -> Sequence[Mapping[str, Any]]:
    if order.status not in ("requested", "quoted"):
        return []
    return [{**slot.told(), "why": slot.why} for slot in slots.suggestions(order)]


def _offer(slot: Mapping[str, Any], zone: Any) -> dict[str, str]:
    start, end = slot["start"], slot["end"]
    why = f" · {slot['why']}" if slot.get("why") else ""
    return {
        "value": f"{slot['worker_id']}/{start.isoformat()}",
        "title": formats.window(start, end, zone),
        "detail": f"{slot['worker']}{why}",
        "icon": "calendar",
    }


def _photo_sets(view: OrderView) -> list[PhotoSet]:
    found = [PhotoSet(title, [picture(photo) for photo in view.photos_of(phase)]) for phase, title in PHASES.items()]
    return [one for one in found if one.pictures]


def picture(photo: Photo) -> Picture:
    """Returns a photo as a small picture that leads to its page."""
    small = photo.sizes["thumb"]
    hidden = "" if photo.visible_to_client else "Client does not see it"
    return {
        "href": f"/office/orders/{photo.order_id}/photos/{photo.id}",
        "src": photos.link(photo, "thumb"),
        "alt": f"{PHASES[photo.phase]}, by {photo.uploaded_by}",
        "label": hidden or ("Approved" if photo.review == "approved" else ""),
        "width": small["width"],
        "height": small["height"],
    }
