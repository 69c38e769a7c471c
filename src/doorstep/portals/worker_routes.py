"""The addresses of workers, each with its guard."""

from __future__ import annotations

from typing import Final

from doorstep.auth.guards import as_worker
from doorstep.core.http.routes import Route, page, public
from doorstep.orders.photo_routes import Uploads
from doorstep.portals import worker

ORDER: Final = "/worker/orders/<uuid:order_id>"
PHOTO: Final = ORDER + "/photos/<uuid:photo_id>"
VERB: Final = '/<any("on-the-way", start, pause, resume, finish):verb>'
PHOTOS_AT_ONCE: Final = 4  # of the largest size; of phones' usual ones a dozen

WORKER_ROUTES: Final[tuple[Route, ...]] = (
    page("GET", "/worker", worker.day, as_worker),
    page("GET", "/worker/photos", worker.queue, as_worker),
    page("GET", "/worker/me", worker.me, as_worker),
    page("GET", "/worker/token", worker.token, as_worker),
    page("GET", "/worker/offline", worker.offline, public),
    page("GET", "/worker/sw.js", worker.service_worker, public),
    page("GET", ORDER, worker.order, as_worker),
    page("POST", ORDER + VERB, worker.act, as_worker),
    page("POST", ORDER + "/postpone", worker.postpone, as_worker),
    page("POST", ORDER + "/note", worker.note, as_worker),
    page("POST", ORDER + "/tick", worker.tick, as_worker),
    page("POST", ORDER + "/photos", worker.upload, Uploads(as_worker, PHOTOS_AT_ONCE)),
    page("GET", PHOTO, worker.photo, as_worker),
    page("POST", PHOTO + "/remove", worker.remove_photo, as_worker),
)
