"""The pages of workers: the day, a visit, what is still on the phone, themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from doorstep.accounts.models import Worker
from doorstep.core import clock, tenancy
from doorstep.core.actor import Actor
from doorstep.core.errors import Conflict, Invalid, Problem
from doorstep.core.http.inputs import Form
from doorstep.core.http.problems import wants_json
from doorstep.core.transaction import transaction
from doorstep.orders import checklist, photos, photos_api, queries, service, uploads_pages
from doorstep.orders.models import Order
from doorstep.orders.work_forms import NoteForm, PostponeForm, TickForm
from doorstep.portals import brand, worker_day, worker_order, worker_shell

Act = Callable[[Order], object]


def day(who: Actor) -> str:
    """Shows the visits of a day, today unless another is asked for."""
    shown = worker_day.of(_worker(who), who.home.zone, request.args.get("day"))
    return _page(who, "day", day=shown)


def order(who: Actor, order_id: UUID) -> str:
    """Shows one visit: what to do next, how to get in, checklist, photos, time, notes."""
    return _order_page(who, order_id)


def act(who: Actor, order_id: UUID, verb: str) -> ResponseReturnValue | None:
    """Moves the visit on. Doing again what is done already, because the reply was lost, is not a mistake."""
    button = worker_order.VERBS[verb]
    return _do(who, order_id, lambda order: None if button.done(order) else button.act(who, order))


def postpone(who: Actor, order_id: UUID) -> ResponseReturnValue | None:
    """Says that the work cannot be finished today; the office finds a new time."""
    form = Form.read(PostponeForm)
    return _do(who, order_id, lambda order: service.postpone(who, order, reason=form.values["reason"]), form)


def note(who: Actor, order_id: UUID) -> ResponseReturnValue | None:
    """Adds a note for the office, and for the client if wished."""
    form = Form.read(NoteForm)
    return _do(who, order_id, lambda order: service.note(who, order, **form.values), form, place="#notes")


def tick(who: Actor, order_id: UUID) -> ResponseReturnValue | None:
    """Ticks one step (`item`, `done`), or saves all of a page without script (`shown`, and `done` the ticked)."""
    form = Form.read(TickForm)
    return _do(who, order_id, lambda order: checklist.tick_some(who, order, **form.values), form, place="#checklist")


def upload(who: Actor, order_id: UUID) -> Any:
    """Takes photos: several from a plain form, one with its Idempotency-Key from the phone's queue."""
    if wants_json():
        return photos_api.upload(who, order_id)
    uploads_pages.several(who, queries.find(who, order_id).id)
    return redirect(f"{_address(order_id)}#photos", 303)


def photo(who: Actor, order_id: UUID, photo_id: UUID) -> str:
    """Shows one photo large, and lets its worker remove it."""
    found = photos.find(who, order_id, photo_id)
    return _page(who, "photo", photo=found, src=photos.link(found, "large"), own=photos.sent_by(who, found))


def remove_photo(who: Actor, order_id: UUID, photo_id: UUID) -> ResponseReturnValue:
    """Removes a photo that this worker sent."""
    photos.remove(who, photos.find(who, order_id, photo_id))
    flash("Photo removed.", "ok")
    return redirect(f"{_address(order_id)}#photos", 303)


def queue(who: Actor) -> str:
    """Shows the photos that are still on this phone; the list itself is made by script, from the phone."""
    return _page(who, "photos")


def me(who: Actor) -> str:
    """Shows who is signed in here, and the way out."""
    return _page(who, "me", worker=tenancy.get(Worker, _worker(who)))


def token(who: Actor) -> dict[str, str]:
    """Gives a fresh form token to a page that was opened long ago, and says whose it is."""
    return {"csrf_token": generate_csrf(), "worker": str(_worker(who)), "name": who.name}


def offline() -> str:
    """The page that the phone keeps for when another cannot be reached."""
    return _page(None, "offline")


def service_worker() -> Response:
    """The script that keeps these pages usable without signal."""
    response = Response(worker_shell.script(), mimetype="text/javascript")
    response.headers.update({"Service-Worker-Allowed": "/worker", "Cache-Control": "no-cache"})
    return response


def _do(
    who: Actor, order_id: UUID, do: Act, form: Form | None = None, *, place: str = ""
) -> ResponseReturnValue | None:
    """Does something to the visit and goes back to its page; what is refused is said there, keeping what was typed."""
    problem = _problem(who, order_id, do, form)
    if problem is None:
        return None if wants_json() else redirect(f"{_address(order_id)}{place}", 303)
    if wants_json():
        raise problem
    return _order_page(who, order_id, problem, form), problem.status


def _problem(who: Actor, order_id: UUID, do: Act, form: Form | None) -> Problem | None:
    """Returns what was refused, or None when it is done."""
    if form is not None and not form.ok:
        return Invalid("Some of it needs another look.", errors=form.errors)
    try:
        with transaction():
            do(queries.find(who, order_id, lock=True))
    except (Conflict, Invalid) as problem:
        return problem
    return None


def _order_page(who: Actor, order_id: UUID, problem: Problem | None = None, form: Form | None = None) -> str:
    order = queries.find(who, order_id)
    start = order.scheduled.lower if order.scheduled else None
    return _page(
        who,
        "order",
        sheet=worker_order.of(order),
        place=worker_day.place_of(_worker(who), order_id, start, who.home.zone),
        directions=worker_day.directions(order.address, order.postal_code, order.city),
        problem=problem,
        errors={error.field: error.message for error in problem.errors} if problem else {},
        typed=form.typed if form else {},
        verbs=worker_order.VERBS,
    )


def _page(who: Actor | None, name: str, **values: Any) -> str:
    """Returns a page; the phone may show it again later, so it says when it was made."""
    return render_template(
        f"portals/worker_{name}.html",
        brand_stylesheet=brand.stylesheet_url(who.org if who else None),
        rendered_at=clock.now().isoformat(timespec="seconds"),
        **values,
    )


def _address(order_id: UUID) -> str:
    return f"/worker/orders/{order_id}"


def _worker(who: Actor) -> UUID:
    """Returns the worker that the guard has made sure of."""
    if who.worker_id is None:
        raise LookupError("this actor is not a worker")
    return who.worker_id
