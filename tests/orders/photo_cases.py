"""What the tests of photos share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from doorstep.catalog.models import Service
from doorstep.clients.models import Client
from doorstep.core import clock, tenancy
from doorstep.core.actor import Actor
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from doorstep.orders import photos, service
from doorstep.orders.models import Order, OrderEvent, Photo
from doorstep.orders.service import NewOrder
from tests import pictures
from tests.cast import Company
from tests.orders.conftest import acting
from tests.orders.stores import files_below


def take(who: Actor, order: Order, **more: object) -> tuple[Photo, bool]:
    """Adds a small photo."""
    given = {"data": pictures.small_jpeg(), "phase": "before", **more}
    data = given.pop("data")
    return photos.add(who, order.id, data, **given)  # type: ignore[arg-type]


@contextmanager
def within(app: Flask, company: Company) -> Iterator[None]:
    """The company's scope in a context of its own, closed before the next request is made."""
    with app.app_context(), tenancy.org_scope(company.id):
        yield


def visit(app: Flask, company: Company, *, ahead: timedelta = timedelta(days=2), **values: object) -> UUID:
    """Returns the id of a new order scheduled for the company's worker, `ahead` of now."""
    office = acting(company.dispatcher, company)
    with within(app, company), transaction():
        client, ordered = tenancy.get(Client, company.client_id), tenancy.get(Service, company.service_id)
        order = service.create(office, client=client, service=ordered, values=NewOrder(**values))  # type: ignore[arg-type]
        service.schedule(office, order, start=clock.now() + ahead, worker_id=company.worker.worker_id)
        return order.id


def rows(order: Order) -> list[Photo]:
    """Returns every row of the order's photos as the database has it."""
    db.session.rollback()
    statement = select(Photo).where(Photo.order_id == order.id).order_by(Photo.created_at, Photo.id)
    return list(db.session.execute(statement.execution_options(populate_existing=True)).scalars())


def visible(order: Order) -> list[Photo]:
    """Returns the photos that people see."""
    return list(photos.rows(order, 200, None)[0])


def told_of(order: Order) -> list[str]:
    """Returns the timeline's words about photos."""
    statement = select(OrderEvent.kind).where(OrderEvent.order_id == order.id, OrderEvent.kind.like("photo%"))
    return list(db.session.execute(statement.order_by(OrderEvent.at, OrderEvent.id)).scalars())


def stored_files(app: Flask, photo: Photo) -> int:
    """Returns how many of the photo's files lie in the store."""
    return sum(photo.id.hex in str(path).replace("-", "") for path in files_below(app))
