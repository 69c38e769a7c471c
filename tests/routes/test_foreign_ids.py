"""An id inside a body or a query is looked up in the asker's own company, like one in the address."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask, url_for
from marshmallow import Schema, fields

from tests.cast import BIRCH
from tests.pictures import small_jpeg
from tests.routes.bodies import sample
from tests.routes.estate import VALUES
from tests.routes.people import shown
from tests.routes.table import Address, addresses

# Birch's own, for the address itself: so that the request gets as far as the ids inside.
OWN = {
    "order_id": BIRCH.order_id,
    "client_id": BIRCH.client_id,
    "service_id": BIRCH.service_id,
    "worker_id": BIRCH.worker.worker_id,
    "slug": BIRCH.slug,
}
KNOWN = {**VALUES, "service": VALUES["service_id"], "worker": VALUES["worker_id"], "checklist_item": VALUES["item_id"]}


def named_in(schema: type[Schema] | None) -> list[str]:
    """The fields of a schema that name an object."""
    loaded = schema().load_fields if schema else {}
    return [field.data_key or name for name, field in loaded.items() if isinstance(field, fields.UUID)]


CASES = [
    (address, name)
    for address in addresses()
    if address.route and address.route.is_api and set(address.names) <= set(OWN)
    for schema in (address.row.body, address.row.files, address.row.query)
    for name in named_in(schema)
]


def test_there_are_such_ids() -> None:
    assert len(CASES) >= 9


@pytest.mark.parametrize(("address", "name"), CASES, ids=lambda part: str(part))
def test_another_company_s_object_is_not_found_by_its_id(
    address: Address, name: str, at_home: Flask, alders: list[str]
) -> None:
    theirs = str(KNOWN.get(f"{name}_id") or KNOWN[name])
    with at_home.test_request_context():
        url = url_for(address.endpoint, **{part: OWN[part] for part in address.names})
    answer = at_home.test_client().open(
        url, method=address.method, headers=BIRCH.owner.bearer, **sent(address, name, theirs)
    )
    found = answer.get_json().get("items", "none") if answer.status_code == 200 else "none"
    assert answer.status_code in (404, 422) or found == [], answer.text
    assert [word for word in shown(answer, alders, address) if word != theirs] == []


def sent(address: Address, name: str, theirs: str) -> dict[str, Any]:
    """A request that would be right but for this one id."""
    row, own = address.row, {**OWN, "service": BIRCH.service_id, "worker": BIRCH.worker.worker_id}
    if row.files:
        given = {field: str(value) for field, value in sample(row.files, own).items()} | {name: theirs}
        return {"data": given | {"file": (io.BytesIO(small_jpeg()), "photo.jpg")}}
    body = {"json": sample(row.body, own)} if row.body else {}
    query = {"query_string": sample(row.query, own)} if row.query and any_needed(row.query) else {"query_string": {}}
    (body["json"] if name in named_in(row.body) else query["query_string"])[name] = theirs
    return {**body, **query}


def any_needed(schema: type[Schema]) -> bool:
    return any(field.required for field in schema().load_fields.values())
