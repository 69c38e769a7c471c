"""The guards of every address: who may come in. Each says in words whom it lets in, for the documentation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from flask import Response, after_this_request, current_app, request
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from doorstep.accounts.models import Organization
from doorstep.auth import basic, identity
from doorstep.auth.devices import Device
from doorstep.core import tenancy
from doorstep.core.actor import OPERATE, WORK, Actor
from doorstep.core.errors import Forbidden, NotFound, Unauthorized
from doorstep.core.extensions import db
from doorstep.core.http.routes import table


def session_cookie() -> str:
    """Returns the name of the cookie that holds a member's session; `__Host-` where https is sure."""
    return "__Host-doorstep" if current_app.config["SESSION_COOKIE_SECURE"] else "doorstep"


def give_cookie(response: AnyResponse, secret: str, minutes: int) -> None:
    """Hands the browser its session: no script can read it, no other site can send it along with a form."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(
        session_cookie(), secret, max_age=minutes * 60, path="/", secure=secure, httponly=True, samesite="Lax"
    )


def take_cookie(response: AnyResponse) -> None:
    """Makes the browser forget its session."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.delete_cookie(session_cookie(), path="/", secure=secure, httponly=True, samesite="Lax")


def bearer_secret() -> str | None:
    """Returns the secret in the request's `Authorization` header."""
    return _credentials("bearer") or None


def _credentials(scheme: str) -> str | None:
    """Returns what the `Authorization` header holds of this scheme; None when it is of another, or not there."""
    named, _, held = request.headers.get("Authorization", "").partition(" ")
    return held.strip() if named.lower() == scheme else None


def cookie_secret() -> str | None:
    """Returns the secret in the browser's session cookie."""
    return request.cookies.get(session_cookie()) or None


def device() -> Device:
    """Returns where this request comes from."""
    return Device(request.remote_addr or "", request.user_agent.string)


def identify() -> Actor | None:
    """Returns who is asking, by bearer token or cookie; None for a stranger.

    Where the URL table takes a name and password, and nowhere else, a header that brings them decides alone.
    """
    pair = _credentials("basic") if _takes_basic() else None
    if pair is not None:
        return basic.by_credentials(pair, device().ip)
    token = bearer_secret()
    if token:
        return identity.by_secret(token, by_cookie=False)
    secret = cookie_secret()
    if secret is None:
        return None
    return identity.by_secret(secret, by_cookie=True, renewed=lambda minutes: _keep_cookie(secret, minutes))


def _takes_basic() -> bool:
    row = table().get(request.endpoint or "")
    return row is not None and row.takes_basic


def challenge() -> str:
    """Returns the `WWW-Authenticate` of a refusal: the ways to say who one is that this address takes."""
    return f"Bearer, {basic.CHALLENGE}" if _takes_basic() and basic.is_on() else "Bearer"


def glance() -> Actor | None:
    """Returns who is asking, on a page that is open to all; the session is in nobody's scope afterwards."""
    who = identify()
    tenancy.leave()
    return who


def _keep_cookie(secret: str, minutes: int) -> None:
    """The browser's copy lives as long as the session, whose end was just put off."""

    @after_this_request
    def keep(response: Response) -> Response:
        name = session_cookie() + "="
        if not any(given.startswith(name) for given in response.headers.getlist("Set-Cookie")):
            give_cookie(response, secret, minutes)
        return response


@dataclass(frozen=True)
class SignedIn:
    """Anybody who is signed in, also one who has no organization (an operator, or nobody's member any more)."""

    says: str = "anybody signed in"

    def __call__(self, **_: Any) -> Actor:
        who = identify()
        if who is None:
            raise Unauthorized("Sign in to go on.", headers={"WWW-Authenticate": challenge()})
        return who


signed_in: Final = SignedIn()


@dataclass(frozen=True)
class AsPerson:
    """A human with a session of their own; not a machine's token."""

    says: str = "anybody signed in, in person"

    def __call__(self, **_: Any) -> Actor:
        who = signed_in()
        if who.kind != "member":
            raise Forbidden("This is for people; a token cannot do it.")
        return who


as_person: Final = AsPerson()


@dataclass(frozen=True)
class May:
    """Members (and machines) of an organization who hold one of the permissions."""

    any_of: tuple[str, ...]

    @property
    def says(self) -> str:
        """The permissions in words."""
        return "members of the organization with permission " + " or ".join(self.any_of)

    def __call__(self, **_: Any) -> Actor:
        who = signed_in()
        if who.org is None:
            raise Forbidden("This belongs to an organization; you are not acting for one.")
        if not who.may(*self.any_of):
            raise Forbidden("Your role does not include this. Ask an owner of your organization.")
        return who


def may(*any_of: str) -> May:
    """Returns the guard that lets in who holds at least one of the permissions."""
    return May(any_of)


@dataclass(frozen=True)
class AsWorker:
    """A member who is a worker of the organization."""

    says: str = "workers of the organization"

    def __call__(self, **_: Any) -> Actor:
        who = may(WORK)()
        if who.worker_id is None:
            raise Forbidden("You are not listed as a worker. Ask your office.")
        return who


as_worker: Final = AsWorker()


@dataclass(frozen=True)
class AsOperator:
    """The operator of the installation; a tenant's owner is not."""

    says: str = "the operator of the installation"

    def __call__(self, **_: Any) -> Actor:
        who = signed_in()
        if not who.may(OPERATE):
            raise Forbidden("This is for the operator of the installation.")
        return who


as_operator: Final = AsOperator()


@dataclass(frozen=True)
class MayOrOperate:
    """The operator of the installation, and members (and machines) who hold one of the permissions: each reaches what
    is theirs."""

    any_of: tuple[str, ...]

    @property
    def says(self) -> str:
        """The permissions in words."""
        return f"{as_operator.says}, or {May(self.any_of).says}"

    def __call__(self, **_: Any) -> Actor:
        who = signed_in()
        return who if who.may(OPERATE) else May(self.any_of)()


def may_or_operate(*any_of: str) -> MayOrOperate:
    """Returns the guard that lets in the operator and who holds at least one of the permissions."""
    return MayOrOperate(any_of)


@dataclass(frozen=True)
class AsVisitor:
    """Anybody, on the pages of the company named by `<slug>`."""

    says: str = "public, on a company's own pages"

    def __call__(self, *, slug: str = "", **_: Any) -> Actor:
        found = db.session.execute(
            select(Organization).where(Organization.slug == slug, Organization.active)
        ).scalar_one_or_none()
        if found is None:
            raise NotFound("No company has this address.")
        tenancy.enter(found.id)
        return Actor(kind="visitor", name="Visitor", org=found.facts())


as_visitor: Final = AsVisitor()
