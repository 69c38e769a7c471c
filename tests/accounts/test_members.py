"""Who belongs to an organization, with which role, and how nobody is left without an owner."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from doorstep.accounts import members
from doorstep.accounts.models import Membership, User, Worker
from doorstep.backends.database.embedded import Urls
from doorstep.core import tenancy
from doorstep.core.actor import SYSTEM
from doorstep.core.errors import Conflict, Forbidden, NotFound, Problem
from doorstep.core.extensions import db
from doorstep.core.transaction import save, transaction
from tests.accounts.acting import acting
from tests.auth.doors import at_once_behind
from tests.cast import Company, known_id


def member_id(company: Company, key: str) -> object:
    return known_id(f"{company.slug}.{key}.member")


def set_role(company: Company, key: str, role: str) -> None:
    with tenancy.org_scope(company.id), transaction():
        tenancy.get(Membership, member_id(company, key)).role = role


def owners(company: Company) -> int:
    with tenancy.org_scope(company.id):
        wanted = select(Membership.id).where(Membership.role == "owner", Membership.active)
        return len(db.session.execute(wanted).all())


def test_members_are_listed_by_name_of_this_organization_only(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id):
        found, following = members.rows()
    assert [row.name for row in found] == sorted(person.name for person in alder.people)
    assert following is None
    assert {row.email.partition("@")[2] for row in found} == {"alder.test"}


def test_the_list_is_paged_without_losing_anybody(context: Flask, alder: Company) -> None:
    seen, cursor = [], None
    with tenancy.org_scope(alder.id):
        while True:
            found, cursor = members.rows(2, cursor)
            seen += [row.id for row in found]
            if cursor is None:
                break
    assert len(seen) == len(set(seen)) == len(alder.people)


def test_another_companys_member_is_not_there(context: Flask, alder: Company, birch: Company) -> None:
    who = acting(alder.owner, alder)
    with tenancy.org_scope(alder.id), pytest.raises(NotFound):
        members.find(member_id(birch, "viewer"))
    for act in (members.deactivate, members.reactivate):
        with tenancy.org_scope(alder.id), pytest.raises(NotFound):
            act(who, member_id(birch, "viewer"))
    with tenancy.org_scope(alder.id), pytest.raises(NotFound):
        members.change_role(who, member_id(birch, "viewer"), role="worker")


def test_an_admin_can_neither_change_nor_let_go_an_owner(context: Flask, alder: Company) -> None:
    set_role(alder, "finance", "owner")
    admin = acting(alder.viewer, alder, "admin")
    for act in (members.deactivate, members.reactivate):
        with tenancy.org_scope(alder.id), pytest.raises(Forbidden):
            act(admin, member_id(alder, "owner"))
    with tenancy.org_scope(alder.id), pytest.raises(Forbidden):
        members.change_role(admin, member_id(alder, "owner"), role="viewer")
    with tenancy.org_scope(alder.id), pytest.raises(Forbidden):
        members.change_role(admin, member_id(alder, "dispatch"), role="owner")


def test_an_admin_cannot_make_themself_an_owner(context: Flask, alder: Company) -> None:
    set_role(alder, "viewer", "admin")
    admin = acting(alder.viewer, alder, "admin")
    with tenancy.org_scope(alder.id), pytest.raises(Forbidden):
        members.change_role(admin, member_id(alder, "viewer"), role="owner")


def test_the_last_owner_keeps_the_role(context: Flask, alder: Company) -> None:
    who = acting(alder.owner, alder)
    with tenancy.org_scope(alder.id), pytest.raises(Conflict) as caught:
        members.change_role(who, member_id(alder, "owner"), role="admin")
    assert "needs an owner" in caught.value.detail
    with tenancy.org_scope(alder.id), pytest.raises(Conflict):
        members.deactivate(SYSTEM, member_id(alder, "owner"))
    assert owners(alder) == 1


def test_an_owner_let_go_does_not_count_as_an_owner(context: Flask, alder: Company) -> None:
    set_role(alder, "finance", "owner")
    who = acting(alder.owner, alder)
    with tenancy.org_scope(alder.id), transaction():
        members.deactivate(who, member_id(alder, "finance"))
    with tenancy.org_scope(alder.id), pytest.raises(Conflict):
        members.change_role(who, member_id(alder, "owner"), role="viewer")


def test_with_a_second_owner_the_first_may_step_down(context: Flask, alder: Company) -> None:
    set_role(alder, "finance", "owner")
    with tenancy.org_scope(alder.id), transaction():
        members.change_role(acting(alder.owner, alder), member_id(alder, "owner"), role="viewer")
    assert owners(alder) == 1


def test_two_owners_who_let_each_other_go_at_the_same_moment_leave_one(app: Flask, urls: Urls, alder: Company) -> None:
    with app.app_context():
        set_role(alder, "finance", "owner")
    pairs = [(alder.owner, "finance"), (alder.finance, "owner")]

    def let_go(number: int) -> str:
        person, other = pairs[number % 2]
        with app.app_context(), tenancy.org_scope(alder.id):
            try:
                with transaction():
                    members.change_role(acting(person, alder, "owner"), member_id(alder, other), role="viewer")
            except Problem as problem:
                return problem.title
        return "done"

    answers = at_once_behind("select 1 from memberships for update", urls, 2, let_go)
    assert sorted(answers) == ["Conflict", "done"]
    with app.app_context():
        assert owners(alder) == 1


def test_nobody_lets_themself_go_by_accident(context: Flask, alder: Company) -> None:
    set_role(alder, "finance", "owner")
    with tenancy.org_scope(alder.id), pytest.raises(Conflict):
        members.deactivate(acting(alder.owner, alder), member_id(alder, "owner"))


def test_a_worker_let_go_gets_no_more_orders_and_comes_back(context: Flask, alder: Company) -> None:
    who = acting(alder.owner, alder)
    with tenancy.org_scope(alder.id), transaction():
        members.deactivate(who, member_id(alder, "ana"))
        assert not tenancy.get(Worker, alder.worker.worker_id).active
    with tenancy.org_scope(alder.id), transaction():
        members.reactivate(who, member_id(alder, "ana"))
        assert tenancy.get(Worker, alder.worker.worker_id).active
    with tenancy.org_scope(alder.id):
        assert members.find(member_id(alder, "ana")).active


def test_a_member_who_becomes_a_worker_is_on_the_list_of_workers_once(context: Flask, alder: Company) -> None:
    who = acting(alder.owner, alder)
    for role in ("worker", "viewer", "worker"):
        with tenancy.org_scope(alder.id), transaction():
            members.change_role(who, member_id(alder, "viewer"), role=role)
    with tenancy.org_scope(alder.id):
        wanted = select(Worker).where(Worker.user_id == alder.viewer.id)
        (worker,) = db.session.execute(wanted).scalars().all()
    assert (worker.name, worker.active) == (alder.viewer.name, True)


def test_adding_a_member_twice_keeps_the_first_role(context: Flask, alder: Company) -> None:
    with transaction():
        user = save(User(email="nina@newcomer.test", name="Nina", password_hash=None))
    for role in ("viewer", "owner"):
        with tenancy.org_scope(alder.id), transaction():
            added = members.add(SYSTEM, user, role)
            assert added.role == "viewer"


def test_adding_needs_the_right_to_give_the_role(context: Flask, alder: Company) -> None:
    with transaction():
        user = save(User(email="nina@newcomer.test", name="Nina", password_hash=None))
    for giver, role in (("dispatcher", "viewer"), ("admin", "owner")):
        with tenancy.org_scope(alder.id), pytest.raises(Forbidden):
            members.add(acting(alder.viewer, alder, giver), user, role)
