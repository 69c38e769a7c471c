"""Clusters for the tests of the database, deleted wherever they were put."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from doorstep.backends.database import embedded
from tests.backends.database.servers import ensure


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "a folder of $HOME, it's" / "postgres"
    yield folder
    embedded.remove(folder)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.Urls]:
    """One server for the tests that only look at it."""
    folder = tmp_path_factory.mktemp("shared") / "postgres"
    yield ensure(folder)
    embedded.remove(folder)
