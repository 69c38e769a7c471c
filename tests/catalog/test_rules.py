"""What a service may say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from doorstep.catalog import rules
from doorstep.catalog.models import Service
from doorstep.core.errors import Invalid


def refused(**values: Any) -> list[str]:
    """Returns the paths of the mistakes."""
    with pytest.raises(Invalid) as caught:
        rules.checked(values)
    return [error.field for error in caught.value.errors]


def test_texts_are_trimmed_and_only_what_is_given_is_looked_at() -> None:
    assert rules.checked({"name": "  Deep clean "}) == {"name": "Deep clean"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", "   "),
        ("name", "x" * 81),
        ("description", "x" * 601),
        ("icon", "../../etc"),
        ("skill", "x" * 41),
        ("price_cents", -1),
        ("price_cents", 10_000_001),
        ("price_unit", "day"),
        ("duration_minutes", 4),
        ("duration_minutes", 1441),
        ("buffer_minutes", 481),
        ("public", "yes"),
        ("active", None),
    ],
)
def test_a_value_out_of_its_bounds_is_refused_at_its_name(name: str, value: Any) -> None:
    assert refused(**{name: value}) == [name]


def test_every_mistake_is_told_at_once() -> None:
    assert refused(name="", duration_minutes=0, extras=[{"label": ""}]) == [
        "name",
        "duration_minutes",
        "extras.0.label",
        "extras.0.key",
    ]


def test_an_extra_gets_its_key_from_its_label_and_costs_nothing_unless_said() -> None:
    assert rules.checked({"extras": [{"label": " Inside the oven "}]})["extras"] == [
        {"key": "inside-the-oven", "label": "Inside the oven", "price_cents": 0, "minutes": 0}
    ]


def test_what_an_extra_does_not_have_is_not_stored() -> None:
    extra = rules.checked({"extras": [{"label": "Oven", "discount": 5}]})["extras"][0]
    assert "discount" not in extra


def test_two_extras_with_one_key_are_refused() -> None:
    assert refused(extras=[{"label": "Oven"}, {"label": "oven!"}]) == ["extras.1.key"]


@pytest.mark.parametrize(
    ("extra", "path"),
    [
        ({"label": "x" * 81, "key": "x"}, "extras.0.label"),
        ({"label": "Oven", "key": "Oven"}, "extras.0.key"),
        ({"label": "Oven", "price_cents": -1}, "extras.0.price_cents"),
        ({"label": "Oven", "minutes": 481}, "extras.0.minutes"),
    ],
)
def test_a_mistake_in_an_extra_is_told_by_its_path(extra: dict[str, Any], path: str) -> None:
    assert refused(extras=[extra]) == [path]


def test_there_are_at_most_twenty_extras_and_sixty_steps() -> None:
    assert refused(extras=[{"label": f"Extra {n}"} for n in range(21)]) == ["extras"]
    assert refused(checklist=[{"label": f"Step {n}"} for n in range(61)]) == ["checklist"]


def test_a_step_is_done_at_any_time_and_without_a_photo_unless_said() -> None:
    assert rules.checked({"checklist": [{"label": "Kitchen"}]})["checklist"] == [
        {"label": "Kitchen", "phase": None, "photo_required": False}
    ]


def test_a_step_with_a_photo_must_say_before_or_after() -> None:
    assert refused(checklist=[{"label": "Photo", "photo_required": True}]) == ["checklist.0.phase"]


def test_a_step_of_an_unknown_phase_is_refused() -> None:
    assert refused(checklist=[{"label": "Photo", "phase": "during"}]) == ["checklist.0.phase"]


def test_the_same_step_twice_is_refused_but_not_before_and_after() -> None:
    twice = [{"label": "Oven", "phase": "before"}, {"label": "oven", "phase": "before"}]
    assert refused(checklist=twice) == ["checklist.1.label"]
    rules.checked({"checklist": [{"label": "Oven", "phase": "before"}, {"label": "Oven", "phase": "after"}]})


def test_every_icon_of_a_service_is_drawn(root: Path) -> None:
    sprite = (root / "src/doorstep/static/img/icons.svg").read_text(encoding="utf-8")
    drawn = set(re.findall(r'<symbol id="([a-z0-9-]+)"', sprite))
    assert set(rules.ICONS) <= drawn
    assert Service.__table__.c.icon.default.arg in rules.ICONS
