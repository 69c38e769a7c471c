"""Photos from a plain form, without the phone's queue: several at once, and the answer is a page."""

from __future__ import annotations

import hashlib
from typing import Final
from uuid import UUID

from flask import flash, request
from werkzeug.datastructures import FileStorage

from doorstep.core.actor import Actor
from doorstep.core.errors import Problem
from doorstep.core.extensions import db
from doorstep.core.http.inputs import Form
from doorstep.orders import photos, photos_api
from doorstep.orders.photo_shapes import PhotoForm

MOST: Final = 12
SHOWN_NAME: Final = 40


def several(who: Actor, order_id: UUID) -> None:
    """Stores the photos of the form and says in flashes how many were taken and what was refused."""
    form = Form.read(PhotoForm)
    files = [file for file in request.files.getlist("file") if file.filename]
    if not form.ok or not files:
        flash("Choose a photo first.", "bad")
        return
    refused = [why for file in files[:MOST] if (why := _refusal(who, order_id, file, form))]
    taken = len(files[:MOST]) - len(refused)
    if taken:
        flash("Photo sent." if taken == 1 else f"{taken} photos sent.", "ok")
    for why in refused:
        flash(why, "bad")
    if len(files) > MOST:
        flash(f"Only {MOST} photos can be sent at once; {len(files) - MOST} were left out.", "warn")


def _refusal(who: Actor, order_id: UUID, file: FileStorage, form: Form) -> str:
    """Returns why the photo was not taken; an empty text when it was."""
    data = photos_api.read(file)
    try:
        photos.add(
            who,
            order_id,
            data,
            phase=form.values["phase"],
            checklist_item_id=form.values["checklist_item"],
            idempotency_key=_key(order_id, form, data),
        )
    except Problem as problem:
        db.session.rollback()
        if problem.status == 404:
            raise
        return f"{(file.filename or 'photo')[:SHOWN_NAME]}: {problem.detail}"
    return ""


def _key(order_id: UUID, form: Form, data: bytes) -> str:
    """Returns a key made of the photo itself: a form that is sent twice stores nothing twice."""
    place = form.values["checklist_item"] or form.values["phase"]
    return f"form:{order_id}:{place}:{hashlib.sha256(data).hexdigest()}"
