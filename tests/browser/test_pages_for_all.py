"""Every page of the URL tables, as whoever may open it sees it: by everybody, by day and night, on phone and desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, url_for

from doorstep.auth.guards import AsOperator, AsPerson, AsWorker, May, SignedIn, session_cookie
from doorstep.orders import service
from tests.admin.office_stage import client_actor, does, tomorrow_at, typed
from tests.browser import axe
from tests.browser.conftest import Server
from tests.cast import ALDER, OPERATOR, Company, Person
from tests.orders.conftest import acting
from tests.portals.client_stage import make_link
from tests.routes import estate
from tests.routes.table import Address, addresses

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOOKS = {"phone by day": (390, 844, "light"), "desk by night": (1440, 900, "dark")}
NOT_PAGES = ("brand.css", "sw.js", "/worker/token", "/html", "/photos/<uuid:org_id>", "/healthz", "/readyz", ".json")
PAGES = [
    one
    for one in addresses()
    if one.route and not one.row.is_api and one.method == "GET" and not any(word in one.rule for word in NOT_PAGES)
]


@pytest.fixture
def open_context(chromium: Any, server: Server) -> Iterator[Callable[..., Any]]:
    """Returns an opener of browsers."""
    opened: list[Any] = []

    def made(look: str) -> Any:
        width, height, scheme = LOOKS[look]
        size = {"width": width, "height": height}
        context = chromium.new_context(viewport=size, color_scheme=scheme, base_url=server.url, bypass_csp=True)
        opened.append(context)
        return context

    yield made
    for context in opened:
        context.close()


@pytest.fixture
def settled(app: Flask, alder: Company) -> None:
    """One object of every kind; the first order is Ana's tomorrow, and its client asks something."""
    with app.app_context():
        estate.settle()
    start, worker = tomorrow_at(9, alder), alder.worker.worker_id
    office = acting(alder.dispatcher, alder)
    does(app, office, alder, lambda who, order: service.schedule(who, order, start=start, worker_id=worker))
    does(app, client_actor(alder), alder, lambda who, order: service.ask(who, order, kind="move", text="Later?"))


def person_for(address: Address) -> Person | None:
    """Returns who looks at the page: who the guard is there for; nobody for the public and for clients."""
    guard = address.guard
    if isinstance(guard, AsWorker):
        return ALDER.worker
    if isinstance(guard, AsOperator):
        return OPERATOR
    return ALDER.owner if isinstance(guard, May | SignedIn | AsPerson) else None


def paths(app: Flask, alder: Company) -> list[tuple[Person | None, str]]:
    """Returns each page with who looks at it, and some in a state of their own."""
    with app.test_request_context():
        found = [
            (person_for(one), url_for(one.endpoint, **{name: estate.VALUES[name] for name in one.names}))
            for one in PAGES
        ]
    day = typed(tomorrow_at(9, alder), alder)["day"]
    more = [
        f"/office/board?day={day}&order={alder.order_id}",
        "/office/orders?q=nobody",
        "/office/clients?q=nobody",
        f"/office/orders/new?client={alder.client_id}",
        "/office/orders/new?q=marga",
    ]
    return [*found, *((alder.owner, path) for path in more)]


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    look: str, app: Flask, server: Server, open_context: Callable[..., Any], alder: Company, settled: None
) -> None:
    wrong: dict[str, list[str]] = {}
    browsers: dict[Person | None, Any] = {}
    for person, path in paths(app, alder):
        if person not in browsers:
            browsers[person] = _page_of(open_context(look), person, app, server, alder)
        page = browsers[person]
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        faults = axe.faults(page) + ([f"{wide} too wide"] if wide > 0 else [])
        if faults:
            wrong[path] = faults
    assert wrong == {}


def _page_of(context: Any, person: Person | None, app: Flask, server: Server, alder: Company) -> Any:
    """Returns a page of somebody who is signed in; of the first order's client for nobody in particular."""
    page = context.new_page()
    if person is not None:
        with app.test_request_context():
            context.add_cookies([{"name": session_cookie(), "value": person.secret, "url": server.url}])
        return page
    page.goto(make_link(app, alder, None))
    page.get_by_role("button", name="Open my orders").click()
    return page
