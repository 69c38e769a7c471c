"""Numbers that people read: per organization, one after the other."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert

from doorstep.accounts.models import Counter
from doorstep.core import ids, tenancy
from doorstep.core.extensions import db


def next_number(name: str) -> int:
    """Returns the next number of this kind. Others who want one wait until this transaction ends."""
    first = insert(Counter).values(org_id=tenancy.org_id(), id=ids.new(), name=name, value=1)
    statement = first.on_conflict_do_update(
        index_elements=[Counter.org_id, Counter.name], set_={"value": Counter.value + 1}
    ).returning(Counter.value)
    return db.session.execute(statement).scalar_one()
