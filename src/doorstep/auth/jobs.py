"""What signing in leaves behind, taken away when it is over. Parts of the job `cleanup`."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, or_, select

from doorstep.auth.models import LoginSession, UserLink
from doorstep.core import clock
from doorstep.core.work import Work

# Shown among a person's devices and kept for a question afterwards; then nobody needs them.
KEPT: Final = timedelta(days=30)


def dead_sessions(work: Work) -> int:
    """Returns how many sessions were removed that ended long ago."""
    before = clock.now() - KEPT
    over = select(LoginSession.id).where(or_(LoginSession.expires_at < before, LoginSession.revoked_at < before))

    def batch(most: int) -> int:
        return work.rows_of(delete(LoginSession).where(LoginSession.id.in_(over.limit(most))))

    return work.sweep("sessions that ended", batch)


def dead_links(work: Work) -> int:
    """Returns how many one-time links were removed that could not be opened for long."""
    over = select(UserLink.id).where(UserLink.expires_at < clock.now() - KEPT)

    def batch(most: int) -> int:
        return work.rows_of(delete(UserLink).where(UserLink.id.in_(over.limit(most))))

    return work.sweep("one-time links that are over", batch)
