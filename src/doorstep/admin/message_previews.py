"""The office's previews of mails: every mail that Doorstep writes for the organization, as its reader gets it.

A preview is made of a sample. Who manages the organization may also see the newest real mail of a kind; its links are
taken out, because each is a key that was made for somebody else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from doorstep.admin import office
from doorstep.core import current
from doorstep.core.actor import MANAGE, Actor
from doorstep.core.errors import NotFound
from doorstep.core.extensions import db
from doorstep.core.http import headers
from doorstep.notifications import samples
from doorstep.notifications.messages import MESSAGES, Purpose
from doorstep.notifications.models import OutgoingEmail

HERE: Final = "/office/messages/previews"
READERS: Final = {
    "client": "clients",
    "office": "the office",
    "worker": "workers",
    "member": "members",
    "owner": "owners",
}
# Scheme, what may stand before the host, the host, all that follows it.
ADDRESS: Final = re.compile(r"(https?://)(?:[^\s<>\"'/@]*@)?([\w.-]*)[^\s<>\"']*", re.IGNORECASE)
# A mail may style itself; it runs no script, loads nothing, and none of its links leads anywhere.
MAIL_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'; sandbox"
)


@dataclass(frozen=True, slots=True)
class Preview:
    """A mail as it is shown. `real` is the row that it was taken from, None for a sample."""

    subject: str
    from_name: str
    reply_to: str
    text: str
    html: str
    real: OutgoingEmail | None = None


def index(who: Actor) -> str:
    """Lists all mails, by who reads them."""
    groups = [
        (f"To {title}", [key for key in MESSAGES if MESSAGES[key].reader == reader])
        for reader, title in READERS.items()
    ]
    base = current.settings().public_base_url
    subjects = {purpose: samples.of(purpose, who.home, base).subject for purpose in MESSAGES}
    return office.page(
        who, "message_previews", "messages", groups=groups, messages=MESSAGES, subjects=subjects, here=HERE
    )


def show(who: Actor, purpose: str) -> ResponseReturnValue:
    """Shows one mail: its header, its text, and its HTML in a frame of its own; `?show=newest` the newest real one."""
    known, newest = _purpose(purpose), _newest(who, purpose)
    mail = _preview(who, purpose, newest)
    page = office.page(
        who, "message_preview", "messages", mail=mail, purpose=purpose, message=known, here=f"{HERE}/{purpose}",
        reader=READERS[known.reader], lives=_lives(known), has_real=newest is not None, back=("Mails", HERE),
    )  # fmt: skip
    return with_frame(page)


def html(who: Actor, purpose: str) -> ResponseReturnValue:
    """Returns the mail's HTML alone, under a policy of its own."""
    _purpose(purpose)
    return framed(_preview(who, purpose, _newest(who, purpose)).html)


def with_frame(page: str) -> Response:
    """Returns the answer of a page that shows a mail's HTML in a frame."""
    response = make_response(page)
    policy = headers.POLICY.format(nonce=headers.nonce())
    response.headers["Content-Security-Policy"] = f"{policy}; frame-src 'self'"
    return response


def framed(html: str) -> Response:
    """Returns the answer that is a mail's HTML, harmless and only for our own frame."""
    response = Response(html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def without_links(words: str) -> str:
    """Returns the words with nothing left of each web address but whose it is: `https://example.com/…`."""
    return ADDRESS.sub(r"\1\2/…", words)


def _purpose(purpose: str) -> Purpose:
    if purpose not in MESSAGES:
        raise NotFound("There is no such mail.")
    return MESSAGES[purpose]


def _newest(who: Actor, purpose: str) -> OutgoingEmail | None:
    if not who.may(MANAGE):
        return None
    of_kind = select(OutgoingEmail).where(OutgoingEmail.purpose == purpose)
    newest = of_kind.order_by(OutgoingEmail.created_at.desc(), OutgoingEmail.id.desc()).limit(1)
    return db.session.execute(newest).scalar_one_or_none()


def _preview(who: Actor, purpose: str, newest: OutgoingEmail | None) -> Preview:
    if newest is not None and request.args.get("show") == "newest":
        text, html = without_links(newest.text), without_links(newest.html)
        return Preview(newest.subject, newest.from_name, newest.reply_to, text, html, newest)
    made = samples.of(purpose, who.home, current.settings().public_base_url)
    return Preview(made.subject, made.from_name, made.reply_to, made.text, made.html)


def _lives(message: Purpose) -> str:
    """Returns how long a mail that could not be sent is tried, in words; nothing where there is no such end."""
    if message.stale_after is None:
        return ""
    hours = message.stale_after.total_seconds() / 3600
    if hours < 2:
        return f"{hours * 60:.0f} minutes"
    return f"{hours:.0f} hours" if hours <= 24 else f"{hours / 24:.0f} days"
