"""Who is doing something. Guards make an `Actor`; services take it as an argument."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

ActorKind = Literal["member", "token", "client", "visitor", "system"]

VIEW: Final = "view"
DISPATCH: Final = "dispatch"
FINANCE: Final = "finance"
MANAGE: Final = "manage"
WORK: Final = "work"
OPERATE: Final = "operate"
PERMISSIONS: Final = (VIEW, DISPATCH, FINANCE, MANAGE, WORK, OPERATE)

ROLE_PERMISSIONS: Final[Mapping[str, frozenset[str]]] = {
    "owner": frozenset({VIEW, DISPATCH, FINANCE, MANAGE}),
    "admin": frozenset({VIEW, DISPATCH, FINANCE, MANAGE}),
    "dispatcher": frozenset({VIEW, DISPATCH}),
    "finance": frozenset({VIEW, FINANCE}),
    "viewer": frozenset({VIEW}),
    "worker": frozenset({WORK}),
}
ROLES: Final = tuple(ROLE_PERMISSIONS)


@dataclass(frozen=True, slots=True)
class Org:
    """What pages and rules need of the organization at hand."""

    id: UUID
    slug: str
    name: str
    timezone: str
    currency: str
    locale: str = "en"
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this organization's people read their clocks."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or machine behind a request, job or command, and what it may do.

    `order_id` is set for a client whose link opens one order only; `worker_id` for a member who is
    also a worker of the organization. `by_link` marks a session that a one-time link opened: it was handed over by
    somebody else, so it reaches nothing but the work in this one organization.
    """

    kind: ActorKind
    name: str = ""
    id: UUID | None = None
    org: Org | None = None
    role: str | None = None
    permissions: frozenset[str] = frozenset()
    email: str | None = None
    session_id: UUID | None = None
    worker_id: UUID | None = None
    order_id: UUID | None = None
    by_cookie: bool = False
    by_link: bool = False

    def may(self, *any_of: str) -> bool:
        """Returns whether at least one of the permissions is held."""
        return not self.permissions.isdisjoint(any_of)

    @property
    def home(self) -> Org:
        """The organization; only called where the guard has made sure that there is one."""
        if self.org is None:
            raise LookupError("this actor belongs to no organization")
        return self.org


SYSTEM: Final = Actor(kind="system", name="Doorstep")
