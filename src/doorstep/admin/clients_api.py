"""The organization's clients as JSON."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from doorstep.clients import links
from doorstep.clients import service as clients
from doorstep.clients.models import Client
from doorstep.core import tenancy
from doorstep.core.actor import Actor
from doorstep.core.http.versions import take_seen
from doorstep.core.transaction import transaction


def client_list(who: Actor, query: dict[str, Any]) -> dict[str, Any]:
    """The clients by name; with `inactive` also those put away."""
    active = None if query["inactive"] else True
    found, following = clients.rows(query["search"], query["limit"], query["cursor"], active=active)
    return {"items": [shape(row) for row in found], "next_cursor": following}


def client_read(who: Actor, client_id: UUID) -> dict[str, Any]:
    """One client."""
    return shape(tenancy.get(Client, client_id))


def client_create(who: Actor, body: dict[str, Any]) -> dict[str, Any]:
    """Add a client. An e-mail address belongs to one client only."""
    with transaction():
        return shape(clients.create(**body))


def client_change(who: Actor, client_id: UUID, body: dict[str, Any]) -> dict[str, Any]:
    """Change what is given; `active: false` puts the client away, orders stay.

    With `version` or `If-Match` a change that somebody else made meanwhile is not overwritten (412).
    """
    version = take_seen(body)
    with transaction():
        return shape(clients.change(tenancy.get(Client, client_id, lock=True), body, version))


def client_link(who: Actor, client_id: UUID) -> dict[str, bool]:
    """Send the client a link that signs them in to their orders. Only they see it."""
    with transaction():
        return {"sent": links.send(tenancy.get(Client, client_id), None, f"{who.name} sent a link")}


def shape(row: Client) -> dict[str, Any]:
    """Returns a client as `ClientSchema` says."""
    return {
        "id": row.id, "name": row.name, "email": row.email, "phone": row.phone, "address": row.address,
        "city": row.city, "postal_code": row.postal_code, "access_notes": row.access_notes, "notes": row.notes,
        "active": row.active, "created_at": row.created_at, "version": row.version,
    }  # fmt: skip
