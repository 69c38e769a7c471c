"""Wrong passwords in a row, and how long an address rests after them.

A try is counted *before* its password is looked at, in a short transaction of its own: guesses sent at the same moment
are all counted, and the count stays when the sign-in fails. Addresses that nobody has are counted alike, in the
same table, so that the answers tell nothing about who has an account, whichever process gives them.
The price: of more than five right sign-ins to one account at the very same moment some are told to wait.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from doorstep.accounts.users import normal
from doorstep.auth.models import SignInTries
from doorstep.core import clock, ids, sql
from doorstep.core.errors import TooManyRequests
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction

FREE: Final = 5
FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(minutes=60)
FORGOTTEN_AFTER: Final = timedelta(days=1)
TIDIED_AT_ONCE: Final = 20

RESTING: Final = "select locked_until from sign_in_tries where address = %(address)s and locked_until > %(now)s"


def wait_after(failures: int) -> timedelta:
    """Returns how long an address rests after that many failures in a row: not at all up to the fourth, a minute
    after the fifth, then twice as long each time up to an hour. Pure."""
    if failures < FREE:
        return timedelta()
    return min(FIRST_WAIT * (1 << min(failures - FREE, 10)), LONGEST_WAIT)


def reserve(email: str) -> timedelta:
    """Returns zero when the address may be tried now, and counts the try; else how long it still rests, and counts
    nothing. Commits."""
    address, now = ids.digest(normal(email)), clock.now()
    with transaction():
        _tidy(now)
        row = _held(address, now)
        if row.locked_until and row.locked_until > now:
            return row.locked_until - now
        row.failures = 1 if now - row.last_at > FORGOTTEN_AFTER else row.failures + 1
        row.last_at = now
        rest = wait_after(row.failures)
        row.locked_until = now + rest if rest else None
    return timedelta()


def resting(email: str) -> timedelta:
    """Returns how long the address still rests, zero when it may be tried now. Counts nothing."""
    now = clock.now()
    found = sql.row(RESTING, {"address": ids.digest(normal(email)), "now": now})
    return found["locked_until"] - now if found else timedelta()


def forget(email: str) -> None:
    """Starts the count of an address again: the right password came, or a new one was set. Does not commit."""
    db.session.execute(delete(SignInTries).where(SignInTries.address == ids.digest(normal(email))))


def too_many(rest: timedelta) -> TooManyRequests:
    """Returns the refusal to be raised while an address rests; `Retry-After` is in seconds."""
    minutes = max(math.ceil(rest.total_seconds() / 60), 1)
    said = f"Too many tries. Wait {minutes} {'minute' if minutes == 1 else 'minutes'}, then try again."
    return TooManyRequests(said, headers={"Retry-After": str(max(math.ceil(rest.total_seconds()), 1))})


def _held(address: bytes, now: datetime) -> SignInTries:
    """The address's row, locked, made when there is none: in one statement, so that nobody can take it away between."""
    new = insert(SignInTries).values(address=address, failures=0, last_at=now)
    held = new.on_conflict_do_update(index_elements=["address"], set_={"last_at": SignInTries.last_at})
    wanted = held.returning(SignInTries).execution_options(populate_existing=True)
    return db.session.execute(wanted).scalar_one()


def _tidy(now: datetime) -> None:
    # Rows that others hold are skipped: two sign-ins that tidy at the same moment never wait for each other.
    stale = (
        select(SignInTries.address)
        .where(SignInTries.last_at < now - FORGOTTEN_AFTER)
        .order_by(SignInTries.last_at)
        .limit(TIDIED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    gone = delete(SignInTries).where(SignInTries.address.in_(stale.scalar_subquery()))
    db.session.execute(gone.execution_options(synchronize_session=False))
