"""Tokens of machines: an organization's, or the operator's. Shown once; their SHA-256 stays here."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select

from doorstep.accounts.users import checked_name, id_of
from doorstep.auth.identity import TOKEN_PREFIX
from doorstep.auth.models import ApiToken
from doorstep.core import clock, ids
from doorstep.core.actor import MANAGE, OPERATE, PERMISSIONS, Actor
from doorstep.core.errors import Forbidden, NotFound, invalid
from doorstep.core.extensions import db
from doorstep.core.http.paging import by_time, split
from doorstep.core.transaction import save

SHOWN: Final = 12
NEWEST_FIRST: Final = by_time(ApiToken.created_at, ApiToken.id)


def create(who: Actor, *, name: str, scopes: Collection[str], days: int | None) -> tuple[ApiToken, str]:
    """Returns the new token's row and its text, which nobody sees again. It works for `days` (None: until revoked).

    A token of an organization never reaches beyond it, one without an organization is the operator's. Raises
    Forbidden for a scope that the maker does not have, Invalid for an unknown or empty list.
    """
    _check_scopes(who, scopes)
    secret = TOKEN_PREFIX + ids.secret()
    row = ApiToken(
        sha256=ids.digest(secret), prefix=secret[:SHOWN], org_id=who.org.id if who.org else None,
        name=checked_name(name), scopes=sorted(set(scopes)), created_by=id_of(who),
        expires_at=clock.now() + timedelta(days=days) if days else None,
    )  # fmt: skip
    return save(row), secret


def rows(who: Actor, limit: int = 50, cursor: str | None = None) -> tuple[list[ApiToken], str | None]:
    """Returns a page of the good tokens, newest first, and the cursor of the next page."""
    statement = select(ApiToken).where(*_of(who))
    found = db.session.execute(NEWEST_FIRST.page(statement, limit, cursor)).scalars().all()
    shown, following = split(found, limit, lambda row: (row.created_at, row.id))
    return list(shown), following


def revoke(who: Actor, token_id: UUID) -> None:
    """Makes a token useless at once. Raises NotFound for one that is over, and for a stranger's alike."""
    statement = select(ApiToken).where(*_of(who), ApiToken.id == token_id).with_for_update()
    row = db.session.execute(statement).scalar_one_or_none()
    if row is None:
        raise NotFound("There is no such token here.")
    row.revoked_at = clock.now()
    db.session.flush()


def may_keep(who: Actor) -> bool:
    """Returns whether the actor looks after tokens: of the organization at hand, or else of the installation."""
    return who.may(MANAGE if who.org else OPERATE)


def _check_scopes(who: Actor, scopes: Collection[str]) -> None:
    possible = frozenset(PERMISSIONS) - {OPERATE} if who.org else frozenset({OPERATE})
    unknown = sorted(set(scopes) - possible)
    if not scopes or unknown:
        raise invalid("scopes", "Choose from " + ", ".join(sorted(possible)) + ".")
    if who.kind != "system" and not who.permissions.issuperset(scopes):
        raise Forbidden("A token cannot do more than you can.")


def _of(who: Actor) -> tuple[ColumnElement[bool], ...]:
    # These rows are global, since they are looked up before anybody is known: the wall stands here.
    org = ApiToken.org_id == who.org.id if who.org else ApiToken.org_id.is_(None)
    good = ApiToken.expires_at.is_(None) | (ApiToken.expires_at > clock.now())
    return org, ApiToken.revoked_at.is_(None), good
