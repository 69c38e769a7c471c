"""The addresses of this feature, each with its guard."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

from doorstep.admin.clients_routes import CLIENT_ROUTES
from doorstep.admin.dead_letters_routes import DEAD_LETTER_ROUTES
from doorstep.admin.members_routes import MEMBER_ROUTES
from doorstep.admin.message_previews_routes import MESSAGE_PREVIEW_ROUTES
from doorstep.admin.messages_routes import MESSAGE_ROUTES
from doorstep.admin.operations_routes import OPERATION_ROUTES
from doorstep.admin.orders_routes import ORDER_ROUTES
from doorstep.admin.services_routes import SERVICE_ROUTES
from doorstep.admin.team_routes import TEAM_ROUTES
from doorstep.admin.workers_routes import WORKER_ROUTES
from doorstep.core.http.routes import Route, mount

blueprint: Final = Blueprint("admin", __name__, template_folder="templates")

ROUTES: Final[tuple[Route, ...]] = (
    *CLIENT_ROUTES,
    *ORDER_ROUTES,
    *MEMBER_ROUTES,
    *SERVICE_ROUTES,
    *WORKER_ROUTES,
    *TEAM_ROUTES,
    *MESSAGE_ROUTES,
    *MESSAGE_PREVIEW_ROUTES,
    *DEAD_LETTER_ROUTES,
    *OPERATION_ROUTES,
)
mount(blueprint, ROUTES)
