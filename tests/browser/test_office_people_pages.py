"""The office's pages of workers and services in a real browser: for everybody, on a phone and at a desk, with rows that
are added and moved without asking the server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from doorstep.accounts import workers
from doorstep.core import clock
from doorstep.core.transaction import transaction
from tests.browser import axe
from tests.browser.conftest import SIZES, Server
from tests.cast import Company
from tests.orders.conftest import acting
from tests.orders.photo_cases import visit, within

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LABELS = "[...document.querySelectorAll('#f-checklist [name$=label]')].map((input) => `${input.name}=${input.value}`)"


@pytest.fixture
def paths(app: Flask, alder: Company) -> dict[str, str]:
    """The addresses of the pages, of a worker who is away when a visit is planned."""
    visit(app, alder, ahead=timedelta(days=1))
    who, now, worker = acting(alder.owner, alder), clock.now(), alder.worker.worker_id
    with within(app, alder), transaction():
        workers.change(who, worker, {"phone": "+1 503 555 0177", "colour": "plum"})
        workers.add_time_off(who, worker, start=now, end=now + timedelta(days=2), reason="Wedding")
    return {
        "workers": "/office/workers",
        "nobody": "/office/workers?show=inactive",
        "worker": f"/office/workers/{worker}",
        "edit": f"/office/workers/{worker}/edit",
        "new worker": "/office/workers/new",
        "services": "/office/services",
        "service": f"/office/services/{alder.service_id}",
        "new service": "/office/services/new",
    }


@pytest.fixture
def open_desk(open_as: Callable[..., Any], alder: Company) -> Callable[..., Any]:
    """Returns an opener of the owner's browser, of some size and scheme."""
    return lambda size="desk", *given, **more: open_as(alder.owner, size, *given, **more)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_axe_finds_nothing(open_desk: Callable[..., Any], paths: dict[str, str], size: str, scheme: str) -> None:
    page, found = open_desk(size, scheme, bypass_csp=True), {}
    for name, path in paths.items():
        page.goto(path)
        found[name] = axe.faults(page)
    page.goto(paths["worker"])
    page.get_by_role("button", name="Make a sign-in link").click()
    page.locator("svg.qr").wait_for()
    found["link"] = axe.faults(page)

    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize("size", ["phone", "tiny"])
def test_everything_fits(open_desk: Callable[..., Any], paths: dict[str, str], size: str) -> None:
    page, wide = open_desk(size), {}
    for name, path in paths.items():
        page.goto(path)
        wide[name] = page.evaluate("document.documentElement.scrollWidth")

    assert {name: width for name, width in wide.items() if width > SIZES[size][0]} == {}


def test_rows_are_added_and_moved_on_the_page_and_then_saved(
    open_desk: Callable[..., Any], server: Server, paths: dict[str, str]
) -> None:
    page = open_desk()
    page.goto(paths["service"])
    page.get_by_role("button", name="Add rows for steps").click()
    page.keyboard.type("Windows")
    assert page.evaluate(LABELS)[-1] == "checklist-6-label=Windows"
    page.get_by_role("button", name="Move step 2 up").click()
    assert page.evaluate(LABELS)[:2] == ["checklist-0-label=Photo before", "checklist-1-label=Kitchen surfaces"]
    assert server.posts(paths["service"]) == 0

    page.get_by_label("Name").press("Enter")
    page.wait_for_url("**/office/services")
    page.goto(paths["service"])
    assert [label.partition("=")[2] for label in page.evaluate(LABELS)][:4] == [
        "Photo before",
        "Kitchen surfaces",
        "Photo after",
        "Windows",
    ]
