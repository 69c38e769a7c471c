"""What can go wrong, once, for every edge: pages, JSON API and command line render the same objects.

JSON shape: RFC 9457 (problem details) with `request_id` and `errors: [{field, message}]`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class FieldError(NamedTuple):
    """One mistake at one field of the input; `field` is a dotted path such as `lines.0.price_cents`."""

    field: str
    message: str


class Problem(Exception):
    """An answer that is not the wished one, told kindly.

    `detail` is a sentence for the person at the other end; `extra` holds further members of the
    problem document, such as the free alternatives of a clash.
    """

    status = 400
    title = "Bad request"

    def __init__(
        self,
        detail: str = "",
        *,
        errors: Sequence[FieldError] = (),
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.errors = list(errors)
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})

    @property
    def type(self) -> str:
        """A stable identifier of the kind of problem, e.g. `/problems/not-found`."""
        return "/problems/" + self.title.lower().replace(" ", "-")


class Unauthorized(Problem):
    """Nobody is signed in, or the token is not good (any more)."""

    status, title = 401, "Not signed in"


class PaymentRequired(Problem):
    """The organization's plan does not include this."""

    status, title = 402, "Plan limit reached"


class Forbidden(Problem):
    """Signed in, the object is in sight, but the role does not allow this."""

    status, title = 403, "Not allowed"


class NotFound(Problem):
    """It does not exist, or it belongs to somebody else: a stranger cannot tell which."""

    status, title = 404, "Not found"


class Conflict(Problem):
    """The thing is in another state than the request supposes."""

    status, title = 409, "Conflict"


class Gone(Problem):
    """It was there and is over: an expired or used link."""

    status, title = 410, "No longer valid"


class StaleVersion(Problem):
    """Somebody else changed it meanwhile: `If-Match` or `version` names an old version."""

    status, title = 412, "Changed meanwhile"


class TooLarge(Problem):
    """More bytes than allowed."""

    status, title = 413, "Too large"


class UnsupportedMedia(Problem):
    """A kind of file or body that is not accepted here."""

    status, title = 415, "Unsupported kind"


class Invalid(Problem):
    """The input was understood and is wrong; `errors` says where."""

    status, title = 422, "Please check the form"


class TooManyRequests(Problem):
    """Slow down; `Retry-After` says for how long."""

    status, title = 429, "Too many requests"


class Unavailable(Problem):
    """A service this depends on is down; trying again can help."""

    status, title = 503, "Not available now"


def invalid(field: str, message: str) -> Invalid:
    """Returns an `Invalid` about one field, to be raised by the caller."""
    return Invalid(message, errors=[FieldError(field, message)])
