"""The main job as a stream: cases of any number in, their types and due days out, part by part, in bounded memory; a restart goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from govservice.calendars import WorkCalendar, china
from govservice.doors import CALENDAR, DATE, PATH, TEXT, TOLD, optional, takes
from govservice.errors import RecordError, Words
from govservice.packages import missing
from govservice.records import Progress
from govservice.records.addresses import RECORDS, as_address
from govservice.records.files import Source
from govservice.records.stored import StoredTable
from govservice.records.vocabulary import Vocabulary, vocabulary
from govservice.rules.rulebook import AnyBook, Rulebook, book_of
from govservice.run.stored_tables import open_for_results
from govservice.run.stream_asked import StreamAsked, asked_of
from govservice.run.stream_block import CourseNames, Worked, by_columns, by_rows, framed, numbered
from govservice.run.stream_folder import PartFiles
from govservice.run.stream_source import Cases, cases_in_database, cases_of, columns_of, frame_blocks, items_of, raw_blocks, rows_in
from govservice.run.stream_tables import PREFIX, PartTables
from govservice.run.whole_folder import held

__all__ = ["FORMS", "Streamed", "stream"]

Form: TypeAlias = Literal["parquet", "csv"]
FORMS: Final[tuple[Form, ...]] = ("parquet", "csv")
ROWS: Final = 250_000


@dataclass(frozen=True, slots=True)
class Streamed:
    """What a stream came to: rows in are rows out and rows set aside.

    `went_on` counts the parts that an earlier run had done, `made` the rows of those that this one did; `folder` is None where they
    are in a database.
    """

    folder: Path | None
    parts: int
    rows: int
    out: int
    set_aside: int
    went_on: int
    made: int
    items_set_aside: int


@takes(
    RecordError, records=RECORDS, mapping=optional(PATH), out=RECORDS, on=optional(DATE), start=optional(TEXT), limit=optional(TEXT),
    calendar=optional(CALENDAR), form=TEXT, progress=optional(TOLD),
)  # fmt: skip
def stream(
    book: AnyBook,
    records: str | Path,
    out: str | Path,
    *,
    on: date | str | None = None,
    start: str | None = None,
    limit: str | None = None,
    calendar: WorkCalendar | None = None,
    form: Form = "parquet",
    rows: int = ROWS,
    mapping: str | Path | None = None,
    progress: Progress | None = None,
) -> Streamed:
    """Classify cases and say when each is due, into parts of at most `rows` rows: `case`, `case_type`, `rule`, `state`, `due_on`.

    `records` is a file of cases, a folder with `cases.*` or the folder `cases` of parts, and `items.*`, or a folder of parts: Parquet, CSV,
    JSON Lines or JSON. Columns are facts by id or label; a case has the facts of its item beneath its own. Other tables, a mapping, and
    pauses within a case are refused, for they might move a due day. Only what classifying and dating read is read: a wrong cell elsewhere
    goes unnoticed, and so do two cases of one number.
    Or it is a database, `postgresql://user@host/name` or `mysql://..`: the tables and queries that `mapping` names and no others, or
    without one its tables `cases` and `items`. It is seen as it was when the call began; to go on is refused where any row is another.
    `on` is the day that dated rules are held against, else the day of receipt of each case. A case is due when the clock `promised` ends;
    or, with `start` and `limit`, when a limit from a column does (`limit`: a column of limits or of working days, or 20个工作日 for all).
    A row that cannot be judged stands in `set_aside-*`, with its line and the reason.

    A part is written aside and renamed, and `stream.json` says which are done. Killed at any moment, the same call goes on behind the last
    one and ends with the same bytes; with another book, calendar, question or input it is refused in that folder. `form` "csv" needs no
    package and asks the interpreter for each row: the same rows, slowly.
    `out` may be a database too: the parts are rows of stream_cases and stream_set_aside there, each put in whole; stream_parts lists
    those that are done, and the same call goes on behind the last one.
    Raises RecordError, DecisionError, MissingPackage for Parquet without polars.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     cases = Path(folder) / "cases.csv"
    ...     text = "办件编号,收件日,材料补齐日,中心认定急办,审批部门数,承诺工作日数\\nC1,2026-02-13,2026-02-13,是,1,5\\n"
    ...     _ = cases.write_text(text, encoding="utf-8")
    ...     done = stream("kunshan", cases, Path(folder) / "out", form="csv")
    ...     print((Path(folder) / "out" / "cases-000001.csv").read_text(encoding="utf-8-sig").splitlines()[1])
    C1,urgent,urgent,settled,2026-02-27
    >>> done.rows, done.out, done.set_aside
    (1, 1, 0)
    """
    book, url = book_of(book), as_address(records)
    _check(form, rows)
    words = vocabulary(book.contents)
    files = Path(records) if url is None else None
    if url is None and mapping is not None:
        raise RecordError(
            Words("a stream takes a mapping for a database alone", "流式运行只对数据库用映射文件"),
            hint=Words("run without --stream", "请不加 --stream 运行"),
        )
    cases = cases_of(files, words) if files is not None else cases_in_database(str(url), book.contents, words, mapping)
    items, lost = items_of(cases, words)
    days = china() if calendar is None else calendar
    course = CourseNames(words, book.contents)
    asked = asked_of(
        book,
        words["cases"],
        on=_day(book, on),
        calendar=days,
        items=items,
        start=start,
        limit=limit,
        columns=_columns(cases, words, course),
    )
    key = _key(cases, files, asked, (start, limit), form, rows)
    with _parts(out, key, form, files) as parts:
        went_on, before = len(parts.done), sum(part["rows"] for part in parts.done)
        work = _Stream(cases, asked, course, form, rows, parts, progress)
        work.run()
        parts.finish({"items_set_aside": lost})
    total = {name: sum(part[name] for part in parts.done) for name in ("rows", "out", "set_aside")}
    folder = parts.folder if isinstance(parts, PartFiles) else None
    return Streamed(folder, len(parts.done), total["rows"], total["out"], total["set_aside"], went_on, total["rows"] - before, lost)


@contextmanager
def _parts(out: str | Path, key: Mapping[str, Any], form: str, files: Path | None) -> Iterator[PartFiles | PartTables]:
    """Where the parts go, held by this run alone."""
    url = as_address(out)
    if url is not None:
        with open_for_results(url, PREFIX) as server:
            yield PartTables(server, key)
        return
    parts = PartFiles(Path(out), key, form, files)
    with held(parts.folder):
        yield parts


def _check(form: str, rows: int) -> None:
    if form not in FORMS:
        raise RecordError(Words(f"the form is parquet or csv, not {form!r}", f"格式为 parquet 或 csv，不能是“{form}”"), id="form")
    if isinstance(rows, bool) or not isinstance(rows, int) or rows < 1:
        raise RecordError(Words("a part has at least one row", "每部分至少一行"), id="rows")
    if form == "parquet" and not all(find_spec(name) for name in ("polars", "pyarrow")):
        csv = Words("--stream csv, which asks the interpreter", "用 --stream csv 逐行计算")
        needing = Words("a stream of Parquet needs polars and pyarrow", "流式写 Parquet 需要 polars 和 pyarrow")
        raise missing(needing, "frames", otherwise=csv)


def _day(book: Rulebook, on: date | str | None) -> date | None:
    return None if on is None else book.day(on)


def _columns(cases: Cases, words: Mapping[str, Vocabulary], course: CourseNames) -> frozenset[str] | None:
    """The facts that the files of cases hold, where each names its columns in one place. Raises RecordError for two columns of one fact,
    for a course within the cases, or what may be meant for one.
    """
    known: set[str] = set()
    for source in cases.sources:
        columns = columns_of(source)
        if columns is None:
            return None
        facts = [fact for name in columns if (fact := words["cases"].fact(name)) is not None]
        twice = next((fact for fact in facts if facts.count(fact) > 1), None)
        if twice is not None:
            raise RecordError(
                Words(f"two columns hold {twice}", f"有两列都是 {twice}"), hint=Words("leave one", "请只留一列"), file=source.name, id=twice
            )
        told = next((name for name in columns if name in course or course.like(name)), None)
        if told is not None:
            leave = Words(
                "" if told in course else ", or leave it out where it tells of none",
                "" if told in course else "；确实没有中止、延长的，去掉这一列",
            )
            raise RecordError(
                Words(f"a stream reads no {told} within cases", f"流式运行不读办件里的“{told}”"),
                hint=Words(f"run without --stream{leave.en}", f"请不加 --stream 运行{leave.zh}"),
                file=source.name,
                id=told,
            )
        known.update(facts)
    return frozenset(known)


def _key(
    cases: Cases, records: Path | None, asked: StreamAsked, counted: tuple[str | None, str | None], form: str, rows: int
) -> dict[str, Any]:
    """What is streamed: whatever of this is another gives other parts."""
    from govservice import __version__

    book, days = asked.book, asked.calendar
    inside = records if records is None or records.is_dir() else records.parent
    packages = {name: version(name) for name in ("polars", "pyarrow")} if form == "parquet" else {}
    return {
        "rulebook": book.id, "book": book.digest, "calendar": days.digest, "strict": days.strict,
        "on": None if asked.on is None else asked.on.isoformat(), "start": counted[0], "limit": counted[1], "form": form, "rows": rows,
        "records": cases.contents(inside),
        "govservice": __version__, "packages": packages,
    }  # fmt: skip


@dataclass
class _Stream:
    cases: Cases
    asked: StreamAsked
    course: CourseNames
    form: str
    size: int
    parts: PartFiles | PartTables
    progress: Progress | None

    def run(self) -> None:
        """Work through what is not done yet."""
        sizes = [rows_in(source) for source in self.cases.sources]
        total = None if None in sizes else sum(size or 0 for size in sizes)
        done = sum(part["rows"] for part in self.parts.done)
        self._tell(done, total)
        for source in self.cases.sources:
            name = source.name
            first = sum(part["rows"] for part in self.parts.done if part["file"] == name)
            for worked, rows in self._worked(source, first):
                self.parts.add(worked, name, first, rows)
                first, done = first + rows, done + rows
                self._tell(done, total)

    def _worked(self, source: Source | StoredTable, first: int) -> Iterator[tuple[Worked, int]]:
        if self.form == "parquet" and isinstance(source, Source) and source.format == "parquet":
            columns = [name for name in columns_of(source) or () if self.asked.words.fact(name) in self.asked.reads]
            at = first
            for frame in frame_blocks(source, first, self.size, columns):
                yield by_columns(numbered(frame, at, self.asked.words), self.asked), frame.height
                at += frame.height
            return
        for rows in raw_blocks(source, first, self.size):
            if self.form == "csv":
                yield by_rows(rows, self.asked, self.course), len(rows)
            else:
                read, broken = framed(rows, self.asked, self.course)
                yield by_columns(read, self.asked, broken), len(rows)

    def _tell(self, done: int, total: int | None) -> None:
        if self.progress is not None:
            self.progress("cases", done, total)
