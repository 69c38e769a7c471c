"""Who sits at the desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.cast import Company, Person

Browse = Callable[[Person | None], FlaskClient]


@pytest.fixture
def owner(browse: Browse, alder: Company) -> FlaskClient:
    """Alder's owner at the desk."""
    return browse(alder.owner)


@pytest.fixture
def dispatcher(browse: Browse, alder: Company) -> FlaskClient:
    """Alder's dispatcher at the desk."""
    return browse(alder.dispatcher)
