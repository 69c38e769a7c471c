"""The colours of a mail."""

from __future__ import annotations

import pytest

from doorstep.notifications import look


def test_black_on_white_has_the_highest_contrast_there_is() -> None:
    assert look.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert look.contrast("#777777", "#777777") == pytest.approx(1)


@pytest.mark.parametrize("wished", ["", "red", "#12345", "#12345g", 'red"; background: url(x)'])
def test_what_is_no_colour_becomes_evergreen(wished: str) -> None:
    assert look.colours(wished).brand == look.EVERGREEN


def test_words_can_be_read_on_any_colour() -> None:
    steps = ("00", "33", "66", "77", "99", "cc", "ff")
    for wished in (f"#{red}{green}{blue}" for red in steps for green in steps for blue in steps):
        chosen = look.colours(wished)
        assert look.contrast(chosen.brand, chosen.on_brand) >= 4.5
