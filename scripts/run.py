"""The second half of `make run`: what comes after the packages are there. See `serving.py`."""

from __future__ import annotations

import signal
import sys
from importlib import import_module


def main() -> None:
    # Before the product is read in, which takes a second: who changes their mind gets a word and no traceback.
    signal.signal(signal.SIGINT, lambda *_: sys.exit("Stopped."))
    import_module("serving").main()


if __name__ == "__main__":
    main()
