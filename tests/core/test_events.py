"""An event and what follows from it exist together or not at all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from doorstep.clients.models import Client
from doorstep.core import events, tenancy
from doorstep.core.actor import SYSTEM
from doorstep.core.events import Event
from doorstep.core.extensions import db
from doorstep.core.transaction import save, transaction
from doorstep.subscriptions import SUBSCRIPTIONS
from tests.cast import Company


@pytest.fixture
def listening(context: Flask) -> Iterator[dict[str, list[events.Handler]]]:
    """Subscriptions of this test alone."""
    heard: dict[str, list[events.Handler]] = {"tea.ready": []}
    before = context.extensions["doorstep.subscriptions"]
    context.extensions["doorstep.subscriptions"] = heard
    yield heard
    context.extensions["doorstep.subscriptions"] = before


def note(event: Event) -> None:
    save(Client(name=f"{event.name} for {event.subject}"))


def clients() -> int:
    return db.session.execute(select(func.count()).select_from(Client)).scalar_one()


def test_handlers_hear_in_order_who_did_what_to_which(listening: dict[str, list[events.Handler]]) -> None:
    heard: list[tuple[int, Event]] = []
    listening["tea.ready"] += [lambda e: heard.append((1, e)), lambda e: heard.append((2, e))]
    told = events.publish("tea.ready", SYSTEM, "a cup", sugar=2)
    assert heard == [(1, told), (2, told)]
    assert (told.actor, told.subject, told.data) == (SYSTEM, "a cup", {"sugar": 2})
    assert told.id.version == 7


def test_an_event_that_nobody_listed_is_a_mistake_in_the_code(listening: dict[str, list[events.Handler]]) -> None:
    with pytest.raises(KeyError):
        events.publish("coffee.ready", SYSTEM, None)


def test_what_a_handler_does_is_committed_with_the_event(
    listening: dict[str, list[events.Handler]], alder: Company
) -> None:
    listening["tea.ready"].append(note)
    with tenancy.org_scope(alder.id):
        before = clients()
        db.session.rollback()
        with transaction():
            events.publish("tea.ready", SYSTEM, "a cup")
        assert clients() == before + 1


def test_a_handler_that_fails_undoes_everything(listening: dict[str, list[events.Handler]], alder: Company) -> None:
    def fail(_: Event) -> None:
        raise ValueError("no sugar")

    listening["tea.ready"] += [note, fail]
    with tenancy.org_scope(alder.id):
        before = clients()
        db.session.rollback()
        with pytest.raises(ValueError, match="no sugar"), transaction():
            save(Client(name="made before the event"))
            events.publish("tea.ready", SYSTEM, "a cup")
        assert clients() == before


def test_every_subscription_is_a_tuple_of_functions_under_a_dotted_name() -> None:
    for name, handlers in SUBSCRIPTIONS.items():
        assert name.count(".") == 1, name
        assert isinstance(handlers, tuple), name
        assert all(callable(handler) for handler in handlers), name
