"""Flask, without what it would do at every request for nothing."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from functools import _lru_cache_wrapper
from typing import Any, Final

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask.templating import Environment
from itsdangerous import URLSafeTimedSerializer
from jinja2.runtime import Context, Macro

KNOWN: Final = (Macro, _lru_cache_wrapper)


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookie. What signs it is made once, and whoever brings no cookie has nothing to be read."""

    _made: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        self._made = self._made or super().get_signing_serializer(app)
        return self._made

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return super().open_session(app, request) if "HTTP_COOKIE" in request.environ else self.session_class()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session.accessed or session.modified:
            super().save_session(app, session, response)


class PageContext(Context):
    """Jinja's context, which asks of whatever a template calls what it wants to be given. Most of it are macros, and
    macros that are remembered, and of both it is known."""

    def call(self, called: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
        if type(called) not in KNOWN:
            return super().call(called, *given, **named)
        named.pop("_block_vars", None)
        named.pop("_loop_vars", None)
        return called(self.eval_ctx, *given, **named) if type(called) is Macro else called(*given, **named)


class Pages(Environment):
    """Flask's templates. Jinja compares the global names of two templates at each import of one by the other, which
    is quick for a dictionary and slow for the chain of dictionaries that it makes."""

    context_class = PageContext

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


class Application(Flask):
    """A Flask whose views are all plain functions: it need not look for coroutines among them."""

    jinja_environment = Pages

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.session_interface = Sessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func
