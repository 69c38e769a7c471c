"""The office's pages of mails in a real browser: for everybody, on a phone and at a desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from doorstep.clients.models import Client
from doorstep.core import tenancy
from doorstep.core.transaction import transaction
from tests.admin.test_messages_pages import HERE, NOBODY, write
from tests.browser import axe
from tests.browser.conftest import SIZES
from tests.cast import Company
from tests.orders.photo_cases import visit, within

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def paths(app: Flask, alder: Company) -> dict[str, str]:
    """The addresses of the pages, where mails came to every end and no more mail reaches the client."""
    order = visit(app, alder, ahead=timedelta(days=1))
    dead = write(app, alder, "dead", state="dead", attempts=5, last_error="550 5.1.1 <margaret>: user unknown")
    stopped = write(app, alder, "stopped", state="cancelled", last_error="Priya Shah stopped it")
    waits = write(app, alder, "waits", attempts=2, last_error="421 try again later")
    with within(app, alder), transaction():
        client = tenancy.get(Client, alder.client_id)
        client.email_state, client.email_reason, client.unsubscribed = "bounced", "User unknown", ["reminder_2h"]
    return {
        "list": HERE,
        "none fits": f"{HERE}?client={alder.other_client_id}&purpose=invoice",
        "nobody": NOBODY,
        "dead": f"{HERE}/{dead}",
        "stopped": f"{HERE}/{stopped}",
        "waits": f"{HERE}/{waits}",
        "order": f"/office/orders/{order}#cancel",
        "client": f"/office/clients/{alder.client_id}",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_axe_finds_nothing(
    open_as: Callable[..., Any], alder: Company, paths: dict[str, str], size: str, scheme: str
) -> None:
    page, found = open_as(alder.owner, size, scheme, bypass_csp=True), {}
    for name, path in paths.items():
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        found[name] = axe.faults(page)

    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize("size", ["phone", "tiny"])
def test_everything_fits(open_as: Callable[..., Any], alder: Company, paths: dict[str, str], size: str) -> None:
    page, wide = open_as(alder.owner, size), {}
    for name, path in paths.items():
        page.goto(path)
        wide[name] = page.evaluate("document.documentElement.scrollWidth")

    assert {name: width for name, width in wide.items() if width > SIZES[size][0]} == {}


def test_a_mail_is_stopped_and_sent_after_all(
    open_as: Callable[..., Any], expect: Any, alder: Company, paths: dict[str, str]
) -> None:
    page = open_as(alder.dispatcher, "desk", java_script_enabled=False)
    page.goto(paths["waits"])
    page.get_by_role("button", name="Do not send").click()
    expect(page.get_by_text("Not sent because Priya Shah stopped it.")).to_be_visible()
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_role("button", name="Do not send")).to_be_visible()
