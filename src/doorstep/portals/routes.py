"""The addresses of this feature: of visitors, clients and workers, each table with the guard of each address."""

from __future__ import annotations

from typing import Final

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from doorstep.core.http.routes import Route, mount
from doorstep.portals import mailbox
from doorstep.portals.client_routes import CLIENT_ROUTES
from doorstep.portals.mailbox import MAILBOX_ROUTES
from doorstep.portals.public_routes import PUBLIC_ROUTES
from doorstep.portals.worker_routes import WORKER_ROUTES

blueprint: Final = Blueprint("portals", __name__, template_folder="templates")

ROUTES: Final[tuple[Route, ...]] = (*PUBLIC_ROUTES, *CLIENT_ROUTES, *WORKER_ROUTES)
mount(blueprint, ROUTES)
mount(mailbox.blueprint, MAILBOX_ROUTES)


def _mount_mailbox(state: BlueprintSetupState) -> None:
    """The mailbox holds everybody's links, so in production it has no address at all."""
    if not state.app.extensions["doorstep.settings"].is_prod:
        state.app.register_blueprint(mailbox.blueprint)


blueprint.record(_mount_mailbox)
