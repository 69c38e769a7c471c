"""How a lower package tells a higher one: named events, heard inside the open transaction.

What a handler does are rows of the same commit, so an event and its effects exist together or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from flask import current_app

from doorstep.core import clock, ids
from doorstep.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to `subject` (a row) by `actor`; `data` is what handlers may need besides."""

    name: str
    actor: Actor
    subject: Any
    data: Mapping[str, Any] = field(default_factory=dict)
    id: UUID = field(default_factory=ids.new)
    at: datetime = field(default_factory=clock.now)


Handler = Callable[[Event], None]
Subscriptions = Mapping[str, Sequence[Handler]]


def publish(name: str, actor: Actor, subject: Any, **data: Any) -> Event:
    """Returns the event after every subscriber has heard it. Raises what a subscriber raises, so that the
    whole unit of work is undone. Raises KeyError for a name that SUBSCRIPTIONS does not list."""
    told = Event(name, actor, subject, data)
    for handler in _subscriptions()[name]:
        handler(told)
    return told


def _subscriptions() -> Subscriptions:
    return cast(Subscriptions, current_app.extensions["doorstep.subscriptions"])
