"""Who may give which role: nobody grants more than they have. Pure."""

from __future__ import annotations

from typing import Final

from doorstep.core.actor import MANAGE, ROLES, Actor
from doorstep.core.errors import FieldError, Forbidden, invalid

OWNERS_ONLY: Final = "Only an owner can make somebody an owner."


def is_owner(who: Actor) -> bool:
    """Returns whether the actor is an owner in person or the system; a token never is, whoever made it."""
    return who.kind == "system" or (who.kind == "member" and who.role == "owner")


def check_grant(who: Actor, role: str) -> None:
    """Raises Invalid for an unknown role, Forbidden for one that the actor may not give."""
    if role not in ROLES:
        raise invalid("role", "Choose one of " + ", ".join(ROLES) + ".")
    if role == "owner" and not is_owner(who):
        raise Forbidden(OWNERS_ONLY, errors=[FieldError("role", OWNERS_ONLY)])
    if who.kind != "system" and not who.may(MANAGE):
        raise Forbidden("Your role does not include this. Ask an owner of your organization.")


def check_over(who: Actor, role: str) -> None:
    """Raises Forbidden when the actor may not change somebody who has this role."""
    if role == "owner" and not is_owner(who):
        raise Forbidden("Only an owner can change an owner.")


def grantable(who: Actor) -> tuple[str, ...]:
    """Returns the roles that the actor may give."""
    if not (who.kind == "system" or who.may(MANAGE)):
        return ()
    return tuple(role for role in ROLES if role != "owner" or is_owner(who))
