"""The service worker's script: the static text, with the list of files that the pages need without signal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final, cast

from flask import current_app

# Asked for under a name that has their content in it ...
NAMED: Final = ("worker.css", "auth.css", "js/main.js", "img/icons.svg", "img/mark.svg")
# ... and these under their plain names, by other files.
PLAIN: Final = (
    "fonts/figtree-latin-wght.woff2",
    "fonts/fraunces-latin-wght.woff2",
    "js/photo-store.js",
    "js/modules/dialog.js",
    "js/modules/forms.js",
    "js/modules/phone.js",
    "js/modules/photo-list.js",
    "js/modules/photo-queue.js",
    "js/modules/photo-tile.js",
    "js/modules/shift.js",
    "js/modules/talk.js",
)
PAGE: Final = "/worker/offline"


def script() -> str:
    """Returns the script. It changes whenever one of the files does, so that phones fetch them anew."""
    return _made(Path(current_app.static_folder or ""), tuple(_named()))


@cache
def _made(root: Path, named: tuple[str, ...]) -> str:
    source = (root / "js/sw-worker.js").read_text(encoding="utf-8")
    parts = [source.encode(), *(name.encode() for name in named), *((root / name).read_bytes() for name in PLAIN)]
    version = hashlib.sha256(b"\0".join(parts)).hexdigest()[:12]
    shell = {"version": version, "page": PAGE, "files": [*named, *(f"/static/{name}" for name in PLAIN)]}
    return f"self.SHELL = {json.dumps(shell)};\n{source}"


def _named() -> list[str]:
    address = cast(Callable[[str], str], current_app.jinja_env.globals["asset"])
    return [address(name) for name in NAMED]
