"""A client's way in: a link by mail, good for one opening, and what a browser holds afterwards.

Only the SHA-256 of a link's secret is stored. The secret names its organization, so it is looked up among that
organization's rows only. A link opens one order, or everything of its client when it names none.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import current_app
from sqlalchemy import func, insert, select, update

from doorstep.accounts.models import Organization
from doorstep.clients.models import Client, ClientLink
from doorstep.core import clock, formats, ids, sql, tenancy
from doorstep.core.actor import Org
from doorstep.core.errors import Conflict, invalid
from doorstep.core.extensions import db
from doorstep.core.settings import Settings
from doorstep.core.transaction import save
from doorstep.notifications import account_messages
from doorstep.notifications.messages import OrderFacts
from doorstep.notifications.service import is_queued, queue_email

QUIET_SECONDS: Final = 120
MOST_COMPANIES: Final = 20
# Asked at each request of a client, so it is sent as it is (see `core.sql`).
OPENED: Final = """
    select l.id as link_id, l.order_id, l.session_expires_at, c.id as client_id, c.name as client_name,
           c.email as client_email, o.id, o.slug, o.name, o.timezone, o.currency, o.locale, o.settings
      from client_links l
      join clients c on c.org_id = l.org_id and c.id = l.client_id and c.active
      join organizations o on o.id = l.org_id and o.active
     where l.org_id = %(org)s and l.id = any(%(ids)s)
       and l.revoked_at is null and l.session_expires_at > %(now)s
"""


@dataclass(frozen=True, slots=True)
class Access:
    """What an opened link gives: this client's orders (or the one `order_id`) in this organization, until then."""

    link_id: UUID
    org: Org
    client_id: UUID
    client_name: str
    client_email: str | None
    order_id: UUID | None
    until: datetime


def make(client: Client, order_id: UUID | None, *, minutes: int) -> str:
    """Returns the secret of a new link that can be opened once during the next `minutes`; it cannot be read again."""
    secret = ids.org_secret(client.org_id)
    ends = clock.minutes_from_now(minutes)
    save(ClientLink(client_id=client.id, order_id=order_id, sha256=ids.digest(secret), expires_at=ends))
    return secret


def fresh_urls(wanted: Sequence[tuple[UUID, UUID, UUID | None]]) -> list[str]:
    """Returns the address of a new link for each (organization, client, order), made by one statement. For work over
    all organizations."""
    settings = _settings()
    ends = clock.minutes_from_now(settings.client_link_ttl_minutes)
    secrets = [ids.org_secret(org_id) for org_id, _, _ in wanted]
    rows = [
        {
            "org_id": org_id,
            "client_id": client_id,
            "order_id": order_id,
            "sha256": ids.digest(secret),
            "expires_at": ends,
        }
        for (org_id, client_id, order_id), secret in zip(wanted, secrets, strict=True)
    ]
    if rows:
        db.session.execute(insert(ClientLink), rows)
    return [url(settings.public_base_url, secret) for secret in secrets]


def url(base_url: str, secret: str) -> str:
    """Returns the address of the page that opens the link."""
    return f"{base_url}/client/link/{secret}"


def fresh_url(client: Client, order_id: UUID | None) -> str:
    """Returns the address of a new link with the life and the base address of the settings."""
    settings = _settings()
    return url(settings.public_base_url, make(client, order_id, minutes=settings.client_link_ttl_minutes))


def send(client: Client, order_id: UUID | None, cause: str, *, order: OrderFacts | None = None) -> bool:
    """Sends the client a link to the address on file, to one order or to all of theirs. Returns whether it did.

    Asked for again within two minutes nothing more is sent, so that nobody's mailbox can be flooded by strangers.
    Raises Invalid for a client without an address, Conflict for one who is put away, whose links open nothing.
    """
    if not client.email:
        raise invalid("email", f"{client.name} has no e-mail address. Add one first.")
    if not client.active:
        raise Conflict(f"{client.name} is not an active client. Make them active again first.")
    bucket = int(clock.now().timestamp()) // QUIET_SECONDS
    key = f"client_link:{client.id}:{order_id or 'all'}:{bucket}"
    if is_queued(key):
        return False
    org = db.session.execute(select(Organization).where(Organization.id == client.org_id)).scalar_one().facts()
    until = formats.long_day(clock.minutes_from_now(_settings().client_link_ttl_minutes), org.zone)
    fresh = fresh_url(client, order_id)
    message = account_messages.client_link(org, name=client.name, url=fresh, until=until, order=order)
    queue_email(
        message,
        to=client.email,
        to_name=client.name,
        dedupe_key=key,
        cause=cause,
        client_id=client.id,
        order_id=order_id,
    )
    return True


def find(secret: str) -> ClientLink | None:
    """Returns the link of this secret in whatever state, or None. The session must be in its organization's scope."""
    statement = select(ClientLink).where(ClientLink.sha256 == ids.digest(secret))
    return db.session.execute(statement).scalar_one_or_none()


def can_be_opened(link: ClientLink) -> bool:
    """Returns whether the link is still good for its one opening."""
    return link.used_at is None and link.revoked_at is None and link.expires_at > clock.now()


def spend(secret: str) -> ClientLink | None:
    """Returns the link after using it up, or None when it was used, is too old, was revoked or never existed.

    One statement decides, so of two who open it at the same moment only one comes in.
    """
    now = clock.now()
    statement = (
        update(ClientLink)
        .where(ClientLink.sha256 == ids.digest(secret), ClientLink.used_at.is_(None))
        .where(ClientLink.revoked_at.is_(None), ClientLink.expires_at > now)
        .values(used_at=now, session_expires_at=clock.minutes_from_now(_settings().client_session_ttl_minutes))
        .returning(ClientLink)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return db.session.execute(statement).scalar_one_or_none()


def revoke(link_ids: Collection[UUID]) -> None:
    """Closes opened links at once, wherever their cookie is."""
    statement = update(ClientLink).where(ClientLink.id.in_(link_ids), ClientLink.revoked_at.is_(None))
    db.session.execute(statement.values(revoked_at=clock.now()).execution_options(synchronize_session=False))


def accesses(link_ids: Collection[UUID]) -> dict[UUID, Access]:
    """Returns, by link, what those of these links still give that were opened in the organization in scope."""
    found = sql.rows(OPENED, {"org": tenancy.org_id(), "now": clock.now(), "ids": list(link_ids)})
    return {row["link_id"]: _access(row) for row in found}


def _access(row: Mapping[str, Any]) -> Access:
    org = Org(row["id"], row["slug"], row["name"], row["timezone"], row["currency"], row["locale"], row["settings"])
    return Access(
        row["link_id"],
        org,
        row["client_id"],
        row["client_name"],
        row["client_email"],
        row["order_id"],
        row["session_expires_at"],
    )


def clients_of(email: str, slug: str = "") -> list[tuple[UUID, UUID]]:
    """Returns (organization, client) of every company that knows this address, or of the one named `slug`.

    Needs the system's scope.
    """
    statement = (
        select(Client.org_id, Client.id)
        .join(Organization, Organization.id == Client.org_id)
        .where(func.lower(Client.email) == email.strip().lower(), Client.active, Organization.active)
        .order_by(Client.created_at)
        .limit(MOST_COMPANIES)
    )
    if slug:
        statement = statement.where(Organization.slug == slug)
    return [(row.org_id, row.id) for row in db.session.execute(statement)]


def _settings() -> Settings:
    settings: Settings = current_app.extensions["doorstep.settings"]
    return settings
