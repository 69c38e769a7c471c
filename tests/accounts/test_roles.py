"""Nobody grants more than they have."""

from __future__ import annotations

import pytest

from doorstep.accounts import roles
from doorstep.core.actor import MANAGE, ROLES, SYSTEM, Actor
from doorstep.core.errors import Forbidden, Invalid
from tests.accounts.acting import acting
from tests.cast import ALDER


@pytest.mark.parametrize("role", ROLES)
def test_an_owner_gives_every_role(role: str) -> None:
    roles.check_grant(acting(ALDER.owner, ALDER), role)


@pytest.mark.parametrize("role", ROLES)
def test_an_admin_gives_every_role_but_the_owners(role: str) -> None:
    admin = acting(ALDER.viewer, ALDER, "admin")
    if role == "owner":
        with pytest.raises(Forbidden):
            roles.check_grant(admin, role)
    else:
        roles.check_grant(admin, role)


@pytest.mark.parametrize("giver", ["dispatcher", "finance", "viewer", "worker"])
@pytest.mark.parametrize("role", ["viewer", "worker", "owner"])
def test_who_does_not_manage_gives_nothing(giver: str, role: str) -> None:
    with pytest.raises(Forbidden):
        roles.check_grant(acting(ALDER.viewer, ALDER, giver), role)


def test_a_machine_that_manages_is_no_owner() -> None:
    machine = Actor("token", "Robot", permissions=frozenset({MANAGE}))
    roles.check_grant(machine, "admin")
    with pytest.raises(Forbidden):
        roles.check_grant(machine, "owner")
    with pytest.raises(Forbidden):
        roles.check_over(machine, "owner")


@pytest.mark.parametrize("role", ["", "root", "OWNER", "operator"])
def test_a_role_that_does_not_exist_is_given_by_nobody(role: str) -> None:
    with pytest.raises(Invalid):
        roles.check_grant(acting(ALDER.owner, ALDER), role)


def test_only_an_owner_stands_over_an_owner() -> None:
    roles.check_over(acting(ALDER.owner, ALDER), "owner")
    roles.check_over(SYSTEM, "owner")
    admin = acting(ALDER.viewer, ALDER, "admin")
    roles.check_over(admin, "admin")
    with pytest.raises(Forbidden):
        roles.check_over(admin, "owner")
