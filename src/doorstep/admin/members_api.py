"""The organization's members and invitations as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from doorstep.accounts import invitations, members
from doorstep.accounts.models import Invitation
from doorstep.auth import leaving, recovery
from doorstep.core.actor import Actor
from doorstep.core.transaction import transaction


def member_list(who: Actor, query: dict[str, Any]) -> dict[str, Any]:
    """The members by name, those let go included."""
    found, following = members.rows(**query)
    return {"items": [asdict(row) for row in found], "next_cursor": following}


def member_role(who: Actor, member_id: UUID, body: dict[str, Any]) -> dict[str, Any]:
    """Give a member another role. Only an owner makes or changes an owner."""
    with transaction():
        members.change_role(who, member_id, role=body["role"])
    return asdict(members.find(member_id))


def member_deactivate(who: Actor, member_id: UUID) -> dict[str, Any]:
    """Let a member go. They have no access from now on, and their sessions here are over."""
    with transaction():
        leaving.let_go(who, member_id)
    return asdict(members.find(member_id))


def member_reactivate(who: Actor, member_id: UUID) -> dict[str, Any]:
    """Take a member back, with the role they had."""
    with transaction():
        members.reactivate(who, member_id)
    return asdict(members.find(member_id))


def member_reset(who: Actor, member_id: UUID) -> None:
    """Send a member a link to a new password, at most one in two minutes. Only they see it."""
    with transaction():
        recovery.offer(who, members.find(member_id))


def invitation_create(who: Actor, body: dict[str, Any]) -> dict[str, Any]:
    """Invite somebody by mail. An open invitation to the same address is replaced."""
    with transaction():
        return shape(invitations.invite(who, **body))


def invitation_list(who: Actor, query: dict[str, Any]) -> dict[str, Any]:
    """The open invitations, newest first."""
    found, following = invitations.rows(**query)
    return {"items": [shape(row) for row in found], "next_cursor": following}


def invitation_revoke(who: Actor, invitation_id: UUID) -> None:
    """Make an invitation useless."""
    with transaction():
        invitations.revoke(who, invitation_id)


def shape(row: Invitation) -> dict[str, Any]:
    """Returns an invitation as `InvitationSchema` says."""
    return {
        "id": row.id, "email": row.email, "name": row.name, "role": row.role, "created_at": row.created_at,
        "expires_at": row.expires_at,
    }  # fmt: skip
