"""Where people go: the start page of each, and which `next` addresses are ours."""

from __future__ import annotations

from typing import Final

from flask import current_app

from doorstep.core.actor import OPERATE, Actor

CHOOSE: Final = "/auth/organizations"
DEVICES: Final = "/auth/sessions"
OPERATOR: Final = "/operator"
LONGEST: Final = 2000


def home_of(who: Actor) -> str:
    """Returns the path of this person's start page."""
    return home(who.role, is_operator=who.may(OPERATE))


def home(role: str | None, *, is_operator: bool) -> str:
    """Returns the path of the start page for a role; without one the person acts for no organization."""
    if role is not None:
        return "/worker" if role == "worker" else "/office"
    if is_operator:
        return OPERATOR if _exists(OPERATOR) else DEVICES
    return CHOOSE


def safe_next(address: str | None) -> str | None:
    """Returns the address when it is a path of this site, else None.

    Browsers read `//host` and `/\\host` as another site, and drop tabs and line breaks before they read.
    """
    if not address or len(address) > LONGEST or not address.startswith("/"):
        return None
    if address.startswith("//") or "\\" in address or not address.isprintable():
        return None
    return address


def _exists(path: str) -> bool:
    return any(rule.rule == path for rule in current_app.url_map.iter_rules())
