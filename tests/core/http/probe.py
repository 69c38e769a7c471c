"""A small feature with an address for everything that the HTTP edge does, so that it can be tested alone."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, abort, render_template_string
from marshmallow import Schema, fields, validate
from sqlalchemy import func, select, text

from doorstep.auth.guards import may, signed_in
from doorstep.clients.models import Client
from doorstep.core import errors
from doorstep.core.actor import DISPATCH, Actor
from doorstep.core.extensions import db
from doorstep.core.http.inputs import Form
from doorstep.core.http.paging import PageQuery
from doorstep.core.http.routes import api, mount, page, public
from doorstep.core.transaction import save, transaction

TOO_SWEET = 7
PAGE: Final = """<!doctype html><html lang="en"><head><title>Probe</title>
<meta name="viewport" content="width=device-width">
<script nonce="{{ csp_nonce() }}">1</script></head><body><main><h1>{{ words }}</h1>
<form method="post"><button>Send</button>
<input type="hidden" name="csrf_token" value="{{ csrf_token() }}"></form></main></body></html>"""


class Line(Schema):
    price_cents = fields.Integer(required=True, strict=True)


class Tea(Schema):
    name = fields.String(required=True, validate=validate.Length(1, 40))
    sugar = fields.Integer(load_default=0, strict=True)
    lines = fields.List(fields.Nested(Line), load_default=list)
    tags = fields.List(fields.String(), load_default=list)


class TeaQuery(PageQuery):
    kind = fields.String(validate=validate.OneOf(("green", "black")))
    tag = fields.List(fields.String(), load_default=list)


def words(text: str = "Tea") -> str:
    return render_template_string(PAGE, words=text)


def get_page() -> str:
    """A page."""
    return words()


def post_page() -> Any:
    """A form's target."""
    form = Form.read(Tea)
    return words(f"{form.values.get('name')} {form.ok}"), 200 if form.ok else 422


def echo(*, body: dict[str, Any]) -> dict[str, Any]:
    """Says what was understood."""
    return body


def search(*, query: dict[str, Any]) -> dict[str, Any]:
    """Says what was asked."""
    return query


def make(*, who: Actor, body: dict[str, Any]) -> dict[str, Any]:
    """Makes a client.

    Fails when asked for too many lumps, after it was written.
    """
    with transaction():
        row = save(Client(name=body["name"]))
        if body["sugar"] == TOO_SWEET:
            raise errors.Conflict("That is too much.")
    return {"id": row.id, "by": who.name}


def make_public(*, body: dict[str, Any]) -> dict[str, Any]:
    """Makes nothing, for anybody."""
    return body


def count(*, who: Actor) -> dict[str, int]:
    """Says how many clients there are."""
    return {"clients": db.session.execute(select(func.count()).select_from(Client)).scalar_one()}


def raises(*, name: str) -> Any:
    """Fails in the way that is asked for."""
    if name.isdigit():
        abort(int(name))
    if name == "bug":
        raise RuntimeError("the secret inside")
    if name == "sql":
        db.session.execute(text("select secret_column from orders"))
    if name == "slow":
        db.session.execute(text("set local statement_timeout = '20ms'"))
        db.session.execute(text("select pg_sleep(1)"))
    if name == "cut":
        db.session.execute(text("select pg_terminate_backend(pg_backend_pid())"))
    kind = getattr(errors, name)
    raise kind("Said kindly.", errors=[errors.FieldError("a.b", "wrong")], headers={"Retry-After": "7"}, extra={"n": 1})


def lost() -> dict[str, bool]:
    """Has all that it needs from the database when that goes away."""
    mine = db.session.execute(select(func.pg_backend_pid())).scalar_one()
    with db.engine.connect() as other:
        return {"cut": bool(other.execute(select(func.pg_terminate_backend(mine))).scalar_one())}


def nothing() -> None:
    """Does something and has nothing to say."""


def pair() -> tuple[dict[str, str], int]:
    """Has been accepted."""
    return {"state": "later"}, 202


def mine(*, who: Actor) -> str:
    """A page for people who are signed in."""
    return words(who.name)


def change(*, who: Actor) -> dict[str, str]:
    """Changes nothing, for somebody who is signed in."""
    return {"by": who.name}


def secret(*, who: Actor) -> dict[str, str]:
    """Answers with a secret that must not be kept."""
    with transaction():
        row = save(Client(name="Secret"))
    return {"token": str(row.id)}


def named(*, name: str) -> dict[str, str]:
    """Says the name in the address."""
    return {"name": name}


ROUTES: Final = (
    page("GET", "/probe", get_page, public),
    page("POST", "/probe", post_page, public),
    page("GET", "/probe/mine", mine, signed_in),
    page("GET", "/probe/fail/<name>", raises, public),
    api("GET", "/v1/probe/fail/<name>", raises, public, name="fail_api"),
    api("GET", "/v1/probe/named/<name>", named, public),
    api("GET", "/v1/probe/lost", lost, public),
    api("POST", "/v1/probe/echo", echo, public, body=Tea),
    api("POST", "/v1/probe/open", make_public, public, body=Tea, status=201),
    api("GET", "/v1/probe/search", search, public, query=TeaQuery),
    api("GET", "/v1/probe/clients", count, may(DISPATCH)),
    api("POST", "/v1/probe/clients", make, may(DISPATCH), body=Tea, status=201),
    api("POST", "/v1/probe/secrets", secret, may(DISPATCH), status=201, replays=False),
    api("POST", "/v1/probe/change", change, signed_in),
    api("POST", "/v1/probe/nothing", nothing, public, status=204),
    api("POST", "/v1/probe/pair", pair, public),
)


def mounted() -> Blueprint:
    """Returns a new blueprint with the addresses."""
    blueprint = Blueprint("probe", __name__)
    mount(blueprint, ROUTES)
    return blueprint
