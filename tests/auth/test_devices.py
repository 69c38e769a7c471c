"""What the list of sessions calls a browser."""

from __future__ import annotations

import pytest

from doorstep.auth.devices import is_phone, name_of

MOZILLA = "Mozilla/5.0"
CASES = [
    (f"{MOZILLA} (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows", False),
    (f"{MOZILLA} (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows", False),
    (f"{MOZILLA} (Macintosh; Intel Mac OS X 14_0) AppleWebKit/605 Version/17 Safari/605", "Safari on Mac", False),
    (f"{MOZILLA} (Linux; Android 15; Pixel 8) AppleWebKit/537 Chrome/140 Mobile Safari/537", "Chrome on Android", True),
    (f"{MOZILLA} (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Mobile Safari/604", "Safari on iPhone", True),
    (f"{MOZILLA} (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome on Linux", False),
    ("curl/8.5.0", "curl", False),
    ("", "Unknown device", False),
]


@pytest.mark.parametrize(("agent", "name", "phone"), CASES)
def test_a_device_is_named_so_that_its_owner_knows_it(agent: str, name: str, phone: bool) -> None:
    assert name_of(agent) == name
    assert is_phone(agent) is phone


def test_a_program_with_a_long_name_is_cut() -> None:
    assert name_of("x" * 500) == "x" * 40
