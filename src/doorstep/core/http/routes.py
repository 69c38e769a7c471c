"""The URL table of a feature: one row a URL, with the guard of each written out.

    ROUTES = (
        page("GET", "/office/orders", pages.order_list, may(VIEW)),
        api("POST", "/v1/orders", api.create, may(DISPATCH), body=OrderIn, answer=OrderOut, status=201),
    )
    mount(blueprint, ROUTES)

A view gets `who` (unless the guard is public), the URL's values, and `query`/`body` when the row names schemas.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from flask import Blueprint, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from doorstep.core.actor import Actor
from doorstep.core.errors import NotFound
from doorstep.core.extensions import csrf
from doorstep.core.http import answers, idempotency
from doorstep.core.http.inputs import read_body, read_query

View = Callable[..., Any]
SAFE: Final = ("GET", "HEAD", "OPTIONS")
OF_MACHINES: Final = "/v1/admin/"


class Guard(Protocol):
    """Decides who may come in. Returns the actor (None for the public) and puts the session into the
    actor's organization; raises Unauthorized, Forbidden or NotFound."""

    @property
    def says(self) -> str:
        """Whom it lets in, in words."""

    def __call__(self, **values: Any) -> Actor | None: ...


@dataclass(frozen=True)
class Public:
    """Nobody needs to be signed in."""

    says: str = "public"

    def __call__(self, **_: Any) -> Actor | None:
        return None


public: Final = Public()


@dataclass(frozen=True)
class Route:
    """One row of a URL table."""

    method: str
    rule: str
    view: View
    guard: Guard
    is_api: bool
    query: type[Schema] | None = None
    body: type[Schema] | None = None
    answer: type[Schema] | None = None
    status: int = 200
    csrf: bool = True
    name: str | None = None
    files: type[Schema] | None = None
    replays: bool = True

    @property
    def endpoint(self) -> str:
        """The endpoint's name inside its blueprint: the view's module, function and method, unless one is given
        because two addresses share a view."""
        if self.name:
            return self.name
        module = self.view.__module__.rsplit(".", 1)[-1]
        return f"{module}_{self.view.__name__}_{self.method.lower()}"

    @property
    def takes_basic(self) -> bool:
        """Whether a machine may say who it is by legacy Basic Auth, where that is switched on: at JSON addresses of
        administration only. Never on a page, which may ask for a second factor."""
        return self.is_api and self.rule.startswith(OF_MACHINES)


def page(method: str, rule: str, view: View, guard: Guard, *, csrf: bool = True) -> Route:
    """Returns the row of an HTML page or of a form's target. Forms need the CSRF token, except where the address itself
    proves who sent it and no cookie is asked."""
    return Route(method, rule, view, guard, is_api=False, csrf=csrf)


def api(
    method: str,
    rule: str,
    view: View,
    guard: Guard,
    *,
    query: type[Schema] | None = None,
    body: type[Schema] | None = None,
    answer: type[Schema] | None = None,
    status: int = 200,
    csrf: bool = True,
    name: str | None = None,
    files: type[Schema] | None = None,
    replays: bool = True,
) -> Route:
    """Returns the row of a JSON address. The CSRF token is needed only where a cookie says who asks.

    `files` documents a multipart body, which the view reads itself. `replays=False` says that answers are not
    kept for repeated Idempotency-Keys: because they hold a secret, or the view minds the key itself.
    """
    return Route(method, rule, view, guard, True, query, body, answer, status, csrf, name, files, replays)


def mount(blueprint: Blueprint, routes: Sequence[Route]) -> None:
    """Gives the blueprint its addresses and keeps the table for the documentation and the route tests."""
    for route in routes:
        blueprint.add_url_rule(route.rule, route.endpoint, _handler(route), methods=[route.method])
    blueprint.record(
        lambda state: state.app.extensions["doorstep.routes"].update(
            {f"{blueprint.name}.{route.endpoint}": route for route in routes}
        )
    )


def table() -> dict[str, Route]:
    """Returns every row of every feature by endpoint."""
    found: dict[str, Route] = current_app.extensions["doorstep.routes"]
    return found


def _handler(route: Route) -> Callable[..., ResponseReturnValue]:
    def handle(**values: Any) -> ResponseReturnValue:
        if any("\0" in value for value in values.values() if isinstance(value, str)):
            raise NotFound("There is nothing at this address.")
        who = route.guard(**values)
        g.who = who
        _check_csrf(route, who)
        given = dict(values)
        if route.guard is not public:
            given["who"] = who
        if route.query:
            given["query"] = read_query(route.query)
        if route.body:
            given["body"] = read_body(route.body)
        return _answer(route, who, given)

    handle.__name__ = route.endpoint
    handle.__doc__ = route.view.__doc__
    return handle


def _check_csrf(route: Route, who: Actor | None) -> None:
    if route.method in SAFE or not route.csrf:
        return
    if route.is_api and not (who and who.by_cookie):
        return
    csrf.protect()


def _answer(route: Route, who: Actor | None, given: dict[str, Any]) -> ResponseReturnValue:
    def run() -> Response:
        return answers.to_response(route.view(**given), route.status)

    if route.is_api and route.replays and route.method == "POST" and "Idempotency-Key" in request.headers:
        return idempotency.once(who, run)
    return run()
