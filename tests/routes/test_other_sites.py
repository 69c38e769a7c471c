"""What another site's page can make a browser send (its cookies, no token of ours) changes nothing at any address."""

from __future__ import annotations

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from doorstep.auth.guards import AsOperator
from doorstep.core.http.routes import SAFE
from doorstep.portals.guards import AsClient
from tests.cast import ALDER
from tests.portals.client_stage import let_in
from tests.routes.estate import VALUES
from tests.routes.people import body, member
from tests.routes.table import Address, addresses

# Read no cookie, so that a cookie gives nothing away: who asks says who they are in the body or the
# address, or is a visitor.
WITHOUT_COOKIE = {
    "POST /v1/auth/login",
    "POST /v1/auth/password/forgot",
    "POST /v1/auth/password/reset",
    "POST /v1/public/<slug>/estimate",
    "POST /v1/public/<slug>/orders",
    "POST /v1/sendgrid/webhook",
    "POST /client/mails/<token>",
}
WRITES = [one for one in addresses() if one.method not in SAFE and str(one) not in WITHOUT_COOKIE]


OF_CLIENTS = [one for one in WRITES if isinstance(one.guard, AsClient)]
OF_MEMBERS = [one for one in WRITES if one not in OF_CLIENTS]


@pytest.mark.parametrize("address", OF_MEMBERS, ids=str)
def test_a_form_of_another_site_changes_nothing(address: Address, at_home: Flask) -> None:
    statuses = {who.role: sent(member(at_home, who).browser, at_home, address) for who in (ALDER.owner, ALDER.worker)}
    assert set(statuses.values()) <= {400, 403, 404}
    assert 400 in statuses.values() or isinstance(address.guard, AsOperator)


@pytest.mark.parametrize("address", OF_CLIENTS, ids=str)
def test_nor_does_one_in_a_client_s_browser(address: Address, app: Flask) -> None:
    assert sent(let_in(app, ALDER), app, address) == 400


def sent(browser: FlaskClient, app: Flask, address: Address) -> int:
    """Returns the status of what another site's form, or script, would send."""
    with app.test_request_context():
        url = url_for(address.endpoint, **{name: VALUES[name] for name in address.names})
    given = body(address) if address.row.is_api else {"data": {"csrf_token": "made-up"}}
    return browser.open(url, method=address.method, **given).status_code
