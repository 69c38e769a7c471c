"""Problems: one class a kind, each with a status and a stable type."""

from __future__ import annotations

import pytest

from doorstep.core import errors
from doorstep.core.errors import FieldError, Problem

KINDS = Problem.__subclasses__()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_has_a_status_of_its_own_and_words_for_people(kind: type[Problem]) -> None:
    assert [other.status for other in KINDS].count(kind.status) == 1
    problem = kind()
    assert problem.detail == kind.title
    assert problem.type.startswith("/problems/")
    assert problem.type == problem.type.lower().replace(" ", "")


def test_a_problem_carries_its_detail_fields_and_headers() -> None:
    problem = errors.Conflict("Taken.", extra={"free": []}, headers={"Retry-After": "5"})
    assert (str(problem), problem.extra, problem.headers) == ("Taken.", {"free": []}, {"Retry-After": "5"})


def test_a_mistake_at_one_field_names_it() -> None:
    problem = errors.invalid("email", "This is no address.")
    assert problem.status == 422
    assert problem.errors == [FieldError("email", "This is no address.")]


def test_two_problems_do_not_share_what_is_added_to_one() -> None:
    first, second = errors.Invalid(), errors.Invalid()
    first.errors.append(FieldError("a", "b"))
    first.extra["c"] = 1
    assert (second.errors, second.extra) == ([], {})
