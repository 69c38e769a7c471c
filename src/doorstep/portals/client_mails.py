"""Mails that a client can do without: the page that the line below such a mail leads to.

Opening the address shows a button, since programs that look for evil open every link of a mail. Pressing it, or the
mail program's own “unsubscribe” (RFC 8058), which posts to the same address and knows no form token, ends them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from doorstep.accounts.models import Organization
from doorstep.clients import unsubscribing
from doorstep.clients.models import Client
from doorstep.clients.unsubscribing import Wish
from doorstep.core import tenancy
from doorstep.core.actor import Org
from doorstep.core.errors import Gone
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from doorstep.notifications.messages import MESSAGES
from doorstep.portals import brand


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose mails they are, and whether they come at the moment."""

    wish: Wish
    org: Org
    comes: bool


def ask(token: str) -> ResponseReturnValue:
    """Asks whether the mails are to end, or offers to take it back."""
    return _page(token, _reader(token))


def stop(token: str) -> ResponseReturnValue:
    """Ends them. Doing it again changes nothing."""
    return _done(token, unsubscribing.stop)


def again(token: str) -> ResponseReturnValue:
    """Lets them come again."""
    return _done(token, unsubscribing.again)


def _done(token: str, act: Callable[[Wish], None]) -> ResponseReturnValue:
    reader = _reader(token)
    with tenancy.org_scope(reader.org.id), transaction():
        act(reader.wish)
    return _page(token, _reader(token))


def _reader(token: str) -> Reader:
    """Raises Gone for an address that is not ours, too old, or of a client who is not there any more."""
    wish = unsubscribing.read(token)
    found = _found(wish) if wish else None
    if found is None:
        raise Gone("This address does not lead to anybody any more. Write to the company to end its mails.")
    return found


def _found(wish: Wish) -> Reader | None:
    with tenancy.org_scope(wish.org_id):
        org = db.session.execute(select(Organization).where(Organization.id == wish.org_id)).scalar_one_or_none()
        client = db.session.execute(select(Client).where(Client.id == wish.client_id)).scalar_one_or_none()
        if org is None or client is None:
            return None
        return Reader(wish, org.facts(), wish.purpose not in client.unsubscribed)


def _page(token: str, reader: Reader) -> str:
    return render_template(
        "portals/client_mails.html",
        token=token,
        says=MESSAGES[reader.wish.purpose].says,
        comes=reader.comes,
        organization=reader.org,
        brand_stylesheet=brand.stylesheet_url(reader.org),
    )
