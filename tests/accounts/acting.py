"""Actors as the guards would make them, for tests of services."""

from __future__ import annotations

from doorstep.core.actor import ROLE_PERMISSIONS, Actor, Org
from tests.cast import Company, Person


def acting(person: Person, company: Company, role: str | None = None) -> Actor:
    """Returns the actor of a member, in their own role unless another is named."""
    org = Org(company.id, company.slug, company.name, company.timezone, company.currency)
    name = role or person.role or ""
    return Actor("member", person.name, person.id, org, name, ROLE_PERMISSIONS[name], person.email)
