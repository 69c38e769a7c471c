"""The steps of an order and what still stands between it and its end."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from doorstep.catalog.models import Service
from doorstep.core import clock
from doorstep.core.actor import Actor
from doorstep.core.errors import Conflict, NotFound
from doorstep.core.extensions import db
from doorstep.core.transaction import save
from doorstep.orders.models import ChecklistItem, Feedback, Order, Photo
from doorstep.orders.status import FINAL


def copy(service: Service, order: Order) -> None:
    """Gives the order the service's steps as they are today."""
    for position, step in enumerate(service.checklist):
        save(
            ChecklistItem(
                order_id=order.id,
                position=position,
                label=step["label"],
                phase=step.get("phase"),
                photo_required=bool(step.get("photo_required")),
                required=bool(step.get("required", True)),
            )
        )


def items(order: Order) -> list[ChecklistItem]:
    """Returns the steps in their order."""
    statement = select(ChecklistItem).where(ChecklistItem.order_id == order.id).order_by(ChecklistItem.position)
    return list(db.session.execute(statement).scalars())


def tick(who: Actor, order: Order, item_id: UUID, *, done: bool) -> ChecklistItem:
    """Returns the step, ticked or unticked.

    Raises NotFound for another order's step, Conflict once the order has ended.
    """
    if order.status in FINAL:
        raise Conflict("This order has ended; its steps cannot change any more.")
    statement = select(ChecklistItem).where(ChecklistItem.order_id == order.id, ChecklistItem.id == item_id)
    item = db.session.execute(statement).scalar_one_or_none()
    if item is None:
        raise NotFound("There is no such step on this order.")
    if done != (item.done_at is not None):
        item.done_at, item.done_by = (clock.now(), who.name) if done else (None, None)
    return item


def tick_some(who: Actor, order: Order, *, item: UUID | None, shown: Collection[UUID], done: Collection[str]) -> None:
    """Ticks as a form says: the step `item`, done when `done` names "1"; and of the steps `shown` those that `done`
    names, while the others of them are unticked. Raises what `tick` raises."""
    if item:
        tick(who, order, item, done="1" in done)
    for item_id in shown:
        tick(who, order, item_id, done=str(item_id) in done)


def missing(order: Order) -> list[str]:
    """Returns why the order cannot be finished yet, one short phrase each; an empty list when it can.

    A step that asks for a photo is met by a stored photo of its phase or on the step itself; ticking it is not needed.
    """
    photos = list(
        db.session.execute(
            select(Photo.phase, Photo.checklist_item_id).where(Photo.order_id == order.id, Photo.state == "stored")
        )
    )
    phases = {photo.phase for photo in photos}
    on_steps = {photo.checklist_item_id for photo in photos}
    reasons = []
    for item in items(order):
        if item.photo_required and item.id not in on_steps and item.phase not in phases:
            reasons.append(f"photo missing: {item.label}")
        elif item.required and not item.photo_required and item.done_at is None:
            reasons.append(f"step not done: {item.label}")
    return reasons


def feedback_of(order: Order) -> Feedback | None:
    """Returns what the client thought, if they said it."""
    return db.session.execute(select(Feedback).where(Feedback.order_id == order.id)).scalar_one_or_none()
