"""Forms of other sites: a cookie alone is never enough to change something; a bearer token is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.auth.doors import hidden_field
from tests.cast import Company, Person, known_id

Browse = Callable[[Person | None], FlaskClient]
FORMS = [
    "/auth/sign-in", "/auth/sign-out", "/auth/organizations", "/auth/sessions", "/auth/sessions/others",
    "/auth/password", "/auth/forgot", "/auth/reset/x", "/auth/invitation/x", "/auth/worker/x",
]  # fmt: skip
CHANGES = [
    ("POST", "/v1/auth/logout", None),
    ("POST", "/v1/auth/password/change", {"present": "x", "password": "y"}),
    ("DELETE", "/v1/auth/sessions", None),
    ("DELETE", f"/v1/auth/sessions/{known_id('alder.owner.session')}", None),
    ("POST", "/v1/auth/tokens", {"name": "Robot", "scopes": ["view"]}),
    ("POST", "/v1/members/invite", {"email": "a@b.test", "role": "viewer"}),
    ("POST", f"/v1/members/{known_id('alder.viewer.member')}/deactivate", None),
    ("POST", "/v1/workers", {"name": "Nina"}),
    ("PATCH", f"/v1/workers/{known_id('alder.ana.as-worker')}", {"active": False}),
]  # fmt: skip


@pytest.mark.parametrize("path", FORMS)
def test_a_form_without_its_hidden_field_does_nothing(browse: Browse, alder: Company, path: str) -> None:
    browser = browse(alder.owner)
    answer = browser.post(path, data={"csrf_token": "made-up"})
    assert answer.status_code == 400
    assert "This form was open for too long." in answer.text
    assert browser.get("/v1/auth/me").status_code == 200


@pytest.mark.parametrize("path", ["/auth/sign-in", "/auth/forgot"])
def test_signing_in_needs_the_field_too_so_that_nobody_is_signed_in_as_somebody_else(
    stranger: FlaskClient, alder: Company, path: str
) -> None:
    filled = {"email": alder.owner.email, "password": "correct-horse-battery"}
    assert stranger.post(path, data=filled).status_code == 400
    assert stranger.get_cookie("doorstep") is None


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
def test_a_change_by_cookie_needs_the_token_in_a_header(
    browse: Browse, alder: Company, method: str, path: str, body: dict[str, object] | None
) -> None:
    browser = browse(alder.owner)
    refused = browser.open(path, method=method, json=body)
    assert refused.status_code == 400
    assert refused.mimetype == "application/problem+json"
    token = hidden_field(browser.get("/auth/password"))
    allowed = browser.open(path, method=method, json=body, headers={"X-CSRFToken": token})
    assert allowed.status_code != 400


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
def test_a_change_by_bearer_token_needs_no_other_one(
    api: FlaskClient, alder: Company, method: str, path: str, body: dict[str, object] | None
) -> None:
    answer = api.open(path, method=method, json=body, headers=alder.owner.bearer)
    assert answer.status_code in (200, 201, 204, 422)


def test_a_field_of_another_browser_is_worth_nothing(browse: Browse, alder: Company) -> None:
    theirs = hidden_field(browse(alder.dispatcher).get("/auth/password"))
    mine = browse(alder.owner)
    mine.get("/auth/password")
    assert mine.post("/auth/sessions/others", data={"csrf_token": theirs}).status_code == 400
