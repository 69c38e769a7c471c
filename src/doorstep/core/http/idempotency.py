"""`Idempotency-Key`: a repeated creating POST gets the first answer and does nothing twice.

Key, effect and answer are written in one transaction, so all of them exist or none: a view that fails leaves no key,
and the next try is the first one again. Semantics follow the IETF draft "The Idempotency-Key HTTP Header Field": same
key with another body is 422, a key whose first request is still running is 409 (the second waits for the first as
long as the database's lock timeout allows).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from flask import Response, request
from sqlalchemy import UniqueConstraint, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from doorstep.core import clock, ids, tenancy
from doorstep.core.actor import Actor
from doorstep.core.db import Base, OrgRow, Stamped
from doorstep.core.errors import FieldError, Invalid, invalid
from doorstep.core.extensions import db
from doorstep.core.transaction import joining
from doorstep.core.work import Work

KEPT: Final = timedelta(hours=24)


class IdempotencyKey(OrgRow, Stamped, Base):
    """One creating request and, once it is known, its answer."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("org_id", "actor", "key"),)

    actor: Mapped[str]
    key: Mapped[str]
    request_sha256: Mapped[bytes]
    status: Mapped[int | None]
    mimetype: Mapped[str | None]
    response: Mapped[bytes | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)


def given_key() -> str | None:
    """Returns the request's Idempotency-Key. Raises Invalid for one that is too long or odd."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not (1 <= len(key) <= 200 and key.isprintable()):
        raise invalid("Idempotency-Key", "The key must have 1 to 200 printable characters.")
    return key


def once(who: Actor | None, run: Callable[[], Response]) -> Response:
    """Returns the answer of `run`, or the stored one when this key was seen before.

    Raises Conflict while the first request runs, Invalid when the key came with another body.
    """
    key = given_key()
    if key is None or who is None or who.org is None:
        return run()
    with joining():
        mine = _insert(who, key)
        if mine is None:
            return _replayed(who, key)
        response = run()
        stored = {"status": response.status_code, "mimetype": response.mimetype, "response": response.get_data()}
        db.session.execute(update(IdempotencyKey).where(IdempotencyKey.id == mine).values(**stored))
    return response


def dead_keys(work: Work) -> int:
    """Returns how many keys were removed whose time is over. Part of the job `cleanup`."""
    over = select(IdempotencyKey.org_id, IdempotencyKey.id).where(IdempotencyKey.expires_at < clock.now())

    def batch(most: int) -> int:
        some = over.limit(most).subquery()
        return work.rows_of(
            delete(IdempotencyKey).where(IdempotencyKey.id == some.c.id, IdempotencyKey.org_id == some.c.org_id)
        )

    return work.sweep("idempotency keys that are over", batch)


def _fingerprint() -> bytes:
    head = f"{request.method} {request.full_path}\n".encode()
    return hashlib.sha256(head + request.get_data(cache=True)).digest()


def _name(who: Actor) -> str:
    return f"{who.kind}:{who.id or ''}"


def _insert(who: Actor, key: str) -> UUID | None:
    """Returns the new row's id, or None when the key is taken. A key that is over counts as new."""
    present = clock.now()
    first = {
        "id": ids.new(),
        "request_sha256": _fingerprint(),
        "created_at": present,
        "expires_at": present + KEPT,
        "status": None,
        "mimetype": None,
        "response": None,
    }
    taken = {"org_id": tenancy.org_id(), "actor": _name(who), "key": key}
    statement = (
        insert(IdempotencyKey)
        .values(first | taken)
        .on_conflict_do_update(index_elements=list(taken), set_=first, where=IdempotencyKey.expires_at < present)
        .returning(IdempotencyKey.id)
    )
    return db.session.execute(statement).scalar_one_or_none()


def _replayed(who: Actor, key: str) -> Response:
    statement = select(IdempotencyKey).where(IdempotencyKey.actor == _name(who), IdempotencyKey.key == key)
    first = db.session.execute(statement).scalar_one()
    if first.request_sha256 != _fingerprint():
        raise Invalid(
            "This key was used for another request.",
            errors=[FieldError("Idempotency-Key", "used for another request")],
        )
    return Response(first.response, first.status, mimetype=first.mimetype, headers={"Idempotent-Replayed": "true"})
