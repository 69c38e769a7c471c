"""The development mailbox: outgoing mails of all organizations, as they would arrive, with links that work.
Its addresses exist in development only."""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape
from sqlalchemy import select

from doorstep.accounts.models import Organization
from doorstep.core import tenancy
from doorstep.core.errors import NotFound
from doorstep.core.extensions import db
from doorstep.core.http import headers
from doorstep.core.http.routes import Route, page, public
from doorstep.notifications.models import OutgoingEmail

SHOWN: Final = 100
WHY: Final = "development mailbox"
ADDRESS: Final = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:)]")
# A mail may style itself and open its links in a new tab; it runs no script and loads nothing.
MAIL_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


def index() -> ResponseReturnValue:
    """Lists the newest mails."""
    with tenancy.system_scope(WHY):
        newest = (
            select(OutgoingEmail, Organization.name)
            .join(Organization, Organization.id == OutgoingEmail.org_id)
            .order_by(OutgoingEmail.created_at.desc(), OutgoingEmail.id.desc())
            .limit(SHOWN)
        )
        mails = [{"mail": mail, "company": name} for mail, name in db.session.execute(newest)]
    return render_template("portals/mailbox.html", mails=mails, most=SHOWN)


def show(mail_id: UUID) -> ResponseReturnValue:
    """Shows one mail: its header, its text, and its HTML in a frame of its own."""
    mail = _mail(mail_id)
    response = make_response(render_template("portals/mailbox_mail.html", mail=mail, text=linked(mail.text)))
    policy = headers.POLICY.format(nonce=headers.nonce())
    response.headers["Content-Security-Policy"] = f"{policy}; frame-src 'self'"
    return response


def html(mail_id: UUID) -> ResponseReturnValue:
    """Returns the mail's HTML alone, under a policy of its own."""
    response = Response(_mail(mail_id).html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def linked(text: str) -> Markup:
    """Returns plain text with its web addresses as links; everything else is escaped."""
    pieces, at = [], 0
    for found in ADDRESS.finditer(text):
        pieces.append(escape(text[at : found.start()]))
        pieces.append(Markup('<a href="{0}">{0}</a>').format(found.group()))
        at = found.end()
    return Markup().join([*pieces, escape(text[at:])])


def _mail(mail_id: UUID) -> OutgoingEmail:
    with tenancy.system_scope(WHY):
        mail = db.session.execute(select(OutgoingEmail).where(OutgoingEmail.id == mail_id)).scalar_one_or_none()
    if mail is None:
        raise NotFound("There is no such mail.")
    return mail


MAILBOX_ROUTES: Final[tuple[Route, ...]] = (
    page("GET", "/dev/mailbox", index, public),
    page("GET", "/dev/mailbox/<uuid:mail_id>", show, public),
    page("GET", "/dev/mailbox/<uuid:mail_id>/html", html, public),
)
blueprint: Final = Blueprint("mailbox", __name__)
