"""Plain files only: a pipe or a device could keep a reader waiting for ever, and a writer too."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from govservice.errors import RecordError, Words

__all__ = ["NotPlain", "distinct_names", "file_digest", "put_file", "read_plain", "system_says", "unwritable", "write_plain"]

_OVER: Final = Words("name another file, or let it be written over: force=True", "请换一个文件名，或用 force=True 允许覆盖")


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


def put_file(path: Path, content: bytes, *, over: bool, hint: Words = _OVER) -> None:
    """Write it for whoever asked. Raises RecordError where it is there already and may not be written over, or cannot be written."""
    try:
        write_plain(path, content, over=over)
    except FileExistsError:
        raise RecordError(Words("the file is there already", "文件已存在"), hint=hint, file=str(path)) from None
    except (OSError, ValueError) as error:
        raise unwritable(path, error) from None


def unwritable(path: Path, error: Exception) -> RecordError:
    """What is said of a file or folder that the system does not let be written."""
    return RecordError(Words("the file cannot be written", "文件无法写入"), why=system_says(error), file=str(path))


def file_digest(path: Path) -> str:
    """The SHA-256 of a file, however long it is. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def distinct_names(wanted: Iterable[str], *, separator: str) -> Iterator[str]:
    """A name of its own for each that is wanted, in order; one that is taken gets a number behind.

    >>> list(distinct_names(["a", "A", "a~2", "b"], separator="~"))
    ['a', 'A~2', 'a~2~2', 'b']
    """
    taken: set[str] = set()
    for plain in wanted:
        name, number = plain, 1
        while name.casefold() in taken:  # some file systems do not tell capitals apart
            number += 1
            name = f"{plain}{separator}{number}"
        taken.add(name.casefold())
        yield name


_IN_CHINESE: Final[Mapping[str, str]] = {
    "ENOENT": "没有这个文件或文件夹", "EACCES": "没有权限", "EPERM": "系统不允许", "EEXIST": "已经存在", "EISDIR": "这是一个文件夹",
    "ENOTDIR": "路径当中有一段不是文件夹", "ENOTEMPTY": "文件夹不是空的", "ENOSPC": "磁盘已满", "EDQUOT": "超过了磁盘配额",
    "EFBIG": "文件太大",
    "EROFS": "文件系统只能读", "EBUSY": "正被占用", "ELOOP": "链接绕成了一圈", "ENAMETOOLONG": "名称太长", "EMFILE": "打开的文件太多",
    "ENFILE": "系统打开的文件太多", "EIO": "磁盘读写出错", "ENXIO": "没有这个设备", "EINVAL": "名称或参数不对", "EXDEV": "不在同一个磁盘上",
    "ENOMEM": "内存不够", "ESTALE": "网络文件夹已经断开", "ETXTBSY": "文件正在运行", "EPIPE": "读的一方已经关闭",
}  # fmt: skip


def system_says(error: Exception) -> Words:
    """What the system says of a file, in both languages; where we have no Chinese for it, its own words.

    >>> system_says(FileNotFoundError(2, "No such file or directory"))
    Words(en='No such file or directory', zh='没有这个文件或文件夹')
    """
    if isinstance(error, NotPlain):
        return Words("not a plain file", "不是普通文件")
    said = getattr(error, "strerror", None) or str(error)
    return Words(said, _IN_CHINESE.get(errno.errorcode.get(getattr(error, "errno", None) or 0, ""), f"系统的原话是 {said}"))
