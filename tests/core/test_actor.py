"""Roles and what they may."""

from __future__ import annotations

from uuid import uuid4

import pytest

from doorstep.core import actor
from doorstep.core.actor import Actor, Org

MAY = {
    "owner": "view dispatch finance manage",
    "admin": "view dispatch finance manage",
    "dispatcher": "view dispatch",
    "finance": "view finance",
    "viewer": "view",
    "worker": "work",
}


@pytest.mark.parametrize("role", actor.ROLES)
def test_a_role_may_what_the_product_says(role: str) -> None:
    assert actor.ROLE_PERMISSIONS[role] == frozenset(MAY[role].split())


def test_no_role_of_a_company_operates_the_installation() -> None:
    assert all(actor.OPERATE not in held for held in actor.ROLE_PERMISSIONS.values())


def test_one_of_the_named_permissions_is_enough_and_none_is_not() -> None:
    who = Actor(kind="member", permissions=frozenset({"view"}))
    assert who.may("dispatch", "view")
    assert not who.may("dispatch")
    assert not who.may()


def test_an_actor_without_organization_has_no_home() -> None:
    with pytest.raises(LookupError):
        _ = actor.SYSTEM.home
    org = Org(uuid4(), "alder", "Alder", "Europe/Berlin", "EUR")
    assert Actor(kind="member", org=org).home is org
    assert str(org.zone) == "Europe/Berlin"
