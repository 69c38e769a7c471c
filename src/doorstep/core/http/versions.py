"""Optimistic locking at the API's edge: which version of a thing the caller has seen."""

from __future__ import annotations

from typing import Any, Final

from flask import request

from doorstep.core.errors import invalid

LONGEST: Final = 9  # digits


def take_seen(body: dict[str, Any]) -> int | None:
    """Returns the version the caller has seen, taken out of the body or read from the `If-Match` header (RFC 9110);
    None when the caller does not say. Raises Invalid for an entity tag that is no version."""
    given: int | None = body.pop("version", None)
    tag = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if given is not None or tag in ("", "*"):
        return given
    if not tag.isdecimal() or len(tag) > LONGEST:
        raise invalid("If-Match", "Send the version as the entity tag.")
    return int(tag)
