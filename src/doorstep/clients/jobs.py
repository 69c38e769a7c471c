"""Clients' links that open nothing any more, taken away. Part of the job `cleanup`."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import and_, delete, func, or_, select

from doorstep.clients.models import ClientLink
from doorstep.core import clock
from doorstep.core.work import Work

# An old link still says "ask for a new one" instead of "there is no such link".
KEPT: Final = timedelta(days=90)


def dead_links(work: Work) -> int:
    """Returns how many links were removed: never opened and too old, or opened and their browser's time is over."""
    before = clock.now() - KEPT
    unopened = and_(ClientLink.used_at.is_(None), ClientLink.expires_at < before)
    over = or_(unopened, func.coalesce(ClientLink.session_expires_at, ClientLink.expires_at) < before)
    dead = select(ClientLink.org_id, ClientLink.id).where(or_(over, ClientLink.revoked_at < before))

    def batch(most: int) -> int:
        some = dead.limit(most).subquery()
        same = and_(ClientLink.org_id == some.c.org_id, ClientLink.id == some.c.id)
        return work.rows_of(delete(ClientLink).where(same))

    return work.sweep("clients' links that are over", batch)
