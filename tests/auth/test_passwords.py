"""How passwords are kept, checked and judged."""

from __future__ import annotations

import threading

import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from doorstep.auth import passwords
from doorstep.core.errors import Invalid, Unavailable


def refused(password: str) -> str:
    with pytest.raises(Invalid) as caught:
        passwords.check(password, email="olive@alder.test", name="Olive Owner")
    assert [error.field for error in caught.value.errors] == ["password"]
    return caught.value.errors[0].message


def test_a_password_is_stored_as_argon2id_with_the_agreed_cost() -> None:
    found = extract_parameters(passwords.hashed("correct-horse-battery"))
    assert found.type is Type.ID
    assert (found.time_cost, found.memory_cost, found.parallelism) == (2, 19 * 1024, 1)


def test_the_right_password_is_right_and_another_is_not() -> None:
    stored = passwords.hashed("correct-horse-battery")
    assert passwords.verify(stored, "correct-horse-battery")
    assert not passwords.verify(stored, "correct-horse-batterie")


def test_the_same_letter_typed_in_two_ways_is_the_same_password() -> None:
    composed, combining = "caf\u00e9-au-lait", "cafe\u0301-au-lait"
    assert composed != combining
    assert passwords.verify(passwords.hashed(composed), combining)


def test_two_people_with_the_same_password_have_different_hashes() -> None:
    assert passwords.hashed("correct-horse-battery") != passwords.hashed("correct-horse-battery")


@pytest.mark.parametrize("stored", [None, "", "not a hash", "$argon2id$v=19$m=1"])
def test_where_there_is_no_hash_no_password_is_right(stored: str | None) -> None:
    assert not passwords.verify(stored, "anything at all")


def test_checking_nobodys_password_costs_what_a_real_one_costs() -> None:
    assert not passwords.is_dated(passwords.NOBODYS)


def test_a_hash_with_older_parameters_is_dated() -> None:
    older = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("correct-horse-battery")
    assert passwords.is_dated(older)
    assert not passwords.is_dated(passwords.hashed("correct-horse-battery"))


def test_at_most_two_passwords_are_worked_on_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 0.05)
    held, enough = threading.Barrier(passwords.AT_ONCE + 1), threading.Event()

    def hold() -> None:
        with passwords._turn():
            held.wait(5)
            enough.wait(5)

    holders = [threading.Thread(target=hold) for _ in range(passwords.AT_ONCE)]
    for holder in holders:
        holder.start()
    held.wait(5)
    with pytest.raises(Unavailable) as caught:
        passwords.hashed("correct-horse-battery")
    enough.set()
    for holder in holders:
        holder.join()
    assert caught.value.headers["Retry-After"]
    assert passwords.hashed("correct-horse-battery")


def test_a_wrong_password_gives_its_turn_back() -> None:
    for _ in range(passwords.AT_ONCE + 1):
        assert not passwords.verify("not a hash", "anything at all")


@pytest.mark.parametrize("password", ["a-quiet-green-door", "ten-chars!", "öäüöäüöäüö-", "пароль-дверь", "x1" * 100])
def test_a_password_that_nobody_guesses_will_do(password: str) -> None:
    if len(set(password)) >= passwords.FEWEST_LETTERS:
        passwords.check(password, email="olive@alder.test", name="Olive Owner")


def test_nine_characters_are_too_few_and_201_too_many() -> None:
    assert refused("nine-char") == "Use at least 10 characters."
    assert refused("long " * 41) == "Use at most 200 characters."


@pytest.mark.parametrize("password", ["1234567890", "Password123", "QWERTYUIOP", "aaaaaaaaaaaa", "ababababababab"])
def test_what_many_people_use_is_refused_whatever_the_case(password: str) -> None:
    assert "Choose another" in refused(password)


@pytest.mark.parametrize("password", ["olive@alder.test", "OLIVE@ALDER.TEST", "Olive Owner", "oliveowner"])
def test_the_own_name_and_address_are_refused(password: str) -> None:
    assert "own name" in refused(password)


def test_the_part_before_the_at_sign_is_refused_too() -> None:
    with pytest.raises(Invalid):
        passwords.check("olive.owner.portland", email="olive.owner.portland@alder.test", name="Olive")


def test_every_common_password_in_the_list_could_be_typed_at_all() -> None:
    assert all(len(word) >= passwords.SHORTEST and word == word.casefold() for word in passwords.COMMON)
