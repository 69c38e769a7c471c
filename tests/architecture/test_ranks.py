"""Imports go downwards only: between packages by rank, within a package from models to routes, never in a ring."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.architecture.source import MODELS, RANKS, ROOTS, SRC, Module, modules, resolved

MODULES = modules()
BY_NAME = {module.name: module for module in MODULES}
KNOWN = frozenset(BY_NAME)
PACKAGES = sorted(path.parent.name for path in (SRC / "doorstep").glob("*/__init__.py"))
NO_FEATURES = ("core", "backends", "demo")
# Those who choose by a name in the settings or in a table.
CHOOSERS = {"doorstep.app", "doorstep.backends.registry"}


def own(module: Module) -> list[tuple[Module, int]]:
    """Returns the product's modules that a module imports, with the line."""
    found = [(resolved(one, KNOWN), one.line) for one in module.imports if one.module.split(".")[0] == "doorstep"]
    return [(BY_NAME[name], line) for name, line in found if name in KNOWN and name != module.name]


def test_every_package_has_a_rank() -> None:
    assert set(PACKAGES) <= set(RANKS)


def test_a_package_imports_only_lower_ranks() -> None:
    wrong = [
        f"{module.name}:{line} imports {target.name}"
        for module in MODULES
        for target, line in own(module)
        if module.package in RANKS and target.package in RANKS and target.package != module.package
        if RANKS[target.package] >= RANKS[module.package]
    ]
    assert wrong == []


def test_nobody_imports_the_roots() -> None:
    wrong = [
        f"{module.name}:{line} imports {target.name}"
        for module in MODULES
        for target, line in own(module)
        if target.package in ROOTS and module.package not in ROOTS
    ]
    assert wrong == []


def test_every_own_import_exists() -> None:
    wrong = [
        f"{module.name}:{one.line} imports {one.full}"
        for module in MODULES
        for one in module.imports
        if one.module.startswith("doorstep") and one.module not in KNOWN
    ]
    assert wrong == []


@pytest.mark.parametrize("package", [name for name in PACKAGES if name not in NO_FEATURES])
def test_within_a_package_the_order_is_kept(package: str) -> None:
    """models <- rules, queries, service <- schemas <- jobs, api, pages <- routes."""
    inner = [module for module in MODULES if module.package == package]
    wrong = [
        f"{module.name}:{line} imports {target.name}"
        for module in inner
        for target, line in own(module)
        if target.package == package
        and target.layer > module.layer
        and not (module.layer == MODELS and is_pure(target))
    ]
    assert wrong == []


def is_pure(module: Module) -> bool:
    """Whether a module is a rule that knows no rows: it imports nothing of its package, no database, no Flask."""
    outside = {one.module.split(".")[0] for one in module.imports}
    inside = {target.package for target, _ in own(module)}
    return not outside & {"sqlalchemy", "flask"} and module.package not in inside


def test_there_is_no_ring_of_imports() -> None:
    graph = {module.name: {target.name for target, _ in own(module)} for module in MODULES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail("a ring of imports: " + " -> ".join(error.args[1]))


def test_nothing_of_our_own_is_imported_inside_a_function() -> None:
    wrong = [
        f"{module.name}:{one.line} imports {one.full}"
        for module in MODULES
        for one in module.imports
        if one.inside and one.module.split(".")[0] == "doorstep"
    ]
    assert wrong == []


def test_modules_are_chosen_by_name_in_two_places_only() -> None:
    wrong = [
        f"{module.name}:{one.line}"
        for module in MODULES
        for one in module.imports
        if one.module == "importlib" and one.name == "import_module" and module.name not in CHOOSERS
    ]
    assert wrong == []


def test_no_import_takes_everything() -> None:
    assert [f"{module.name}:{one.line}" for module in MODULES for one in module.imports if one.name == "*"] == []


@pytest.mark.parametrize("module", [m for m in MODULES if m.path.name == "__init__.py"], ids=lambda m: str(m.name))
def test_a_package_says_what_it_is_and_holds_no_code(module: Module) -> None:
    assert (ast.get_docstring(module.tree) or "").strip(), f"{module.name} does not say what it is"
    if module.name != "doorstep":
        assert len(module.tree.body) == 1


@pytest.mark.parametrize("module", [m for m in MODULES if m.path.name != "__init__.py"], ids=lambda m: str(m.name))
def test_a_module_says_what_it_is(module: Module) -> None:
    assert ast.get_docstring(module.tree)
