"""No address fails, whatever is asked of it: the tables say which there are, so a new one cannot escape."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask import Flask
from marshmallow import Schema, fields

from doorstep.auth.guards import session_cookie
from doorstep.core.http.times import Day, Moment
from tests.cast import ALDER, Person
from tests.routes.estate import VALUES
from tests.routes.table import Address, addresses

# Every word that a page looks for in its address.
ASKED = (
    "back", "client", "company", "cursor", "day", "e", "extras", "from", "next", "order", "q", "s", "service", "show",
    "size", "to", "v", "view", "worker",
)  # fmt: skip
ODD = ("\0", "a\0b", "9" * 5000, "9999-12-31", "0001-01-01", "\N{GRINNING FACE}", "%", "x" * 20_000, "\ufeff\u202e")
PAGES = [one for one in addresses() if one.method == "GET" and one.route and not one.route.is_api]
APIS = [one for one in addresses() if one.route and one.route.is_api]
READERS = (ALDER.owner, ALDER.worker)


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: ascii(odd[:12]))
@pytest.mark.parametrize("person", READERS, ids=lambda person: person.role)
def test_no_page_fails_over_what_its_address_asks(odd: str, person: Person, at_home: Flask) -> None:
    browser = at_home.test_client()
    with at_home.test_request_context():
        browser.set_cookie(session_cookie(), person.secret)
    query = "&".join(f"{name}={quote(odd)}" for name in ASKED)
    answers = {str(one): browser.get(f"{path_of(one)}?{query}").status_code for one in PAGES}
    assert {name: status for name, status in answers.items() if status >= 500} == {}


@pytest.mark.parametrize("address", APIS, ids=str)
def test_the_api_reads_days_and_moments_of_our_years_only(address: Address) -> None:
    read = [schema for schema in (address.row.query, address.row.body, address.row.files) if schema]
    wide = [field for schema in read for field in loaded(schema()) if is_wide(field)]
    assert wide == []


def path_of(address: Address) -> str:
    path = address.rule
    for name in address.names:
        start = path.index("<")
        path = path[:start] + str(VALUES[name]) + path[path.index(f"{name}>", start) + len(name) + 1 :]
    return path


def loaded(schema: Schema) -> Iterator[fields.Field[object]]:
    for field in schema.load_fields.values():
        if isinstance(field, fields.Nested):
            yield from loaded(field.schema)
        yield field.inner if isinstance(field, fields.List) else field


def is_wide(field: fields.Field[object]) -> bool:
    """Whether it would take a year that nobody can mean."""
    return isinstance(field, fields.DateTime | fields.Date) and not isinstance(field, Moment | Day)
