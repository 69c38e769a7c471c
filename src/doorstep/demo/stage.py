"""A demo company with its people, services and clients in the database: where the orders' stories are played."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from doorstep.accounts import members, organizations, users, workers
from doorstep.accounts.hours import DAYS, USUAL
from doorstep.accounts.models import Organization, User, Worker
from doorstep.auth import passwords
from doorstep.catalog import service as catalog
from doorstep.clients import service as clients
from doorstep.core.actor import ROLE_PERMISSIONS, SYSTEM, Actor, Org
from doorstep.core.extensions import db
from doorstep.core.transaction import save, transaction
from doorstep.demo import companies, drawings, today
from doorstep.demo.companies import Company, Hand
from doorstep.demo.people import Person

VARIANTS: Final = 2


@dataclass
class Album:
    """Photos, each drawn once: places look alike from visit to visit, and drawing takes longest of all."""

    drawn: dict[tuple[str, str, int], bytes] = field(default_factory=dict)

    def photo(self, scene: str, phase: str, client: int) -> bytes:
        """Returns the JPEG of a client's place before or after the work."""
        key = scene, phase, client % VARIANTS
        if key not in self.drawn:
            self.drawn[key] = drawings.photo(*key)
        return self.drawn[key]


@dataclass(frozen=True)
class Stage:
    """Everybody and everything that orders need. `crew`, `services` and `clients` stand as in the tables."""

    company: Company
    org: Org
    now: datetime
    office: Actor
    crew: tuple[Actor, ...]
    services: tuple[UUID, ...]
    clients: tuple[UUID, ...]
    album: Album


def found(company: Company, mark: Mapping[str, Any]) -> UUID:
    """Returns the id of the new organization, `mark` among its settings. Raises Conflict when the slug is taken."""
    with transaction():
        org = organizations.create(slug=company.slug, name=company.name, timezone=company.timezone)
        org.settings = {**company.settings, **mark}
    return org.id


def build(company: Company, org_id: UUID, now: datetime, album: Album) -> Stage:
    """Returns the stage after people, services and clients came to it. The organization must be in scope."""
    with transaction():
        org = db.session.execute(select(Organization).where(Organization.id == org_id)).scalar_one().facts()
        staff = {email: (person(email, name), role) for email, name, role in company.people}
        for user, role in staff.values():
            members.add(SYSTEM, user, role)
        crew = tuple(_hand(company, org, hand, now) for hand in company.crew)
        offered = tuple(catalog.create(SYSTEM, values).id for values in company.services)
        known = tuple(_client(company, one) for one in company.clients)
        office = next(_member(org, user, role) for user, role in staff.values() if role == "dispatcher")
    return Stage(company, org, now, office, crew, offered, known, album)


def person(email: str, name: str, *, is_operator: bool = False) -> User:
    """Returns somebody who signs in with the demo's password, whatever it was before."""
    user = users.find(email) or User(email=email, name=name, is_operator=is_operator)
    user.name, user.password_hash = name, _password_hash()
    return save(user)


@cache
def _password_hash() -> str:
    """The same for everybody: it is slow to make, and no secret."""
    return passwords.hashed(companies.PASSWORD)


def _member(org: Org, user: User, role: str, worker_id: UUID | None = None) -> Actor:
    return Actor(
        kind="member", name=user.name, id=user.id, email=user.email, org=org, role=role,
        permissions=ROLE_PERMISSIONS[role], worker_id=worker_id,
    )  # fmt: skip


def _hand(company: Company, org: Org, hand: Hand, now: datetime) -> Actor:
    user = users.named(f"{hand.key}@{company.slug}.test")
    worker = db.session.execute(select(Worker).where(Worker.user_id == user.id)).scalar_one()
    weekday = DAYS[now.astimezone(org.zone).weekday()]
    hours = {**USUAL, "sat": [["09:00", "13:00"]], weekday: today.hours(company, now)}
    facts = {"phone": hand.phone, "colour": hand.colour, "skills": hand.skills}
    # Whatever day it is, it is a working day.
    workers.change(SYSTEM, worker.id, {**facts, "weekly_hours": hours})
    if hand is company.crew[-1]:
        free = (now + timedelta(days=8)).astimezone(org.zone).replace(hour=12, minute=0, second=0, microsecond=0)
        workers.add_time_off(SYSTEM, worker.id, start=free, end=free + timedelta(hours=5), reason="Dentist")
    return _member(org, user, "worker", worker.id)


def _client(company: Company, one: Person) -> UUID:
    return clients.create(
        name=one.name, email=one.email, phone=one.phone, address=one.address, postal_code=one.postal_code,
        city=company.settings["place"].partition(",")[0], access_notes=one.access,
    ).id  # fmt: skip
