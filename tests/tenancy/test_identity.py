"""From a secret to an actor: into one organization, with no more rights than it gives."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update

from doorstep.accounts.models import Membership, Organization
from doorstep.auth import identity
from doorstep.auth.models import ApiToken, LoginSession
from doorstep.core import clock, ids, tenancy
from doorstep.core.actor import PERMISSIONS
from doorstep.core.extensions import db
from doorstep.core.tenancy import NOBODY, Scope
from doorstep.core.transaction import save, transaction
from doorstep.orders.models import Order
from tests import statements
from tests.cast import ALDER, Company, Person, known_id


def make_token(org: Company | None, *scopes: str, **more: Any) -> str:
    secret = identity.TOKEN_PREFIX + ids.secret()
    with transaction():
        given = {"sha256": ids.digest(secret), "prefix": secret[:8], "name": "Till", "scopes": list(scopes)}
        save(ApiToken(org_id=org.id if org else None, **(given | more)))
    return secret


def test_a_session_is_in_its_organization(context: Flask, alder: Company) -> None:
    who = identity.by_secret(alder.worker.secret, by_cookie=True)
    assert who is not None
    assert (who.name, who.role, who.worker_id) == ("Ana Morales", "worker", alder.worker.worker_id)
    assert who.home.slug == "alder"
    assert tenancy.scope() == Scope(alder.id)
    assert db.session.execute(select(Order.id)).scalars().all() == [alder.order_id]


def test_who_asks_costs_one_statement(app: Flask, api: FlaskClient, alder: Company) -> None:
    with app.app_context(), statements.overheard(db.engine) as heard:
        identity.by_secret(alder.owner.secret, by_cookie=True)
    assert len(heard) == 1


@pytest.mark.parametrize("secret", ["", "x", "session-of-nobody", "dst_nobody", "\0", "é" * 300])
def test_a_secret_that_nobody_has_is_nobody_s(secret: str, context: Flask) -> None:
    assert identity.by_secret(secret, by_cookie=False) is None
    assert tenancy.scope() == NOBODY


def test_somebody_who_left_the_company_is_signed_in_and_sees_nothing(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id), transaction():
        gone = update(Membership).where(Membership.user_id == alder.owner.id).values(active=False)
        db.session.execute(gone)
    who = identity.by_secret(alder.owner.secret, by_cookie=True)
    assert who is not None
    assert (who.org, who.role, who.permissions) == (None, None, frozenset())
    assert tenancy.scope() == NOBODY
    assert db.session.execute(text("select count(*) from orders")).scalar_one() == 0


def test_a_company_that_was_closed_lets_nobody_in(context: Flask, alder: Company) -> None:
    token = make_token(alder, "view")
    with transaction():
        db.session.execute(update(Organization).where(Organization.id == alder.id).values(active=False))
    who = identity.by_secret(alder.owner.secret, by_cookie=True)
    assert who is not None
    assert who.org is None
    db.session.rollback()
    assert identity.by_secret(token, by_cookie=False) is None
    assert tenancy.scope() == NOBODY


@pytest.mark.parametrize("change", [{"revoked_at": clock.now()}, {"expires_at": clock.now()}])
def test_a_session_that_is_over_opens_nothing(change: dict[str, Any], context: Flask, alder: Company) -> None:
    with transaction():
        one = LoginSession.id == known_id(f"{alder.owner.key}.session")
        db.session.execute(update(LoginSession).where(one).values(**change))
    assert identity.by_secret(alder.owner.secret, by_cookie=True) is None


def test_the_operator_operates_and_belongs_nowhere(context: Flask, operator: Person) -> None:
    who = identity.by_secret(operator.secret, by_cookie=True)
    assert who is not None
    assert (who.org, who.permissions) == (None, frozenset({"operate"}))
    assert tenancy.scope() == NOBODY


def test_a_company_s_token_never_operates_the_installation(context: Flask, alder: Company) -> None:
    """Whatever its row says: a tenant's admin must not become the operator by a token."""
    who = identity.by_secret(make_token(alder, *PERMISSIONS, "anything"), by_cookie=False)
    assert who is not None
    assert who.permissions == frozenset(PERMISSIONS) - {"operate"}
    assert tenancy.scope() == Scope(alder.id)


def test_the_operator_s_token_does_nothing_else(context: Flask) -> None:
    who = identity.by_secret(make_token(None, *PERMISSIONS), by_cookie=False)
    assert who is not None
    assert (who.org, who.permissions) == (None, frozenset({"operate"}))


def test_a_token_is_no_cookie(context: Flask, alder: Company) -> None:
    assert identity.by_secret(make_token(alder, "view"), by_cookie=True) is None


@pytest.mark.parametrize("over", ["revoked_at", "expires_at"])
def test_a_token_that_is_over_opens_nothing(over: str, context: Flask) -> None:
    secret = make_token(ALDER, "view", **{over: clock.now() - timedelta(seconds=1)})
    assert identity.by_secret(secret, by_cookie=False) is None
