"""Whose rows a session may touch. It is kept in the session's `info`, so it ends with the session and cannot leak to
the next request. Who enters and leaves a scope stands in `tenancy`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Scope:
    """One organization's rows, all (`system`), or nobody's."""

    org_id: UUID | None = None
    system: bool = False


NOBODY: Final = Scope()


def scope_of(session: Session) -> Scope:
    """Returns the scope of a session."""
    found: Scope = session.info.get("scope", NOBODY)
    return found
