"""All addresses of the application, as its own tables and Flask know them."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask

from doorstep.app import create_app
from doorstep.auth.guards import AsPerson, AsVisitor, May, SignedIn
from doorstep.core import settings
from doorstep.core.http.routes import Public, Route
from tests.routes.estate import NO_OBJECTS

# Written by no feature: files that everybody may read.
FILES = {"/static/<path:filename>", "/static/b/<name>"}
NOBODY_S = {
    "DATABASE_URL": "postgresql://app@127.0.0.1:1/none",
    "DATABASE_OWNER_URL": "postgresql://owner@127.0.0.1:1/none",
}


@dataclass(frozen=True)
class Address:
    """One method at one rule, with its row in the table; none where a rule escaped it."""

    method: str
    rule: str
    endpoint: str
    route: Route | None

    @property
    def row(self) -> Route:
        """The row; to be asked where the table test has made sure that there is one."""
        if self.route is None:
            raise LookupError(f"{self} is in no table")
        return self.route

    @property
    def guard(self) -> object:
        """Who decides; what lies inside a guard that only prepares something."""
        return getattr(self.row.guard, "guard", self.row.guard)

    @property
    def is_open(self) -> bool:
        """Whether nobody needs to be signed in."""
        return isinstance(self.guard, Public | AsVisitor)

    @property
    def names(self) -> list[str]:
        """The names of the values in the rule."""
        return re.findall(r"<(?:[^:>]+:)?(\w+)>", self.rule)

    @property
    def names_an_object(self) -> bool:
        """Whether the rule names something that belongs to somebody."""
        return bool(set(self.names) - NO_OBJECTS)

    @property
    def is_one_s_own(self) -> bool:
        """Whether it is about whoever asks, and not about a company's things."""
        return isinstance(self.guard, SignedIn | AsPerson) and not self.names_an_object

    def lets_in(self, *permissions: str) -> bool:
        """Whether a member with one of the permissions may come in."""
        return isinstance(self.guard, May) and bool(set(self.guard.any_of) & set(permissions))

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"


@lru_cache
def bare_app() -> Flask:
    """An application that has never met its database; pytest asks for its addresses before any test runs."""
    given = settings.load(NOBODY_S, instance=Path(tempfile.mkdtemp()))
    return create_app(given)


def addresses() -> list[Address]:
    """Returns every address, from the URL map, with its row from the tables."""
    app = bare_app()
    rows = app.extensions["doorstep.routes"]
    found = [
        Address(method, rule.rule, rule.endpoint, rows.get(rule.endpoint))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if rule.rule not in FILES
    ]
    return sorted(found, key=lambda one: (one.rule, one.method))
