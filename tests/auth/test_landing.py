"""Where people go after signing in, and never to another site."""

from __future__ import annotations

import pytest
from flask import Flask

from doorstep.auth.landing import home, home_of, safe_next
from doorstep.core.actor import OPERATE, Actor

OURS = ["/", "/office", "/office/orders?state=open&page=2", "/worker/orders/1#photos", "/office?to=https://evil.test"]
FOREIGN = [
    None, "", "office", "https://evil.test", "http:evil.test", "//evil.test", "///evil.test", "/\\evil.test",
    "\\\\evil.test", "/\t/evil.test", "/\n/evil.test", "/\r//evil.test", "\t//evil.test", " //evil.test",
    "javascript:alert(1)", "data:text/html,x", "/ok\x00",
    "/\u2028/evil.test", "/" + "a" * 3000, "@evil.test", "/office\\..\\evil",
]  # fmt: skip


@pytest.mark.parametrize("address", OURS)
def test_a_path_of_this_site_is_followed(address: str) -> None:
    assert safe_next(address) == address


@pytest.mark.parametrize("address", FOREIGN)
def test_an_address_that_a_browser_could_read_as_another_site_is_not(address: str | None) -> None:
    assert safe_next(address) is None


@pytest.mark.parametrize("role", ["owner", "admin", "dispatcher", "finance", "viewer"])
def test_office_people_land_in_the_office(context: Flask, role: str) -> None:
    assert home(role, is_operator=False) == "/office"
    assert home(role, is_operator=True) == "/office"


def test_workers_land_on_their_day(context: Flask) -> None:
    assert home("worker", is_operator=False) == "/worker"


def test_an_operator_without_organization_lands_on_a_page_that_exists(context: Flask) -> None:
    who = Actor(kind="member", permissions=frozenset({OPERATE}))
    rules = {rule.rule for rule in context.url_map.iter_rules()}
    assert home_of(who) == ("/operator" if "/operator" in rules else "/auth/sessions")


def test_somebody_who_acts_for_no_organization_is_asked_for_one(context: Flask) -> None:
    assert home_of(Actor(kind="member")) == "/auth/organizations"
