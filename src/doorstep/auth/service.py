"""Signing in by email and password. Works in short transactions of its own, none open while a password is
being checked; so these functions commit, and are called with nothing else pending."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from doorstep.accounts.models import User, email_is
from doorstep.auth import links, passwords, places, sessions, tries
from doorstep.auth.devices import Device
from doorstep.auth.places import Place
from doorstep.auth.sessions import Opened
from doorstep.core import tenancy
from doorstep.core.errors import FieldError, Gone, Invalid, Unauthorized
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction

log = logging.getLogger(__name__)

WRONG: Final = "Email or password is not right."


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody with an account."""

    id: UUID
    email: str
    name: str
    password_hash: str | None
    is_operator: bool


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in that went well; `place` is None while there is a choice to make, or nowhere to belong."""

    person: Known
    opened: Opened
    place: Place | None
    places: Sequence[Place]


def sign_in(email: str, password: str, device: Device, *, org: str | None = None, kind: str = "browser") -> SignedIn:
    """Returns the new session. `org` is the slug of an organization; a program that belongs to several must name
    one, a person may choose afterwards. Raises what `authenticate` raises, and Invalid about `org`."""
    person = authenticate(email, password)
    mine = places.of(person.id)
    place = places.chosen(mine, org)
    if kind == "bearer" and place is None and mine:
        raise _which(mine)
    with transaction():
        org_id, role = (place.org.id, place.role) if place else (None, None)
        opened = sessions.start(person.id, org_id, role, device, kind=kind)
    return SignedIn(person, opened, place, mine)


def sign_in_by_link(token: str, device: Device) -> Opened:
    """Returns the session of a worker who holds a link of the office, which is used up. It reaches nothing but that
    organization's work. Raises Gone for a link that is over, or when the person is no worker there any more."""
    secret = links.worker_secret(token)
    if secret is None:
        raise Gone(links.OVER)
    with transaction():
        user_id, org_id = links.spend(secret, links.WORKER)
        if org_id is None:
            raise Gone(links.OVER)
        tenancy.enter(org_id)
        if not links.is_worker(user_id, org_id):
            raise Gone(links.OVER)
        return sessions.start(user_id, org_id, "worker", device, kind="link")


def authenticate(email: str, password: str) -> Known:
    """Returns who this is.

    Raises Unauthorized when address or password is wrong, without telling which and after the same work;
    TooManyRequests while the address rests after too many tries, whether anybody has it or not.
    """
    person = _known(email)
    rest = tries.reserve(email)
    stored = person.password_hash if person and not rest else None
    right = passwords.verify(stored, password)
    if rest:
        log.warning("sign-in refused: the address rests")
        raise tries.too_many(rest)
    if person is None or stored is None or not right:
        log.info("sign-in refused: wrong address or password")
        raise Unauthorized(WRONG, headers={"WWW-Authenticate": "Bearer"})
    _welcome(person, stored, password)
    return person


def _known(email: str) -> Known | None:
    statement = select(User.id, User.email, User.name, User.password_hash, User.is_operator).where(email_is(email))
    row = db.session.execute(statement).one_or_none()
    return Known(*row) if row else None


def _welcome(person: Known, stored: str, password: str) -> None:
    renewed = passwords.hashed(password) if passwords.is_dated(stored) else None
    with transaction():
        tries.forget(person.email)
        if renewed:
            still = update(User).where(User.id == person.id, User.password_hash == stored)
            db.session.execute(still.values(password_hash=renewed))


def _which(mine: Sequence[Place]) -> Invalid:
    said = "Say which organization: " + ", ".join(place.org.slug for place in mine) + "."
    listed = [{"slug": place.org.slug, "name": place.org.name, "role": place.role} for place in mine]
    return Invalid(said, errors=[FieldError("org", said)], extra={"organizations": listed})
