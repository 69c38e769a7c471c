"""The product's source, read as trees: modules, what they import, their functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
SRC: Final = ROOT / "src"

# A package imports only packages of a lower rank. Roots (app, cli, subscriptions) import anything.
RANKS: Final = {
    name: rank
    for rank, names in enumerate(
        (
            ("core",),
            ("backends",),
            ("notifications",),
            ("accounts",),
            ("auth",),
            ("catalog",),
            ("clients",),
            ("orders",),
            ("billing",),
            ("exports",),
            ("retention",),
            ("jobs",),
            ("portals", "admin", "health"),
            ("demo",),
        )
    )
    for name in names
}
ROOTS: Final = ("app", "cli", "subscriptions")

# What is read first in a package, and what last; a module imports only its own layer and those before.
MODELS, SERVICES, SCHEMAS, EDGES, ROUTES = range(5)
ENDINGS: Final = {
    "models": MODELS,
    "schemas": SCHEMAS,
    "shapes": SCHEMAS,
    "forms": SCHEMAS,
    "jobs": EDGES,
    "api": EDGES,
    "pages": EDGES,
    "commands": EDGES,
    "routes": ROUTES,
}
PAGES_ONLY: Final = ("portals", "admin", "health")


@dataclass(frozen=True)
class Import:
    """One name that a module takes from another; `name` is empty for `import module`."""

    module: str
    name: str
    line: int
    inside: bool

    @property
    def full(self) -> str:
        """Module and name."""
        return f"{self.module}.{self.name}" if self.name else self.module


@dataclass(frozen=True)
class Function:
    """A function or method, with its place."""

    name: str
    module: str
    node: ast.FunctionDef | ast.AsyncFunctionDef = field(hash=False, compare=False)

    @property
    def lines(self) -> int:
        """How long it is, without decorators and docstring."""
        body = self.node.body
        documented = ast.get_docstring(self.node) is not None
        words = (body[0].end_lineno or 0) - body[0].lineno + 1 if documented else 0
        return (self.node.end_lineno or 0) - self.node.lineno + 1 - words

    @property
    def body_lines(self) -> int:
        """How long its body is."""
        body = [part for part in self.node.body if not _is_text(part)]
        return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(frozen=True)
class Module:
    """One file of the product."""

    path: Path

    @cached_property
    def text(self) -> str:
        """What is written in it."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """What Python reads."""
        return ast.parse(self.text)

    @cached_property
    def name(self) -> str:
        """Its dotted name, e.g. `doorstep.orders.status`."""
        parts = self.path.relative_to(SRC).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def package(self) -> str:
        """The feature it belongs to, e.g. `orders`; a root's own name."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else ""

    @property
    def last(self) -> str:
        """The last part of its name."""
        return self.name.rsplit(".", 1)[-1]

    @property
    def layer(self) -> int:
        """Its place in its package, from models to routes."""
        ending = ENDINGS.get(self.last.rsplit("_", 1)[-1], SERVICES)
        return max(ending, EDGES) if self.package in PAGES_ONLY else ending

    @cached_property
    def imports(self) -> list[Import]:
        """All that it imports, wherever it stands."""
        top = {id(node) for node in _outside_functions(self.tree)}
        return [found for node in ast.walk(self.tree) for found in self._imported(node, inside=id(node) not in top)]

    @cached_property
    def functions(self) -> list[Function]:
        """All functions and methods, inner ones too."""
        kinds = ast.FunctionDef | ast.AsyncFunctionDef
        return [Function(node.name, self.name, node) for node in ast.walk(self.tree) if isinstance(node, kinds)]

    def _imported(self, node: ast.AST, *, inside: bool) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, "", node.lineno, inside)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield Import(self._absolute(node), alias.name, node.lineno, inside)

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        base = self.name.split(".")[: -node.level] if self.path.name != "__init__.py" else self.name.split(".")
        return ".".join([*base, *([node.module] if node.module else [])])


def modules() -> list[Module]:
    """Returns every module of the product."""
    return [Module(path) for path in sorted((SRC / "doorstep").rglob("*.py"))]


def resolved(found: Import, known: frozenset[str]) -> str:
    """Returns the module that an import reaches: `from doorstep.core import clock` reaches `doorstep.core.clock`."""
    return found.full if found.full in known else found.module


def _outside_functions(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _outside_functions(node)  # type: ignore[arg-type]


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
