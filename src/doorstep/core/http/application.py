"""Flask, without what it would do at every request for nothing."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from functools import _lru_cache_wrapper
from types import BuiltinMethodType, FunctionType, MethodType
from typing import Any, Final

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask.templating import Environment
from itsdangerous import URLSafeTimedSerializer
from jinja2.runtime import Context, Macro

KNOWN: Final = (_lru_cache_wrapper, FunctionType, MethodType, BuiltinMethodType)


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
    """Jinja's context, which asks of whatever a template calls what it wants to be given. Macros want the context's
    settings; other functions want something only where `jinja2.pass_context` and its like have marked them."""

    def call(self, called: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
        plain = type(called) is not Macro
        if plain and (type(called) not in KNOWN or hasattr(called, "jinja_pass_arg")):
            return super().call(called, *given, **named)
        named.pop("_block_vars", None)
        named.pop("_loop_vars", None)
        return called(*given, **named) if plain else called(self.eval_ctx, *given, **named)


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
