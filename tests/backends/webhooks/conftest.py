"""The receiver of webhooks that tests send to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.backends.webhooks.station import Station, opened


@pytest.fixture
def station(monkeypatch: pytest.MonkeyPatch) -> Iterator[Station]:
    """A receiver on a free port of this machine, and a name server that knows it."""
    with opened(monkeypatch) as made:
        yield made
