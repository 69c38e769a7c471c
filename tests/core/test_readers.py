"""Readers of settings' texts, each by a table of examples."""

from __future__ import annotations

import pytest

from doorstep.core import readers


@pytest.mark.parametrize("text", ["10.0.0.0/8", "10.0.0.0/8, ::1/128", "192.0.2.7", ""])
def test_networks_are_read(text: str) -> None:
    assert readers.networks(text) == tuple(word.strip() for word in text.split(",") if word.strip())


@pytest.mark.parametrize("text", ["10.0.0.1/8", "10.0.0.0/40", "office"])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a network"):
        readers.networks(text)


def test_a_folder_is_absolute() -> None:
    assert readers.folder("~/photos").is_absolute()
    assert readers.folder("photos").is_absolute()


@pytest.mark.parametrize(("low", "high", "text"), [(-5, 5, "-5"), (0, 0, "0"), (1, 9, "9")])
def test_both_bounds_belong_to_the_range(low: int, high: int, text: str) -> None:
    assert readers.whole(low, high)(text) == int(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hooks.company.test, crm.company.test", ("hooks.company.test", "crm.company.test")),
        ("localhost,127.0.0.1,[::1],0:0::1", ("localhost", "127.0.0.1", "::1", "::1")),
        ("xn--bcher-kva.test,", ("xn--bcher-kva.test",)),
    ],
)
def test_hosts_are_read(text: str, found: tuple[str, ...]) -> None:
    assert readers.hosts(text) == found


@pytest.mark.parametrize(
    "text", ["https://a.test", "a.test:8443", "a.test/x", "*.a.test", ".a.test", "-a.test", "bücher.test"]
)
def test_what_is_no_host_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a host"):
        readers.hosts(text)
