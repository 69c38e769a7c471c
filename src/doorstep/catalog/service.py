"""The services of an organization: what visitors see, what the office changes. Nothing here commits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from doorstep.catalog import rules
from doorstep.catalog.models import Service
from doorstep.core import tenancy
from doorstep.core.actor import Actor
from doorstep.core.errors import NotFound, invalid
from doorstep.core.extensions import db
from doorstep.core.transaction import save

CHANGEABLE: Final = frozenset({
    "name", "description", "icon", "skill", "price_cents", "price_unit", "duration_minutes", "buffer_minutes",
    "extras", "checklist", "public", "active",
})  # fmt: skip
NEEDED: Final = ("name", "price_cents", "duration_minutes")


def get(service_id: UUID, *, lock: bool = False) -> Service:
    """Returns the organization's service. Raises NotFound."""
    return tenancy.get(Service, service_id, lock=lock)


def public_services() -> list[Service]:
    """Returns what visitors can ask for, in the order the office chose."""
    return _rows(Service.active, Service.public)


def public_service(service_id: UUID) -> Service:
    """Returns a service that visitors can ask for. Raises NotFound for a hidden or inactive one."""
    found = get(service_id)
    if not (found.active and found.public):
        raise NotFound("This service is not offered.")
    return found


def services(*, inactive: bool = False) -> list[Service]:
    """Returns all active services in their order; the inactive ones too if wished."""
    return _rows() if inactive else _rows(Service.active)


def create(who: Actor, values: Mapping[str, Any]) -> Service:
    """Returns the new service, last in the list unless `position` (from 0) says where.

    Raises Invalid for a missing name, price or duration and for every value out of its bounds.
    """
    for name in NEEDED:
        if values.get(name) in (None, ""):
            raise invalid(name, "This is needed.")
    service = Service(position=len(_rows()), **rules.checked(_known(values)))
    save(service)
    _place(service, values.get("position"))
    return service


def change(who: Actor, service: Service, values: Mapping[str, Any]) -> Service:
    """Returns the service with the given values changed; orders made before keep what they were made with.

    Raises Invalid for a value out of its bounds.
    """
    for name, value in rules.checked(_known(values)).items():
        setattr(service, name, value)
    save(service)
    _place(service, values.get("position"))
    return service


def move(who: Actor, service: Service, *, up: bool) -> Service:
    """Returns the service one place further up or down among those that are active (or not) as it is; the first one
    does not go up, nor the last one down."""
    listed = _rows()
    alike = [row.id for row in listed if row.active == service.active]
    beside = alike.index(service.id) + (-1 if up else 1)
    if 0 <= beside < len(alike):
        others = [row.id for row in listed if row.id != service.id]
        _place(service, others.index(alike[beside]) + (0 if up else 1))
    return service


def deactivate(who: Actor, service: Service) -> Service:
    """Returns the service, offered to nobody any more; its orders stay. Doing it again changes nothing."""
    service.active = False
    return save(service)


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in CHANGEABLE}


def _rows(*conditions: Any) -> list[Service]:
    statement = select(Service).where(*conditions).order_by(Service.position, Service.name, Service.id)
    return list(db.session.execute(statement).scalars())


def _place(service: Service, position: int | None) -> None:
    if position is None:
        return
    others = [row for row in _rows() if row.id != service.id]
    others.insert(max(position, 0), service)
    for index, row in enumerate(others):
        row.position = index
    db.session.flush()
