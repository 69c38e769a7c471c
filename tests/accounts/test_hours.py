"""A worker's weekly hours."""

from __future__ import annotations

from typing import Any

import pytest

from doorstep.accounts import hours
from doorstep.core.errors import Invalid


def test_hours_come_back_in_the_order_of_the_week_without_days_off() -> None:
    given = {"wed": [["13:00", "17:00"], ["08:00", "12:00"]], "mon": [["09:30", "24:00"]], "sun": []}
    found = hours.checked(given)
    assert list(found) == ["mon", "wed"]
    assert found["wed"] == [["08:00", "12:00"], ["13:00", "17:00"]]


def test_a_break_of_no_length_is_allowed() -> None:
    assert hours.checked({"fri": [["08:00", "12:00"], ["12:00", "16:00"]]})


def test_no_hours_at_all_are_allowed() -> None:
    assert hours.checked({}) == {}


def test_the_usual_hours_are_good_hours() -> None:
    assert hours.checked(hours.USUAL) == hours.USUAL


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"someday": [["08:00", "12:00"]]}, "weekly_hours"),
        ({"mon": "08:00-12:00"}, "weekly_hours.mon"),
        ({"mon": ["08:00", "12:00"]}, "weekly_hours.mon"),
        ({"mon": [["08:00"]]}, "weekly_hours.mon"),
        ({"mon": [["8:00", "12:00"]]}, "weekly_hours.mon"),
        ({"mon": [["08:00", "25:00"]]}, "weekly_hours.mon"),
        ({"mon": [["08:60", "12:00"]]}, "weekly_hours.mon"),
        ({"mon": [["12:00", "08:00"]]}, "weekly_hours.mon"),
        ({"mon": [["08:00", "08:00"]]}, "weekly_hours.mon"),
        ({"tue": [["08:00", "12:00"], ["11:59", "14:00"]]}, "weekly_hours.tue"),
        ({"mon": [[None, None]]}, "weekly_hours.mon"),
        ({"mon": [["01:00", "02:00"]] * 5}, "weekly_hours.mon"),
        ({"mon": {"from": "08:00"}}, "weekly_hours.mon"),
    ],
)
def test_hours_that_make_no_sense_are_refused_at_their_day(given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        hours.checked(given)
    assert caught.value.errors[0].field == field


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (hours.USUAL, "Mon–Fri 8:00–17:00"),
        ({**hours.USUAL, "sat": [["09:00", "13:00"]]}, "Mon–Fri 8:00–17:00, Sat 9:00–13:00"),
        ({"mon": [["08:00", "12:00"], ["13:00", "17:00"]]}, "Mon 8:00–12:00 and 13:00–17:00"),
        ({"mon": [["08:00", "12:00"]], "wed": [["08:00", "12:00"]]}, "Mon and Wed 8:00–12:00"),
        (
            {day: [["10:00", "24:00"]] for day in ("mon", "tue", "wed", "fri", "sat")},
            "Mon–Wed, Fri and Sat 10:00–24:00",
        ),
        ({"sat": [], "sun": [["00:00", "06:30"]]}, "Sun 0:00–6:30"),
        ({}, ""),
    ],
)
def test_hours_read_as_people_say_them(given: dict[str, Any], read: str) -> None:
    assert hours.in_words(given) == read
