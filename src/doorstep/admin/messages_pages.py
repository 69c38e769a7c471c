"""The office's pages of mails: what was written to whom and why, what became of it, whom no mail reaches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from doorstep.admin import message_list, message_previews, office
from doorstep.clients.models import Client
from doorstep.core import tenancy
from doorstep.core.actor import DISPATCH, MANAGE, Actor
from doorstep.core.errors import NotFound, Problem
from doorstep.core.http.inputs import Form
from doorstep.core.queue import PARKED
from doorstep.notifications import mails
from doorstep.notifications.models import OutgoingEmail
from doorstep.orders import queries, unreached

HERE: Final = "/office/messages"
NOBODY: Final = f"{HERE}/nobody-reached"


def index(who: Actor) -> str:
    """Shows a page of mails, the newest first; the filters are in the address."""
    shown = message_list.read(request.args)
    found, following = mails.rows(shown.wanted, message_list.PAGE, shown.cursor)
    older = office.here_with(cursor=following) if following else ""
    return office.page(
        who, "messages", "messages", shown=shown, mails=found, numbers=_numbers(found), chips=_chips(shown),
        older=older, purposes=message_list.purposes(), says=message_list.says, about=_about(shown), tabs=_tabs("mails"),
    )  # fmt: skip


def nobody_reached(who: Actor) -> str:
    """Shows the clients to call: something is to be told and no mail reaches them."""
    return office.page(who, "messages_nobody", "messages", rows=unreached.rows(), tabs=_tabs("nobody"))


def show(who: Actor, mail_id: UUID) -> ResponseReturnValue:
    """Shows one mail with all that is known of it."""
    return _page(who, mail_id)


def html(who: Actor, mail_id: UUID) -> ResponseReturnValue:
    """Returns the mail's HTML alone, without the keys in it, under a policy of its own."""
    mail = tenancy.get(OutgoingEmail, mail_id)
    return message_previews.framed(message_previews.without_links(mail.html))


def again(who: Actor, mail_id: UUID) -> ResponseReturnValue:
    """Lets a mail be sent that was given up or cancelled."""
    return _act(who, mail_id, lambda: mails.send_again(mail_id), "The mail waits again and goes out in a moment.")


def stop(who: Actor, mail_id: UUID) -> ResponseReturnValue:
    """Cancels a mail that waits; the row says who did it."""
    return _act(who, mail_id, lambda: mails.stop(mail_id, who.name), "The mail is stopped. It will not be sent.")


def _act(who: Actor, mail_id: UUID, act: Callable[[], object], done: str) -> ResponseReturnValue:
    """Where somebody was quicker, the page shows how things stand now, and says it."""
    problem = office.attempt(Form(Schema), lambda _: act())
    if problem is not None:
        return _page(who, mail_id, problem)
    flash(done, "ok")
    return redirect(f"{HERE}/{mail_id}", 303)


def _page(who: Actor, mail_id: UUID, problem: Problem | None = None) -> ResponseReturnValue:
    mail = tenancy.get(OutgoingEmail, mail_id)
    late, acts = mails.is_too_late(mail), who.may(DISPATCH, MANAGE)
    page = office.page(
        who, "message", "messages", mail=mail, says=message_list.says(mail.purpose), numbers=_numbers([mail]),
        text=message_previews.without_links(mail.text), problem=problem, here=f"{HERE}/{mail_id}", late=late,
        can_send=acts and mail.state in PARKED and not late, can_stop=acts and mail.state == "due",
        client=tenancy.get(Client, mail.client_id) if mail.client_id else None,
    )  # fmt: skip
    response = message_previews.with_frame(page)
    response.status_code = problem.status if problem else 200
    return response


def _numbers(found: list[OutgoingEmail]) -> dict[UUID, int]:
    """Returns the numbers of the orders that the mails are about."""
    return queries.numbers({mail.order_id for mail in found if mail.order_id})


def _chips(shown: message_list.Shown) -> list[dict[str, Any]]:
    views = ((view, office.here_with(state=view.key)) for view in message_list.VIEWS)
    return [
        {"href": href, "label": view.label, "icon": view.icon, "current": view is shown.view} for view, href in views
    ]


def _about(shown: message_list.Shown) -> list[dict[str, str]]:
    """Returns the client and the order that the list is limited to, each with the address of the list without it."""
    found = []
    if shown.client_id:
        found.append({"words": f"To {_name(shown.client_id)}", "href": office.here_with(client="")})
    if shown.order_id:
        number = queries.numbers([shown.order_id]).get(shown.order_id, "that is not here")
        found.append({"words": f"About order {number}", "href": office.here_with(order="")})
    return found


def _name(client_id: UUID) -> str:
    try:
        return tenancy.get(Client, client_id).name
    except NotFound:
        return "somebody who is not here"


def _tabs(current: str) -> list[dict[str, Any]]:
    count = unreached.count()
    nobody = f"Nobody reached ({count})" if count else "Nobody reached"
    return [
        {"href": HERE, "label": "Mails", "current": current == "mails"},
        {"href": NOBODY, "label": nobody, "current": current == "nobody"},
    ]
