"""A file that a command was asked to write: a new one, unless it may be written over."""

from __future__ import annotations

from pathlib import Path

from govservice.errors import RecordError, Words
from govservice.plain_files import system_says, write_plain

__all__ = ["put_file", "unwritable"]


def put_file(path: Path, content: bytes, *, force: bool) -> None:
    """Write it. Raises RecordError where it is there already and may not be written over, or cannot be written."""
    try:
        write_plain(path, content, over=force)
    except FileExistsError:
        hint = Words("add --force to overwrite it", "如要覆盖请加 --force")
        raise RecordError(Words("the file is there already", "文件已存在"), hint=hint, file=str(path)) from None
    except (OSError, ValueError) as error:
        raise unwritable(path, error) from None


def unwritable(path: Path, error: Exception) -> RecordError:
    """What is said of a file or folder that the system does not let be written."""
    return RecordError(Words("the file cannot be written", "文件无法写入"), why=system_says(error), file=str(path))
