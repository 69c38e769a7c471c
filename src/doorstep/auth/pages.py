"""Sign-in as pages: in and out, choosing an organization, devices, the password."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, session
from werkzeug.wrappers import Response

from doorstep.auth import guards, places, recovery, service, sessions, shapes
from doorstep.auth.landing import CHOOSE, DEVICES, home, home_of, safe_next
from doorstep.auth.passwords import SHORTEST
from doorstep.auth.schemas import ChangeForm, ChooseForm, SessionForm, SignInForm
from doorstep.auth.sessions import Opened
from doorstep.core.actor import Actor
from doorstep.core.errors import Forbidden, NotFound, Problem, TooManyRequests
from doorstep.core.http.inputs import Form
from doorstep.core.transaction import transaction

SIGN_IN: Final = "/auth/sign-in"
SIGN_OUT: Final = "/auth/sign-out"
FORGOT: Final = "/auth/forgot"
PASSWORD: Final = "/auth/password"  # noqa: S105 (an address)
MOST_DEVICES: Final = 50


def sign_in_form() -> Any:
    """The sign-in page; who is signed in already goes on."""
    onward = safe_next(request.args.get("next"))
    who = guards.glance()
    if who is not None:
        return redirect(onward or home_of(who), 303)
    return _sign_in_page(Form(SignInForm, {"next": onward or ""}))


def sign_in() -> Any:
    """Signs in. Afterwards: where the person wanted to go, or to choose an organization, or their start page."""
    form = Form.read(SignInForm)
    if not form.ok:
        return _sign_in_page(form), 422
    try:
        done = service.sign_in(form.values["email"], form.values["password"], guards.device())
    except Problem as problem:
        form.refuse(problem)
        return refused(_sign_in_page(form, problem), problem)
    onward = safe_next(form.values["next"])
    if done.place is None and done.places:
        return let_in(done.opened, _with_next(CHOOSE, onward))
    role = done.place.role if done.place else None
    return let_in(done.opened, onward or home(role, is_operator=done.person.is_operator))


def let_in(opened: Opened, onward: str) -> Response:
    """Returns the redirect that hands the browser its new session. What it held before is over: the former session,
    and the forms that were open in it."""
    before = guards.cookie_secret()
    if before:
        with transaction():
            sessions.end_secret(before, "signed in again")
    session.clear()
    response = redirect(onward, 303)
    guards.give_cookie(response, opened.secret, opened.minutes)
    return response


def sign_out() -> Response:
    """Signs out, also when the session was over already."""
    secret = guards.cookie_secret()
    if secret:
        with transaction():
            sessions.end_secret(secret, "signed out")
    session.clear()
    response = redirect(SIGN_IN, 303)
    guards.take_cookie(response)
    return response


def organizations(who: Actor) -> Any:
    """Where to? For people who belong to several organizations."""
    mine = [] if who.by_link else places.of(_id(who))
    onward = safe_next(request.args.get("next"))
    if not mine or (len(mine) == 1 and who.org is not None):
        return redirect(onward or (home_of(who) if who.org else DEVICES), 303)
    lines = [{"id": place.org.id, "name": place.org.name, "role": place.role} for place in mine]
    return render_template(
        "auth/choose_organization.html", action=CHOOSE, organizations=lines, next=onward, sign_out_href=SIGN_OUT
    )


def organization_choose(who: Actor) -> Response:
    """Goes on in the chosen organization, with a new session."""
    if who.by_link:
        raise Forbidden("A link of the office opens that organization only. Sign in with your password.")
    form = Form.read(ChooseForm)
    place = next((place for place in places.of(_id(who)) if place.org.id == form.values.get("org")), None)
    if place is None:
        raise NotFound("You do not belong to this organization.")
    with transaction():
        opened = sessions.start(_id(who), place.org.id, place.role, guards.device())
    return let_in(opened, safe_next(form.values.get("next")) or home(place.role, is_operator=False))


def devices(who: Actor) -> str:
    """Where the person is signed in."""
    several = not who.by_link and len(places.of(_id(who))) > 1
    found, _ = sessions.rows(who, MOST_DEVICES)
    start = home_of(who)
    return render_template(
        "auth/sessions.html", sessions=[shapes.session_line(row, who.session_id) for row in found],
        revoke_action=DEVICES, revoke_all_action=f"{DEVICES}/others", password_href=PASSWORD,
        choose_href=CHOOSE if several else None,
        back=("Back to work", start) if start not in (DEVICES, CHOOSE) else None, sign_out_href=SIGN_OUT,
    )  # fmt: skip


def device_end(who: Actor) -> Response:
    """Signs out one other device."""
    form = Form.read(SessionForm)
    if not form.ok:
        raise NotFound("There is no such session.")
    with transaction():
        sessions.end(who, form.values["session"])
    flash("Signed out there.", "ok")
    return redirect(DEVICES, 303)


def device_end_others(who: Actor) -> Response:
    """Signs out everywhere else."""
    with transaction():
        sessions.end_others(who)
    flash("Signed out everywhere else.", "ok")
    return redirect(DEVICES, 303)


def password_form(who: Actor) -> str:
    """The page for another password."""
    return _password_page(who, Form(ChangeForm))


def password(who: Actor) -> Any:
    """Sets another password with the present one."""
    form = Form.read(ChangeForm)
    if not form.ok:
        return _password_page(who, form), 422
    try:
        recovery.change(who, form.values["present"], form.values["password"])
    except Problem as problem:
        form.refuse(problem)
        return refused(_password_page(who, form), problem)
    flash("Your new password is saved. Other devices were signed out.", "ok")
    return redirect(DEVICES, 303)


def errors_of(form: Form) -> dict[str, str]:
    """Returns the first mistake of each field; what belongs to no field stands under `form`."""
    return {error.field or "form": error.message for error in reversed(form.errors)}


def refused(html: str, problem: Problem) -> Response:
    """Returns the form again, with the problem's status and headers; wrong credentials count as a mistake in it."""
    response: Response = make_response(html, 422 if problem.status == 401 else problem.status)
    response.headers.update({name: text for name, text in problem.headers.items() if name == "Retry-After"})
    return response


def _sign_in_page(form: Form, problem: Problem | None = None) -> str:
    rest = int(problem.headers["Retry-After"]) if isinstance(problem, TooManyRequests) else 0
    shown = {"email": form.value("email"), "next": safe_next(form.value("next")) or ""}
    return render_template(
        "auth/sign_in.html", action=SIGN_IN, form=shown, errors=errors_of(form), forgot_href=FORGOT,
        worker_hint=True, locked_minutes=-(-rest // 60),
    )  # fmt: skip


def _password_page(who: Actor, form: Form) -> str:
    return render_template(
        "auth/password.html", action=PASSWORD, email=who.email, errors=errors_of(form), min_length=SHORTEST,
        back_href=DEVICES, forgot_href=FORGOT,
    )  # fmt: skip


def _with_next(path: str, onward: str | None) -> str:
    return f"{path}?{urlencode({'next': onward})}" if onward else path


def _id(who: Actor) -> UUID:
    if who.id is None:
        raise LookupError("a person always has an id")
    return who.id
