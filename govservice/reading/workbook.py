"""A workbook (.xlsx) or CSV file as sheets of rows of plain cells: bounded before it is unpacked, errors and merged cells told."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeAlias
from xml.parsers import expat

from govservice import plain_csv
from govservice.errors import NOTHING, RecordError, Words
from govservice.packages import missing
from govservice.plain_files import read_plain, system_says
from govservice.reading.common import shown

__all__ = ["Bounds", "CellError", "CellValue", "WorkbookSheet", "cell_name", "read_csv_sheet", "read_workbook"]


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell that has no value: an error of the spreadsheet (`#DIV/0!`), or a formula that was never worked out (`=`)."""

    text: str


CellValue: TypeAlias = bool | int | Decimal | str | date | datetime | time | CellError | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a file is read: its bytes, the bytes that it unpacks to, its sheets, and the cells of each sheet's used area."""

    bytes: int = 10_000_000
    unpacked: int = 100_000_000
    sheets: int = 1_000
    cells: int = 1_000_000


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """One sheet: its rows from the first row and column on, all of one width; `merged` are areas such as `B4:C5`.

    `formatted` holds, by row and column from 1, what a cell's number format says beyond its value: `0012` for 12 shown with four digits,
    midnight for a day shown with its time.
    """

    name: str
    rows: tuple[tuple[CellValue, ...], ...]
    hidden: bool = False
    merged: tuple[str, ...] = ()
    formatted: Mapping[tuple[int, int], str | datetime] = field(default_factory=dict)


_BOUNDS: Final = Bounds()
_CHUNK: Final = 1 << 18
_MOST_ENTRIES: Final = 10_000
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_WHOLE: Final = re.compile(r"[0-9]{1,15}")
_LEADING_ZEROS: Final = re.compile(r"0{2,15}")
_OF_NO_CLOCK: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')  # within a number format: texts, marked signs, colours and conditions
_WITH_A_CLOCK: Final = frozenset((*range(18, 23), *range(45, 48)))  # the formats that have a number and no text
_SAVE_AS_XLSX: Final = Words("open it in WPS or Excel and save it as .xlsx", "请用 WPS 或 Excel 打开，另存为 .xlsx")


def cell_name(row: int, column: int) -> str:
    """A cell as spreadsheets call it, its row and column counted from 1.

    >>> cell_name(7, 3), cell_name(1, 28)
    ('C7', 'AB1')
    """
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row}"


def read_workbook(path: Path, bounds: Bounds = _BOUNDS) -> tuple[WorkbookSheet, ...]:
    """The sheets of a workbook in order. An empty cell is None; a number is what the spreadsheet shows of it, to fifteen digits (3.0 is 3);
    a formula is the value that was saved with it; what lies behind the last value of a sheet is not there.

    Of a file that is too large nothing is unpacked further than that. Raises RecordError for it, and for a file that is no .xlsx whatever
    its name; MissingPackage without python-calamine.
    """
    package = _calamine()
    content = _content(path, bounds.bytes)
    try:
        reading = _Package(path.name, content, bounds)
        sheets = reading.sheets()
        opened = package.load_workbook(io.BytesIO(reading.repacked()))
        return tuple(_sheet(opened, name, hidden, scan) for name, hidden, scan in sheets)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, expat.ExpatError, UnicodeError) as error:
        raise _damaged(path.name, str(error)) from None
    except package.CalamineError as error:
        raise _damaged(path.name, str(error)) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what a crash of the reader's own is called
            raise
        raise _damaged(path.name, str(error)) from None


def read_csv_sheet(path: Path, bounds: Bounds = _BOUNDS) -> WorkbookSheet:
    """A CSV file as one sheet of texts, named as the file; in UTF-8, with or without a mark, or in GB18030; tabs may part the cells too.

    Raises RecordError, with the line, for another encoding, a spreadsheet under that name, a quote that is never closed.
    """
    text = _decoded(path.name, _content(path, bounds.bytes))
    first = text.partition("\n")[0]
    delimiter = "\t" if "\t" in first and "," not in first else ","
    rows: list[tuple[CellValue, ...]] = []
    width = 0
    lines = plain_csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in lines:
            cells = tuple(cell if cell.strip() else None for cell in row)
            width = max(width, len(cells))
            rows.append(cells)
            if width * len(rows) > bounds.cells:
                raise _too_large(path.name, Words(f"more than {bounds.cells:,} cells", f"超过 {bounds.cells:,} 个单元格"))
    except plain_csv.Error as error:
        said = Words(f"the line cannot be read: {error}", f"这一行无法读取：{error}")
        raise RecordError(said, hint=Words("a quote is closed", "引号要成对"), file=path.name, line=lines.line_num) from None
    return WorkbookSheet(path.stem, _squared(rows, width))


def _squared(rows: list[tuple[CellValue, ...]], width: int) -> tuple[tuple[CellValue, ...], ...]:
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    return tuple((*row, *(None,) * (width - len(row))) for row in rows)


def _decoded(name: str, content: bytes) -> str:
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        what = Words("this is a spreadsheet under the name of a text file", "这是电子表格，只是文件名写成了 .csv")
        raise RecordError(what, hint=Words("name it .xlsx, or save it as CSV", "请把文件名改为 .xlsx，或另存为 CSV"), file=name)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RecordError(Words("the text is UTF-16", "文字是 UTF-16 编码"), hint=_SAVE_AS_UTF8, file=name)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            line = text.count("\n", 0, text.index("\0")) + 1
            raise RecordError(Words("a NUL byte", "含有空字节"), file=name, line=line)
        return text.lstrip("\ufeff")
    raise RecordError(Words("the text is neither UTF-8 nor GB18030", "文字既不是 UTF-8 也不是 GB18030 编码"), hint=_SAVE_AS_UTF8, file=name)


_SAVE_AS_UTF8: Final = Words("save it as UTF-8", "请另存为 UTF-8")


def _calamine() -> Any:
    try:
        import python_calamine as package
    except ImportError:
        raise missing(Words("workbooks are read with python-calamine", "读工作簿需要 python-calamine"), "sheets") from None
    return package


def _content(path: Path, most: int) -> bytes:
    try:
        content = read_plain(path, most)
    except (OSError, ValueError) as error:
        raise RecordError(Words("the file cannot be read", "文件无法读取"), why=system_says(error), file=path.name) from None
    if len(content) > most:
        raise _too_large(path.name, Words(f"a file of more than {most:,} bytes", f"文件超过 {most:,} 字节"))
    return content


def _too_large(name: str, what: Words, hint: Words = NOTHING) -> RecordError:
    return RecordError(what, hint=hint, file=name)


def _damaged(name: str, said: str) -> RecordError:
    return RecordError(Words("the workbook is damaged", "工作簿已损坏"), why=Words(shown(said), shown(said)), hint=_SAVE_AS_XLSX, file=name)


def _no_workbook(name: str, what: Words) -> RecordError:
    return RecordError(what, hint=_SAVE_AS_XLSX, file=name)


@dataclass(slots=True)
class _Scan:
    """What calamine does not tell of a sheet: cells without a value, merged areas, how far the values reach."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    formatted: dict[tuple[int, int], str] = field(default_factory=dict)  # its digits; "" where it has a clock
    merged: list[str] = field(default_factory=list)
    last_row: int = 0
    last_column: int = 0


class _Package:
    """The parts of a workbook, each unpacked once and within bounds; only what was looked at here is handed on."""

    def __init__(self, name: str, content: bytes, bounds: Bounds) -> None:
        self.name = name
        self.bounds = bounds
        self.left = bounds.unpacked
        self.parts: dict[str, bytes] = {}
        if content.startswith(b"\xd0\xcf\x11\xe0"):
            what = Words(
                "this is an .xls of old, or protected by a password, whatever its name", "这是旧的 .xls，或者设了密码，与文件名不符"
            )
            raise _no_workbook(name, what)
        if not content.startswith(b"PK\x03\x04"):
            raise _no_workbook(name, Words("this is no workbook, whatever its name", "这不是工作簿，与文件名不符"))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self._unpack(archive)
        if "xl/workbook.xml" not in self.parts:
            raise _no_workbook(name, Words("this is no .xlsx workbook", "这不是 .xlsx 工作簿"))

    def _unpack(self, archive: zipfile.ZipFile) -> None:
        entries = archive.infolist()
        if len(entries) > _MOST_ENTRIES:
            raise self._beyond()
        for entry in entries:
            known = entry.filename == "[Content_Types].xml" or entry.filename.startswith(("xl/", "_rels/"))
            if not known or not entry.filename.endswith((".xml", ".rels")) or entry.filename in self.parts:
                continue
            with archive.open(entry) as stream:
                self.parts[entry.filename] = b"".join(self._within(stream))

    def _within(self, stream: Any) -> Iterator[bytes]:
        while chunk := stream.read(_CHUNK):
            self.left -= len(chunk)
            if self.left < 0:
                raise self._beyond()
            yield chunk

    def _beyond(self) -> RecordError:
        most = self.bounds.unpacked
        return _too_large(self.name, Words(f"it unpacks to more than {most:,} bytes", f"展开后超过 {most:,} 字节"))

    def repacked(self) -> bytes:
        """The parts alone, as they were looked at."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            for part, content in self.parts.items():
                archive.writestr(zipfile.ZipInfo(part), content)
        return packed.getvalue()

    def sheets(self) -> list[tuple[str, bool, _Scan]]:
        """The name of each sheet in order, whether it is hidden, and what was found in it."""
        targets: dict[str, str] = {}

        def relation(tag: str, has: dict[str, str]) -> None:
            if tag == "Relationship":
                targets[has.get("Id", "")] = _part(has.get("Target", ""))

        listed: list[tuple[str, bool, str]] = []

        def sheet(tag: str, has: dict[str, str]) -> None:
            if tag == "sheet":
                listed.append((has.get("name", ""), has.get("state", "visible") != "visible", has.get("id", "")))

        self.styles = self._styles()
        self._walk("xl/_rels/workbook.xml.rels", relation)
        self._walk("xl/workbook.xml", sheet)
        if len(listed) > self.bounds.sheets:
            raise _too_large(self.name, Words(f"more than {self.bounds.sheets:,} sheets", f"超过 {self.bounds.sheets:,} 张工作表"))
        return [(name, hidden, self._scanned(name, targets.get(id, ""))) for name, hidden, id in listed]

    def _styles(self) -> Mapping[str, int]:
        """The styles of cells that say more than the value: how many digits a number is shown with, 0 for a day with its time."""
        codes: dict[str, str] = {}
        styles: dict[str, int] = {}
        numbered = within = 0

        def begin(tag: str, has: dict[str, str]) -> None:
            nonlocal numbered, within
            if tag == "numFmt":
                codes[has.get("numFmtId", "")] = has.get("formatCode", "")
            elif tag == "cellXfs":
                within = 1
            elif tag == "xf" and within:
                id = has.get("numFmtId", "0")
                code = _OF_NO_CLOCK.sub("", codes.get(id, "")).lower()
                if _LEADING_ZEROS.fullmatch(code):
                    styles[str(numbered)] = len(code)
                elif "h" in code or (id not in codes and id.isdecimal() and int(id) in _WITH_A_CLOCK):
                    styles[str(numbered)] = 0
                numbered += 1

        def end(tag: str) -> None:
            nonlocal within
            within = 0 if tag == "cellXfs" else within

        self._walk("xl/styles.xml", begin, end, lambda _: None)
        return styles

    def _walk(self, part: str, start: Any, end: Any = None, text: Any = None) -> None:
        parser = expat.ParserCreate()

        def no_type(*_: object) -> None:
            raise _no_workbook(self.name, Words("a document type is not read", "不接受文档类型声明"))

        def begun(tag: str, has: dict[str, str]) -> None:
            start(_local(tag), {_local(key): value for key, value in has.items()})

        parser.StartDoctypeDeclHandler = no_type
        parser.StartElementHandler = begun
        if end is not None:
            parser.EndElementHandler = lambda tag: end(_local(tag))
            parser.CharacterDataHandler = text
        parser.Parse(self.parts.get(part, b"<none/>"), True)

    def _scanned(self, name: str, part: str) -> _Scan:
        walk = _SheetWalk(self.name, name, self.styles)
        if part.startswith("xl/worksheets/"):
            self._walk(part, walk.begin, walk.end, walk.text)
        scan = walk.scan
        area = scan.last_row * scan.last_column
        if area > self.bounds.cells:
            last = cell_name(scan.last_row, scan.last_column)
            what = Words(
                f"the sheet {name} has values as far as {last}: an area of more than {self.bounds.cells:,} cells",
                f"工作表“{name}”的内容一直到 {last}，超过 {self.bounds.cells:,} 个单元格",
            )
            raise _too_large(self.name, what, Words("delete what lies astray", "请删去散落在远处的内容"))
        return scan


class _SheetWalk:
    """One walk through a sheet's cells."""

    def __init__(self, file: str, sheet: str, styles: Mapping[str, int]) -> None:
        self.file = file
        self.sheet = sheet
        self.styles = styles
        self.scan = _Scan()
        self.row = self.column = 0
        self.kind = self.style = ""
        self.formula = self.valued = self.within = False
        self.said: list[str] = []

    def begin(self, tag: str, has: dict[str, str]) -> None:
        match tag:
            case "row":
                self.row = int(has["r"]) if has.get("r", "").isdecimal() else self.row + 1
                self.column = 0
            case "c":
                self._cell(has)
            case "f":
                self.formula = True
            case "v" | "is":
                self.valued = self.within = True
                self.said = []
            case "mergeCell":
                self.scan.merged.append(has.get("ref", ""))

    def _cell(self, has: dict[str, str]) -> None:
        place = _REFERENCE.fullmatch(has.get("r", ""))
        if place is not None:
            self.row, self.column = int(place[2]), _column(place[1])
        else:
            self.column += 1
        if (place is None and "r" in has) or not (0 < self.row <= _MOST_ROWS and self.column <= _MOST_COLUMNS):
            raise _no_workbook(self.file, Words(f"the sheet {self.sheet} has no such cell", f"工作表“{self.sheet}”里没有这样的单元格"))
        self.kind = has.get("t", "")
        self.style = has.get("s", "") if self.kind in ("", "n") else ""
        self.formula = self.valued = False

    def text(self, said: str) -> None:
        if self.within and (self.kind == "e" or self.formula or self.style in self.styles):
            self.said.append(said)

    def end(self, tag: str) -> None:
        if tag in ("v", "is"):
            self.within = False
        elif tag == "c" and (self.valued or self.formula):
            self.scan.last_row = max(self.scan.last_row, self.row)
            self.scan.last_column = max(self.scan.last_column, self.column)
            if self.kind == "e" and self.valued:
                self.scan.errors[self.row, self.column] = "".join(self.said)[:40] or "#"
            elif not self.valued or (self.formula and self.kind != "str" and not "".join(self.said).strip()):
                self.scan.errors[self.row, self.column] = "="
            elif self.style in self.styles and _WHOLE.fullmatch(digits := "".join(self.said).strip()):
                width = self.styles[self.style]
                self.scan.formatted[self.row, self.column] = digits.zfill(width) if width else ""


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _part(target: str) -> str:
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _sheet(opened: Any, name: str, hidden: bool, scan: _Scan) -> WorkbookSheet:
    if name not in opened.sheet_names:  # a chart
        return WorkbookSheet(name, (), hidden)
    rows = [[_cell(value) for value in row] for row in opened.get_sheet_by_name(name).to_python(skip_empty_area=False)]
    width = max(scan.last_column, max(map(len, rows), default=0))
    rows.extend([] for _ in range(scan.last_row - len(rows)))
    for row in rows:
        row.extend([None] * (width - len(row)))
    for (row_number, column), text in scan.errors.items():
        rows[row_number - 1][column - 1] = CellError(text)
    formatted = {place: value for place, text in scan.formatted.items() if (value := _formatted(text, rows, place)) is not None}
    return WorkbookSheet(name, _squared([tuple(row) for row in rows], width), hidden, tuple(scan.merged), formatted)


def _formatted(text: str, rows: list[list[CellValue]], place: tuple[int, int]) -> str | datetime | None:
    if text:
        return text
    day = rows[place[0] - 1][place[1] - 1]
    bare = isinstance(day, date) and not isinstance(day, datetime)
    return datetime(day.year, day.month, day.day) if bare else None  # type: ignore[union-attr]  # noqa: DTZ001 - as the sheet shows it


def _cell(value: Any) -> CellValue:
    match value:
        case str():
            return value if value.strip() else None
        case bool() | date() | time():
            return value
        case int() | float():
            number = Decimal(f"{value:.15g}") if abs(value) < 10**15 else Decimal(repr(value))
            return int(number) if number == number.to_integral_value() else number
        case timedelta():
            seconds = int(value.total_seconds())
            hours, minutes = divmod(seconds // 60, 60)
            return time(hours, minutes, seconds % 60) if 0 <= hours < 24 else f"{hours}:{minutes:02d}:{seconds % 60:02d}"
        case _:
            return None
