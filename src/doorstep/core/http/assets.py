"""Static files without a build step: style sheets are joined per page family, and every address names its
content, so that browsers may keep it for ever."""

from __future__ import annotations

import gzip
import hashlib
import json
from functools import cached_property
from pathlib import Path
from typing import Final

from flask import Flask, Response, request

FOR_EVER: Final = "public, max-age=31536000, immutable"


class Assets:
    """The files under `static/`; `bundles.json` there lists which sheets make up each bundle."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def bundles(self) -> dict[str, bytes]:
        """Each bundle's text by name."""
        listed: dict[str, list[str]] = json.loads((self.root / "bundles.json").read_text(encoding="utf-8"))
        return {name: b"\n".join((self.root / part).read_bytes() for part in parts) for name, parts in listed.items()}

    @cached_property
    def packed(self) -> dict[str, bytes]:
        """Each bundle compressed, made once."""
        return {name: gzip.compress(text, 9, mtime=0) for name, text in self.bundles.items()}

    @cached_property
    def versions(self) -> dict[str, str]:
        """A short hash of the content by name, of bundles and single files."""
        files = {str(path.relative_to(self.root)): path.read_bytes() for path in self.root.rglob("*") if path.is_file()}
        return {name: hashlib.sha256(data).hexdigest()[:12] for name, data in {**files, **self.bundles}.items()}

    def url(self, name: str) -> str:
        """Returns the address of a bundle or file. Raises KeyError for one that does not exist."""
        where = "/static/b/" if name in self.bundles else "/static/"
        return f"{where}{name}?v={self.versions[name]}"

    def bundle(self, name: str) -> Response:
        """Returns a bundle, compressed where the browser takes it."""
        if name not in self.bundles:
            return Response("no such bundle", 404, mimetype="text/plain")
        small = request.accept_encodings.quality("gzip") > 0
        response = Response(self.packed[name] if small else self.bundles[name], mimetype="text/css")
        response.headers["Vary"] = "Accept-Encoding"
        if small:
            response.headers["Content-Encoding"] = "gzip"
        return response


def bind(app: Flask) -> Assets:
    """Registers the bundles' address and the caching rule of static files; returns the assets."""
    assets = Assets(Path(app.static_folder or ""))
    app.add_url_rule("/static/b/<name>", "bundle", assets.bundle)

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint in ("static", "bundle") and response.status_code in (200, 304):
            named = request.args.get("v") is not None
            response.headers["Cache-Control"] = FOR_EVER if named else "public, max-age=300"
        return response

    return assets
