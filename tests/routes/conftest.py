"""Alder at home, with everything that is Alder's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from doorstep.core import tenancy
from doorstep.core.extensions import db
from tests import stage
from tests.cast import ALDER
from tests.routes import estate
from tests.tenancy.test_tables import TENANT


@pytest.fixture
def at_home(app: Flask, prompter: stage.Prompter) -> Iterator[Flask]:
    """Alder has one object of every kind; at the end it has the same, unchanged."""
    with app.app_context():
        estate.settle()
    before = estate.fingerprint(prompter)
    yield app
    after = estate.fingerprint(prompter)
    assert {table for table in before if before[table] != after[table]} == set(), "somebody else changed Alder's rows"


@pytest.fixture(scope="module")
def alders(shared_app: Flask, prompter: stage.Prompter) -> list[str]:
    """Words that only Alder's things bear: their ids, the company's name, its client's address."""
    prompter.put_back()
    with shared_app.app_context():
        estate.settle()
        with tenancy.org_scope(ALDER.id):
            ids = {
                str(one) for table in TENANT for one in db.session.execute(text(f"select id from {table}")).scalars()
            }
        db.session.remove()
    prompter.put_back()
    return sorted(ids | {one.replace("-", "") for one in ids} | {ALDER.name, ALDER.client_email, str(ALDER.id)})
