"""Plain files only: a pipe or a device could keep a reader waiting for ever, and a writer too."""

from __future__ import annotations

import os
import stat
from pathlib import Path

__all__ = ["NotPlain", "read_plain", "write_plain"]


class NotPlain(OSError):
    """It is there, and is no plain file: a folder, a pipe, a device."""


def read_plain(path: Path, most: int) -> bytes:
    """The bytes of a plain file, no more than `most` and one. Raises NotPlain, OSError, ValueError (a path that none can be)."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise NotPlain(f"{path.name} is no plain file")
        return file.read(most + 1)


def write_plain(path: Path, content: bytes, *, over: bool) -> None:
    """Write a plain file, a new one unless it may be written `over`. Raises FileExistsError, NotPlain, OSError."""
    if path.exists() and not path.is_file():
        raise NotPlain(f"{path.name} is no plain file")
    how = os.O_TRUNC if over else os.O_EXCL
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | how | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0), 0o666)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
