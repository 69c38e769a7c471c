"""Orders in a given state, made by the real services."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask

from doorstep.catalog.models import Service
from doorstep.clients.models import Client
from doorstep.core import clock, tenancy
from doorstep.core.actor import ROLE_PERMISSIONS, Actor, Org
from doorstep.core.transaction import transaction
from doorstep.orders import service
from doorstep.orders.models import Order
from doorstep.orders.service import NewOrder
from tests.cast import Company, Person


def acting(person: Person, company: Company) -> Actor:
    """Returns the actor that the guards would make of a member."""
    org = Org(company.id, company.slug, company.name, company.timezone, company.currency)
    worker_id = person.worker_id if person.role == "worker" else None
    rights = ROLE_PERMISSIONS[person.role or ""]
    return Actor("member", person.name, person.id, org, person.role, rights, worker_id=worker_id)


@pytest.fixture
def office(alder: Company) -> Actor:
    """Alder's dispatcher."""
    return acting(alder.dispatcher, alder)


@pytest.fixture
def ana(alder: Company) -> Actor:
    """Alder's worker."""
    return acting(alder.worker, alder)


@pytest.fixture
def inside(context: Flask, alder: Company) -> Iterator[Company]:
    """Within Alder's scope."""
    with tenancy.org_scope(alder.id):
        yield alder


@pytest.fixture
def nine() -> datetime:
    """A whole hour, the day after tomorrow."""
    return (clock.now() + timedelta(days=2)).replace(hour=17, minute=0, second=0, microsecond=0)


Make = Callable[..., Order]


@pytest.fixture
def make(inside: Company, office: Actor) -> Make:
    """Returns a maker of committed orders of Alder's client."""

    def made(**values: object) -> Order:
        with transaction():
            return service.create(
                office,
                client=tenancy.get(Client, inside.client_id),
                service=tenancy.get(Service, inside.service_id),
                values=NewOrder(**values),  # type: ignore[arg-type]
            )

    return made


@pytest.fixture
def booked(make: Make, office: Actor, nine: datetime, alder: Company) -> Order:
    """An order scheduled at nine for Ana."""
    order = make()
    with transaction():
        return service.schedule(office, order, start=nine, worker_id=alder.worker.worker_id)


def ids_of(rows: list[dict[str, UUID]]) -> list[UUID]:
    """Returns the ids of list rows."""
    return [row["id"] for row in rows]
