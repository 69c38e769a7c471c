"""The pages that anybody may open: the front door, a company's page with its request form, what comes after it."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from doorstep.auth import guards
from doorstep.auth.landing import home_of
from doorstep.core import current, ids, signing
from doorstep.core.actor import Actor
from doorstep.core.errors import Conflict, Invalid, NotFound
from doorstep.core.http.assets import FOR_EVER
from doorstep.core.http.inputs import Form
from doorstep.core.transaction import transaction
from doorstep.portals import brand, grants, public_form, public_orders, public_photos
from doorstep.portals.public_orders import AlreadySent, Placed
from doorstep.portals.public_photos import Outcome
from doorstep.portals.public_schemas import RequestFormSchema

RECEIVED: Final = "request-received"
RECEIVED_SECONDS: Final = 30 * 24 * 3600


def landing() -> ResponseReturnValue:
    """Leads whoever is signed in to their start page; tells everybody else what this is."""
    member = guards.glance()
    if member is not None:
        return redirect(home_of(member))
    if grants.held():
        return redirect("/client")
    return render_template("portals/public_landing.html")


def company(who: Actor, slug: str) -> ResponseReturnValue:
    """Shows what the company offers and the request form; `?service=<id>` chooses a service."""
    named = public_form.read_service(request.args.get("service"))
    typed = {"service": str(named or ""), "extras": request.args.getlist("extras")}
    return _form_page(who, Form(RequestFormSchema, typed))


def send_request(who: Actor, slug: str) -> ResponseReturnValue:
    """Takes a request. Without script the button "Show free times" comes here too, and only shows the form again."""
    form = _read_form(who)
    if "refresh" in request.form:
        form.errors = []
        return _form_page(who, form)
    placed = _placed(who, form) if form.ok else None
    if placed is None:
        return _form_page(who, form), 422
    outcome = public_photos.keep(who, placed.order_id, public_photos.chosen(request.files.getlist("photos")))
    return redirect(_received_url(who, placed, outcome), 303)


def received(who: Actor, slug: str, ticket: str) -> ResponseReturnValue:
    """Says what happens next. It holds nothing private: the order is opened by the link in the mail only."""
    said = signing.read(current.settings().client_portal_secret, RECEIVED, ticket)
    if said is None or said["org"] != who.home.id.hex:
        raise NotFound("There is nothing at this address (any more).")
    return render_template("portals/public_received.html", said=said, **public_form.frame(who.home))


def brand_sheet(who: Actor, slug: str) -> Response:
    """The style sheet of the company's colour; empty for a company without one."""
    colour = brand.colour_of(who.home.settings)
    response = Response(brand.sheet(colour) if colour else "", mimetype="text/css")
    response.headers["Cache-Control"] = FOR_EVER if request.args.get("v") else "public, max-age=300"
    return response


def _read_form(who: Actor) -> Form:
    """Returns the form with all its mistakes; which phone numbers are right depends on the company's region."""
    form = Form.read(RequestFormSchema)
    try:
        public_orders.usable_phone(who, str(form.value("phone")))
    except Invalid as problem:
        form.refuse(problem)
    return form


def _placed(who: Actor, form: Form) -> Placed | None:
    """Returns the order, or None with the reasons put into the form."""
    values: dict[str, Any] = dict(form.values)
    try:
        with transaction():
            return public_orders.place_once(who, values, values.pop("token"))
    except AlreadySent as problem:
        form.refuse(problem)
        form.typed["token"] = ids.secret(24)
    except (Invalid, Conflict) as problem:
        form.refuse(problem)
    return None


def _form_page(who: Actor, form: Form) -> str:
    lost = len(public_photos.chosen(request.files.getlist("photos")))
    return render_template("portals/public_request.html", **public_form.context(who, form, lost_photos=lost))


def _received_url(who: Actor, placed: Placed, outcome: Outcome) -> str:
    said = {"org": who.home.id.hex, "number": placed.number, "photos": outcome.taken, "refused": outcome.refused}
    ticket = signing.sign(current.settings().client_portal_secret, RECEIVED, said, seconds=RECEIVED_SECONDS)
    return f"/b/{who.home.slug}/thanks/{ticket}"
