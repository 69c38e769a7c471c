"""What servers and the `flask` command import."""

from doorstep.app import create_app

app = create_app()
