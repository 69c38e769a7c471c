"""Days and moments are read within the years in which something can happen."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from marshmallow import ValidationError

from doorstep.core.http.times import Day, Moment


def test_a_moment_and_a_day_are_read() -> None:
    assert Moment().deserialize("2026-12-01T10:00:00+01:00") == datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert Day().deserialize("2026-12-01") == date(2026, 12, 1)


@pytest.mark.parametrize(
    "given", ["0001-01-01T00:00:00+14:00", "1999-12-31T23:59:59Z", "2101-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"]
)
def test_a_moment_of_another_age_is_refused_in_words(given: str) -> None:
    with pytest.raises(ValidationError, match="between 2000 and 2100"):
        Moment().deserialize(given)


@pytest.mark.parametrize("given", ["0001-01-01", "1999-12-31", "2101-01-01", "9999-12-31"])
def test_a_day_of_another_age_is_refused_in_words(given: str) -> None:
    with pytest.raises(ValidationError, match="between 2000 and 2100"):
        Day().deserialize(given)


@pytest.mark.parametrize("given", ["2026-12-01T10:00:00", "soon", "", 7, None, [], "2026-02-30T00:00:00Z"])
def test_what_is_no_moment_is_refused(given: object) -> None:
    with pytest.raises(ValidationError):
        Moment().deserialize(given)
