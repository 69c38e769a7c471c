"""Photos that come with a request. The order exists before they do, so a broken photo never loses the request."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from werkzeug.datastructures import FileStorage

from doorstep.core import current
from doorstep.core.actor import Actor
from doorstep.core.errors import Conflict, Problem
from doorstep.core.extensions import db
from doorstep.orders import photos

log = logging.getLogger(__name__)

MOST: Final = 6
SHOWN_NAME: Final = 40
OUR_FAULT: Final = "it could not be kept just now"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many photos were taken, and a sentence for each that was not."""

    taken: int
    refused: tuple[str, ...]


def chosen(files: Iterable[FileStorage]) -> list[FileStorage]:
    """Returns the files that were really chosen; an empty file field sends one without a name."""
    return [file for file in files if file.filename]


def keep(who: Actor, order_id: UUID, files: list[FileStorage]) -> Outcome:
    """Stores the photos with an order the visitor has just made. Called outside any transaction; never raises a
    Problem: the request is in, whatever becomes of its photos."""
    refused = [why for file in files[:MOST] if (why := _kept(who, order_id, file))]
    left_out = len(files) - MOST
    if left_out > 0:
        refused.append(f"Only {MOST} photos can come with a request; {left_out} were left out.")
    return Outcome(min(len(files), MOST) - len(refused) + (left_out > 0), tuple(refused))


def _kept(who: Actor, order_id: UUID, file: FileStorage) -> str:
    """Returns why the photo was not taken; an empty text when it was."""
    data = file.stream.read(current.settings().order_photo_max_bytes + 1)
    key = f"request:{order_id}:{hashlib.sha256(data).hexdigest()}"
    name = (file.filename or "photo")[:SHOWN_NAME]
    try:
        photos.add_to(who, order_id, data, phase="other", idempotency_key=key)
    except Problem as problem:
        db.session.rollback()
        return "" if _is_arriving(problem) else f"{name}: {problem.detail}"
    except Exception:
        # Whatever broke, the order is made; a 500 now would make the person send it all once more.
        log.exception("a photo of a request was not kept")
        db.session.rollback()
        return f"{name}: {OUR_FAULT}."
    return ""


def _is_arriving(problem: Problem) -> bool:
    """The same form was sent twice and the other one is just storing this very photo."""
    return isinstance(problem, Conflict) and "Retry-After" in problem.headers
