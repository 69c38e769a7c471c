"""What is typed about workers, understood. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from marshmallow import EXCLUDE, ValidationError
from sqlalchemy.dialects.postgresql import Range

from doorstep.accounts import hours
from doorstep.admin import workers_facts, workers_forms
from doorstep.admin.workers_forms import WorkerForm
from doorstep.core.errors import Invalid

BERLIN = ZoneInfo("Europe/Berlin")


def read(**typed: str) -> dict[str, Any]:
    given = {"name": "Ana", **{name.replace("_", "-"): value for name, value in typed.items()}}
    loaded: dict[str, Any] = WorkerForm().load(given, unknown=EXCLUDE)
    return loaded


def refused(**typed: str) -> dict[str, Any]:
    with pytest.raises(ValidationError) as caught:
        read(**typed)
    messages: dict[str, Any] = caught.value.normalized_messages()
    return messages


def test_hours_are_read_day_by_day() -> None:
    found = read(
        mon_1_from="8:00", mon_1_to="12:00", mon_2_from="13:00", mon_2_to="17:30", sat_1_from="9", sat_1_to="13"
    )
    assert found["weekly_hours"] == {
        "mon": [["08:00", "12:00"], ["13:00", "17:30"]],
        "sat": [["09:00", "13:00"]],
    }


def test_a_second_time_alone_counts_too() -> None:
    assert read(mon_2_from="13:00", mon_2_to="17:00")["weekly_hours"] == {"mon": [["13:00", "17:00"]]}


def test_until_zero_o_clock_is_until_midnight() -> None:
    assert read(fri_1_from="18:00", fri_1_to="00:00")["weekly_hours"] == {"fri": [["18:00", "24:00"]]}


def test_seconds_that_a_browser_adds_do_no_harm() -> None:
    assert read(fri_1_from="08:00:00", fri_1_to="09:30:00")["weekly_hours"] == {"fri": [["08:00", "09:30"]]}


def test_every_day_that_is_wrong_is_named() -> None:
    messages = refused(mon_1_from="8:00", tue_1_from="8", tue_1_to="7", wed_1_from="early", wed_1_to="late", name=" ")
    assert messages == {
        "name": ["Give the name."],
        "weekly_hours": {
            "mon": ["Give both times, from and to."],
            "tue": ["The end comes before the start."],
            "wed": ["Write times as 8:00."],
        },
    }


@pytest.mark.parametrize("to", ["25:00", "12:60", "24:30", "-1", "1200 pm", "\u0661\u0668:00"])
def test_what_no_clock_shows_is_refused(to: str) -> None:
    assert "mon" in refused(mon_1_from="8:00", mon_1_to=to)["weekly_hours"]


def test_times_that_overlap_are_refused() -> None:
    messages = refused(mon_1_from="8:00", mon_1_to="12:00", mon_2_from="11:00", mon_2_to="17:00")
    assert messages == {"weekly_hours": {"mon": ["These hours overlap."]}}


@pytest.mark.parametrize(
    "week", [{}, hours.USUAL, {"mon": [["00:00", "06:00"], ["07:00", "08:00"], ["18:00", "24:00"]]}]
)
def test_hours_that_are_shown_read_back_the_same(week: dict[str, Any]) -> None:
    typed = workers_forms.to_type(week)
    assert WorkerForm().load({"name": "Ana", **typed}, unknown=EXCLUDE)["weekly_hours"] == week


def test_there_is_room_for_as_many_times_as_a_day_has() -> None:
    assert workers_forms.room({}) == 2
    assert workers_forms.room({"mon-1-from": "08:00", "tue-4-to": "22:00"}) == 4


def test_skills_are_words_with_commas() -> None:
    assert read(skills=" windows,, ovens ,")["skills"] == ["windows", "ovens"]
    assert "skills" in refused(skills=",".join(f"s{n}" for n in range(41)))


def test_a_box_that_is_not_ticked_is_a_value() -> None:
    assert read()["active"] is False
    assert read(active="1")["active"] is True


def test_a_colour_that_came_by_the_api_stays_possible() -> None:
    assert "#14614f" in workers_forms.colours("#14614f")
    assert list(workers_forms.colours("plum")) == list(workers_forms.COLOURS)


def away(first: date, start: time | None = None, last: date | None = None, end: time | None = None) -> Any:
    return workers_forms.away({"start": first, "start_time": start, "end": last, "end_time": end}, BERLIN)


def test_without_times_whole_days_count() -> None:
    assert away(date(2026, 7, 6)) == (datetime(2026, 7, 5, 22, tzinfo=UTC), datetime(2026, 7, 6, 22, tzinfo=UTC))
    assert away(date(2026, 7, 6), last=date(2026, 7, 8))[1] == datetime(2026, 7, 8, 22, tzinfo=UTC)


def test_a_day_on_which_clocks_change_is_as_long_as_it_is() -> None:
    start, end = away(date(2026, 3, 29))
    assert (end - start).total_seconds() == 23 * 3600
    start, end = away(date(2026, 10, 25))
    assert (end - start).total_seconds() == 25 * 3600


def test_of_an_hour_that_comes_twice_all_of_it_is_free() -> None:
    start, end = away(date(2026, 10, 25), time(2, 30), end=time(2, 45))
    assert (start, end) == (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 45, tzinfo=UTC))


@pytest.mark.parametrize(
    ("given", "field"), [({"start": time(2, 30)}, "start_time"), ({"end": time(2, 30)}, "end_time")]
)
def test_a_time_that_the_clocks_skip_is_refused_at_its_field(given: dict[str, time], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        away(date(2026, 3, 29), **given)
    assert [error.field for error in caught.value.errors] == [field]


def test_until_midnight_is_the_end_of_a_single_day_and_the_beginning_of_a_named_one() -> None:
    assert away(date(2026, 7, 6), time(18), end=time())[1] == datetime(2026, 7, 6, 22, tzinfo=UTC)
    assert away(date(2026, 7, 6), time(18), date(2026, 7, 7), time())[1] == datetime(2026, 7, 6, 22, tzinfo=UTC)


def at(*given: int) -> datetime:
    return datetime(*given, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (at(2026, 7, 5, 22), at(2026, 7, 6, 22), "Mon 6 Jul"),
        (at(2026, 7, 5, 22), at(2026, 7, 8, 22), "Mon 6 Jul – Wed 8 Jul"),
        (at(2026, 3, 28, 23), at(2026, 3, 29, 22), "Sun 29 Mar"),
        (at(2026, 7, 6, 10), at(2026, 7, 6, 12), "Mon 6 Jul, 12:00 – 14:00"),
        (at(2026, 7, 5, 22), at(2026, 7, 6, 12), "Mon 6 Jul, 0:00 – 14:00"),
    ],
)
def test_time_off_reads_as_days_where_it_is_days(start: datetime, end: datetime, words: str) -> None:
    during = Range(start, end, bounds="[)")
    assert workers_facts.in_words(during, BERLIN) == words
