"""`flask org`, `flask user`, `flask token`: administration from the command line, by whoever may run it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

import click
from flask.cli import AppGroup

from doorstep.accounts import members, organizations, users
from doorstep.accounts.models import User
from doorstep.auth import links, passwords, tokens
from doorstep.core import current, tenancy
from doorstep.core.actor import OPERATE, ROLES, SYSTEM
from doorstep.core.errors import Conflict, Problem
from doorstep.core.transaction import save, transaction

org = AppGroup("org", help="Organizations.")
user = AppGroup("user", help="People who sign in.")
token = AppGroup("token", help="Tokens of machines.")

new_password = click.option(
    "--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for when left out."
)


def told(command: Callable[..., None]) -> Callable[..., None]:
    """Says a problem in a sentence, exit code 1, instead of a traceback."""

    @wraps(command)
    def run(**options: Any) -> None:
        try:
            command(**options)
        except Problem as problem:
            lines = [f"{error.field}: {error.message}" for error in problem.errors]
            raise click.ClickException("\n".join(lines) or problem.detail) from None

    return run


@org.command("create")
@click.argument("slug")
@click.option("--name", required=True)
@click.option("--timezone", default="UTC", show_default=True)
@click.option("--currency", default="USD", show_default=True)
@told
def org_create(slug: str, name: str, timezone: str, currency: str) -> None:
    """Make an organization; SLUG is its part of the public address."""
    with transaction():
        made = organizations.create(slug=slug, name=name, timezone=timezone, currency=currency)
    click.echo(f"Organization {made.slug} ({made.id})")


@user.command("create")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--org", "slug", help="Slug of the organization the person joins.")
@click.option("--role", type=click.Choice(ROLES), default="owner", show_default=True)
@new_password
@told
def user_create(email: str, name: str, slug: str | None, role: str, password: str) -> None:
    """Make a user, and a member of an organization if one is named."""
    address, called = users.checked_email(email), users.checked_name(name)
    passwords.check(password, email=address, name=called)
    fresh = passwords.hashed(password)
    with transaction():
        place = organizations.named(slug) if slug else None
        if users.find(address):
            raise Conflict("Somebody has this address already.")
        made = save(User(email=address, name=called, password_hash=fresh))
        if place:
            tenancy.enter(place.id)
            members.add(SYSTEM, made, role)
    click.echo(f"User {address} ({made.id})")


@user.command("reset-password")
@click.argument("email")
@told
def user_reset_password(email: str) -> None:
    """Print a link by which EMAIL chooses a new password; it works once."""
    minutes = current.settings().reset_link_ttl_minutes
    with transaction():
        secret = links.make(users.named(email).id, links.RESET, minutes=minutes)
    click.echo(f"For {minutes} minutes: {links.absolute(f'/auth/reset/{secret}')}")


@user.command("make-operator")
@click.argument("email")
@click.option("--undo", is_flag=True, help="Take it back.")
@told
def user_make_operator(email: str, undo: bool) -> None:
    """Make EMAIL an operator of the whole installation."""
    with transaction():
        users.named(email).is_operator = not undo
    click.echo(f"{users.normal(email)} is {'no operator any more' if undo else 'an operator'}")


@token.command("create")
@click.option("--name", required=True, help="What it is for.")
@click.option("--org", "slug", help="Slug of the organization; left out: a token of the operator.")
@click.option("--scopes", default="view", show_default=True, help="Comma-separated; with --org only.")
@click.option("--days", type=click.IntRange(0), default=365, show_default=True, help="0: until it is revoked.")
@told
def token_create(name: str, slug: str | None, scopes: str, days: int) -> None:
    """Make a token and print it, once."""
    wished = [word.strip() for word in scopes.split(",") if word.strip()] if slug else [OPERATE]
    with transaction():
        maker = replace(SYSTEM, org=organizations.named(slug).facts()) if slug else SYSTEM
        _, text = tokens.create(maker, name=name, scopes=wished, days=days or None)
    click.echo(text)
