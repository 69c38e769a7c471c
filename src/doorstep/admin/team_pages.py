"""The office's page of the team: who belongs, as what; inviting, other roles, letting go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from doorstep.accounts import invitations, members, roles
from doorstep.admin import office
from doorstep.admin.team_forms import LABELS, InviteForm, RoleForm, in_words
from doorstep.auth import leaving, recovery
from doorstep.core.actor import ROLES, Actor
from doorstep.core.http.inputs import Form

HERE: Final = "/office/team"
A_PAGE: Final = 100
MOST_INVITATIONS: Final = 100
SENT: Final = "A link to a new password is on its way to {name}."
SENT_ALREADY: Final = "A link was sent to {name} a moment ago. Wait two minutes before you send another."


@dataclass(frozen=True, slots=True)
class Refused:
    """What could not be done with the member or invitation `at`; `typed` is the role that was chosen."""

    at: UUID
    why: str
    typed: str = ""


def index(who: Actor) -> str:
    """Shows the members, the open invitations and what each role may do."""
    return _page(who)


def invite(who: Actor) -> ResponseReturnValue:
    """Invites somebody by mail. An open invitation to the same address is replaced."""
    form = Form.read(InviteForm)
    problem = office.attempt(form, lambda values: invitations.invite(who, **values))
    if problem:
        return _page(who, form=form), problem.status
    flash(f"An invitation is on its way to {form.values['email']}.", "ok")
    return _back()


def change_role(who: Actor, member_id: UUID) -> ResponseReturnValue:
    """Gives a member another role."""
    member, form = members.find(member_id), Form.read(RoleForm)
    problem = office.attempt(form, lambda values: members.change_role(who, member_id, role=values["role"]))
    if problem:
        why = form.error("role") or problem.detail
        return _page(who, Refused(member_id, why, str(form.value("role")))), problem.status
    flash(f"The role of {member.name} is {form.values['role']} now.", "ok")
    return _back()


def deactivate(who: Actor, member_id: UUID) -> ResponseReturnValue:
    """Lets a member go. They have no access from now on, and their sessions here are over."""
    name = members.find(member_id).name
    return _do(who, member_id, lambda: leaving.let_go(who, member_id), f"{name} has no access any more.")


def reactivate(who: Actor, member_id: UUID) -> ResponseReturnValue:
    """Takes a member back, with the role they had."""
    name = members.find(member_id).name
    return _do(who, member_id, lambda: members.reactivate(who, member_id), f"{name} has access again.")


def reset(who: Actor, member_id: UUID) -> ResponseReturnValue:
    """Sends a member a link to a new password. Only they see it."""
    member = members.find(member_id)
    sent: list[bool] = []
    problem = office.attempt(Form(Schema), lambda _: sent.append(recovery.offer(who, member)))
    if problem:
        return _page(who, Refused(member_id, problem.detail)), problem.status
    flash((SENT if sent[0] else SENT_ALREADY).format(name=member.name), "ok" if sent[0] else "info")
    return _back()


def invite_again(who: Actor, invitation_id: UUID) -> ResponseReturnValue:
    """Sends an invitation once more, with a new link; the former link is dead."""
    return _do(who, invitation_id, lambda: invitations.again(who, invitation_id), "The invitation was sent again.")


def revoke(who: Actor, invitation_id: UUID) -> ResponseReturnValue:
    """Takes an invitation back."""
    return _do(who, invitation_id, lambda: invitations.revoke(who, invitation_id), "Invitation taken back.")


def _do(who: Actor, at: UUID, act: Callable[[], object], told: str) -> ResponseReturnValue:
    problem = office.attempt(Form(Schema), lambda _: act())
    if problem:
        return _page(who, Refused(at, problem.detail)), problem.status
    flash(told, "ok")
    return _back()


def _page(who: Actor, refused: Refused | None = None, *, form: Form | None = None) -> str:
    """The page; its forms keep the `cursor`, so that whoever is on the second page stays there."""
    cursor = request.args.get("cursor")
    found, following = members.rows(A_PAGE, cursor)
    waiting, more = invitations.rows(MOST_INVITATIONS)
    listed = {member.id for member in found} | {row.id for row in waiting}
    is_listed = refused is not None and refused.at in listed
    return office.page(
        who,
        "team",
        "team",
        members=found,
        invitations=waiting,
        more_invitations=more is not None,
        form=form or Form(InviteForm),
        labels=LABELS,
        refused=refused if is_listed else None,
        refused_elsewhere=refused.why if refused and not is_listed else "",
        **_roles(who),
        kept=f"?cursor={quote(cursor)}" if cursor else "",
        further=f"{HERE}?cursor={following}" if following else "",
        first=HERE if cursor else "",
    )


def _roles(who: Actor) -> dict[str, Any]:
    options = [(role, role.capitalize()) for role in roles.grantable(who)]
    return {"role_options": options, "over_owners": roles.is_owner(who), "words": {r: in_words(r) for r in ROLES}}


def _back() -> ResponseReturnValue:
    cursor = request.args.get("cursor")
    return redirect(f"{HERE}?cursor={quote(cursor)}" if cursor else HERE, 303)
