"""The server of the page to try a rulebook: on this machine alone, behind a token made for the occasion."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from govservice.errors import Lang, RecordError, Words
from govservice.packages import missing
from govservice.plain_files import system_says
from govservice.trying.settled import STARTED_WITH, started_with

__all__ = ["LOOPBACK", "PageServer"]

LOOPBACK: Final = "127.0.0.1"
_NEEDS: Final = Words("a page to try a rulebook needs marimo", "试用网页需要 marimo")


class PageServer:
    """A page for one rulebook, not yet running: `address` opens it, and holds the token without which nobody is let in."""

    def __init__(self, book: str, *, port: int | None, lang: Lang, on: date | None, settings: Mapping[str, str]) -> None:
        try:
            import marimo
            import uvicorn
        except ImportError:
            raise missing(_NEEDS, "notebooks") from None
        self._socket = _bound(port)
        token = secrets.token_urlsafe(24)
        os.environ[STARTED_WITH] = started_with(book, lang, on, settings)
        page = Path(__file__).with_name("page.py")
        app = marimo.create_asgi_app(quiet=True, include_code=False, token=token).with_app(path="", root=str(page)).build()
        self._server: Any = uvicorn.Server(uvicorn.Config(app, log_level="error", ws_ping_interval=20, timeout_graceful_shutdown=2))
        self.port = int(self._socket.getsockname()[1])
        self.address = f"http://{LOOPBACK}:{self.port}/?access_token={token}"

    def serve(self) -> None:
        """Serve until interrupted."""
        self._server.run(sockets=[self._socket])


def _bound(port: int | None) -> socket.socket:
    """A socket of this machine alone, on that port or a free one. Raises RecordError where it is taken."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((LOOPBACK, port or 0))
    except (OSError, OverflowError) as error:
        made.close()
        why = system_says(error) if isinstance(error, OSError) else Words("it is beyond 65535", "超过 65535")
        what = Words(f"port {port} cannot be used", f"端口 {port} 不能用")
        raise RecordError(what, why=why, hint=Words("name another with --port, or none", "请用 --port 另写一个，或者不写")) from None
    return made
