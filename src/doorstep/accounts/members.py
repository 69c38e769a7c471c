"""The members of the organization in scope: list, change role, let go, take back. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from doorstep.accounts import roles, workers
from doorstep.accounts.models import Membership, User
from doorstep.core import tenancy
from doorstep.core.actor import Actor
from doorstep.core.errors import Conflict, NotFound
from doorstep.core.extensions import db
from doorstep.core.http.paging import Keyset, split
from doorstep.core.transaction import save


@dataclass(frozen=True, slots=True)
class Member:
    """A member as lists show them. `id` is the membership's."""

    id: UUID
    user_id: UUID
    name: str
    email: str
    role: str
    active: bool
    joined_at: datetime


BY_NAME: Final = Keyset((User.name, Membership.id), (str, UUID), descending=False)


def _members() -> Any:
    return select(
        Membership.id, Membership.user_id, User.name, User.email, Membership.role, Membership.active,
        Membership.created_at,
    ).join(User, User.id == Membership.user_id)  # fmt: skip


def rows(limit: int = 50, cursor: str | None = None) -> tuple[list[Member], str | None]:
    """Returns a page of members by name, those let go included, and the cursor of the next page."""
    found = [Member(*row) for row in db.session.execute(BY_NAME.page(_members(), limit, cursor))]
    shown, following = split(found, limit, lambda member: (member.name, member.id))
    return list(shown), following


def find(member_id: UUID) -> Member:
    """Returns one member. Raises NotFound."""
    row = db.session.execute(_members().where(Membership.id == member_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such member here.")
    return Member(*row)


def add(who: Actor, user: User, role: str) -> Membership:
    """Returns the user's place in the organization: new, or given back with this role when they were let go.
    Who is a member already keeps their role. A worker is put on the list of workers.

    Raises Forbidden when the actor may not give this role.
    """
    roles.check_grant(who, role)
    statement = select(Membership).where(Membership.user_id == user.id).with_for_update()
    membership = db.session.execute(statement).scalar_one_or_none()
    if membership is None:
        membership = Membership(user_id=user.id, role=role)
    elif not membership.active:
        membership.active, membership.role = True, role
    save(membership)
    if membership.role == "worker":
        workers.enlist(user)
    return membership


def change_role(who: Actor, member_id: UUID, *, role: str) -> Membership:
    """Returns the membership with another role. Raises Forbidden when the actor may not give or take it,
    Conflict when nobody would be left as owner."""
    membership = _to_change(who, member_id)
    roles.check_grant(who, role)
    if role != "owner":
        _check_owner_is_left(membership)
    membership.role = role
    if role == "worker":
        workers.enlist(_user(membership))
    return save(membership)


def deactivate(who: Actor, member_id: UUID) -> Membership:
    """Returns the membership, over: its user has no access from the next request on, and as a worker gets no
    more orders. Raises Forbidden over an owner, Conflict for the last owner and for oneself."""
    membership = _to_change(who, member_id)
    if membership.user_id == who.id:
        raise Conflict("You cannot let yourself go. Ask somebody else who may.")
    _check_owner_is_left(membership)
    membership.active = False
    workers.set_active(membership.user_id, active=False)
    return save(membership)


def reactivate(who: Actor, member_id: UUID) -> Membership:
    """Returns the membership, good again with its former role. Raises Forbidden over an owner."""
    membership = _to_change(who, member_id)
    membership.active = True
    if membership.role == "worker":
        workers.enlist(_user(membership))
    return save(membership)


def _to_change(who: Actor, member_id: UUID) -> Membership:
    """The owners are locked first, always in the same order: of two owners who let each other go at the same
    moment the second sees what the first did."""
    owners = select(Membership.id).where(Membership.role == "owner").order_by(Membership.id).with_for_update()
    db.session.execute(owners).all()
    membership = tenancy.get(Membership, member_id, lock=True)
    roles.check_over(who, membership.role)
    return membership


def _check_owner_is_left(membership: Membership) -> None:
    others = select(Membership.id).where(Membership.role == "owner", Membership.active, Membership.id != membership.id)
    if membership.role == "owner" and membership.active and db.session.execute(others).first() is None:
        raise Conflict("Every organization needs an owner. Make somebody else an owner first.")


def _user(membership: Membership) -> User:
    return db.session.execute(select(User).where(User.id == membership.user_id)).scalar_one()
