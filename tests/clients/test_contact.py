"""What visitors type as e-mail address and phone number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from doorstep.clients.contact import EmailAddress, phone_number, region_of


@pytest.mark.parametrize(
    ("typed", "region", "kept"),
    [
        ("503 555 0142", "US", "+1 503-555-0142"),
        ("(503) 555-0142", "US", "+1 503-555-0142"),
        ("+49 30 901820", "US", "+49 30 901820"),
        ("030 901820", "DE", "+49 30 901820"),
        ("+1 503 555 0142", None, "+1 503-555-0142"),
        ("  ", "US", ""),
    ],
)
def test_a_number_is_kept_in_its_international_form(typed: str, region: str | None, kept: str) -> None:
    assert phone_number(typed, region) == kept


@pytest.mark.parametrize(
    ("typed", "region", "told"),
    [
        ("503 555 01", "US", "too short"),
        ("call me", "US", "does not look like a phone number"),
        ("503 555 0142", None, "with the country in front, like +1"),
        ("9" * 30, "US", "(201) 555-0123"),
        ("+999 123 456 789", "US", "does not look like"),
    ],
)
def test_a_wrong_number_is_told_with_an_example(typed: str, region: str | None, told: str) -> None:
    with pytest.raises(ValueError, match=r".+") as caught:
        phone_number(typed, region)
    assert told in str(caught.value)


@given(st.text(max_size=200), st.sampled_from(["US", "DE", None]))
def test_whatever_is_typed_gives_a_short_number_or_a_sentence(typed: str, region: str | None) -> None:
    try:
        told = phone_number(typed, region)
    except ValueError as error:
        told = str(error)
        assert told.endswith(".")
    assert len(told) <= 160


def test_a_number_made_normal_stays_as_it_is() -> None:
    once = phone_number("503 555 0142", "US")
    assert phone_number(once, None) == once


@pytest.mark.parametrize(
    ("settings", "region"),
    [
        ({"region": "de", "phone": "+1 503 555 0142"}, "DE"),
        ({"phone": "+1 503 555 0142"}, "US"),
        ({"phone": "+49 30 901820"}, "DE"),
        ({"phone": "503 555 0142"}, None),
        ({"region": "Mars"}, None),
        ({}, None),
    ],
)
def test_the_region_comes_from_the_company(settings: dict[str, str], region: str | None) -> None:
    assert region_of(settings) == region


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("maggie@example.com", "maggie@example.com"),
        ("Maggie@EXAMPLE.com", "Maggie@example.com"),
        ("maggie@alder-client.test", "maggie@alder-client.test"),
    ],
)
def test_an_address_is_kept_in_its_normal_form(typed: str, kept: str) -> None:
    assert EmailAddress().deserialize(typed) == kept


@pytest.mark.parametrize("typed", ["maggie", "maggie@", "a b@example.com", "x" * 300 + "@example.com", "a@localhost"])
def test_what_is_no_address_is_told_kindly(typed: str) -> None:
    with pytest.raises(ValidationError, match=r"name@example\.com"):
        EmailAddress().deserialize(typed)
