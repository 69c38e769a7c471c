"""Users: people with one address each, whatever the number of organizations they belong to."""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID

from sqlalchemy import select

from doorstep.accounts.models import User, email_is
from doorstep.core.actor import Actor
from doorstep.core.errors import NotFound, invalid
from doorstep.core.extensions import db

ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
LONGEST_ADDRESS: Final = 254
LONGEST_NAME: Final = 120


def normal(email: str) -> str:
    """Returns the address as it is stored: trimmed, in lower case."""
    return email.strip().lower()


def checked_email(email: str, field: str = "email") -> str:
    """Returns the address as it is stored. Raises Invalid for one that cannot receive mail."""
    found = normal(email)
    if len(found) > LONGEST_ADDRESS or not found.isprintable() or not ADDRESS.fullmatch(found):
        raise invalid(field, "This does not look like an email address.")
    return found


def checked_name(name: str, field: str = "name") -> str:
    """Returns the name without needless blanks. Raises Invalid for an empty or very long one."""
    found = " ".join(name.split())
    if not found:
        raise invalid(field, "Please give a name.")
    if len(found) > LONGEST_NAME or not found.isprintable():
        raise invalid(field, f"Use at most {LONGEST_NAME} letters.")
    return found


def find(email: str, *, lock: bool = False) -> User | None:
    """Returns the user with this address, or None."""
    statement = select(User).where(email_is(email))
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.execute(statement).scalar_one_or_none()


def named(email: str) -> User:
    """Returns the user with this address. Raises NotFound."""
    user = find(email)
    if user is None:
        raise NotFound(f"Nobody has the address {normal(email)}.")
    return user


def id_of(who: Actor) -> UUID | None:
    """Returns the user behind an actor; None for machines and the system."""
    return who.id if who.kind == "member" else None
