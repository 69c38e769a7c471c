"""What the list of mails shows: filters as they stand in the address, forgiving where an address was typed wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from doorstep.notifications.mails import MailFilter
from doorstep.notifications.messages import MESSAGES

PAGE: Final = 50
LONGEST_SEARCH: Final = 100


@dataclass(frozen=True, slots=True)
class View:
    """A chip over the list: its key in the address, its words, the states it shows."""

    key: str
    label: str
    icon: str
    states: Sequence[str] = ()


VIEWS: Final = (
    View("", "All", "list-filter"),
    View("waiting", "Waiting", "clock", ("due", "sending")),
    View("sent", "Sent", "check-check", ("sent",)),
    View("gave-up", "Gave up", "octagon-alert", ("dead",)),
    View("cancelled", "Cancelled", "ban", ("cancelled",)),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """The list that an address asks for."""

    view: View
    purpose: str
    client_id: UUID | None
    order_id: UUID | None
    search: str
    cursor: str | None

    @property
    def wanted(self) -> MailFilter:
        """The filter for the rows."""
        return MailFilter(self.view.states, self.purpose, self.client_id, self.order_id, self.search)

    @property
    def is_filtered(self) -> bool:
        """Whether it shows less than everything."""
        return bool(self.kept or self.search)

    @property
    def kept(self) -> dict[str, str]:
        """The filters beside the search words, for the form of those."""
        values = {
            "state": self.view.key, "purpose": self.purpose, "client": self.client_id, "order": self.order_id,
        }  # fmt: skip
        return {name: str(value) for name, value in values.items() if value}


def read(query: Mapping[str, str]) -> Shown:
    """Returns the list that the address asks for. What cannot be read filters nothing."""
    views = {view.key: view for view in VIEWS}
    purpose = query.get("purpose", "")
    return Shown(
        view=views.get(query.get("state", ""), VIEWS[0]),
        purpose=purpose if purpose in MESSAGES else "",
        client_id=_id(query.get("client")),
        order_id=_id(query.get("order")),
        search=query.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH],
        cursor=query.get("cursor"),
    )


def purposes() -> list[tuple[str, str]]:
    """Returns all kinds of mails for a select, by their words."""
    return [("", "Any"), *sorted(((key, one.says) for key, one in MESSAGES.items()), key=lambda pair: pair[1])]


def says(purpose: str) -> str:
    """Returns what a kind of mail is for, in words; also of one that is not written any more."""
    return MESSAGES[purpose].says if purpose in MESSAGES else purpose.replace("_", " ").capitalize()


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
