"""Where a person belongs: their organizations and roles, read across the walls for this one question."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from doorstep.accounts.models import Membership, Organization
from doorstep.core import tenancy
from doorstep.core.actor import Org
from doorstep.core.errors import invalid
from doorstep.core.extensions import db


@dataclass(frozen=True, slots=True)
class Place:
    """An organization and the role in it."""

    org: Org
    role: str


def of(user_id: UUID) -> list[Place]:
    """Returns the organizations in which the person is an active member, by name. Ends a transaction that has only
    read; to be called before anything is written."""
    db.session.rollback()
    with tenancy.system_scope("organizations of a person"):
        statement = (
            select(Organization, Membership.role)
            .join(Membership, Membership.org_id == Organization.id)
            .where(Membership.user_id == user_id, Membership.active, Organization.active)
            .order_by(Organization.name, Organization.id)
        )
        return [Place(org.facts(), role) for org, role in db.session.execute(statement)]


def chosen(places: list[Place], slug: str | None) -> Place | None:
    """Returns the place with this slug; the only one when none is named; None when there is a choice to make.

    Raises Invalid for an organization the person does not belong to, whether it exists or not.
    """
    if slug:
        found = next((place for place in places if place.org.slug == slug), None)
        if found is None:
            raise invalid("org", "You do not belong to this organization.")
        return found
    return places[0] if len(places) == 1 else None
