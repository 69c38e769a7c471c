"""The organization's services as JSON."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from doorstep.catalog import service as catalog
from doorstep.catalog.models import Service
from doorstep.catalog.schemas import ServiceOutSchema
from doorstep.core.actor import Actor
from doorstep.core.transaction import transaction


def service_list(who: Actor, query: dict[str, Any]) -> dict[str, Any]:
    """The services in their order.

    With `inactive` also those that are not offered any more. The list is short and comes whole.
    """
    found = catalog.services(inactive=query["inactive"])
    return {"items": ServiceOutSchema(many=True).dump(found), "next_cursor": None}


def service_read(who: Actor, service_id: UUID) -> dict[str, Any]:
    """One service."""
    return _shape(catalog.get(service_id))


def service_create(who: Actor, body: dict[str, Any]) -> dict[str, Any]:
    """Add a service."""
    with transaction():
        return _shape(catalog.create(who, body))


def service_change(who: Actor, service_id: UUID, body: dict[str, Any]) -> dict[str, Any]:
    """Change what is given.

    Orders keep what they were made with. `position` (from 0) moves the service in the list.
    """
    with transaction():
        return _shape(catalog.change(who, catalog.get(service_id, lock=True), body))


def service_deactivate(who: Actor, service_id: UUID) -> dict[str, Any]:
    """Offer a service no longer; its orders stay."""
    with transaction():
        return _shape(catalog.deactivate(who, catalog.get(service_id, lock=True)))


def _shape(service: Service) -> dict[str, Any]:
    shaped: dict[str, Any] = ServiceOutSchema().dump(service)
    return shaped
