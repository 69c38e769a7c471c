"""The office's pages of clients: the list, one client, adding, putting right, sending a link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from doorstep.admin import message_list, office
from doorstep.admin.clients_forms import LABELS, ClientForm, EditClientForm
from doorstep.clients import links
from doorstep.clients import service as clients
from doorstep.clients.models import Client
from doorstep.clients.schemas import LONGEST_LINE
from doorstep.core import tenancy
from doorstep.core.actor import Actor
from doorstep.core.errors import Problem, StaleVersion
from doorstep.core.http.inputs import Form
from doorstep.notifications import mails
from doorstep.notifications.mails import MailFilter
from doorstep.orders import histories, queries
from doorstep.orders.lines import OrderFilter

HERE: Final = "/office/clients"
A_PAGE: Final = 50
ORDERS_A_PAGE: Final = 20
MAILS_SHOWN: Final = 10
SENT: Final = "A link is on its way to the client's mailbox."
SENT_ALREADY: Final = "A link was sent a moment ago. Wait two minutes before you send another."


def index(who: Actor) -> str:
    """Shows the clients by name, with what they had and have to come."""
    words = request.args.get("q", "").replace("\0", "").strip()[:LONGEST_LINE]
    away = request.args.get("show") == "inactive"
    found, following = clients.rows(words, A_PAGE, request.args.get("cursor"), active=not away)
    had = histories.of([client.id for client in found])
    return office.page(who, "clients", "clients", clients=found, histories=had, q=words, **_around(following, away))


def show(who: Actor, client_id: UUID) -> str:
    """Shows one client with their orders."""
    return _client_page(who, client_id)


def new(who: Actor) -> str:
    """Shows an empty form."""
    return _form_page(who, Form(ClientForm))


def create(who: Actor) -> ResponseReturnValue:
    """Adds a client and leads to their page."""
    form = Form.read(ClientForm)
    made: list[Client] = []
    problem = office.attempt(form, lambda values: made.append(clients.create(**values)))
    if problem:
        return _form_page(who, form), problem.status
    flash("Client added.", "ok")
    return redirect(f"{HERE}/{made[0].id}", 303)


def edit(who: Actor, client_id: UUID) -> str:
    """Shows the form with what is stored."""
    client = tenancy.get(Client, client_id)
    typed = {name: getattr(client, name) for name in (*LABELS, "version")}
    return _form_page(who, Form(EditClientForm, typed), client)


def change(who: Actor, client_id: UUID) -> ResponseReturnValue:
    """Puts a client right. What somebody else changed meanwhile is shown, not overwritten."""
    form = Form.read(EditClientForm)
    problem = office.attempt(form, lambda values: _change(client_id, values))
    if problem:
        return _form_page(who, form, tenancy.get(Client, client_id), problem), problem.status
    flash("Client saved.", "ok")
    return redirect(f"{HERE}/{client_id}", 303)


def send_link(who: Actor, client_id: UUID) -> ResponseReturnValue:
    """Sends the client a link that signs them in to their orders."""
    sent: list[bool] = []
    problem = office.attempt(Form(Schema), lambda _: sent.append(_send_link(who, client_id)))
    if problem:
        return _client_page(who, client_id, problem), problem.status
    flash(SENT if sent[0] else SENT_ALREADY, "ok" if sent[0] else "info")
    return redirect(f"{HERE}/{client_id}", 303)


def trust_address(who: Actor, client_id: UUID) -> ResponseReturnValue:
    """Lets mails go to a client's address again that gave them back."""
    problem = office.attempt(Form(Schema), lambda _: clients.trust_address(tenancy.get(Client, client_id, lock=True)))
    if problem:
        return _client_page(who, client_id, problem), problem.status
    flash("Mails go to this address again.", "ok")
    return redirect(f"{HERE}/{client_id}", 303)


def _around(following: str | None, away: bool) -> dict[str, Any]:
    """Returns what stands around the list: the choice of who is shown, the ways to its other pages."""
    return {
        "away": away,
        "chips": [
            {"label": "Active", "href": office.here_with(show=""), "current": not away},
            {"label": "Inactive", "href": office.here_with(show="inactive"), "current": away},
        ],
        "further": office.here_with(cursor=following) if following else "",
        "first": office.here_with() if request.args.get("cursor") else "",
    }


def _change(client_id: UUID, values: Mapping[str, Any]) -> None:
    fresh = {name: value for name, value in values.items() if name != "version"}
    clients.change(tenancy.get(Client, client_id, lock=True), fresh, values["version"])


def _send_link(who: Actor, client_id: UUID) -> bool:
    return links.send(tenancy.get(Client, client_id), None, f"{who.name} sent a link")


def _client_page(who: Actor, client_id: UUID, problem: Problem | None = None) -> str:
    client = tenancy.get(Client, client_id)
    here, asked = f"{HERE}/{client_id}", request.args.get("cursor")
    orders, following = queries.rows(OrderFilter(client_id=client_id), ORDERS_A_PAGE, asked)
    written, more = mails.rows(MailFilter(client_id=client_id), MAILS_SHOWN)
    return office.page(
        who,
        "client",
        "clients",
        client=client,
        history=histories.of([client_id])[client_id],
        orders=orders,
        mails=written,
        more_mails=more is not None,
        unwanted=[message_list.says(purpose) for purpose in client.unsubscribed],
        problem=problem,
        older=f"{here}?cursor={following}" if following else "",
        newest=here if asked else "",
    )


def _form_page(who: Actor, form: Form, client: Client | None = None, problem: Problem | None = None) -> str:
    """The form; of a client that somebody else changed meanwhile with what is stored now, so that saving once more
    is done knowing it."""
    stale = client is not None and isinstance(problem, StaleVersion)
    if client is not None and stale:
        form.typed["version"] = client.version
    return office.page(
        who,
        "client_form",
        "clients",
        client=client,
        form=form,
        labels=LABELS,
        stale=stale,
        theirs=_theirs(client, form) if client is not None and stale else [],
        twin=_twin(form, client),
    )


def _theirs(client: Client, form: Form) -> list[tuple[str, str]]:
    """Returns what is stored now wherever the form says something else, by label."""
    stored = {name: "" if getattr(client, name) is None else getattr(client, name) for name in LABELS}
    return [(label, _in_words(stored[name])) for name, label in LABELS.items() if stored[name] != form.values[name]]


def _in_words(value: str | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value or "empty"


def _twin(form: Form, client: Client | None) -> Client | None:
    """Returns the other client who has the typed address already."""
    email = form.values.get("email") if form.error("email") else None
    found = clients.by_email(email) if email else None
    return found if found is not None and (client is None or found.id != client.id) else None
