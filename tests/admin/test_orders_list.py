"""The list of orders: the address is the view."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from tests.admin.office_stage import links, words
from tests.cast import Company
from tests.conftest import Browse
from tests.orders.conftest import acting
from tests.orders.photo_cases import visit

HERE = "/office/orders"


def orders_in(answer: object) -> set[str]:
    return {link for link in links(answer, "table") if link.startswith(f"{HERE}/")}  # type: ignore[arg-type]


def test_filters_in_the_address_choose_what_is_shown(app: Flask, browse: Browse, alder: Company) -> None:
    planned = f"{HERE}/{visit(app, alder, ahead=timedelta(days=3))}"
    asked = f"{HERE}/{alder.order_id}"
    browser = browse(alder.viewer)
    day = acting(alder.owner, alder).home.zone
    assert day is not None
    for query, expected in {
        "": {planned, asked},
        "view=requested": {asked},
        "view=planned": {planned},
        "view=unassigned": set(),
        f"worker={alder.worker.worker_id}": {planned},
        f"worker={alder.other_worker.worker_id}": set(),
        "q=marga": {planned, asked},
        "q=1001": {asked},
        "from=2020-01-01&to=2020-01-31": set(),
        "from=2020-01-01": {planned},
    }.items():
        assert orders_in(browser.get(f"{HERE}?{query}")) == expected, query


@pytest.mark.parametrize("query", ["view=wrong", "worker=me", "from=soon", "q=%00", "nobody=knows", "to=9999-12-31"])
def test_what_cannot_be_read_filters_nothing(browse: Browse, alder: Company, query: str) -> None:
    assert orders_in(browse(alder.viewer).get(f"{HERE}?{query}")) == {f"{HERE}/{alder.order_id}"}


def test_a_cursor_that_is_not_ours_is_refused(browse: Browse, alder: Company) -> None:
    assert browse(alder.viewer).get(f"{HERE}?cursor=abc").status_code == 422


def test_nothing_that_fits_offers_to_clear_the_filters(browse: Browse, alder: Company) -> None:
    page = browse(alder.viewer).get(f"{HERE}?q=nobody")
    assert "No order fits" in words(page)
    assert HERE in links(page)


def test_older_orders_are_a_page_further_and_nothing_is_shown_twice(
    app: Flask, browse: Browse, alder: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("doorstep.admin.order_list.PAGE", 2)
    made = {f"{HERE}/{visit(app, alder, ahead=timedelta(days=number))}" for number in (2, 3, 4)}
    browser = browse(alder.dispatcher)
    first = browser.get(f"{HERE}?q=marga")
    (older,) = [link for link in links(first) if "cursor=" in link]
    assert "q=marga" in older
    second = browser.get(older)
    assert orders_in(first) | orders_in(second) == made | {f"{HERE}/{alder.order_id}"}
    assert orders_in(first).isdisjoint(orders_in(second))
