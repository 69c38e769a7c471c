"""Invitations into the organization in scope. The invited person chooses their own password when accepting (see
`auth/joining`); the secret is in the mail only, so that accepting proves who reads that mailbox."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select, update

from doorstep.accounts import roles, users
from doorstep.accounts.models import Invitation, Membership, User, Worker
from doorstep.core import clock, current, formats, ids, tenancy
from doorstep.core.actor import Actor
from doorstep.core.errors import Conflict, FieldError, Gone
from doorstep.core.extensions import db
from doorstep.core.http.paging import by_time, split
from doorstep.core.transaction import save
from doorstep.notifications import account_messages, service

BY_AGE: Final = by_time(Invitation.created_at, Invitation.id)
OVER: Final = "This invitation was used, taken back or is too old."
MEMBER_ALREADY: Final = "This person is a member already."


def invite(who: Actor, *, email: str, name: str = "", role: str, worker_id: UUID | None = None) -> Invitation:
    """Returns the invitation, its mail queued. An open one to the same address is replaced by it. `worker_id`
    names the worker that the invited person is.

    Raises Forbidden for a role that the actor may not give, Conflict when the person is a member already.
    """
    roles.check_grant(who, role)
    address = users.checked_email(email)
    if _is_member(address):
        raise Conflict(MEMBER_ALREADY, errors=[FieldError("email", MEMBER_ALREADY)])
    _wait_for_others(address)
    _revoke_open(address)
    secret = ids.org_secret(tenancy.org_id())
    row = save(Invitation(
        email=address, name=users.checked_name(name) if name.strip() else "", role=role,
        sha256=ids.digest(secret), invited_by=users.id_of(who), worker_id=worker_id,
        expires_at=clock.minutes_from_now(current.settings().invitation_ttl_minutes),
    ))  # fmt: skip
    _queue_mail(who, row, secret)
    return row


def rows(limit: int = 50, cursor: str | None = None) -> tuple[list[Invitation], str | None]:
    """Returns a page of the open invitations, newest first, and the cursor of the next page."""
    statement = select(Invitation).where(*_open(clock.now()))
    found = db.session.execute(BY_AGE.page(statement, limit, cursor)).scalars().all()
    shown, following = split(found, limit, lambda row: (row.created_at, row.id))
    return list(shown), following


def open_to(worker_ids: Collection[UUID]) -> dict[UUID, Invitation]:
    """Returns the newest open invitation of each worker who has one."""
    statement = select(Invitation).where(Invitation.worker_id.in_(worker_ids), *_open(clock.now()))
    found = db.session.execute(statement.order_by(Invitation.created_at, Invitation.id)).scalars()
    return {row.worker_id: row for row in found if row.worker_id}


def revoke(who: Actor, invitation_id: UUID) -> None:
    """Makes an invitation useless. Raises NotFound, Conflict when it was accepted."""
    row = tenancy.get(Invitation, invitation_id, lock=True)
    if row.accepted_at is not None:
        raise Conflict("This invitation was accepted already.")
    row.revoked_at = row.revoked_at or clock.now()
    db.session.flush()


def again(who: Actor, invitation_id: UUID) -> Invitation:
    """Returns a new invitation in place of this one, its mail queued. Raises NotFound, Conflict when it was accepted
    or taken back, and what `invite` raises."""
    row = tenancy.get(Invitation, invitation_id, lock=True)
    if row.accepted_at is not None or row.revoked_at is not None:
        raise Conflict("This invitation was used or taken back meanwhile.")
    return invite(who, email=row.email, name=row.name, role=row.role, worker_id=row.worker_id)


def find_open(secret: str, *, lock: bool = False) -> Invitation:
    """Returns the open invitation with this secret. Raises Gone for any other."""
    statement = select(Invitation).where(Invitation.sha256 == ids.digest(secret), *_open(clock.now()))
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = db.session.execute(statement).scalar_one_or_none()
    if row is None:
        raise Gone(OVER)
    return row


def spend(row: Invitation, user: User) -> None:
    """Marks a locked invitation as accepted by the user, who becomes the worker it names unless that worker, or
    this user, is taken already."""
    row.accepted_at = clock.now()
    if row.worker_id is not None:
        taken = exists().where(Worker.org_id == row.org_id, Worker.user_id == user.id)
        free = update(Worker).where(Worker.id == row.worker_id, Worker.user_id.is_(None), ~taken)
        db.session.execute(free.values(user_id=user.id).execution_options(synchronize_session=False))
    db.session.flush()


def _open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None), Invitation.expires_at > now


def _is_member(email: str) -> bool:
    user = users.find(email)
    if user is None:
        return False
    statement = select(Membership.id).where(Membership.user_id == user.id, Membership.active)
    return db.session.execute(statement).first() is not None


def _wait_for_others(email: str) -> None:
    """Of several who invite one address at the same moment each sees, and replaces, what the one before wrote."""
    turn = func.hashtextextended(f"invitation:{tenancy.org_id()}:{email}", 0)
    db.session.execute(select(func.pg_advisory_xact_lock(turn)))


def _revoke_open(email: str) -> None:
    now = clock.now()
    former = update(Invitation).where(Invitation.email == email, *_open(now)).values(revoked_at=now)
    db.session.execute(former)


def _queue_mail(who: Actor, row: Invitation, secret: str) -> None:
    message = account_messages.invitation(
        who.home, name=row.name, invited_by=who.name if who.kind == "member" else who.home.name, role=row.role,
        url=f"{current.settings().public_base_url}/auth/invitation/{secret}",
        until=formats.long_day(row.expires_at, who.home.zone),
    )  # fmt: skip
    service.queue_email(
        message, to=row.email, to_name=row.name, dedupe_key=f"invitation:{row.id}", cause=f"{who.name} invited them"
    )
