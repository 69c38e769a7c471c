"""What is typed about services, understood: amounts and rows. Pure."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import EXCLUDE, ValidationError

from doorstep.admin import services_forms
from doorstep.admin.services_forms import CHECKLIST, EXTRAS
from doorstep.catalog.models import Service
from doorstep.core.errors import FieldError
from doorstep.core.http.inputs import Form, flat

NEEDED = {"name": "Windows", "price_cents": "95", "duration_minutes": "90"}


def read(currency: str = "USD", **typed: str) -> dict[str, Any]:
    given = NEEDED | {name.replace("__", "-"): value for name, value in typed.items()}
    form = services_forms.service_form(currency)()
    loaded: dict[str, Any] = form.load({name: value for name, value in given.items() if value}, unknown=EXCLUDE)
    return loaded


def refused(currency: str = "USD", **typed: str) -> dict[str, Any]:
    with pytest.raises(ValidationError) as caught:
        read(currency, **typed)
    messages: dict[str, Any] = caught.value.normalized_messages()
    return messages


@pytest.mark.parametrize(
    ("typed", "currency", "cents"),
    [("118.00", "USD", 11800), ("118,5", "EUR", 11850), ("1,180", "USD", 118000), ("11800", "JPY", 11800)],
)
def test_a_price_is_read_in_the_organization_s_currency(typed: str, currency: str, cents: int) -> None:
    assert read(currency, price_cents=typed)["price_cents"] == cents
    assert read(currency, extras__0__label="Oven", extras__0__price_cents=typed)[EXTRAS][0]["price_cents"] == cents


@pytest.mark.parametrize(
    ("typed", "currency"), [("free", "USD"), ("-5", "USD"), ("118.505", "USD"), ("118.50", "JPY"), ("100001", "USD")]
)
def test_what_is_no_price_is_refused(typed: str, currency: str) -> None:
    assert list(refused(currency, price_cents=typed)) == ["price_cents"]


def test_too_high_a_price_is_told_in_the_currency() -> None:
    assert refused("EUR", price_cents="100000.01") == {"price_cents": ["At most €100,000.00."]}


def test_a_price_that_is_named_later_need_not_be_typed() -> None:
    assert read(price_cents="", price_unit="quote")["price_cents"] == 0
    assert refused(price_cents="", price_unit="hour") == {"price_cents": ["Type the price."]}


def test_rows_are_read_in_their_order_whatever_their_numbers() -> None:
    typed = {"checklist__7__label": "Floors", "checklist__2__label": " Bath ", "checklist__2__phase": "before"}
    found = read(**typed, checklist__2__photo_required="1")[CHECKLIST]
    assert found == [
        {"label": " Bath ", "phase": "before", "photo_required": True},
        {"label": "Floors", "phase": None, "photo_required": False},
    ]


def test_an_extra_without_price_and_time_costs_and_takes_nothing() -> None:
    assert read(extras__0__label="A smile")[EXTRAS] == [{"label": "A smile", "price_cents": 0, "minutes": 0}]


@pytest.mark.parametrize(
    ("row", "stays"),
    [
        ({"label": "Oven", "known": "1"}, True),
        ({"label": "", "price_cents": "38.00", "known": "1", "key": "oven"}, False),
        ({"label": "  ", "price_cents": "38.00", "known": "1"}, False),
        ({"label": "Oven", "known": "1", "remove": "1"}, False),
        ({"label": "Oven"}, True),
        ({"label": "", "price_cents": "", "minutes": ""}, False),
        ({"label": "", "price_cents": "12"}, True),
        ({"label": "", "price_cents": "12", "remove": "1"}, False),
    ],
    ids=["known", "emptied", "blank", "ticked", "new", "untouched", "nameless", "nameless but ticked"],
)
def test_a_row_goes_when_it_is_emptied_or_ticked(row: dict[str, str], stays: bool) -> None:
    typed = {f"extras-3-{column}": value for column, value in row.items()}
    assert services_forms.rows_of(typed, EXTRAS) == ([row] if stays else [])


def test_a_new_row_without_a_name_is_asked_about() -> None:
    assert refused(extras__0__price_cents="12") == {EXTRAS: {0: {"label": ["Give it a name."]}}}
    assert refused(checklist__4__phase="before") == {CHECKLIST: {0: {"label": ["Give it a name."]}}}


def test_mistakes_are_numbered_as_the_rows_are_shown_again() -> None:
    typed = {
        "extras__0__label": "Gone",
        "extras__0__remove": "1",
        "extras__5__label": "Oven",
        "extras__5__minutes": "x",
    }
    assert refused(**typed) == {EXTRAS: {0: {"minutes": ["A whole number of minutes."]}}}


def test_the_same_extra_twice_is_refused() -> None:
    twins = {"extras__0__label": "Oven", "extras__1__label": " oven "}
    assert list(flat(refused(**twins))) == [FieldError("extras.1.label", "This is in the list already.")]


@pytest.mark.parametrize("name", ["extras-x-label", "extras-0-label-more", "extras-0000-label", "other-0-label"])
def test_fields_that_are_no_row_are_left_alone(name: str) -> None:
    assert services_forms.rows_of({name: "Oven"}, EXTRAS) == []


def test_a_row_moves_above_the_one_before_it() -> None:
    typed = {"name": "Windows", "checklist-0-label": "a", "checklist-4-label": "b", "checklist-4-phase": "before"}
    moved = services_forms.moved_up(typed, CHECKLIST, 4)
    assert services_forms.rows_of(moved, CHECKLIST) == [{"label": "b", "phase": "before"}, {"label": "a"}]
    assert moved["name"] == "Windows"


@pytest.mark.parametrize("number", [0, 9])
def test_the_first_row_and_one_that_is_not_there_stay(number: int) -> None:
    typed = {"checklist-0-label": "a", "checklist-1-label": "b"}
    assert services_forms.moved_up(typed, CHECKLIST, number) == typed


@pytest.mark.parametrize(
    "act",
    [
        "",
        "more",
        "more-prices",
        "up-checklist",
        "up-checklist-x",
        "up-prices-1",
        "a-b-c-d",
        "up-checklist-" + "9" * 5000,
    ],
    ids=lambda act: act[:16],
)
def test_a_button_that_is_not_there_moves_nothing(act: str) -> None:
    form = Form(services_forms.service_form("USD"), {"checklist-0-label": "a", "checklist-1-label": "b"})
    again, more = services_forms.rearranged(form, act)
    assert again.typed == form.typed
    assert more in ("", CHECKLIST)


def test_keys_stay_with_their_extra_and_new_ones_are_made_of_the_label() -> None:
    extras = [{"key": "oven", "label": "The oven, inside"}, {"label": "Oven"}, {"label": "冷蔵庫"}, {"label": "食器"}]
    assert [extra["key"] for extra in services_forms.with_keys(extras)] == ["oven", "oven-2", "extra", "extra-2"]


def test_a_key_that_is_made_fits_even_when_long_ones_are_taken() -> None:
    long = "a very long label of an extra that goes on and on"
    found = services_forms.with_keys([{"label": long}, {"label": long + "!"}])
    assert len({extra["key"] for extra in found}) == 2
    assert all(len(extra["key"]) <= 40 for extra in found)


def test_a_service_that_is_shown_reads_back_the_same() -> None:
    service = Service(
        name="Windows", description="All", icon="sun", skill="windows", price_cents=9550, price_unit="hour",
        duration_minutes=90, buffer_minutes=15, public=True, active=False,
        extras=[{"key": "oven", "label": "Oven", "price_cents": 3800, "minutes": 45}],
        checklist=[{"label": "Photo", "phase": "after", "photo_required": True}, {"label": "Floors", "phase": None,
                                                                                  "photo_required": False}],
    )  # fmt: skip
    typed = services_forms.as_typed(service, "EUR")
    given = {name: value for name, value in typed.items() if value != ""}
    loaded = services_forms.service_form("EUR")().load(given, unknown=EXCLUDE)
    assert {name: getattr(service, name) for name in loaded} == loaded
