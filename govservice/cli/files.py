"""A file that a command was asked to write: a new one, unless it may be written over."""

from __future__ import annotations

from pathlib import Path

from govservice import plain_files
from govservice.errors import Words
from govservice.plain_files import unwritable

__all__ = ["put_file", "unwritable"]


def put_file(path: Path, content: bytes, *, force: bool) -> None:
    """Write it. Raises RecordError where it is there already and may not be written over, or cannot be written."""
    plain_files.put_file(path, content, over=force, hint=Words("add --force to overwrite it", "如要覆盖请加 --force"))
