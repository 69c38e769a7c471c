"""Sizes that keep a file readable in one go. A file that outgrows them has a concept in it that wants a name."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable
from statistics import median, quantiles

import pytest
from flask import Flask

from doorstep.core.http.routes import table
from tests.architecture.source import ROOT, Function, modules

MODULES = [module for module in modules() if module.path.name != "__init__.py"]
FUNCTIONS = [function for module in MODULES for function in module.functions]
LONGEST_VIEW = 15


def lines(text: str) -> int:
    return len(text.splitlines())


def p95(numbers: list[int]) -> float:
    return quantiles(numbers, n=20)[-1]


def test_files_are_short() -> None:
    sizes = {module.name: lines(module.text) for module in modules()}
    assert [f"{name}: {size}" for name, size in sizes.items() if size > 400] == []
    assert median(sizes.values()) <= 90
    assert p95(list(sizes.values())) <= 300


def test_functions_are_short() -> None:
    assert [f"{one}: {one.lines}" for one in FUNCTIONS if one.lines > 60] == []
    sizes = [one.lines for one in FUNCTIONS]
    assert median(sizes) <= 8
    assert p95(sizes) <= 35


def test_a_view_is_five_steps(app: Flask) -> None:
    by_place = {(one.module, one.node.lineno): one for one in FUNCTIONS}
    wrong = []
    with app.app_context():
        views: set[Callable[..., object]] = {route.view for route in table().values()}
    for view in views:
        node = by_place.get((view.__module__, inspect.unwrap(view).__code__.co_firstlineno))
        if node is not None and node.body_lines > LONGEST_VIEW:
            wrong.append(f"{node}: {node.body_lines}")
    assert sorted(wrong) == []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.name))
def test_every_function_is_annotated(module: object) -> None:
    assert [str(one) for one in module.functions if not annotated(one)] == []  # type: ignore[attr-defined]


def annotated(function: Function) -> bool:
    given = function.node.args
    names = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    names += [one for one in (given.vararg, given.kwarg) if one is not None]
    missing = [one for one in names if one.annotation is None and one.arg not in ("self", "cls")]
    return not missing and (function.node.returns is not None or function.node.name == "__init__")


def test_public_functions_of_the_ground_say_what_they_give() -> None:
    wrong = [
        str(one)
        for one in FUNCTIONS
        if one.module.startswith("doorstep.core.") and not one.name.startswith("_")
        if one.node.col_offset == 0 and ast.get_docstring(one.node) is None
    ]
    assert wrong == []


def test_how_much_is_tested(capsys: pytest.CaptureFixture[str]) -> None:
    """Reported, not enforced: about 1.4 lines of test per line of code are usual for us."""
    code = sum(lines(module.text) for module in modules())
    tests = sum(lines(path.read_text(encoding="utf-8")) for path in (ROOT / "tests").rglob("*.py"))
    with capsys.disabled():
        sys.stdout.write(f"\n{code} lines of code, {tests} lines of tests: {tests / code:.2f} per line of code\n")
    assert tests > 0
