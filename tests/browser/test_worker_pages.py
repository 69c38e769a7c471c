"""The workers' pages in a real browser: for everybody, with one thumb, in both schemes, with a silent console."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from doorstep.orders import service
from tests.browser import axe
from tests.browser.conftest import SIZES
from tests.cast import Company
from tests.orders.photo_cases import visit
from tests.portals.worker_stage import add_photo, does, start, tick_all

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LEAST_TARGET = 44
TARGETS = """(least) => [...document.querySelectorAll("a, button, input:not([type=hidden]), textarea, summary, select")]
  .filter((el) => el.checkVisibility() && !el.closest("p:not(.row), .banner, .skip") && !el.matches(".skip, .vh"))
  .map((el) => [el, (el.closest("label") ?? el).getBoundingClientRect().height])
  .filter(([, height]) => height < least).map(([el, height]) => `${height}: ${el.outerHTML.slice(0, 90)}`)"""


@pytest.fixture
def paths(app: Flask, alder: Company) -> dict[str, str]:
    """The addresses of the workers' pages, of a planned, a running and a finished visit among them."""
    words = {"access_notes": "Key box 4711", "details": "Mind the rug"}
    done, working, planned = (visit(app, alder, ahead=timedelta(hours=3 * at, minutes=5), **words) for at in range(3))
    for order_id in (done, working):
        add_photo(app, alder, order_id, "before")
        does(app, alder, order_id, start)
    photo_id = add_photo(app, alder, done, "after")
    does(app, alder, done, tick_all, service.complete)
    does(app, alder, working, lambda who, order: service.note(who, order, text="The gate was open"))
    jobs: dict[str, UUID] = {"planned": planned, "running": working, "finished": done}
    return {
        "day": "/worker",
        "empty day": "/worker?day=2031-01-01",
        "photo": f"/worker/orders/{done}/photos/{photo_id}",
        "photos": "/worker/photos",
        "me": "/worker/me",
        "offline": "/worker/offline",
        **{name: f"/worker/orders/{order_id}" for name, order_id in jobs.items()},
    }


@pytest.fixture
def open_page(open_as: Callable[..., Any], alder: Company) -> Callable[..., Any]:
    """Returns an opener of Ana's phone (or desk) in a scheme."""
    return lambda size="phone", *given, **more: open_as(alder.worker, size, *given, **more)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_axe_finds_nothing(open_page: Callable[..., Any], paths: dict[str, str], size: str, scheme: str) -> None:
    page, found = open_page(size, scheme, bypass_csp=True), {}
    for name, path in paths.items():
        page.goto(path)
        found[name] = axe.faults(page)

    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize("size", ["phone", "tiny"])
def test_everything_fits_and_can_be_hit_with_a_thumb(
    open_page: Callable[..., Any], paths: dict[str, str], size: str
) -> None:
    page, found = open_page(size), {}
    for name, path in paths.items():
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        found[name] = [f"{wide} wide"] if wide > SIZES[size][0] else []
        found[name] += page.evaluate(TARGETS, LEAST_TARGET)

    assert {name: faults for name, faults in found.items() if faults} == {}


def test_the_console_stays_empty(open_page: Callable[..., Any], paths: dict[str, str]) -> None:
    page, said = open_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in paths.values():
        page.goto(path)
        page.wait_for_timeout(300)

    assert said == []


def test_the_checklist_and_what_is_left_follow_each_tick(open_page: Callable[..., Any], paths: dict[str, str]) -> None:
    page = open_page()
    page.goto(paths["running"])
    before = page.locator("#left").inner_text()

    page.get_by_label("Kitchen surfaces").check()
    page.locator("#still-list", has_not_text="Kitchen surfaces").wait_for()

    assert before.startswith("2 to do")
    assert page.locator("#left").inner_text().startswith("1 to do")
