"""An application that has the probe's addresses besides its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from doorstep.app import create_app
from doorstep.backends.database.embedded import Urls
from doorstep.core.extensions import db
from tests import stage
from tests.core.http import probe
from tests.pages import Browser


@pytest.fixture(scope="session")
def probing_app(urls: Urls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application a worker; tests use `probed`, which also puts the database back."""
    given = {"CORS_ORIGINS": "https://shop.test", "PUBLIC_BASE_URL": "https://doorstep.test"}
    app = create_app(stage.settings_for(urls, tmp_path_factory.mktemp("probing"), **given))
    app.register_blueprint(probe.mounted())
    app.test_client_class = Browser
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def probed(probing_app: Flask, prompter: stage.Prompter) -> Iterator[Flask]:
    """The application with the probe, on the cast's database."""
    yield probing_app
    prompter.put_back()


@pytest.fixture
def call(probed: Flask) -> FlaskClient:
    """A client of the application with the probe; nobody is signed in."""
    return probed.test_client()
