"""The pages behind links in mails and QR codes. Opening one changes nothing, since mail scanners open every link;
its button does."""

from __future__ import annotations

from typing import Any, Final

from flask import flash, redirect, render_template

from doorstep.auth import guards, joining, links, recovery, service
from doorstep.auth.joining import Offer
from doorstep.auth.landing import home
from doorstep.auth.pages import FORGOT, SIGN_IN, errors_of, let_in, refused
from doorstep.auth.passwords import SHORTEST
from doorstep.auth.schemas import ForgotForm, JoinForm, ProveForm, ResetForm
from doorstep.core import current
from doorstep.core.errors import Gone, Problem
from doorstep.core.http.inputs import Form

MAILBOX: Final = "/dev/mailbox"


def forgot_form() -> str:
    """Asks for the address."""
    return _forgot_page(Form(ForgotForm))


def forgot() -> Any:
    """Queues the mail, if there is somebody to send it to; the page is the same in any case."""
    form = Form.read(ForgotForm)
    if not form.ok:
        return _forgot_page(form), 422
    recovery.ask(form.values["email"])
    settings = current.settings()
    return render_template(
        "auth/check_mail.html", email=form.values["email"], minutes=settings.reset_link_ttl_minutes,
        again_href=FORGOT, sign_in_href=SIGN_IN, mailbox_href="" if settings.is_prod else MAILBOX,
    )  # fmt: skip


def reset_form(token: str) -> Any:
    """Shows the form for a new password."""
    try:
        return _reset_page(token, Form(ResetForm))
    except Gone:
        return _reset_over()


def reset(token: str) -> Any:
    """Sets the new password and uses the link up; a password that will not do leaves it good."""
    form = Form.read(ResetForm)
    try:
        if not form.ok:
            return _reset_page(token, form), 422
        recovery.reset(token, form.values["password"])
    except Gone:
        return _reset_over()
    except Problem as problem:
        form.refuse(problem)
        return refused(_reset_page(token, form), problem)
    flash("Your new password is saved. Sign in with it.", "ok")
    return redirect(SIGN_IN, 303)


def invitation_form(token: str) -> str:
    """Shows who invites and what is asked of the invited person."""
    return _invitation_page(token, joining.look(token), None)


def invitation(token: str) -> Any:
    """Joins the organization and goes on there, signed in."""
    offer, who = joining.look(token), guards.glance()
    form = Form.read(ProveForm if offer.has_account else JoinForm)
    if not form.ok:
        return _invitation_page(token, offer, form), 422
    given = {name: form.values.get(name, "") for name in ("name", "password")}
    try:
        opened = joining.accept(token, who, guards.device(), **given)
    except Gone:
        raise
    except Problem as problem:
        form.refuse(problem)
        return refused(_invitation_page(token, offer, form), problem)
    return let_in(opened, home(offer.role, is_operator=False))


def worker_form(token: str) -> Any:
    """Shows the button that signs the worker in."""
    return _worker_page(token)


def worker(token: str) -> Any:
    """Signs the worker in on this device and uses the link up."""
    try:
        opened = service.sign_in_by_link(token, guards.device())
    except Gone:
        return _worker_page(token, refused=True)
    return let_in(opened, home("worker", is_operator=False))


def _forgot_page(form: Form) -> str:
    return render_template(
        "auth/forgot.html", action=FORGOT, form={"email": form.value("email")}, errors=errors_of(form),
        sign_in_href=SIGN_IN,
    )  # fmt: skip


def _reset_page(token: str, form: Form) -> str:
    seen = links.look(token, links.RESET)
    if seen is None or seen.state != "ready":
        raise Gone(links.OVER)
    return render_template(
        "auth/reset.html", action=f"/auth/reset/{token}", email=seen.email, errors=errors_of(form),
        min_length=SHORTEST,
    )  # fmt: skip


def _reset_over() -> Any:
    """The way on is another link."""
    return render_template(
        "errors/error.html", status=410, detail=links.OVER, way_on=("Send me a new link", FORGOT)
    ), 410


def _invitation_page(token: str, offer: Offer, form: Form | None) -> str:
    typed = form.value("name") if form else offer.name
    return render_template(
        "auth/invitation.html", action=f"/auth/invitation/{token}", organization=offer.org, invited_by=offer.invited_by,
        role=offer.role, email=offer.email, has_account=offer.has_account, known=offer.is_for(guards.glance()),
        form={"name": typed}, errors=errors_of(form) if form else {}, min_length=SHORTEST, forgot_href=FORGOT,
    )  # fmt: skip


def _worker_page(token: str, *, refused: bool = False) -> Any:
    """A link that is still good is refused to whoever is no worker there any more."""
    secret = links.worker_secret(token)
    seen = links.look(secret, links.WORKER) if secret else None
    org = seen.org if seen else None
    state = seen.state if seen else "expired"
    if refused and state == "ready":
        state = "expired"
    html = render_template(
        "auth/worker_link.html", action=f"/auth/worker/{token}", worker_name=seen.name if seen else "",
        organization=org, state=state, office_phone=org.settings.get("phone", "") if org else "",
    )  # fmt: skip
    return html, 200 if state == "ready" else 410
