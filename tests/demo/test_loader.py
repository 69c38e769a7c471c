"""The demo is made by the real services, so that what it shows could really have happened."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select, text

from doorstep.accounts import members, organizations
from doorstep.accounts.models import Membership, Organization, User, email_is
from doorstep.clients import service as clients
from doorstep.core import tenancy
from doorstep.core.actor import SYSTEM
from doorstep.core.errors import Conflict
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from doorstep.demo import companies, loader, stories
from doorstep.demo.companies import Company
from doorstep.orders import queries
from doorstep.orders.lines import OrderFilter
from doorstep.orders.models import Feedback, Photo

ZONE = ZoneInfo("America/New_York")
ROWS = "select count(*) from {}"


def in_the_demo() -> UUID:
    found = organizations.named("alder").id
    db.session.rollback()
    return found


def count(table: str) -> int:
    with tenancy.system_scope("counting what the demo made"):
        return int(db.session.execute(text(ROWS.format(table))).scalar_one())


def files(app: Flask) -> list[Path]:
    return [path for path in app.extensions["doorstep.settings"].upload_root.rglob("*") if path.is_file()]


def as_member(app: Flask, password: str = companies.PASSWORD) -> int:
    answer = app.test_client().post("/v1/auth/login", json={"email": "dispatch@alder.test", "password": password})
    return answer.status_code


def test_the_office_opens_it_in_the_middle_of_its_day(empty: Flask, small: Company, afternoon: datetime) -> None:
    assert loader.load_if_missing()
    with tenancy.org_scope(in_the_demo()):
        board = queries.board(afternoon.astimezone(ZONE).date(), ZONE)
        today = Counter(line["status"] for line in board.rows)
        assert (today["in_progress"], today["on_the_way"]) == (1, 1)
        assert (today["completed"] >= 2, today["scheduled"] >= 3) == (True, True)
        assert len(board.of(None)) == 2
        why = [(line["why"] or {}).get("data", {}).get("about", line["status"]) for line in queries.inbox()]
        assert sorted(why) == ["accept", "move", "requested", "requested", "scheduled"]
        lines, _ = queries.rows(OrderFilter(), 200)
        assert {line["status"] for line in lines} >= {"quoted", "declined", "completed", "requested"}
        assert [line["number"] for line in lines] == list(range(len(lines), 0, -1))


def test_finished_work_has_its_photos_time_and_sometimes_an_opinion(
    empty: Flask, small: Company, afternoon: datetime
) -> None:
    loader.load_if_missing()
    with tenancy.org_scope(in_the_demo()):
        done, _ = queries.rows(OrderFilter(status=("completed",)), 50)
        for line in done:
            view = queries.view(queries.find(SYSTEM, line["id"]))
            assert "after" in {photo.phase for photo in view.photos}
            assert [entry.ended_at for entry in view.entries if entry.ended_at is None] == []
            kinds = [event.kind for event in view.events]
            assert kinds[0] == "requested"
            assert kinds.index("scheduled") < kinds.index("on_the_way") < kinds.index("started")
            assert kinds.index("started") < kinds.index("completed")
            assert {event.actor_name for event in view.events if event.kind == "completed"} <= {
                hand.name for hand in small.crew
            }
            assert max(event.at for event in view.events) <= afternoon
        assert len(done) >= 3
        assert db.session.execute(select(Photo).where(Photo.state != "stored")).first() is None
        assert len(db.session.execute(select(Feedback)).all()) >= 1


def test_its_people_sign_in_and_its_client_has_a_link(empty: Flask, small: Company) -> None:
    assert loader.load_if_missing()
    assert not loader.load_if_missing()
    lines = "\n".join(loader.welcome_lines("http://127.0.0.1:8000"))
    assert "demo reset" not in lines
    path = lines.partition("/client/link/")[2].split()[0]
    assert empty.test_client().get(f"/client/link/{path}").status_code == 200
    assert as_member(empty) == 200


def test_when_its_today_is_over_it_says_how_to_renew_it(empty: Flask, small: Company, afternoon: datetime) -> None:
    with transaction():
        org = organizations.create(slug="alder", name="Alder")
        org.settings, org.created_at = {loader.MARK: loader.LOADED}, afternoon - timedelta(days=2)
    assert "demo reset makes it new" in "\n".join(loader.welcome_lines("http://127.0.0.1:8000"))


def test_loading_that_broke_off_is_begun_anew_and_leaves_nothing(
    empty: Flask, small: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    play = stories.play

    def breaks_off(*given: object) -> None:
        told.append(1)
        if len(told) > 12:
            raise SystemExit("Stopped.")
        play(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(stories, "play", breaks_off)
    with pytest.raises(SystemExit):
        loader.load_if_missing()
    half = in_the_demo()
    assert files(empty)
    monkeypatch.setattr(stories, "play", play)
    assert loader.load_if_missing()
    assert in_the_demo() != half
    assert not [path for path in files(empty) if str(half) in str(path)]
    assert count("organizations") == 1
    assert len(files(empty)) == 3 * count("photos")


def test_two_who_load_at_once_do_not_undo_each_other(empty: Flask, small: Company) -> None:
    def load() -> bool:
        with empty.app_context():
            return loader.load_if_missing()

    with ThreadPoolExecutor(2) as hands:
        assert sorted(done.result() for done in [hands.submit(load), hands.submit(load)]) == [False, True]
    assert count("organizations") == 1


def test_reset_puts_the_demo_back_as_new_and_touches_nobody_else(empty: Flask, small: Company) -> None:
    loader.load_if_missing()
    before = (count("orders"), count("clients"), count("photos"))
    with transaction():
        acme = organizations.create(slug="acme", name="Acme").id
    with tenancy.org_scope(acme), transaction():
        guest = db.session.execute(select(User).where(email_is("dispatch@alder.test"))).scalar_one()
        members.add(SYSTEM, guest, "viewer")
        clients.create(name="Somebody Real", email="real@acme.test")
    with tenancy.org_scope(in_the_demo()), transaction():
        clients.create(name="Made While Trying", email="trying@alder.test")
        found = db.session.execute(select(User).where(email_is("dispatch@alder.test"))).scalar_one()
        found.password_hash = "forgotten"
    loader.reset()
    with tenancy.org_scope(acme):
        assert [client.name for client in clients.rows()[0]] == ["Somebody Real"]
        assert len(db.session.execute(select(Membership)).all()) == 1
    with tenancy.org_scope(in_the_demo()):
        assert clients.by_email("trying@alder.test") is None
    again = (count("orders"), count("clients") - 1, count("photos"))
    assert again[1] == before[1]
    assert abs(again[0] - before[0]) <= 3, "the plan follows the clock"
    assert len(files(empty)) == 3 * again[2]
    assert count("users") == len(small.people) + 1


def test_a_real_company_with_the_slug_is_left_alone(empty: Flask, small: Company) -> None:
    with transaction():
        organizations.create(slug="alder", name="The Real Alder")
    assert not loader.load_if_missing()
    with pytest.raises(Conflict, match="The Real Alder has the slug alder and is not of the demo: nothing was changed"):
        loader.reset()
    assert db.session.execute(select(Organization.name)).scalars().all() == ["The Real Alder"]
    assert "client" not in "\n".join(loader.welcome_lines("http://127.0.0.1:8000"))


@pytest.mark.parametrize("command", ["load", "reset"])
def test_it_refuses_in_production_with_a_sentence(empty: Flask, command: str) -> None:
    empty.extensions["doorstep.settings"] = replace(empty.extensions["doorstep.settings"], app_env="prod")
    answer = empty.test_cli_runner().invoke(args=["demo", command])
    assert answer.exit_code == 1
    assert answer.output == "Error: The demo is for development; its passwords are known to everybody.\n"
    assert count("organizations") == 0


def test_the_commands_say_what_they_did(empty: Flask, small: Company) -> None:
    runner = empty.test_cli_runner()
    assert "The demo is loaded." in runner.invoke(args=["demo", "load"]).output
    assert "The demo was there already." in runner.invoke(args=["demo", "load"]).output
    assert "The demo is as new." in runner.invoke(args=["demo", "reset"]).output
    assert "/client/link/" in runner.invoke(args=["demo", "links"]).output
