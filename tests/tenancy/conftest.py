"""A broken first wall."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from doorstep.core import tenancy


@pytest.fixture
def without_wall_1() -> Iterator[None]:
    """The ORM adds no condition any more, as if somebody had lost the listener."""
    event.remove(Session, "do_orm_execute", tenancy.limit_to_the_organization)
    try:
        yield
    finally:
        event.listen(Session, "do_orm_execute", tenancy.limit_to_the_organization)
