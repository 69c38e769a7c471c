"""Fixtures of all tests: the application on a real database, the cast, browsers that are signed in."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from doorstep.app import create_app
from doorstep.auth.guards import session_cookie
from doorstep.backends.database.embedded import Urls
from doorstep.core import tenancy
from doorstep.core.extensions import db
from tests import stage
from tests.cast import ALDER, BIRCH, OPERATOR, Company, Person
from tests.pages import Browser

Browse = Callable[[Person | None], FlaskClient]


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Tests talk to this machine only: what would go out is a mistake, and would fail on a train."""
    reach = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        by_net = self.family in (socket.AF_INET, socket.AF_INET6) and address[0] != "localhost"
        if by_net and not ip_address(address[0]).is_loopback:
            raise OSError(f"a test tried to reach {address[0]}")
        reach(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        yield


@pytest.fixture(scope="session")
def urls() -> Iterator[Urls]:
    """The addresses of this worker's own database."""
    root = stage.run_folder()
    stage.arrive(root)
    try:
        yield stage.make_clone(root, f"doorstep_{os.environ.get('PYTEST_XDIST_WORKER', 'solo')}")
    finally:
        stage.leave(root)


@pytest.fixture(scope="session")
def shared_app(urls: Urls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application a worker; tests use `app`, which also puts the database back."""
    app = create_app(stage.settings_for(urls, tmp_path_factory.mktemp("instance")))
    app.testing = True
    app.test_client_class = Browser
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def prompter(urls: Urls) -> Iterator[stage.Prompter]:
    """Who puts the database back."""
    prompter = stage.Prompter(urls.admin)
    yield prompter
    prompter.leave()


@pytest.fixture
def app(shared_app: Flask, prompter: stage.Prompter) -> Iterator[Flask]:
    """The application on the cast's database; what the test wrote is gone afterwards."""
    yield shared_app
    prompter.put_back()


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """The application's context, for tests of services. Enter an organization by `tenancy.org_scope`."""
    with app.app_context():
        yield app
        db.session.rollback()


@pytest.fixture
def browse(app: Flask) -> Browse:
    """Returns a browser of somebody, signed in by cookie; of a stranger for None."""

    def opened(person: Person | None) -> FlaskClient:
        browser = app.test_client()
        if person is not None:
            with app.test_request_context():
                browser.set_cookie(session_cookie(), person.secret)
        return browser

    return opened


@pytest.fixture
def stranger(browse: Browse) -> FlaskClient:
    """Somebody who is not signed in."""
    return browse(None)


@pytest.fixture
def api(app: Flask) -> FlaskClient:
    """A bare client for the JSON API; pass `headers=person.bearer`."""
    return app.test_client()


@pytest.fixture
def alder() -> Company:
    """Alder Cleaning, the company most tests look at."""
    return ALDER


@pytest.fixture
def birch() -> Company:
    """Birch Pest Control, the other company."""
    return BIRCH


@pytest.fixture
def operator() -> Person:
    """The installation's operator, nobody's member."""
    return OPERATOR


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the checkout."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture
def without_wall_1() -> Iterator[None]:
    """The ORM adds no condition any more, as if somebody had lost the listener."""
    event.remove(Session, "do_orm_execute", tenancy.limit_to_the_organization)
    try:
        yield
    finally:
        event.listen(Session, "do_orm_execute", tenancy.limit_to_the_organization)
