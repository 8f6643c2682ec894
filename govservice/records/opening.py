"""A file of records, opened with care: plain files only, text decoded strictly, compressed or not, bounded in every direction."""

from __future__ import annotations

import codecs
import gzip
import io
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, cast

from govservice.errors import NOTHING, RecordError, Words
from govservice.plain_files import system_says

__all__ = ["BYTE_ORDER", "MOST_OF_A_LINE", "Survey", "lines", "opened", "plain_file", "survey", "unpacked_at_most", "unpacks_without_end"]

MOST_OF_A_LINE: Final = 8_000_000  # characters; a longer line is no row, and would be held in memory whole
BYTE_ORDER: Final = "\ufeff"  # some exports write the mark more than once, or in GB18030
_CHUNK: Final = 1 << 20
_BOMB_BYTES: Final = 200_000_000  # from here on, what unpacks to more than 200 times its size is an attack
_BOMB_RATIO: Final = 200
_ENCODINGS: Final = ("utf-8", "gb18030")


class Survey(NamedTuple):
    """What one look through a file found: its encoding ("utf-8", "utf-8-sig", "gb18030"), its lines, whether the last has an end."""

    encoding: str
    lines: int
    ended: bool = True


def trouble(file: Path, error: OSError) -> RecordError:
    """What the system said about a file, in our words."""
    return RecordError(Words("the file cannot be read", "文件无法读取"), why=system_says(error), file=file.name)


def plain_file(file: Path) -> None:
    """Raise RecordError unless it is a plain file: no link, folder, pipe or device, which could lead anywhere or never end."""
    try:
        kind = file.lstat().st_mode
    except OSError as error:
        raise trouble(file, error) from None
    _refuse_kind(file, kind)


def _refuse_kind(file: Path, kind: int) -> None:
    if stat.S_ISREG(kind):
        return
    what = (
        Words("a link", "链接")
        if stat.S_ISLNK(kind)
        else Words("a folder", "文件夹")
        if stat.S_ISDIR(kind)
        else Words("a pipe or a device", "管道或设备")
    )
    raise RecordError(
        Words(f"this is {what.en}, not a plain file", f"这是{what.zh}，不是普通文件"),
        hint=Words("put the file itself into the folder", "请把文件本身放进文件夹"),
        file=file.name,
    )


@contextmanager
def opened(file: Path) -> Iterator[BinaryIO]:
    """The bytes of a plain file, unpacked where its name ends in `.gz`. Raises RecordError, also for a damaged archive while reading."""
    plain_file(file)
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(file, flags), "rb") as raw:
            _refuse_kind(file, os.fstat(raw.fileno()).st_mode)  # it may have been exchanged since it was looked at
            if file.name.endswith(".gz"):
                with gzip.GzipFile(fileobj=raw) as unpacked:
                    yield cast("BinaryIO", unpacked)
            else:
                yield raw
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise RecordError(Words("the archive is damaged", "压缩文件已损坏"), why=Words(str(error), str(error)), file=file.name) from None
    except OSError as error:
        raise trouble(file, error) from None


def survey(file: Path) -> Survey:
    """Look through a text file once: its encoding by strict decoding, UTF-8 first, and its lines.

    Raises RecordError for an empty file, a file in neither encoding (with the line), an archive that unpacks without end.
    """
    first_bytes = _first_bytes(file)
    at: dict[str, int] = {}
    for encoding in _ENCODINGS:
        bad_line, count, ended = _decoded(file, encoding)
        if bad_line is None:
            return Survey("utf-8-sig" if encoding == "utf-8" and first_bytes.startswith(codecs.BOM_UTF8) else encoding, count, ended)
        at[encoding] = bad_line
    raise RecordError(
        Words("the text is neither UTF-8 nor GB18030", "文字既不是 UTF-8 也不是 GB18030 编码"),
        why=Words(f"as GB18030 it breaks off in line {at['gb18030']}", f"按 GB18030 读到第 {at['gb18030']} 行为止"),
        hint=Words("save it as UTF-8", "请另存为 UTF-8"),
        file=file.name,
        line=at["utf-8"],
    )


def _first_bytes(file: Path) -> bytes:
    with opened(file) as stream:
        first = stream.read(_CHUNK)
    if not first.replace(codecs.BOM_UTF8, b"").strip() and len(first) < _CHUNK:
        raise RecordError(Words("the file is empty", "文件是空的"), file=file.name, line=1)
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise RecordError(
            Words("the text is UTF-16", "文字是 UTF-16 编码"), hint=Words("save it as UTF-8", "请另存为 UTF-8"), file=file.name, line=1
        )
    if first.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        hint = Words("name it .xlsx: its sheets are read as they are", "请把文件名改为 .xlsx，工作表可以直接读")
        if first.startswith(b"\xd0"):
            hint = Words("open it and save it as .xlsx: its sheets are read as they are", "请打开后另存为 .xlsx，工作表可以直接读")
        raise RecordError(Words("this is a spreadsheet, not a text file", "这是电子表格文件，不是文本"), hint=hint, file=file.name, line=1)
    return first


def unpacked_at_most(file: Path) -> int:
    """How many bytes a file may unpack to."""
    return max(_BOMB_BYTES, file.lstat().st_size * _BOMB_RATIO)


def unpacks_without_end(file: Path) -> RecordError:
    """The file is small, and what it stands for is not."""
    what = Words(f"the archive unpacks to more than {_BOMB_RATIO} times its size", f"压缩文件展开后超过原大小的 {_BOMB_RATIO} 倍")
    return RecordError(what, file=file.name)


def _decoded(file: Path, encoding: str) -> tuple[int | None, int, bool]:
    """The line where the text stops being of that encoding (None: nowhere), how many lines there are, whether the last has an end."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    most = unpacked_at_most(file)
    count, size, last = 0, 0, b""
    with opened(file) as stream:
        for chunk in iter(lambda: stream.read(_CHUNK), b""):
            size += len(chunk)
            if size > most:
                raise unpacks_without_end(file)
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return count + 1 + error.object.count(b"\n", 0, error.start), count, True
            count += chunk.count(b"\n")
            last = chunk[-1:]
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return count + 1, count, True
    return None, count + (last != b"\n"), last in (b"\n", b"\r")


@contextmanager
def lines(file: Path, encoding: str) -> Iterator[Iterator[str]]:
    """The lines of a text file one by one, their ends kept. Raises RecordError for one that is longer than any row."""
    with opened(file) as stream, io.TextIOWrapper(stream, encoding=encoding, newline="") as text:
        yield _bounded(text, file)


def _bounded(text: io.TextIOWrapper, file: Path) -> Iterator[str]:
    number = 0
    try:
        while line := text.readline(MOST_OF_A_LINE + 1):
            number += 1
            line = line.lstrip(BYTE_ORDER)  # files that were put together have one in their middle
            if len(line) > MOST_OF_A_LINE:
                raise RecordError(
                    Words(f"a line of more than {MOST_OF_A_LINE:,} characters", f"一行超过 {MOST_OF_A_LINE:,} 个字符"),
                    hint=Words("a table has one row a line", "表格每行一条记录"),
                    file=file.name,
                    line=number,
                )
            yield line
    except UnicodeDecodeError:
        raise RecordError(
            Words("the file changed while it was read", "读取时文件发生了变化"), why=NOTHING, file=file.name, line=number
        ) from None
