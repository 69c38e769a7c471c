"""Links that let a user in once: a new password, a worker's sign-in by a link or QR code of the office.

Opening a link only looks at it (mail scanners open everything); `spend` uses it up, for one caller.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import segno
from markupsafe import Markup
from sqlalchemy import func, select, update

from doorstep.accounts.models import Membership, Organization, User, Worker
from doorstep.auth.models import UserLink
from doorstep.core import clock, current, formats, ids, signing
from doorstep.core.actor import Org
from doorstep.core.errors import Conflict, Gone
from doorstep.core.extensions import db
from doorstep.core.transaction import save
from doorstep.notifications import account_messages
from doorstep.notifications.service import queue_email

RESET: Final = "password_reset"
WORKER: Final = "worker_sign_in"
OVER: Final = "This link was used or is too old."

State = Literal["ready", "used", "expired"]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a link is, without using it."""

    user_id: UUID
    name: str
    email: str
    org: Org | None
    state: State


def make(user_id: UUID, purpose: str, *, minutes: int, org_id: UUID | None = None) -> str:
    """Returns the secret of a new link."""
    secret = ids.secret()
    save(UserLink(
        sha256=ids.digest(secret), purpose=purpose, user_id=user_id, org_id=org_id,
        expires_at=clock.minutes_from_now(minutes),
    ))  # fmt: skip
    return secret


def look(secret: str, purpose: str) -> Seen | None:
    """Returns what the link is; None when there is none. Changes nothing."""
    statement = (
        select(UserLink, User, Organization)
        .join(User, User.id == UserLink.user_id)
        .outerjoin(Organization, Organization.id == UserLink.org_id)
        .where(UserLink.sha256 == ids.digest(secret), UserLink.purpose == purpose)
    )
    row = db.session.execute(statement).one_or_none()
    if row is None:
        return None
    link: UserLink = row[0]
    user: User = row[1]
    org: Organization | None = row[2]
    return Seen(user.id, user.name, user.email, org.facts() if org else None, _state(link))


def spend(secret: str, purpose: str) -> tuple[UUID, UUID | None]:
    """Returns the user and the organization of a good link, used up now. Of several callers at the same moment one
    gets it. Raises Gone for all others, and for a link that is over."""
    statement = (
        update(UserLink)
        .where(UserLink.sha256 == ids.digest(secret), UserLink.purpose == purpose)
        .where(UserLink.used_at.is_(None), UserLink.expires_at > clock.now())
        .values(used_at=clock.now())
        .returning(UserLink.user_id, UserLink.org_id)
    )
    row = db.session.execute(statement).one_or_none()
    if row is None:
        raise Gone(OVER)
    return row.user_id, row.org_id


def spend_all(user_id: UUID, purpose: str) -> None:
    """Uses up whatever links of this purpose the user still has."""
    left = update(UserLink).where(UserLink.user_id == user_id, UserLink.purpose == purpose, UserLink.used_at.is_(None))
    db.session.execute(left.values(used_at=clock.now()))


def was_made_within(user_id: UUID, purpose: str, span: timedelta) -> bool:
    """Returns whether the user got such a link within the last `span`."""
    newest = select(func.max(UserLink.created_at)).where(UserLink.user_id == user_id, UserLink.purpose == purpose)
    made: datetime | None = db.session.execute(newest).scalar_one()
    return made is not None and clock.now() - made < span


def worker_link(user_id: UUID | None, org_id: UUID) -> str:
    """Returns the path of a link that signs the worker in once, in this organization only. The text is signed, and
    former links of theirs that nobody used are dead from now on.

    Raises Conflict unless the user works there with the role `worker`: whoever may do more signs in in person.
    """
    if user_id is None or not is_worker(user_id, org_id):
        raise Conflict("Links are for workers who have joined and do nothing else. Others sign in by password.")
    settings = current.settings()
    minutes = settings.worker_link_ttl_minutes
    spend_all(user_id, WORKER)
    secret = make(user_id, WORKER, minutes=minutes, org_id=org_id)
    token = signing.sign(settings.worker_portal_secret, WORKER, {"k": secret}, seconds=minutes * 60)
    return f"/auth/worker/{token}"


def send_worker_link(worker: Worker, org: Org, cause: str) -> str:
    """Returns the address to which a link was sent that signs the worker in once. Raises Conflict as `worker_link`."""
    url = absolute(worker_link(worker.user_id, org.id))
    user = db.session.execute(select(User).where(User.id == worker.user_id)).scalar_one()
    within = formats.duration(current.settings().worker_link_ttl_minutes)
    message = account_messages.worker_link(org, name=worker.name, url=url, within=within)
    key = f"worker_link:{worker.id}:{ids.digest(url).hex()}"
    queue_email(message, to=user.email, to_name=worker.name, dedupe_key=key, cause=cause)
    return user.email


def is_worker(user_id: UUID, org_id: UUID) -> bool:
    """Returns whether the user is an active member of the organization in scope, itself active, with the role
    `worker`."""
    statement = (
        select(Membership.id)
        .join(Organization, Organization.id == Membership.org_id)
        .where(Membership.org_id == org_id, Membership.user_id == user_id, Membership.role == "worker")
        .where(Membership.active, Organization.active)
    )
    return db.session.execute(statement).first() is not None


def worker_secret(token: str) -> str | None:
    """Returns the secret inside the signed text of a worker's link; None when it is forged or too old."""
    payload = signing.read(current.settings().worker_portal_secret, WORKER, token)
    return str(payload["k"]) if payload and "k" in payload else None


def absolute(path: str) -> str:
    """Returns the whole address of a path of this installation, as mails and QR codes need it."""
    return current.settings().public_base_url + path


def qr_svg(url: str) -> Markup:
    """Returns the QR code of an address as an inline SVG: black on white in every colour scheme, as scanners
    want it, with the least redundancy, since it is read from a screen. The style sheet sets its size (class `qr`)."""
    out = io.BytesIO()
    segno.make(url, error="l", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=4, svgclass="qr", lineclass=None,
        dark="#000", light="#fff", title="QR code of the link",
    )  # fmt: skip
    # The text comes from segno alone; the address is in it only as squares. With the role its title is read out.
    return Markup(out.getvalue().decode().replace("<svg ", '<svg role="img" ', 1))  # noqa: S704


def _state(link: UserLink) -> State:
    if link.used_at is not None:
        return "used"
    return "ready" if link.expires_at > clock.now() else "expired"
