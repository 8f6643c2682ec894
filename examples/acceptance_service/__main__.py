"""`python -m acceptance_service`: the service on one port of this machine; settings are in `settings.py`."""

from __future__ import annotations

import argparse

import uvicorn

from .service import make
from .settings import Settings


def from_environment() -> object:
    """What uvicorn's workers call, each in a process of its own."""
    return make(Settings.of())


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="where it listens; this machine alone unless given")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1, help="processes, one a core; each reads the rulebooks once")
    given = parser.parse_args()
    uvicorn.run(
        "acceptance_service.__main__:from_environment", factory=True, host=given.host, port=given.port, workers=given.workers,
        limit_concurrency=200, timeout_keep_alive=5,
    )  # fmt: skip


if __name__ == "__main__":
    main()
