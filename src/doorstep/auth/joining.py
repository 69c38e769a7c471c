"""Accepting an invitation. Holding its secret proves who reads the mailbox: enough to choose the first password of
that address, never enough to replace one, since the person may belong to other organizations too."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from doorstep.accounts import invitations, members, users
from doorstep.accounts.models import Organization, User
from doorstep.auth import passwords, recovery, service, sessions
from doorstep.auth.devices import Device
from doorstep.auth.sessions import Opened
from doorstep.core import ids, tenancy
from doorstep.core.actor import SYSTEM, Actor, Org
from doorstep.core.errors import Conflict, Gone, Unauthorized, invalid
from doorstep.core.extensions import db
from doorstep.core.transaction import save, transaction


@dataclass(frozen=True, slots=True)
class Offer:
    """An open invitation as its page shows it. `has_account`: the address has a password already."""

    org: Org
    email: str
    name: str
    role: str
    invited_by: str
    has_account: bool

    def is_for(self, who: Actor | None) -> bool:
        """Returns whether this very person is signed in, by a password of their own."""
        return bool(who and who.kind == "member" and not who.by_link and users.normal(who.email or "") == self.email)


def look(secret: str) -> Offer:
    """Returns what the invitation offers; changes nothing. Raises Gone for one that is over or never was."""
    org = _org(secret)
    with tenancy.org_scope(org.id):
        row = invitations.find_open(secret)
        user = users.find(row.email)
        has_account = user is not None and user.password_hash is not None
        return Offer(org, row.email, row.name, row.role, _inviter(row.invited_by), has_account)


def accept(secret: str, who: Actor | None, device: Device, *, name: str = "", password: str = "") -> Opened:
    """Returns a session in the organization joined, the invitation used up. Commits.

    Who is signed in as the invited address needs nothing more; who has an account gives its password; others
    choose a name and a password. Raises Gone, Invalid (at `name` or `password`), TooManyRequests, Conflict.
    """
    offer = look(secret)
    fresh: str | None = None
    if not offer.has_account:
        name = users.checked_name(name or offer.name)
        passwords.check(password, email=offer.email, name=name)
        fresh = passwords.hashed(password)
    elif not offer.is_for(who):
        _prove(offer.email, password)
    with tenancy.org_scope(offer.org.id), transaction():
        row = invitations.find_open(secret, lock=True)
        user = _person(offer.email, name, fresh)
        invitations.spend(row, user)
        membership = members.add(SYSTEM, user, row.role)
        return sessions.start(user.id, offer.org.id, membership.role, device)


def _org(secret: str) -> Org:
    org_id = ids.org_of_secret(secret)
    db.session.rollback()
    statement = select(Organization).where(Organization.id == org_id, Organization.active)
    org = db.session.execute(statement).scalar_one_or_none()
    if org is None:
        raise Gone(invitations.OVER)
    facts = org.facts()
    db.session.rollback()
    return facts


def _inviter(user_id: UUID | None) -> str:
    name: str | None = db.session.execute(select(User.name).where(User.id == user_id)).scalar_one_or_none()
    return name or ""


def _prove(email: str, password: str) -> None:
    try:
        service.authenticate(email, password)
    except Unauthorized:
        raise invalid("password", "This password is not right.") from None


def _person(email: str, name: str, fresh: str | None) -> User:
    """The user, made or given their first password when `fresh` holds its hash. Locked and looked at again: a
    password that was set meanwhile is never replaced."""
    user = users.find(email, lock=True)
    if fresh is None:
        if user is None:
            raise Gone(invitations.OVER)
        return user
    if user is not None and user.password_hash is not None:
        raise Conflict("This address has a password by now. Open the link again and give it.")
    if user is None:
        user = save(User(email=email, name=name, password_hash=None))
    user.name = name
    recovery.put(user.id, email, fresh)
    return user
