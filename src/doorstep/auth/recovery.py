"""Getting a new password: by a link in a mail, or with the present one."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from doorstep.accounts import roles
from doorstep.accounts.members import Member
from doorstep.accounts.models import User, email_is
from doorstep.auth import links, passwords, places, service, sessions, tries
from doorstep.core import clock, current, tenancy
from doorstep.core.actor import Actor, Org
from doorstep.core.errors import Conflict, Gone, Unauthorized, invalid
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from doorstep.notifications import account_messages
from doorstep.notifications.service import queue_email

log = logging.getLogger(__name__)

BETWEEN_MAILS: Final = timedelta(minutes=2)
SAME_TIME_SECONDS: Final = 0.15


def ask(email: str) -> None:
    """Queues a mail with a link to a new password, if somebody has this address; nothing tells whether, nor does the
    time it takes. At most one mail in two minutes. Commits."""
    with clock.at_least(SAME_TIME_SECONDS):
        _mail_if_known(email)
        db.session.rollback()  # nothing is open during the wait


def _mail_if_known(email: str) -> None:
    row = db.session.execute(select(User.id, User.name).where(email_is(email))).one_or_none()
    if row is None:
        return
    mine = places.of(row.id)
    if not mine:
        log.warning("a new password was asked for by somebody without organization: use `flask user reset-password`")
        return
    with tenancy.org_scope(mine[0].org.id), transaction():
        if not links.was_made_within(row.id, links.RESET, BETWEEN_MAILS):
            mail_reset(row.id, mine[0].org)


def offer(who: Actor, member: Member) -> bool:
    """Queues the mail for another member, who alone gets to see the link. Returns whether it did: at most one mail in
    two minutes. Raises Forbidden over an owner, Conflict for a member let go."""
    roles.check_over(who, member.role)
    if not member.active:
        raise Conflict(f"{member.name} has no access any more. Reactivate them first.")
    if links.was_made_within(member.user_id, links.RESET, BETWEEN_MAILS):
        return False
    mail_reset(member.user_id, who.home)
    return True


def mail_reset(user_id: UUID, org: Org) -> None:
    """Queues the mail within the organization in scope. Only the person gets to see the link."""
    row = db.session.execute(select(User.name, User.email).where(User.id == user_id)).one()
    minutes = current.settings().reset_link_ttl_minutes
    secret = links.make(user_id, links.RESET, minutes=minutes)
    url = links.absolute(f"/auth/reset/{secret}")
    message = account_messages.password_reset(org, name=row.name, url=url, minutes=minutes)
    key = f"password-reset:{user_id}:{clock.now().isoformat()}"
    queue_email(message, to=row.email, to_name=row.name, dedupe_key=key, cause="somebody asked for a new password")


def reset(secret: str, password: str) -> None:
    """Sets a new password by a link, which is used up; ends all sessions of the person. Commits.

    Raises Gone for a link that is over, Invalid for a bad password (the link stays good then).
    """
    seen = links.look(secret, links.RESET)
    if seen is None or seen.state != "ready":
        raise Gone(links.OVER)
    passwords.check(password, email=seen.email, name=seen.name)
    db.session.rollback()
    fresh = passwords.hashed(password)
    with transaction():
        user_id, _ = links.spend(secret, links.RESET)
        put(user_id, seen.email, fresh)


def change(who: Actor, present: str, password: str) -> None:
    """Sets a new password with the present one; ends all other sessions of the person. Commits.

    Raises Invalid for a wrong present or a bad new password, TooManyRequests after too many tries.
    """
    email = who.email or ""
    passwords.check(password, email=email, name=who.name)
    try:
        person = service.authenticate(email, present)
    except Unauthorized:
        raise invalid("present", "This is not your present password.") from None
    fresh = passwords.hashed(password)
    with transaction():
        put(person.id, email, fresh, keep=who.session_id)


def put(user_id: UUID, email: str, password_hash: str, *, keep: UUID | None = None) -> None:
    """Stores a new password: the count of wrong ones starts again, open links to another one are dead, and the
    person's sessions are over but for `keep`."""
    stored = {"password_hash": password_hash, "password_changed_at": clock.now()}
    db.session.execute(update(User).where(User.id == user_id).values(stored))
    tries.forget(email)
    links.spend_all(user_id, links.RESET)
    sessions.end_all(user_id, "password changed", keep=keep)
