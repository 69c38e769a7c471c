"""The office's pages of workers: who there is, what they do, when they are away, how they sign in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from doorstep.accounts import hours, invitations, workers
from doorstep.accounts.models import Worker
from doorstep.admin import office, workers_facts, workers_forms
from doorstep.admin.workers_forms import TimeOffForm, WorkerForm
from doorstep.auth import links
from doorstep.core import current
from doorstep.core.actor import Actor
from doorstep.core.errors import Conflict, Problem
from doorstep.core.http.inputs import Form
from doorstep.core.transaction import transaction

HERE: Final = "/office/workers"
NEW: Final = {"active": "1", **workers_forms.to_type(hours.USUAL)}


def index(who: Actor) -> str:
    """Shows the workers by name; `?show=inactive` those who get no orders any more."""
    inactive = request.args.get("show") == "inactive"
    found, following = (workers.former if inactive else workers.rows)(cursor=request.args.get("cursor"))
    return office.page(
        who, "workers", "workers", cards=workers_facts.cards(found, who.home.zone), inactive=inactive,
        first_href=_first_page(), next_href=office.here_with(cursor=following) if following else "",
    )  # fmt: skip


def new_form(who: Actor) -> str:
    """Shows the form for a new worker."""
    return _form(who, Form(WorkerForm, NEW))


def new(who: Actor) -> ResponseReturnValue:
    """Adds a worker; with an address they are invited to sign in."""
    form = Form.read(WorkerForm)
    made: list[Worker] = []
    problem = office.attempt(form, lambda values: made.append(_add(who, values)))
    if problem is not None:
        return _form(who, form), problem.status
    flash(f"{made[0].name} is on the list{_invited(form)}.", "ok")
    return redirect(f"{HERE}/{made[0].id}", 303)


def show(who: Actor, worker_id: UUID) -> str:
    """Shows one worker: facts, hours, visits, time off."""
    return _page(who, worker_id)


def edit_form(who: Actor, worker_id: UUID) -> str:
    """Shows the form with what is known of the worker."""
    worker = workers.find(worker_id)
    return _form(who, Form(WorkerForm, workers_forms.as_typed(worker)), worker)


def edit(who: Actor, worker_id: UUID) -> ResponseReturnValue:
    """Changes the worker; an empty field and a box that is not ticked are values."""
    form = Form.read(WorkerForm)
    problem = office.attempt(form, lambda values: _change(who, worker_id, values))
    if problem is not None:
        return _form(who, form, workers.find(worker_id)), problem.status
    flash(f"Saved{_invited(form)}.", "ok")
    return redirect(f"{HERE}/{worker_id}", 303)


def link(who: Actor, worker_id: UUID) -> ResponseReturnValue:
    """Makes a link that signs the worker in once, and shows it: this once, for nobody keeps it."""
    worker = workers.find(worker_id)
    try:
        with transaction():
            url = links.absolute(links.worker_link(worker.user_id, who.home.id))
    except Conflict as problem:
        return _page(who, worker_id, problem=problem), problem.status
    worker = workers.find(worker_id)
    return office.page(
        who, "worker_link", "workers", worker=worker, url=url, qr=links.qr_svg(url),
        minutes=current.settings().worker_link_ttl_minutes, text_href=_text_message(worker.phone, url),
    )  # fmt: skip


def link_mail(who: Actor, worker_id: UUID) -> ResponseReturnValue:
    """Sends the worker a link that signs them in once; links made before are dead."""
    worker = workers.find(worker_id)
    try:
        with transaction():
            to = links.send_worker_link(worker, who.home, f"{who.name} sent a sign-in link")
    except Conflict as problem:
        return _page(who, worker_id, problem=problem), problem.status
    flash(f"A sign-in link is on its way to {to}.", "ok")
    return redirect(f"{HERE}/{worker_id}", 303)


def time_off_add(who: Actor, worker_id: UUID) -> ResponseReturnValue:
    """Says when the worker is away; the page then names the visits that need somebody else."""
    form = Form.read(TimeOffForm)
    problem = office.attempt(form, lambda values: _take_off(who, worker_id, values))
    if problem is not None:
        return _page(who, worker_id, form=form), problem.status
    flash("Time off saved.", "ok")
    return redirect(f"{HERE}/{worker_id}#time-off", 303)


def time_off_remove(who: Actor, worker_id: UUID, time_off_id: UUID) -> ResponseReturnValue:
    """Takes a time off back."""
    with transaction():
        workers.remove_time_off(who, worker_id, time_off_id)
    flash("Time off removed.", "ok")
    return redirect(f"{HERE}/{worker_id}#time-off", 303)


def _add(who: Actor, values: Mapping[str, Any]) -> Worker:
    worker = workers.add(who, {**values, "active": True})
    _invite(who, worker, values["email"])
    return worker


def _change(who: Actor, worker_id: UUID, values: Mapping[str, Any]) -> None:
    worker = workers.change(who, worker_id, values)
    _invite(who, worker, values["email"])


def _invite(who: Actor, worker: Worker, email: str) -> None:
    """Somebody who signs in already needs no invitation."""
    if email and worker.user_id is None:
        invitations.invite(who, email=email, name=worker.name, role="worker", worker_id=worker.id)


def _take_off(who: Actor, worker_id: UUID, values: Mapping[str, Any]) -> None:
    start, end = workers_forms.away(values, who.home.zone)
    workers.add_time_off(who, worker_id, start=start, end=end, reason=values["reason"])


def _page(who: Actor, worker_id: UUID, *, form: Form | None = None, problem: Problem | None = None) -> str:
    look = workers_facts.look(workers.find(worker_id), who.home.zone, request.args.get("cursor"))
    form = form or Form(TimeOffForm)
    return office.page(
        who, "worker", "workers", look=look, worker=look.worker, form=form, errors=form.by_field(), problem=problem,
        labels=workers_forms.TIME_OFF_LABELS, days=workers_forms.NAMES,
        colours=workers_forms.colours(look.worker.colour),
        first_href=_first_page(), next_href=office.here_with(cursor=look.cursor) if look.cursor else "",
    )  # fmt: skip


def _form(who: Actor, form: Form, worker: Worker | None = None) -> str:
    ways = workers_facts.sign_ins([worker])[worker.id] if worker else workers_facts.SignIn()
    return office.page(
        who, "worker_form", "workers", form=form, errors=workers_forms.summary(form), labels=workers_forms.LABELS,
        worker=worker, sign_in=ways, days=workers_forms.NAMES, spans=workers_forms.room(form.typed),
        colours=workers_forms.colours(form.value("colour")),
        visits=workers_facts.open_visits(worker.id) if worker else 0,
        most_counted=workers_facts.MOST_COUNTED,
    )  # fmt: skip


def _first_page() -> str:
    return office.here_with() if request.args.get("cursor") else ""


def _invited(form: Form) -> str:
    return f", and an invitation is on its way to {form.values['email']}" if form.values["email"] else ""


def _text_message(phone: str, url: str) -> str:
    """Returns the address that opens a text message to the worker with the link in it, see RFC 5724."""
    number = "".join(c for c in phone if c.isdigit() or c == "+")
    return f"sms:{number}?body={quote(url, safe='')}" if number else ""
