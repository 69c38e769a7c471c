"""How clients come in: a link by mail. Opening its address shows a button; pressing it uses the link up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from doorstep.accounts.models import Organization
from doorstep.clients import links
from doorstep.clients.models import Client, ClientLink
from doorstep.core import clock, ids, tenancy
from doorstep.core.actor import Org
from doorstep.core.extensions import db
from doorstep.core.http.inputs import Form
from doorstep.core.transaction import transaction
from doorstep.portals import brand, grants, guards
from doorstep.portals.client_forms import SignInForm

SAME_TIME_SECONDS: Final = 0.15
SENT: Final = "/client/sign-in/sent"


@dataclass(frozen=True, slots=True)
class Found:
    """A link as its page needs it, whatever its state."""

    org: Org
    client_id: UUID
    order_id: UUID | None
    good: bool

    @property
    def leads_to(self) -> str:
        """The page that the link opens."""
        return f"/client/orders/{self.order_id}" if self.order_id else "/client"


def sign_in_form() -> ResponseReturnValue:
    """Asks for the address to which a link is to be sent."""
    return _sign_in_page(Form(SignInForm, {"company": request.args.get("company", "")}))


def sign_in() -> ResponseReturnValue:
    """Sends a link for each company that knows the address. The answer is the same, and as slow, for any address."""
    form = Form.read(SignInForm)
    if not form.ok:
        return _sign_in_page(form), 422
    with clock.at_least(SAME_TIME_SECONDS):
        _send_links(form.values["email"], form.values["company"])
    return redirect(SENT, 303)


def sent() -> ResponseReturnValue:
    """Says where to look now."""
    return render_template("portals/client_sent.html")


def link(secret: str) -> ResponseReturnValue:
    """Shows the button that opens the link; goes straight on in a browser that is let in already."""
    found = _find(secret)
    if found is not None and _let_in(found):
        return redirect(found.leads_to)
    return _link_page(secret, found) if found is not None and found.good else _gone(secret, found)


def open_link(secret: str) -> ResponseReturnValue:
    """Uses the link up and lets this browser in."""
    found = _find(secret)
    if found is None:
        return _gone(secret, None)
    with transaction():
        spent = links.spend(secret)
    if spent is None:
        return redirect(found.leads_to, 303) if _let_in(found) else _gone(secret, found)
    response = make_response(redirect(found.leads_to, 303))
    grants.add(response, spent)
    return response


def send_again(secret: str) -> ResponseReturnValue:
    """Sends a fresh link in place of one that is over, to the address on file; says the same whatever the secret is."""
    with clock.at_least(SAME_TIME_SECONDS):
        found = _find(secret)
        if found is not None:
            _send(found.client_id, found.order_id, "a link that was over was opened")
    return redirect(SENT, 303)


def sign_out() -> ResponseReturnValue:
    """Closes what this browser has opened, for every browser that might hold a copy of its cookie."""
    for grant in grants.held():
        with tenancy.org_scope(grant.org_id), transaction():
            links.revoke([grant.link_id])
    response = make_response(redirect("/client/sign-in", 303))
    grants.drop(response)
    return response


def _find(secret: str) -> Found | None:
    """Returns the link, with the session in its organization's scope."""
    org_id = ids.org_of_secret(secret)
    if org_id is None:
        return None
    tenancy.leave()
    tenancy.enter(org_id)
    row = links.find(secret)
    return _told(row) if row else None


def _told(row: ClientLink) -> Found | None:
    """A company that has closed has no links any more."""
    working = select(Organization).where(Organization.id == row.org_id, Organization.active)
    org = db.session.execute(working).scalar_one_or_none()
    return Found(org.facts(), row.client_id, row.order_id, links.can_be_opened(row)) if org else None


def _let_in(found: Found) -> bool:
    for access in guards.accesses(first=found.order_id):
        same_client = (access.org.id, access.client_id) == (found.org.id, found.client_id)
        if same_client and access.order_id in (None, found.order_id):
            return True
    return False


def _send_links(email: str, slug: str) -> None:
    with tenancy.system_scope("a client asks for a link"):
        known = links.clients_of(email, slug)
    for org_id, client_id in known:
        with tenancy.org_scope(org_id):
            _send(client_id, None, "the client asked to sign in")


def _send(client_id: UUID, order_id: UUID | None, cause: str) -> None:
    with transaction():
        client = tenancy.get(Client, client_id)
        if client.email and client.active:
            links.send(client, order_id, cause)


def _sign_in_page(form: Form) -> str:
    slug = str(form.value("company"))
    known = select(Organization).where(Organization.slug == slug, Organization.active)
    company = db.session.execute(known).scalar_one_or_none() if slug else None
    org = company.facts() if company else None
    return render_template(
        "portals/client_sign_in.html", form=form, organization=org, brand_stylesheet=brand.stylesheet_url(org)
    )


def _link_page(secret: str, found: Found) -> Response:
    return _private("portals/client_link.html", secret, found)


def _gone(secret: str, found: Found | None) -> tuple[Response, int]:
    return _private("portals/client_link_gone.html", secret, found), 410


def _private(template: str, secret: str, found: Found | None) -> Response:
    """Returns a page whose address is a secret: no other site learns it, and no search engine keeps it."""
    org = found.org if found else None
    page = render_template(
        template, secret=secret, found=found, organization=org, brand_stylesheet=brand.stylesheet_url(org)
    )
    response = make_response(page)
    response.headers["Referrer-Policy"] = "same-origin"
    return response
