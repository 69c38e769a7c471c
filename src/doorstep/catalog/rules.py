"""What a service may say: its bounds, its extras, its checklist. Pure; every new value comes through here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from doorstep.catalog.models import PRICE_UNITS
from doorstep.core.errors import FieldError, Invalid

NAME_LENGTH: Final = 80
DESCRIPTION_LENGTH: Final = 600
LABEL_LENGTH: Final = 80
SKILL_LENGTH: Final = 40
HIGHEST_PRICE_CENTS: Final = 10_000_000
DURATION_MINUTES: Final = (5, 1440)
BUFFER_MINUTES: Final = (0, 480)
EXTRA_MINUTES: Final = (0, 480)
MOST_EXTRAS: Final = 20
MOST_STEPS: Final = 60
KEY: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
ICONS: Final = (
    "house", "sparkles", "spray-can", "package-open", "bath", "shower-head", "bed-double", "refrigerator", "microwave",
    "wrench", "hammer", "plug-zap", "zap", "bug", "shield-check", "leaf", "sprout", "sun", "dog", "truck", "door-open",
    "building-2", "eraser", "settings", "message-square",
)  # fmt: skip
STEP_PHASES: Final = (None, "before", "after")

Mistakes = Iterator[FieldError]


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the given values of a service, trimmed, extras and checklist complete.

    Raises Invalid that lists every mistake by its path, such as `extras.0.label`.
    """
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    if "extras" in values:
        clean["extras"] = complete_extras(values["extras"])
    if "checklist" in values:
        clean["checklist"] = complete_steps(values["checklist"])
    mistakes = [mistake for name, value in clean.items() for mistake in _LOOKS[name](name, value)]
    if mistakes:
        raise Invalid("Some of the service needs another look.", errors=mistakes)
    return clean


def complete_extras(extras: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Returns extras with all their members; one without a key gets it from its label."""
    return [
        {
            "key": extra.get("key") or key_from(_label(extra)),
            "label": _label(extra),
            "price_cents": extra.get("price_cents", 0),
            "minutes": extra.get("minutes", 0),
        }
        for extra in extras
    ]


def complete_steps(steps: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Returns checklist steps with all their members."""
    return [
        {
            "label": _label(step),
            "phase": step.get("phase"),
            "photo_required": step.get("photo_required", False),
        }
        for step in steps
    ]


def key_from(label: str) -> str:
    """Returns a key made of a label, e.g. `inside-the-oven`; empty when it has no plain letter or digit."""
    return "-".join(re.findall(r"[a-z0-9]+", label.lower()))[:40].rstrip("-")


def _label(row: Mapping[str, Any]) -> str:
    return str(row.get("label", "")).strip()


def _text(name: str, value: str, longest: int, *, needed: bool = False) -> Mistakes:
    if needed and not value:
        yield FieldError(name, "Give it a name.")
    if len(value) > longest:
        yield FieldError(name, f"At most {longest} characters.")


def _whole(name: str, value: int, lowest: int, highest: int) -> Mistakes:
    if not lowest <= value <= highest:
        yield FieldError(name, f"A whole number from {lowest} to {highest}.")


def _pattern(name: str, value: str, pattern: re.Pattern[str], words: str) -> Mistakes:
    if not pattern.fullmatch(value):
        yield FieldError(name, words)


def _one_of(name: str, value: str, words: Sequence[str]) -> Mistakes:
    if value not in words:
        yield FieldError(name, "One of " + ", ".join(words) + ".")


def _extras(name: str, extras: Sequence[Mapping[str, Any]]) -> Mistakes:
    if len(extras) > MOST_EXTRAS:
        yield FieldError(name, f"At most {MOST_EXTRAS} extras.")
    seen: set[str] = set()
    for index, extra in enumerate(extras):
        here = f"{name}.{index}"
        yield from _text(f"{here}.label", extra["label"], LABEL_LENGTH, needed=True)
        yield from _pattern(f"{here}.key", extra["key"], KEY, "Up to 40 small letters, digits, - and _.")
        yield from _whole(f"{here}.price_cents", extra["price_cents"], 0, HIGHEST_PRICE_CENTS)
        yield from _whole(f"{here}.minutes", extra["minutes"], *EXTRA_MINUTES)
        if extra["key"] in seen:
            yield FieldError(f"{here}.key", "Another extra has this key already.")
        seen.add(extra["key"])


def _checklist(name: str, steps: Sequence[Mapping[str, Any]]) -> Mistakes:
    if len(steps) > MOST_STEPS:
        yield FieldError(name, f"At most {MOST_STEPS} steps.")
    seen: set[tuple[str, str | None]] = set()
    for index, step in enumerate(steps):
        here, same = f"{name}.{index}", (step["label"].casefold(), step["phase"])
        yield from _text(f"{here}.label", step["label"], LABEL_LENGTH, needed=True)
        if step["phase"] not in STEP_PHASES:
            yield FieldError(f"{here}.phase", "before, after, or nothing.")
        if step["photo_required"] and step["phase"] is None:
            yield FieldError(f"{here}.phase", "A photo is taken before or after the work; say which.")
        if same in seen:
            yield FieldError(f"{here}.label", "This step is in the list already.")
        seen.add(same)


def _flag(name: str, value: object) -> Mistakes:
    if not isinstance(value, bool):
        yield FieldError(name, "true or false.")


_LOOKS: Final[Mapping[str, Callable[[str, Any], Mistakes]]] = {
    "name": lambda name, value: _text(name, value, NAME_LENGTH, needed=True),
    "description": lambda name, value: _text(name, value, DESCRIPTION_LENGTH),
    "icon": lambda name, value: _one_of(name, value, ICONS),
    "skill": lambda name, value: _text(name, value, SKILL_LENGTH),
    "price_cents": lambda name, value: _whole(name, value, 0, HIGHEST_PRICE_CENTS),
    "price_unit": lambda name, value: _one_of(name, value, PRICE_UNITS),
    "duration_minutes": lambda name, value: _whole(name, value, *DURATION_MINUTES),
    "buffer_minutes": lambda name, value: _whole(name, value, *BUFFER_MINUTES),
    "extras": _extras,
    "checklist": _checklist,
    "public": _flag,
    "active": _flag,
}
