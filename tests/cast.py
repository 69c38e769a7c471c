"""One cast for every test: two companies, their people, one order each; an operator.

Ids are fixed, so that a test may name anybody without asking the database. Everybody has a session whose secret
is known, so that a test need not sign in unless signing in is what it tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_DNS, UUID, uuid5

from argon2 import PasswordHasher

from doorstep.accounts.models import Counter, Membership, Organization, User, Worker
from doorstep.auth.models import LoginSession
from doorstep.catalog.models import Service
from doorstep.clients.models import Client
from doorstep.core import ids, tenancy
from doorstep.core.transaction import save, transaction
from doorstep.orders.models import ChecklistItem, Order, OrderEvent

PASSWORD = "correct-horse-battery"
HOURS = {day: [["08:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def known_id(name: str) -> UUID:
    """Returns the fixed id of a member of the cast, e.g. `alder.owner`."""
    return uuid5(NAMESPACE_DNS, f"{name}.cast.test")


@dataclass(frozen=True)
class Person:
    """Somebody who signs in."""

    key: str
    name: str
    role: str | None
    company: str | None

    @property
    def id(self) -> UUID:
        return known_id(self.key)

    @property
    def email(self) -> str:
        return f"{self.key.split('.')[-1]}@{self.company or 'doorstep'}.test"

    @property
    def secret(self) -> str:
        """The secret of this person's standing session."""
        return f"session-of-{self.key}"

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}

    @property
    def worker_id(self) -> UUID:
        return known_id(f"{self.key}.as-worker")


@dataclass(frozen=True)
class Company:
    """One tenant with its people and its first order."""

    slug: str
    name: str
    timezone: str
    currency: str

    def person(self, key: str, name: str, role: str) -> Person:
        return Person(f"{self.slug}.{key}", name, role, self.slug)

    @property
    def id(self) -> UUID:
        return known_id(self.slug)

    @property
    def owner(self) -> Person:
        return self.person("owner", "Olive Owner", "owner")

    @property
    def dispatcher(self) -> Person:
        return self.person("dispatch", "Priya Shah", "dispatcher")

    @property
    def finance(self) -> Person:
        return self.person("finance", "Fin Ledger", "finance")

    @property
    def viewer(self) -> Person:
        return self.person("viewer", "Vi Looker", "viewer")

    @property
    def worker(self) -> Person:
        return self.person("ana", "Ana Morales", "worker")

    @property
    def other_worker(self) -> Person:
        return self.person("ben", "Ben Okafor", "worker")

    @property
    def people(self) -> tuple[Person, ...]:
        return (self.owner, self.dispatcher, self.finance, self.viewer, self.worker, self.other_worker)

    @property
    def client_id(self) -> UUID:
        return known_id(f"{self.slug}.client")

    @property
    def client_email(self) -> str:
        return f"margaret@{self.slug}-client.test"

    @property
    def other_client_id(self) -> UUID:
        return known_id(f"{self.slug}.other-client")

    @property
    def service_id(self) -> UUID:
        return known_id(f"{self.slug}.service")

    @property
    def order_id(self) -> UUID:
        """A requested order of the client, without visit or worker."""
        return known_id(f"{self.slug}.order")

    @property
    def order_number(self) -> int:
        return 1001


ALDER = Company("alder", "Alder Cleaning", "America/Los_Angeles", "USD")
BIRCH = Company("birch", "Birch Pest Control", "Europe/Berlin", "EUR")
COMPANIES = (ALDER, BIRCH)
OPERATOR = Person("operator", "Otto Operator", None, None)

CHECKLIST = [
    {"label": "Kitchen surfaces", "phase": None, "photo_required": False},
    {"label": "Photo before", "phase": "before", "photo_required": True},
    {"label": "Photo after", "phase": "after", "photo_required": True},
]


def put_on_stage() -> None:
    """Writes the cast into an empty, migrated database."""
    hashed = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1).hash(PASSWORD)
    with transaction():
        for company in COMPANIES:
            settings = {"phone": "+1 503 555 0142"}
            save(
                Organization(
                    id=company.id,
                    slug=company.slug,
                    name=company.name,
                    timezone=company.timezone,
                    currency=company.currency,
                    settings=settings,
                )
            )
        for person in (*ALDER.people, *BIRCH.people, OPERATOR):
            _user(person, hashed)
    for company in COMPANIES:
        with tenancy.org_scope(company.id), transaction():
            _tenant_rows(company)


def _user(person: Person, hashed: str) -> None:
    save(User(id=person.id, email=person.email, name=person.name, password_hash=hashed, is_operator=person is OPERATOR))
    far = datetime.now(UTC) + timedelta(days=3650)
    save(
        LoginSession(
            id=known_id(f"{person.key}.session"),
            sha256=ids.digest(person.secret),
            user_id=person.id,
            last_seen_at=far,
            org_id=known_id(person.company) if person.company else None,
            expires_at=far,
            idle_minutes=720,
        )
    )


def _tenant_rows(company: Company) -> None:
    for person in company.people:
        save(Membership(id=known_id(f"{person.key}.member"), user_id=person.id, role=person.role))
        if person.role == "worker":
            save(
                Worker(
                    id=person.worker_id, user_id=person.id, name=person.name, weekly_hours=HOURS, skills=["cleaning"]
                )
            )
    save(
        Service(
            id=company.service_id,
            name="Standard clean",
            price_cents=12000,
            duration_minutes=120,
            buffer_minutes=15,
            checklist=CHECKLIST,
            extras=[{"key": "oven", "label": "Inside the oven", "price_cents": 3800, "minutes": 45}],
        )
    )
    save(
        Client(
            id=company.client_id,
            name="Margaret Whitfield",
            email=company.client_email,
            phone="+1 503 555 0100",
            address="1820 SE Salmon St",
            city="Portland",
            postal_code="97214",
            access_notes="Key under the mat",
        )
    )
    save(Client(id=company.other_client_id, name="Gus Halloran", email=f"gus@{company.slug}-client.test"))
    save(Counter(name="order", value=company.order_number))
    save(
        Order(
            id=company.order_id,
            number=company.order_number,
            client_id=company.client_id,
            service_id=company.service_id,
            status="requested",
            duration_minutes=120,
            buffer_minutes=15,
            address="1820 SE Salmon St",
            city="Portland",
            postal_code="97214",
            price_cents=12000,
            price_low_cents=12000,
            currency=company.currency,
            source="public",
            waiting_since=datetime.now(UTC),
        )
    )
    for position, item in enumerate(CHECKLIST):
        save(
            ChecklistItem(
                id=known_id(f"{company.slug}.item{position}"), order_id=company.order_id, position=position, **item
            )
        )
    save(
        OrderEvent(
            id=known_id(f"{company.slug}.event"),
            order_id=company.order_id,
            kind="requested",
            actor_kind="visitor",
            actor_name="Margaret Whitfield",
            at=datetime.now(UTC),
        )
    )
