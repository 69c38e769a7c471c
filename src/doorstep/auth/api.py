"""Sign-in as JSON."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from doorstep.auth import guards, recovery, service, sessions, shapes, tokens
from doorstep.core.actor import Actor
from doorstep.core.errors import Forbidden, Unauthorized
from doorstep.core.transaction import transaction


def login(body: dict[str, Any]) -> dict[str, Any]:
    """Sign in with email and password."""
    done = service.sign_in(body["email"], body["password"], guards.device(), org=body.get("org"), kind="bearer")
    org, role = (done.place.org, done.place.role) if done.place else (None, None)
    return shapes.access(done.opened, org, role)


def logout(who: Actor) -> None:
    """End the session that asks."""
    if who.session_id is not None:
        with transaction():
            sessions.end(who, who.session_id)


def refresh(who: Actor) -> dict[str, Any]:
    """Get another token for this session. The former one is over; whoever uses it later ends the session."""
    secret = guards.bearer_secret()
    if secret is None:
        raise Unauthorized("Send the token to be renewed.", headers={"WWW-Authenticate": "Bearer"})
    with transaction():
        opened = sessions.renew(who, secret)
    return shapes.access(opened, who.org, who.role)


def forgot(body: dict[str, Any]) -> dict[str, Any]:
    """Ask for a link to a new password. The answer is the same whether the address is known or not."""
    recovery.ask(body["email"])
    return {"detail": "If this address can sign in here, a link is on its way."}


def reset(body: dict[str, Any]) -> None:
    """Set a new password by a link from the mail. Ends all sessions."""
    recovery.reset(body["token"], body["password"])


def change(who: Actor, body: dict[str, Any]) -> None:
    """Set a new password with the present one. Ends all other sessions."""
    recovery.change(who, body["present"], body["password"])


def me(who: Actor) -> dict[str, Any]:
    """Who is asking, and what they may do."""
    return shapes.me(who)


def session_list(who: Actor, query: dict[str, Any]) -> dict[str, Any]:
    """Where you are signed in, newest first."""
    found, following = sessions.rows(who, **query)
    return shapes.listed([shapes.session(row, who.session_id) for row in found], following)


def session_end(who: Actor, session_id: UUID) -> None:
    """End one of your sessions."""
    with transaction():
        sessions.end(who, session_id)


def session_end_others(who: Actor) -> dict[str, int]:
    """End all your sessions but the one that asks."""
    with transaction():
        return {"ended": sessions.end_others(who)}


def token_list(who: Actor, query: dict[str, Any]) -> dict[str, Any]:
    """The machines' tokens of your organization, newest first."""
    _check_keeper(who)
    found, following = tokens.rows(who, **query)
    return shapes.listed([shapes.token(row) for row in found], following)


def token_create(who: Actor, body: dict[str, Any]) -> dict[str, Any]:
    """Make a token for a machine. It is shown this once, and can do no more than you."""
    _check_keeper(who)
    with transaction():
        row, text = tokens.create(who, name=body["name"], scopes=body["scopes"], days=body["expires_in_days"])
    return {**shapes.token(row), "token": text}


def token_revoke(who: Actor, token_id: UUID) -> None:
    """Make a token useless."""
    _check_keeper(who)
    with transaction():
        tokens.revoke(who, token_id)


def _check_keeper(who: Actor) -> None:
    if not tokens.may_keep(who):
        raise Forbidden("Your role does not include this. Ask an owner of your organization.")
