"""The addresses of requests, the board and orders in the office, each with its guard."""

from __future__ import annotations

from typing import Final

from doorstep.admin import board_pages as board
from doorstep.admin import order_photos_pages as photos
from doorstep.admin import orders_pages as view
from doorstep.admin import requests_pages as requests
from doorstep.auth.guards import may
from doorstep.core.actor import DISPATCH, VIEW
from doorstep.core.http.routes import Route, page
from doorstep.orders.photo_routes import Uploads

ORDERS: Final = "/office/orders"
ONE: Final = f"{ORDERS}/<uuid:order_id>"
PHOTO: Final = f"{ONE}/photos/<uuid:photo_id>"
VERBS: Final = (
    '<any("schedule", "quote", "decline", "cancel", "answer", "note", "tick", '
    '"on-the-way", "start", "pause", "resume", "finish", "postpone"):verb>'
)
PHOTOS_AT_ONCE: Final = 4

see = may(VIEW, DISPATCH)
do = may(DISPATCH)

ORDER_ROUTES: Final[tuple[Route, ...]] = (
    page("GET", "/office", requests.start, see),
    page("GET", "/office/requests", requests.index, see),
    page("GET", "/office/requests/<uuid:order_id>", requests.show, see),
    page("GET", "/office/board", board.show, see),
    page("GET", ORDERS, view.index, see),
    page("GET", f"{ORDERS}/new", view.new_form, do),
    page("POST", f"{ORDERS}/new", view.new, do),
    page("GET", ONE, view.show, see),
    page("POST", f"{ONE}/{VERBS}", view.act, do),
    page("GET", f"{ONE}/edit", view.edit_form, do),
    page("POST", f"{ONE}/edit", view.edit, do),
    page("POST", f"{ONE}/link", view.link, do),
    page("POST", f"{ONE}/photos", photos.upload, Uploads(do, PHOTOS_AT_ONCE)),
    page("GET", PHOTO, photos.show, see),
    page("POST", f'{PHOTO}/<any("approve", "hide"):verdict>', photos.review, do),
    page("POST", f"{PHOTO}/remove", photos.remove, do),
)
