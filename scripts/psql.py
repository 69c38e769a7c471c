"""A `psql` prompt on the database that the settings name, or on the embedded one. `ROLE=app` shows what row
security leaves; the default is the owner, who sees all. Further arguments go to psql."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from sqlalchemy import make_url

from doorstep.app import create_app
from doorstep.backends.database import place
from doorstep.backends.database.embedded import EmbeddedError
from doorstep.core.settings import SettingsError


def main() -> int:
    try:
        settings = create_app().extensions["doorstep.settings"]
        program = shutil.which("psql") or place.bundled_programs() / "psql"
    except (EmbeddedError, SettingsError) as error:
        sys.exit(str(error))
    chosen = settings.database_url if os.environ.get("ROLE") == "app" else settings.database_owner_url
    url = make_url(chosen or settings.database_url).set(drivername="postgresql")
    # Not exec: this process holds the embedded server for as long as the prompt is open.
    return subprocess.run([program, url.render_as_string(hide_password=False), *sys.argv[1:]]).returncode


if __name__ == "__main__":
    sys.exit(main())
