"""Which version the caller has seen: the body says it, or the header does."""

from __future__ import annotations

import pytest
from flask import Flask

from doorstep.core.errors import Invalid
from doorstep.core.http import versions


@pytest.mark.parametrize(
    ("body", "header", "seen"),
    [
        ({}, None, None),
        ({}, "", None),
        ({}, "*", None),
        ({}, '"7"', 7),
        ({}, 'W/"7"', 7),
        ({}, "7", 7),
        ({"version": 3}, None, 3),
        ({"version": 3}, '"7"', 3),
        ({"version": None}, '"7"', 7),
    ],
)
def test_the_body_is_asked_first_then_the_header(
    shared_app: Flask, body: dict[str, int | None], header: str | None, seen: int | None
) -> None:
    given = {**body, "phone": "1"}
    with shared_app.test_request_context(headers={"If-Match": header} if header is not None else {}):
        assert versions.take_seen(given) == seen
    assert given == {"phone": "1"}


@pytest.mark.parametrize("tag", ['"abc"', '"²"', '"-1"', '"1.0"', "9" * 5000])
def test_what_is_no_version_is_refused(shared_app: Flask, tag: str) -> None:
    with shared_app.test_request_context(headers={"If-Match": tag}), pytest.raises(Invalid):
        versions.take_seen({})
