"""The guard of the clients' pages. A browser may hold links of several companies: the address decides which counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from flask import g
from sqlalchemy import select

from doorstep.clients import links
from doorstep.clients.links import Access
from doorstep.core import tenancy
from doorstep.core.actor import Actor
from doorstep.core.errors import NotFound, Unauthorized
from doorstep.core.extensions import db
from doorstep.orders.models import Order
from doorstep.portals import grants
from doorstep.portals.grants import Grant

SIGN_IN: Final = "/client/sign-in"


@dataclass(frozen=True)
class AsClient:
    """A client whose browser has opened a link: to this order, or to all of the client's."""

    says: str = "clients, by a link they opened; a link to one order opens nothing else"

    def __call__(self, *, order_id: UUID | None = None, **_: Any) -> Actor:
        nothing = True
        for access in accesses(first=order_id):
            nothing = False
            if order_id is None or opens(access, order_id):
                g.access = access
                return actor(access)
        tenancy.leave()
        if nothing:
            raise Unauthorized("Open the link in our mail, or ask for a new one.", extra={"sign_in": SIGN_IN})
        raise NotFound("There is no such order here.")


as_client: Final = AsClient()


def access_at_hand() -> Access:
    """Returns what let the client of this request in."""
    found: Access = g.access
    return found


def accesses(first: UUID | None = None) -> Iterator[Access]:
    """Yields what this browser's links still give, the ones to the order `first` before all others.

    While one is looked at, the session is in the scope of its organization; what is uncommitted of the one before
    is rolled back. One statement an organization.
    """
    held = sorted(grants.held(), key=lambda grant: grant.order_id is None or grant.order_id != first)
    for org_id, of_org in groupby(held, key=lambda grant: grant.org_id):
        tenancy.leave()
        tenancy.enter(org_id)
        yield from _alive(list(of_org))


def opens(access: Access, order_id: UUID) -> bool:
    """Returns whether the link opens this order. The session must be in the link's organization."""
    if access.order_id is not None:
        return access.order_id == order_id
    mine = select(Order.id).where(Order.id == order_id, Order.client_id == access.client_id)
    return db.session.execute(mine).first() is not None


def actor(access: Access) -> Actor:
    """Returns the client who acts; `session_id` names the link."""
    return Actor(
        kind="client",
        id=access.client_id,
        name=access.client_name,
        email=access.client_email,
        org=access.org,
        order_id=access.order_id,
        session_id=access.link_id,
        by_cookie=True,
    )


def _alive(held: Sequence[Grant]) -> Iterator[Access]:
    found = links.accesses([grant.link_id for grant in held])
    return (found[grant.link_id] for grant in held if grant.link_id in found)
