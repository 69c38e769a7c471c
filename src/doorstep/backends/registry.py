"""BACKENDS: which class serves each outside need, by the word in the settings.

Vendor code is imported only when chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Final, cast

from flask import Flask, current_app

from doorstep.backends.email.interface import Sender
from doorstep.backends.storage.interface import Storage
from doorstep.core.settings import Settings

BACKENDS: Final[Mapping[str, Mapping[str, str]]] = {
    "email": {
        "off": "doorstep.backends.email.off:make",
        "console": "doorstep.backends.email.console:make",
        "smtp": "doorstep.backends.email.smtp:make",
        "sendgrid": "doorstep.backends.email.sendgrid:make",
    },
    "storage": {"local": "doorstep.backends.storage.local:make"},
}


def bind(app: Flask, settings: Settings) -> None:
    """Makes the chosen backends the application's own."""
    app.extensions["doorstep.email"] = make("email", settings.email_mode, settings)
    app.extensions["doorstep.storage"] = make("storage", settings.order_storage_backend, settings)


def make(need: str, name: str, settings: Settings) -> Any:
    """Returns a new backend. Raises KeyError for a need or name that the table does not list."""
    module, _, function = BACKENDS[need][name].partition(":")
    maker: Callable[[Settings], Any] = getattr(import_module(module), function)
    return maker(settings)


def storage() -> Storage:
    """Returns where this application keeps photos."""
    return cast(Storage, current_app.extensions["doorstep.storage"])


def email() -> Sender:
    """Returns by whom this application's mails leave."""
    return cast(Sender, current_app.extensions["doorstep.email"])
