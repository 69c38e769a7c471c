"""The frame of every page of the office, and the one way its forms are answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from flask import render_template, request

from doorstep.core.actor import MANAGE, VIEW, Actor
from doorstep.core.errors import Conflict, Forbidden, Invalid, Problem, StaleVersion
from doorstep.core.http.inputs import Form
from doorstep.core.transaction import transaction
from doorstep.orders import queries


@dataclass(frozen=True, slots=True)
class Door:
    """A line of the rail. `waits` names the count of `queries.waiting` that stands behind it."""

    key: str
    href: str
    label: str
    icon: str
    permission: str = VIEW
    waits: str = ""


WORK: Final = (
    Door("requests", "/office/requests", "Requests", "inbox", waits="requests"),
    Door("board", "/office/board", "Day board", "calendar-days", waits="unassigned"),
    Door("orders", "/office/orders", "Orders", "clipboard-list"),
    Door("clients", "/office/clients", "Clients", "users"),
    Door("workers", "/office/workers", "Workers", "truck"),
    Door("messages", "/office/messages", "Messages", "mail"),
)
COMPANY: Final = (
    Door("services", "/office/services", "Services", "list-checks"),
    Door("team", "/office/team", "Team", "user-plus", permission=MANAGE),
)


def page(who: Actor, name: str, active: str, **values: Any) -> str:
    """Returns the office's page `admin/<name>.html`; `active` is the door of the rail that is open."""
    return render_template(
        f"admin/{name}.html",
        nav=_nav(who),
        active=active,
        me={"name": who.name, "line": (who.role or "").capitalize(), "href": "/auth/sessions"},
        sign_out_href="/auth/sign-out",
        **values,
    )


def attempt(form: Form, act: Callable[[Mapping[str, Any]], object]) -> Problem | None:
    """Does `act` with the form's values in one unit of work. Returns None when it is done, else what was refused,
    which the form then shows: at its fields, or above them."""
    if not form.ok:
        return Invalid("Some of it needs another look.", errors=form.errors)
    try:
        with transaction():
            act(form.values)
    except (Conflict, Forbidden, Invalid, StaleVersion) as problem:
        form.refuse(problem)
        return problem
    return None


def here_with(**changes: Any) -> str:
    """Returns the address of this page with some of its query changed; empty values leave it, and so does the
    cursor unless it is named."""
    given = {name: values for name, values in request.args.lists() if name != "cursor"} | changes
    return f"{request.path}?{urlencode({k: v for k, v in given.items() if v}, doseq=True)}".rstrip("?")


def _nav(who: Actor) -> list[dict[str, Any]]:
    waiting = queries.waiting()
    sections = {"": WORK, "Company": COMPANY}
    shown = {title: [door for door in doors if who.may(door.permission)] for title, doors in sections.items()}
    return [
        {"title": title, "items": [_line(door, waiting) for door in doors]} for title, doors in shown.items() if doors
    ]


def _line(door: Door, waiting: Mapping[str, int]) -> dict[str, Any]:
    count = waiting.get(door.waits, 0)
    words = f"{count}+" if count >= queries.MOST_WAITING else count
    return {"key": door.key, "href": door.href, "label": door.label, "icon": door.icon, "count": words, "hot": True}
