"""The addresses of clients, each with its guard."""

from __future__ import annotations

from typing import Final

from doorstep.core.http.routes import Route, page, public
from doorstep.portals import client, client_door, client_mails
from doorstep.portals.guards import as_client

LINK: Final = "/client/link/<secret>"
ORDER: Final = "/client/orders/<uuid:order_id>"
MAILS: Final = "/client/mails/<token>"
WISH: Final = ORDER + "/<any(ask, move, cancel):wish>"

CLIENT_ROUTES: Final[tuple[Route, ...]] = (
    page("GET", "/client/sign-in", client_door.sign_in_form, public),
    page("POST", "/client/sign-in", client_door.sign_in, public),
    page("GET", "/client/sign-in/sent", client_door.sent, public),
    page("GET", LINK, client_door.link, public),
    page("POST", LINK, client_door.open_link, public),
    page("POST", LINK + "/again", client_door.send_again, public),
    page("POST", "/client/sign-out", client_door.sign_out, public),
    page("GET", MAILS, client_mails.ask, public),
    page("POST", MAILS, client_mails.stop, public, csrf=False),
    page("POST", MAILS + "/again", client_mails.again, public),
    page("GET", "/client", client.index, as_client),
    page("GET", ORDER, client.show, as_client),
    page("POST", ORDER + "/accept", client.accept, as_client),
    page("POST", ORDER + "/rate", client.rate, as_client),
    page("POST", ORDER + "/link", client.fresh_link, as_client),
    page("GET", WISH, client.wish_form, as_client),
    page("POST", WISH, client.send_wish, as_client),
)
