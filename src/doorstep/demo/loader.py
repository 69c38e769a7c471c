"""Loads the demo through the same services that people use, with the clock held at the day of each deed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from doorstep.accounts import members, organizations, users
from doorstep.accounts.models import Organization, User, Worker
from doorstep.auth import passwords
from doorstep.catalog import service as catalog
from doorstep.catalog.models import Service
from doorstep.clients import links
from doorstep.clients import service as clients
from doorstep.clients.models import Client
from doorstep.core import clock, current, tenancy
from doorstep.core.actor import SYSTEM, Actor
from doorstep.core.errors import Conflict
from doorstep.core.extensions import db
from doorstep.core.transaction import save, transaction
from doorstep.demo import companies, drawings
from doorstep.demo.companies import Company
from doorstep.orders import checklist, photos, queries, service
from doorstep.orders.lines import OrderFilter
from doorstep.orders.models import Order
from doorstep.orders.service import NewOrder

STARTS: Final = (time(8), time(11, 30), time(15))
WITH_PHOTOS: Final = 14


def load_if_missing() -> bool:
    """Returns whether the demo was loaded now. Raises Conflict in production, where the sign-ins would be known."""
    if current.settings().is_prod:
        raise Conflict("The demo is for development; its passwords are known to everybody.")
    found = db.session.execute(select(Organization.id).where(Organization.slug == companies.ALDER.slug)).first()
    db.session.rollback()
    if found:
        return False
    with transaction():
        _user(*companies.OPERATOR, is_operator=True)
    for company in companies.COMPANIES:
        _load(company)
    return True


def welcome_lines(base_url: str) -> list[str]:
    """Returns where to look and how to sign in, with a fresh link of a client whose work is finished."""
    org_id = organizations.named(companies.ALDER.slug).id
    db.session.rollback()
    with tenancy.org_scope(org_id), transaction():
        line = queries.rows(OrderFilter(status=("completed",)), 1)[0][0]
        link = links.fresh_url(tenancy.get(Client, line["client_id"]), line["id"])
    return [
        f"Company page    {base_url}/b/alder   (and {base_url}/b/birch)",
        f"Sign in         {base_url}/auth/sign-in",
        "                owner@ dispatch@ finance@ viewer@ ana@ alder.test, or birch.test",
        f"                password {companies.PASSWORD}",
        f"Operator        {companies.OPERATOR[0]}, the same password",
        f"A client's link {link}",
        f"Mails           {base_url}/dev/mailbox",
    ]


def _user(email: str, name: str, *, is_operator: bool = False) -> User:
    hashed = passwords.hashed(companies.PASSWORD)
    return users.find(email) or save(User(email=email, name=name, password_hash=hashed, is_operator=is_operator))


def _load(company: Company) -> None:
    with transaction():
        org = organizations.create(slug=company.slug, name=company.name, timezone=company.timezone)
        org.settings = company.settings
        people = [(_user(email, name), role) for email, name, role in company.people]
    office = Actor(kind="system", name="Priya Shah", org=org.facts())
    with tenancy.org_scope(org.id):
        with transaction():
            for user, role in people:
                members.add(SYSTEM, user, role)
            for worker in db.session.execute(select(Worker)).scalars():
                worker.weekly_hours = companies.HOURS
            offered = [catalog.create(SYSTEM, values) for values in company.services]
            known = [_client(company, n) for n in range(company.clients)]
        for n, visit in zip(range(company.orders), _visits(company), strict=False):
            _order(company, office, known[n * 7 % len(known)], offered[n % len(offered)], n, visit)


def _client(company: Company, n: int) -> Client:
    first, last = companies.FIRST_NAMES[n % 10], companies.LAST_NAMES[n // 10 % 4]
    return clients.create(
        name=f"{first} {last}",
        email=f"{first}.{last}@{company.slug}-clients.test".lower(),
        phone=f"+1 503 555 {1000 + n}",
        address=f"{120 + 37 * n} {companies.STREETS[n % len(companies.STREETS)]}",
        city=company.settings["place"].partition(",")[0],
        postal_code=f"972{n % 30:02d}",
        access_notes="Key under the mat" if n % 3 == 0 else "",
    )


def _visits(company: Company) -> Iterator[tuple[datetime, int]]:
    """Yields times of visits from two weeks ago to two weeks ahead, with the number of the worker."""
    zone = ZoneInfo(company.timezone)
    today = clock.now().astimezone(zone).date()
    crew = len(company.workers)
    days = [day for day in (today + timedelta(days=n) for n in range(-14, 15)) if day.weekday() < 5]
    a_day = -(-company.orders // len(days))
    for day in days:
        for n in range(a_day):
            yield datetime.combine(day, STARTS[n // crew % len(STARTS)], zone), n % crew


def _order(
    company: Company, office: Actor, client: Client, offered: Service, n: int, visit: tuple[datetime, int]
) -> None:
    start, worker_number = visit
    asked = min(start, clock.now()) - timedelta(days=3, hours=n % 9)
    with clock.held_at(asked), transaction():
        visitor = Actor(kind="visitor", name=client.name, org=office.org)
        wish = NewOrder(
            wished_at=start if start > clock.now() else None, source="demo", access_notes=client.access_notes
        )
        order = service.create(visitor, client=client, service=offered, values=wish)
    with clock.held_at(asked + timedelta(hours=1)):
        _answer(office, order, n, start, worker_number)
    if order.status == "scheduled" and start < clock.now() and n % 17:
        _work(company, office, order, n, start)


def _answer(office: Actor, order: Order, n: int, start: datetime, worker_number: int) -> None:
    with transaction():
        if n % 23 == 5:
            service.decline(office, order, reason="We are fully booked that week.")
        elif n % 19 == 7 and start > clock.now():
            return
        elif n % 29 == 11:
            service.quote(office, order, price_cents=38000, note="After a look at your photos")
        else:
            service.schedule(office, order, start=start, worker_id=None if n % 31 == 13 else _worker(worker_number))
            if n % 27 == 9:
                service.cancel(office, order, reason="The client is away")


def _worker(number: int) -> UUID:
    found = db.session.execute(select(Worker.id).order_by(Worker.name)).scalars().all()
    return found[number % len(found)]


def _work(company: Company, office: Actor, order: Order, n: int, start: datetime) -> None:
    with clock.held_at(start), transaction():
        service.start(office, order)
    still_at_it = start + timedelta(minutes=order.duration_minutes) > clock.now()
    with clock.held_at(start + timedelta(minutes=5)):
        if company.slug == "birch" or n < WITH_PHOTOS * 2:
            _photograph(company, office, order, n)
    if still_at_it:
        return
    with clock.held_at(start + timedelta(minutes=order.duration_minutes - 5)), transaction():
        for item in checklist.items(order):
            item.photo_required = item.photo_required and (company.slug == "birch" or n < WITH_PHOTOS * 2)
            checklist.tick(office, order, item.id, done=True)
        service.complete(office, order, note="All done. Thank you for having us.")
    if n % 3 == 0:
        client = Actor(kind="client", name="Client", id=order.client_id, org=office.org)
        with clock.held_at(start + timedelta(days=1)), transaction():
            service.rate(client, order, score=5 - n % 2, comment="Spotless, thank you")


def _photograph(company: Company, office: Actor, order: Order, n: int) -> None:
    scene = "pest" if company.slug == "birch" else companies.SCENES[n % len(companies.SCENES)]
    for phase in ("before", "after"):
        photos.add_to(office, order.id, drawings.photo(scene, phase, n), phase=phase)
