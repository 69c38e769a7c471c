"""Letting a member go: the access and the sessions end together."""

from __future__ import annotations

from uuid import UUID

from doorstep.accounts import members
from doorstep.accounts.models import Membership
from doorstep.auth import sessions
from doorstep.core.actor import Actor


def let_go(who: Actor, member_id: UUID) -> Membership:
    """Returns the membership, over; the member's sessions in this organization are over too. Raises what
    `members.deactivate` raises."""
    gone = members.deactivate(who, member_id)
    sessions.end_in(gone.org_id, gone.user_id, "member let go")
    return gone
