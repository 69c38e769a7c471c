"""What axe-core (vendored, github.com/dequelabs/axe-core) finds on a page: WCAG 2.2 A and AA, and good habits."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).parent / "vendor/axe-core-4.14.1/axe.min.js"
RUN = """() => axe.run(document, { resultTypes: ["violations"],
  runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"] })
  .then(({ violations }) => violations.map((one) => `${one.id}: ${one.nodes.map((n) => n.html).slice(0, 5)}`))"""


def faults(page: Any) -> list[str]:
    """Returns the violations of the page as it stands. Its context must have been made with `bypass_csp`."""
    page.evaluate(_script())
    found: list[str] = page.evaluate(RUN)
    return found


@lru_cache(maxsize=1)
def _script() -> str:
    return SCRIPT.read_text(encoding="utf-8")
