"""Wrong passwords in a row: counted, slowed down, the same for addresses that nobody has."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from doorstep.auth import passwords, tries
from doorstep.auth.models import SignInTries
from doorstep.core import clock
from doorstep.core.extensions import db
from tests.auth.doors import at_once, change_user, log_in
from tests.cast import PASSWORD, Company

NOBODY = "nobody@nowhere.test"


class Counted(PasswordHasher):
    """A hasher that remembers which hashes it was asked about."""

    def __init__(self) -> None:
        super().__init__(time_cost=2, memory_cost=19456, parallelism=1)
        self.asked: list[str | bytes] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Any:
        self.asked.append(hash)
        return super().verify(hash, password)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    hasher = Counted()
    monkeypatch.setattr(passwords, "HASHER", hasher)
    return hasher


def fail(api: FlaskClient, email: str, times: int = 1) -> list[int]:
    return [log_in(api, email, "wrong-password").status_code for _ in range(times)]


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(0, 0), (1, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 16), (10, 32), (11, 60), (12, 60), (5000, 60)],
)
def test_an_address_rests_longer_after_each_failure_from_the_fifth_on(failures: int, minutes: int) -> None:
    assert tries.wait_after(failures) == timedelta(minutes=minutes)


def test_the_sixth_try_is_refused_even_with_the_right_password(api: FlaskClient, alder: Company) -> None:
    assert fail(api, alder.owner.email, 5) == [401] * 5
    answer = log_in(api, alder.owner.email)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert answer.json["detail"] == "Too many tries. Wait 1 minute, then try again."


def test_after_the_rest_the_right_password_is_right_and_the_count_starts_again(
    api: FlaskClient, alder: Company
) -> None:
    fail(api, alder.owner.email, 5)
    with clock.held_at(clock.minutes_from_now(1.1)):
        assert log_in(api, alder.owner.email).status_code == 200
        assert fail(api, alder.owner.email, 4) == [401] * 4
        assert log_in(api, alder.owner.email).status_code == 200


def test_each_failure_after_a_rest_doubles_the_next_rest(api: FlaskClient, alder: Company) -> None:
    fail(api, alder.owner.email, 5)
    at = clock.now()
    for minutes in (1, 2, 4):
        at += timedelta(minutes=minutes, seconds=1)
        with clock.held_at(at):
            assert fail(api, alder.owner.email, 2) == [401, 429]
            rest = int(log_in(api, alder.owner.email).headers["Retry-After"])
        assert rest == minutes * 2 * 60


def test_tries_during_a_rest_do_not_make_it_longer(api: FlaskClient, alder: Company) -> None:
    fail(api, alder.owner.email, 5)
    assert fail(api, alder.owner.email, 10) == [429] * 10
    with clock.held_at(clock.minutes_from_now(1.1)):
        assert log_in(api, alder.owner.email).status_code == 200


def test_four_slips_long_ago_do_not_count_today(api: FlaskClient, alder: Company) -> None:
    fail(api, alder.owner.email, 4)
    with clock.held_at(clock.minutes_from_now(25 * 60)):
        assert fail(api, alder.owner.email, 2) == [401, 401]
        assert log_in(api, alder.owner.email).status_code == 200


def test_an_address_that_nobody_has_rests_in_exactly_the_same_way(api: FlaskClient, alder: Company) -> None:
    known = [log_in(api, alder.owner.email, "wrong-password") for _ in range(7)]
    unknown = [log_in(api, NOBODY, "wrong-password") for _ in range(7)]
    for one, other in zip(known, unknown, strict=True):
        assert one.status_code == other.status_code
        assert one.json["detail"] == other.json["detail"]
        assert set(one.headers.keys()) == set(other.headers.keys())


def test_one_persons_rest_is_not_anothers(api: FlaskClient, alder: Company) -> None:
    fail(api, alder.owner.email, 6)
    assert log_in(api, alder.dispatcher.email).status_code == 200


def test_an_address_written_in_capitals_is_the_same_address(api: FlaskClient, alder: Company) -> None:
    fail(api, alder.owner.email, 3)
    fail(api, f"  {alder.owner.email.upper()} ", 2)
    assert log_in(api, alder.owner.email).status_code == 429


def test_guesses_at_the_same_moment_are_all_counted(app: Flask, counted: Counted, alder: Company) -> None:
    def guess(number: int) -> int:
        return log_in(app.test_client(), alder.owner.email, f"guess-number-{number}").status_code

    answers = at_once(16, guess)
    assert sorted(answers) == [401] * tries.FREE + [429] * (16 - tries.FREE)
    assert len([asked for asked in counted.asked if asked != passwords.NOBODYS]) == tries.FREE


@pytest.mark.parametrize("who", ["owner", "nobody", "no password yet"])
def test_a_wrong_sign_in_does_the_same_work_whoever_it_is(
    app: Flask, api: FlaskClient, counted: Counted, alder: Company, who: str
) -> None:
    if who == "no password yet":
        change_user(app, alder.owner, password_hash=None)
    fail(api, NOBODY if who == "nobody" else alder.owner.email)
    assert len(counted.asked) == 1


def test_a_resting_address_costs_the_same_work_and_its_password_is_not_looked_at(
    api: FlaskClient, counted: Counted, alder: Company
) -> None:
    fail(api, alder.owner.email, 5)
    fail(api, NOBODY, 5)
    counted.asked.clear()
    log_in(api, alder.owner.email, PASSWORD)
    log_in(api, NOBODY, PASSWORD)
    assert counted.asked == [passwords.NOBODYS, passwords.NOBODYS]


def test_counts_of_quiet_addresses_are_thrown_away(app: Flask, api: FlaskClient, alder: Company) -> None:
    for number in range(5):
        fail(api, f"stranger{number}@nowhere.test")
    with clock.held_at(clock.minutes_from_now(25 * 60)):
        fail(api, NOBODY)
    with app.app_context():
        assert db.session.execute(select(func.count()).select_from(SignInTries)).scalar_one() == 1


def test_right_sign_ins_at_the_same_moment_do_not_trip_over_each_other(app: Flask, alder: Company) -> None:
    for _ in range(3):
        answers = at_once(tries.FREE, lambda _: log_in(app.test_client(), alder.owner.email).status_code)
        assert answers == [200] * tries.FREE


def test_the_last_free_try_is_still_good_when_the_password_is_right(api: FlaskClient, alder: Company) -> None:
    fail(api, alder.owner.email, tries.FREE - 1)
    assert log_in(api, alder.owner.email).status_code == 200
    assert fail(api, alder.owner.email, 2) == [401, 401]
