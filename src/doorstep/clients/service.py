"""The organization's client records. Functions change rows and never commit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError

from doorstep.clients.models import Client
from doorstep.core import tenancy
from doorstep.core.errors import StaleVersion, invalid
from doorstep.core.extensions import db
from doorstep.core.http.paging import Keyset, split
from doorstep.core.transaction import constraint_of, save

CHANGEABLE: Final = (
    "name", "email", "phone", "address", "city", "postal_code", "access_notes", "notes", "active",
)  # fmt: skip
BY_NAME: Final = Keyset((Client.name, Client.id), (str, UUID), descending=False)
ONE_ADDRESS_EACH: Final = "uq_clients_email"


def by_email(email: str) -> Client | None:
    """Returns the organization's client of this address, whatever its case."""
    return db.session.execute(select(Client).where(func.lower(Client.email) == _address(email))).scalar_one_or_none()


def find_or_create(
    *, name: str, email: str, phone: str = "", address: str = "", city: str = "", postal_code: str = ""
) -> Client:
    """Returns the client of this address, made if there is none yet.

    Of a known client only what was empty is filled in: anybody may type anybody's address into a public form.
    """
    given = {"phone": phone, "address": address, "city": city, "postal_code": postal_code}
    client = by_email(email)
    if client is None:
        client = _created_or_found(name=name, email=email, **given)
    for field, value in given.items():
        if value.strip() and not getattr(client, field):
            setattr(client, field, value.strip())
    client.active = True
    return save(client)


def create(*, name: str, email: str | None = None, **more: str) -> Client:
    """Returns a new client. Raises Invalid when another has this address, or a field is unknown."""
    _check_fields(more)
    kept = {field: value.strip() for field, value in more.items()}
    return _saved(Client(name=name.strip(), email=_address(email or "") or None, **kept))


def change(client: Client, values: Mapping[str, Any], version: int | None = None) -> Client:
    """Returns the changed client. Raises StaleVersion when somebody was faster, Invalid for another's address. Nothing
    is known yet of mails to another address: the former one's bounces do not count against it."""
    if version is not None and version != client.version:
        raise StaleVersion("Somebody else changed this client meanwhile.", extra={"version": client.version})
    _check_fields(values)
    former = client.email
    for field, value in values.items():
        setattr(client, field, value.strip() if isinstance(value, str) else value)
    client.email = _address(client.email or "") or None
    if client.email != (_address(former or "") or None):
        client.email_state, client.email_reason = "ok", ""
    return _saved(client)


def trust_address(client: Client) -> Client:
    """Returns the client, written to again at the same address: somebody asked them, and it is right."""
    client.email_state, client.email_reason = "ok", ""
    return save(client)


def rows(
    search: str = "", limit: int = 50, cursor: str | None = None, *, active: bool | None = None
) -> tuple[list[Client], str | None]:
    """Returns a page of clients by name, and the cursor of the next. `search` is part of a name, address or number;
    `active` limits to those who are (not) clients any more."""
    statement = select(Client).where(Client.org_id == tenancy.org_id())
    if search.strip():
        statement = statement.where(_matches(search.strip()))
    if active is not None:
        statement = statement.where(Client.active.is_(active))
    found = db.session.execute(BY_NAME.page(statement, limit, cursor)).scalars().all()
    shown, following = split(found, limit, lambda client: (client.name, str(client.id)))
    return list(shown), following


def _matches(words: str) -> Any:
    columns = (Client.name, Client.email, Client.phone, Client.address)
    return or_(*(column.icontains(words, autoescape=True) for column in columns))


def _check_fields(values: Mapping[str, Any]) -> None:
    for field in values:
        if field not in CHANGEABLE:
            raise invalid(field, "This cannot be set.")


def _address(email: str) -> str:
    return email.strip().lower()


def _saved(client: Client) -> Client:
    try:
        with db.session.begin_nested():
            return save(client)
    except IntegrityError as error:
        if constraint_of(error) != ONE_ADDRESS_EACH:
            raise
        raise invalid("email", "Another client has this e-mail address.") from None


def _created_or_found(*, name: str, email: str, **given: str) -> Client:
    """Two requests of a new client may arrive at once: the slower one finds what the faster one made."""
    try:
        with db.session.begin_nested():
            return save(Client(name=name.strip(), email=_address(email), **{k: v.strip() for k, v in given.items()}))
    except IntegrityError as error:
        if constraint_of(error) != ONE_ADDRESS_EACH:
            raise
    found = by_email(email)
    if found is None:
        raise LookupError("the client of this address vanished at once")
    return found
