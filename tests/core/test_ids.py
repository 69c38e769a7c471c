"""Ids sort by time, secrets do not repeat, an organization can be read off its secrets."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from doorstep.core import ids


def test_ids_are_version_7_and_sort_in_the_order_they_were_made() -> None:
    made = [ids.new() for _ in range(5000)]
    assert {one.version for one in made} == {7}
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_secrets_are_long_and_fit_into_a_url() -> None:
    made = {ids.secret() for _ in range(500)}
    assert len(made) == 500
    assert all(len(one) == 43 and one.replace("-", "").replace("_", "").isalnum() for one in made)


def test_what_is_stored_of_a_secret_does_not_tell_it() -> None:
    assert len(ids.digest("abc")) == 32
    assert ids.digest("abc") != ids.digest("abd")
    assert b"abc" not in ids.digest("abc")


def test_a_secret_names_its_organization() -> None:
    org = uuid4()
    assert ids.org_of_secret(ids.org_secret(org)) == org


@pytest.mark.parametrize(
    "text", ["", ".", "abc", "x" * 32 + ".y", UUID(int=1).hex, str(UUID(int=1)) + ".y", "\0" * 32 + "."]
)
def test_other_texts_name_nobody(text: str) -> None:
    assert ids.org_of_secret(text) is None
