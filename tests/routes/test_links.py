"""Every link, form and address in the pages leads somewhere: each person follows all that they are shown."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import MapAdapter, RequestRedirect

from tests.cast import ALDER, OPERATOR
from tests.portals.client_stage import let_in, schedule
from tests.routes import estate
from tests.routes.people import member
from tests.routes.table import addresses

MOST_QUERIES = 5  # of one page: a calendar has no end
STARTS = sorted(
    {one.rule for one in addresses() if one.route and not one.row.is_api and one.method == "GET" and not one.names}
)
LEAVING = ("/dev/mailbox/", "/photos/")


@dataclass
class Walk:
    """What one person saw."""

    browser: FlaskClient
    urls: MapAdapter
    seen: set[str] = field(default_factory=set)
    dead: list[str] = field(default_factory=list)

    def go(self, *starts: str) -> None:
        """Follows every link from the starts on."""
        waiting = deque(("the start", start) for start in starts)
        times: Counter[str] = Counter()
        while waiting:
            page, target = waiting.popleft()
            path = urlsplit(target).path
            if target in self.seen or times[path] == MOST_QUERIES:
                continue
            self.seen.add(target)
            times[path] += 1
            waiting.extend((target, found) for found in self.visit(page, target))

    def visit(self, page: str, target: str) -> list[str]:
        """Opens one address; returns the addresses that it links to."""
        answer = self.browser.get(target)
        if answer.status_code in (302, 303) and answer.location:
            return [path] if (path := local(target, answer.location)) else []
        allowed = (200, 304) if page != "the start" else (200, 304, 401, 403, 404)
        if answer.status_code not in allowed:
            self.dead.append(f"{page} links to {target}: {answer.status_code}")
        if answer.mimetype != "text/html" or answer.status_code != 200 or target.startswith(LEAVING):
            return []
        return list(self.links(target, BeautifulSoup(answer.text, "html5lib")))

    def links(self, page: str, soup: BeautifulSoup) -> Iterator[str]:
        """Yields the links of a page; notes forms and other addresses that nobody serves."""
        for link in soup.find_all("a", href=True):
            if path := local(page, str(link["href"])):
                yield path
        for form in soup.find_all("form"):
            self.serve(page, str(form.get("action") or page), str(form.get("method", "get")).upper())
        for tag in soup.find_all(["img", "script", "link", "source"]):
            for name in ("src", "href"):
                if tag.get(name):
                    self.serve(page, str(tag[name]), "GET")
        for tag in soup.find_all(True):
            for name, value in tag.attrs.items():
                for word in str(value).split() if name.startswith("data-") else ():
                    if word.startswith("/"):
                        self.serve(page, word, None)

    def serve(self, page: str, target: str, method: str | None) -> None:
        """Notes an address that is in no table."""
        path = local(page, target)
        if path is None:
            return
        try:
            self.urls.match(urlsplit(path).path, method=method or "GET")
        except RequestRedirect:
            return
        except MethodNotAllowed:
            if method:
                self.dead.append(f"{page}: {method} {path} is not served")
        except HTTPException:
            self.dead.append(f"{page}: nothing is at {path}")


def local(page: str, target: str) -> str | None:
    """Returns the path and query of an address of ours; None for one that leads elsewhere or within the page."""
    parts = urlsplit(urljoin("http://localhost" + page, target))
    if parts.netloc != "localhost" or parts.scheme not in ("http", "https") or target.startswith("#"):
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")


PEOPLE: dict[str, Callable[[Flask], FlaskClient]] = {
    "a stranger": lambda app: app.test_client(),
    "the owner": lambda app: member(app, ALDER.owner).browser,
    "the dispatcher": lambda app: member(app, ALDER.dispatcher).browser,
    "finance": lambda app: member(app, ALDER.finance).browser,
    "the viewer": lambda app: member(app, ALDER.viewer).browser,
    "the worker": lambda app: member(app, ALDER.worker).browser,
    "the operator": lambda app: member(app, OPERATOR).browser,
    "the client": lambda app: let_in(app, ALDER),
    "the client of one order": lambda app: let_in(app, ALDER, ALDER.order_id),
}


@pytest.mark.parametrize("person", PEOPLE)
def test_everything_a_person_is_shown_leads_somewhere(person: str, app: Flask) -> None:
    with app.app_context():
        estate.settle()
    schedule(app, ALDER)
    walk = Walk(PEOPLE[person](app), app.url_map.bind("localhost"))
    walk.go(*STARTS, f"/b/{ALDER.slug}", f"/client/orders/{ALDER.order_id}")
    assert walk.dead == []


def test_a_dead_link_would_be_found() -> None:
    app = Flask("bare")
    page = '<a href="/gone">Gone</a><p data-urls="/ /nobody">x</p><form method="post" action="/"></form>'
    app.add_url_rule("/", "start", lambda: page)
    walk = Walk(app.test_client(), app.url_map.bind("localhost"))
    walk.go("/")
    assert walk.dead == ["/: POST / is not served", "/: nothing is at /nobody", "/ links to /gone: 404"]
