"""A folder of exports -> the draft of a mapping file: what each file is, which column is which, and what could not be placed, with why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import Any, Final

import yaml

from govservice.as_json import AsJson
from govservice.doors import LANGUAGE, PATH, takes
from govservice.echo import visible
from govservice.errors import Lang, RecordError, Words
from govservice.frozen import freeze
from govservice.plain_files import system_says
from govservice.records.headings import ACTIVITIES, TIMES, facts_called, plain, step_fact
from govservice.records.mapped import ColumnMapping
from govservice.records.placing import PlacedColumn, place, values_seen
from govservice.records.samples import Sample, cells, samples_of
from govservice.records.vocabulary import Vocabulary, vocabulary
from govservice.rules.book.contents import labelled
from govservice.rules.language.acts import DAY_OF, DAYS_OF_MOMENTS
from govservice.rules.rulebook import AnyBook, book_of

__all__ = ["Draft", "draft_mapping"]

_ROWS: Final = 2_000
_LIMITS: Final = ("promised_limit", "statutory_limit")
_GATHERED: Final = ("materials", "stages")
_ORDERS: Final = frozenset(("seq", "sort", "序号", "排序", "顺序", "orderno"))
_MOST_LISTED: Final = 40
_SHOWN: Final = 8
_A_LOG: Final = 100  # fits better than anything
_ITS_NAME: Final = 50
_CLOCK: Final = re.compile(r"[:：时点]|\d{10}|\d[.]\d+$")  # 16:45, 16时, 20260213093000, epochs, 46066.5 of a spreadsheet


@dataclass(frozen=True, slots=True, repr=False)
class Draft(AsJson):
    """A mapping file as a text that loads as it is; `tables` are those that it maps, by the file of each; `left` what it could not place.

    `unplaced` counts the columns that no fact was found for.
    """

    text: str
    tables: Mapping[str, str]
    left: tuple[Words, ...] = ()
    unplaced: int = 0

    def __post_init__(self) -> None:
        freeze(self)


@takes(RecordError, folder=PATH, lang=LANGUAGE)
def draft_mapping(folder: str | Path, *, book: AnyBook | None = None, rows: int = _ROWS, lang: Lang = "en") -> Draft:
    """Draft a mapping of the files in a folder, from their headings and the cells of at most so many rows of each.

    Columns are known by the ids and labels of the facts of `book` (default: the standard ones) and by what exports commonly call them; a
    column is placed where its cells can be read as its fact, in the notation that fits. Where two fit, or two columns may be one fact, none
    is taken; what is not placed stands in the draft as a comment, with the reason. Nothing is written. Raises RecordError where no file is
    of a kind that is read.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     text = "办件号,收件时间,完工\\nC1,20260213093000,x\\n"
    ...     _ = (Path(folder) / "导出.csv").write_text(text, encoding="utf-8")
    ...     draft = draft_mapping(folder, lang="zh")
    >>> print(draft.text.partition("\\n\\n")[2].rstrip())
    cases:
      file: 导出.csv
      columns:
        case: 办件号
        received_at: {column: 收件时间, format: YYYYMMDDhhmmss}
        received_on: {column: 收件时间, format: YYYYMMDDhhmmss}
        # 完工: 没有这样叫的事实
    """
    contents = book_of(book if book is not None else "standard").contents
    words = dict(vocabulary(contents))
    assessed = {name: one for name, one in vocabulary(contents, assessed=True).items() if name not in words}
    folder = Path(folder)
    try:
        samples = samples_of(folder, words, rows)
    except OSError as error:
        raise RecordError(
            Words("the folder of records cannot be read", "记录文件夹无法读取"), why=system_says(error), file=str(folder)
        ) from None
    if not samples:
        raise RecordError(Words("no file of a kind that is read is in the folder", "文件夹里没有可以读取的文件"), file=str(folder))
    return _Drafting(samples, words, assessed, lang).draft()


@dataclass(slots=True)
class _Table:
    """A file as one table: its columns as facts, and what is said of each column."""

    sample: Sample
    columns: dict[str, ColumnMapping] = field(default_factory=dict)
    said: list[tuple[str, Words]] = field(default_factory=list)
    steps: dict[str, Any] | None = None
    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    unplaced: int = 0


class _Drafting:
    def __init__(self, samples: list[Sample], words: dict[str, Vocabulary], assessed: dict[str, Vocabulary], lang: Lang) -> None:
        self.samples, self.words, self.assessed, self.lang = samples, words, assessed, lang
        self.left: list[Words] = []
        self.tables: dict[str, _Table] = {}

    def draft(self) -> Draft:
        """Each file as the table that it fits best, the best of them first."""
        waiting: list[Sample] = []
        fits: list[tuple[int, str, Sample]] = []
        for sample in self.samples:
            if sample.why is not None:
                self._leave(sample, sample.why)
                continue
            scored = [(self._fit(sample, words), name) for name, words in self.words.items()]
            if sample.rows and self._is_log(sample):
                scored = [(_A_LOG, "cases")]
            score, name = max(scored, key=lambda each: each[0])
            if score:
                fits.append((score, name, sample))
            else:
                waiting.append(sample)
        for _, name, sample in sorted(fits, key=lambda each: -each[0]):
            if name in self.tables:
                other = self.tables[name].sample.name
                en, zh = f"{name} are {other} already", f"{self.words[name].label.zh}已是 {other}"
                self._leave(sample, Words(f"{en}, and a table is one file", f"{zh}，一个表只能是一个文件"))
            else:
                self.tables[name] = self._log(sample) if self._is_log(sample) else self._table(sample, self.words[name])
        for sample in waiting:
            if not self._gather(sample):
                self._leave(sample, self._no_table(sample))
        tables = {name: self.tables[name].sample.file for name in self.words if name in self.tables}
        for sample in self.samples:
            stem = sample.file.partition(".")[0].lower()
            if stem in self.words and stem not in tables:
                en, zh = (
                    f"it is named like {stem}, and would be read as such",
                    f"文件名和{self.words[stem].label.zh}表（{stem}）相同，会当作它来读",
                )
                self._leave(sample, Words(f"{en}: name it otherwise", f"{zh}：请改名"))
        return Draft(self._text(), tables, tuple(self.left), sum(table.unplaced for table in self.tables.values()))

    def _leave(self, sample: Sample, why: Words) -> None:
        self.left.append(Words(f"{sample.name}: {why.en}", f"{sample.name}：{why.zh}"))

    def _no_table(self, sample: Sample) -> Words:
        """What a file is that the draft does not hold: read by its name where windows and staff are assessed, or of no table."""
        stem = sample.file.partition(".")[0].lower()
        words = self.assessed.get(stem)
        if words is None and not sample.rows:
            return Words("it has no rows, by which its columns could be told", "没有一行记录，看不出各列是什么")
        if words is None:
            listed = ", ".join(sample.columns[:_SHOWN])
            return Words(f"no table has these columns: {listed}", f"没有一个表有这些列：{listed}")
        unknown = [column for column in sample.columns if words.fact(column.strip()) is None][:_SHOWN]
        en, zh = (
            (f"; no fact of it is called {', '.join(unknown)}", f"；其中没有这样叫的事实：{'、'.join(unknown)}") if unknown else ("", "")
        )
        return Words(
            f"by its name the table {stem}, which `score`, `grade` and `assess` read without a mapping{en}",
            f"按文件名就是{words.label.zh}表（{stem}），score、grade、assess 直接读，不用写进映射{zh}",
        )

    # -- which table a file is

    def _fit(self, sample: Sample, words: Vocabulary) -> int:
        """How well a file fits a table: its facts that the headings name; 0 where its rows have no name, or one several times."""
        named = {fact for column in sample.columns for fact in facts_called(column, words)}
        ids = [column for column in sample.columns if words.id in facts_called(column, words)]
        if not ids or (len(named) < 2 and len(sample.columns) > 1):
            return 0
        values = cells(sample, ids[0])
        distinct = len({str(value) for value in values})
        if not values or (words.once and distinct < 0.9 * len(values)):
            return 0
        stem = sample.file.partition(".")[0].lower()
        if stem == words.records:  # it is read as such by its name
            return len(named) + _ITS_NAME
        own = plain(sample.file).startswith((plain(words.records), plain(words.label.zh)))
        own = own or plain(words.records.removesuffix("s")) in plain(sample.file) or words.label.zh in sample.file
        needed = {"pauses": {"kind", "from"}, "extensions": {"clock", "limit"}}.get(words.records, set())
        if words.of_a_case and not (named & needed if needed else own):
            return 0
        return len(named) + (3 if own else 0)

    def _is_log(self, sample: Sample) -> bool:
        case, activity, time = self._log_columns(sample)
        if not all((case, activity, time)):
            return False
        values = [str(value) for value in cells(sample, case)]
        return len(set(values)) < 0.9 * len(values)

    def _log_columns(self, sample: Sample) -> tuple[str, str, str]:
        """The columns that say whose, what and when; "" where there is none."""
        words = self.words["cases"]
        cases = [column for column in sample.columns if "case" in facts_called(column, words) or plain(column) == "caseconceptname"]
        activities = [column for column in sample.columns if plain(column) in ACTIVITIES]
        times = [column for column in sample.columns if plain(column) in TIMES]
        case, activity, time = (next(iter(columns), "") for columns in (cases, activities, times))
        return case, activity, time

    # -- which column is which

    def _table(self, sample: Sample, words: Vocabulary, taken: frozenset[str] = frozenset()) -> _Table:
        table = _Table(sample)
        claims: dict[str, list[str]] = {}
        for column in sample.columns:
            if column in taken:
                continue
            facts = facts_called(column, words)
            if len(facts) > 1:
                listed = " / ".join(facts)
                named = "、".join(_called(fact, words).strip() for fact in facts)
                self._say(table, column, Words(f"ambiguous: {listed}", f"有歧义：{named}"))
            elif facts:
                claims.setdefault(facts[0], []).append(column)
            else:
                self._say(table, column, self._nothing(column, sample, words))
        self._tell_days_from_moments(claims, sample, words)
        for fact, columns in claims.items():
            exact = [column for column in columns if words.fact(column.strip()) == fact]
            chosen = exact if len(exact) == 1 else columns
            for column in columns if len(chosen) > 1 else [column for column in columns if column not in chosen]:
                others = ", ".join(other for other in columns if other != column)
                self._say(
                    table,
                    column,
                    Words(f"may be {fact}, and so may {others}", f"可能是{_called(fact, words).rstrip()}，而 {others} 也可能是"),
                )
            if len(chosen) == 1:
                self._place(table, fact, chosen[0], words)
        units = {placed.unit_column for placed in table.columns.values()}
        table.unplaced -= sum(column in units for column, _ in table.said)
        table.said = [(column, why) for column, why in table.said if column not in units]
        return table

    def _tell_days_from_moments(self, claims: dict[str, list[str]], sample: Sample, words: Vocabulary) -> None:
        """Of two columns that may both be a moment, one with clock times and one with days alone, the latter is the day."""
        for day, moment in DAYS_OF_MOMENTS.items():
            columns = claims.get(moment, [])
            days = [column for column in columns if words.fact(column.strip()) != moment and not _has_clock(cells(sample, column))]
            if day in words.types and day not in claims and len(days) == 1 and len(columns) == 2:
                claims[moment] = [column for column in columns if column not in days]
                claims[day] = days

    def _nothing(self, column: str, sample: Sample, words: Vocabulary) -> Words:
        near = words.close_to(column.strip())
        seen = cells(sample, column)
        empty = Words(" (empty in the sample)", "（样本中是空的）") if not seen else Words("", "")
        if near is not None:
            return Words(
                f"no fact is called so; is it {near}?{empty.en}",
                f"没有这样叫的事实；是不是{_called(words.fact(near) or near, words).rstrip()}？{empty.zh}",
            )
        return Words(f"no fact is called so{empty.en}", f"没有这样叫的事实{empty.zh}")

    def _say(self, table: _Table, column: str, why: Words) -> None:
        table.said.append((column, why))
        table.unplaced += 1

    def _place(self, table: _Table, fact: str, column: str, words: Vocabulary) -> None:
        """Place a column as its fact; of a moment and a day that are told by one column, as both."""
        placed = place(fact, column, table.sample.rows, words)
        twin = day if (day := DAY_OF.get(fact)) in words.types else None
        as_day = None if twin is None else place(twin, column, table.sample.rows, words)
        if placed.column is None and as_day is not None:
            placed, as_day = as_day, None
        if fact in _LIMITS:
            placed = self._limit(placed, fact, column, table, words)
        if placed.column is None:
            why = placed.said or Words("it cannot be read", "无法读取")
            kind = words.types[fact]
            if kind.kind in ("choice", "boolean"):
                seen = values_seen(column, table.sample.rows)
                why = Words(f"{why.en}; say values: what each means: {seen}", f"{why.zh}；请用 values 写明各个值：{seen}")
            self._say(table, column, Words(f"may be {placed.fact}: {why.en}", f"可能是{_called(placed.fact, words).rstrip()}：{why.zh}"))
            return
        table.columns[placed.fact] = placed.column
        if as_day is not None and as_day.column is not None and not self._is_named(table, as_day.fact, words):
            table.columns[as_day.fact] = as_day.column
        said = placed.said
        if said is None and words.types[placed.fact].kind == "choice":
            seen = values_seen(column, table.sample.rows)
            said = Words(f"values in the sample: {seen}", f"样本中的值：{seen}")
        if said is not None:
            table.said.append((column, said))

    def _is_named(self, table: _Table, fact: str, words: Vocabulary) -> bool:
        return any(fact in facts_called(column, words) for column in table.sample.columns)

    def _limit(self, placed: PlacedColumn, fact: str, column: str, table: _Table, words: Vocabulary) -> PlacedColumn:
        """A bare amount without a unit: neither kind of day is guessed."""
        if placed.column is not None:
            return placed
        days = place(fact.replace("_limit", "_days"), column, table.sample.rows, words)
        if days.column is None:
            return placed
        why = Words(
            "bare numbers: say unit: workday or natural_day", "只有数，没有单位：请写 unit: workday（工作日）或 natural_day（自然日）"
        )
        return PlacedColumn(fact, None, why)

    # -- logs, and rows that add to another table

    def _log(self, sample: Sample) -> _Table:
        case, activity, time = self._log_columns(sample)
        words = self.words["cases"]
        as_cases = Sample(sample.file, sample.mapping, sample.columns, sample.rows)
        table = self._table(as_cases, words, frozenset((case, activity, time)))
        when = place("received_at", time, sample.rows, words)
        varying = self._varying(sample, case)
        for fact, placed in [*table.columns.items()]:
            if placed.column in varying:
                del table.columns[fact]
                zh = f"可能是{_called(fact, words).rstrip()}，但同一件里各行不同"
                self._say(table, placed.column, Words(f"may be {fact}, but differs within a case", zh))
        first: Counter[str] = Counter()
        seen: set[str] = set()
        for row in sample.rows:
            id = str(row.values.get(case))
            if id not in seen:
                seen.add(id)
                first[str(row.values.get(activity)).strip()] += 1
        counted = Counter(str(value).strip() for value in cells(sample, activity))
        facts: dict[str, dict[str, str]] = {}
        for name in counted:
            made = step_fact(name)
            if made is not None and made not in facts and made not in table.columns:
                facts[made] = {"last" if made == "closed_at" else "first": name}
        begins = first.most_common(1)[0][0] if len(first) == 1 else None
        if begins is not None and "received_at" not in facts and "received_at" not in table.columns:
            facts["received_at"] = {"first": begins}
        for day, moment in DAYS_OF_MOMENTS.items():
            if moment in facts and day in words.types and day not in table.columns:
                facts[day] = facts[moment]
        if when.column is None:
            self._say(table, time, when.said or Words("it cannot be read", "无法读取"))
        table.steps = {"case": case, "activity": activity, "time": when.column or ColumnMapping(time), "facts": facts}
        used = {name for fact in facts.values() for name in fact.values()}
        unused = [(name, count) for name, count in counted.most_common() if name not in used]
        for name, count in unused[:_MOST_LISTED]:
            table.said.append((f"{activity}: {name}", Words(f"{count} rows of the sample; not used", f"样本中 {count} 行；没有用到")))
        if (more := len(unused) - _MOST_LISTED) > 0:
            table.said.append((activity, Words(f"{more} more activities; not used", f"另有 {more} 种；没有用到")))
        return table

    def _varying(self, sample: Sample, case: str) -> set[str]:
        known: dict[tuple[str, str], object] = {}
        varying = set()
        for row in sample.rows:
            for name, value in row.values.items():
                if value not in (None, "") and known.setdefault((str(row.values.get(case)), name), value) != value:
                    varying.add(name)
        return varying

    def _gather(self, sample: Sample) -> bool:
        """Rows that add to the items: their materials, their stages."""
        items = self.tables.get("items")
        words = self.words["items"]
        if items is None:
            return False
        ids = [column for column in sample.columns if words.id in facts_called(column, words)]
        found = False
        for fact in _GATHERED:
            columns = [column for column in sample.columns if fact in facts_called(column, words)]
            if len(ids) == 1 and len(columns) == 1 and fact not in items.columns and fact not in items.rows:
                asked: dict[str, str] = {"file": sample.file, "id": ids[0], "column": columns[0]}
                if sample.mapping.sheet is not None:
                    asked["sheet"] = sample.mapping.sheet
                if sample.mapping.delimiter != ",":
                    asked["delimiter"] = "tab" if sample.mapping.delimiter == "\t" else sample.mapping.delimiter
                order = next((column for column in sample.columns if plain(column) in _ORDERS), None)
                if order is not None:
                    asked["order_by"] = order
                items.rows[fact] = asked
                found = True
        return found

    # -- as a text

    def _text(self) -> str:
        lines = [f"# {self._say_in(_HEAD)}"]
        for left in self.left:
            lines += [f"# {visible(self._say_in(left))}"]
        for name in self.words:
            if name in self.tables:
                lines += ["", *self._lines(name, self.tables[name])]
        if not self.tables:
            lines.append("{}")
        return "\n".join(lines) + "\n"

    def _say_in(self, words: Words) -> str:
        return words.text(self.lang)

    def _lines(self, name: str, table: _Table) -> Iterator[str]:
        mapping = table.sample.mapping
        yield f"{name}:"
        yield f"  file: {_plain(table.sample.file)}"
        if mapping.delimiter != ",":
            yield f"  delimiter: {'tab' if mapping.delimiter == chr(9) else _plain(mapping.delimiter)}"
        if mapping.sheet is not None:
            yield f"  sheet: {_plain(mapping.sheet)}"
        if mapping.header is not None:
            yield f"  header: {mapping.header}"
        if table.steps is not None:
            yield from self._steps(table.steps)
        if table.rows:
            yield "  rows:"
            yield from (f"    {fact}: {_flow(asked)}" for fact, asked in table.rows.items())
        if table.columns:
            yield "  columns:"
        for fact, column in table.columns.items():
            yield f"    {fact}: {_column(column)}"
        for heading, why in table.said:
            yield f"    # {visible(heading)}: {visible(self._say_in(why))}"

    def _steps(self, steps: dict[str, Any]) -> Iterator[str]:
        yield "  steps:"
        yield f"    case: {_plain(steps['case'])}"
        yield f"    activity: {_plain(steps['activity'])}"
        yield f"    time: {_column(steps['time'])}"
        if steps["facts"]:
            yield "    facts:"
        for fact, asked in steps["facts"].items():
            yield f"      {fact}: {_flow(asked)}"


_HEAD: Final = Words(
    "a draft, from headings and some rows: check every line; what is not placed stands as a comment",
    "草稿：根据表头和部分行写成，请逐行核对；没有对应上的列写在注释里",
)


def _column(column: ColumnMapping) -> str:
    told = {"column": column.column, "format": column.format, "unit": column.unit, "unit_column": column.unit_column, "split": column.split,
            "time_zone": column.time_zone}  # fmt: skip
    given = {key: value for key, value in told.items() if value is not None}
    return _plain(column.column) if len(given) == 1 else _flow(given)


def _plain(text: str) -> str:
    return yaml.safe_dump(text, allow_unicode=True, width=10_000).removesuffix("\n").removesuffix("\n...").strip()


def _flow(mapping: Mapping[str, str]) -> str:
    return yaml.safe_dump(dict(mapping), allow_unicode=True, width=10_000, default_flow_style=True, sort_keys=False).strip()


def _called(fact: str, words: Vocabulary) -> str:
    """A fact within a Chinese sentence: by its label, its id in brackets."""
    return labelled(fact, words.label_of(fact))


def _has_clock(values: Sequence[object]) -> bool:
    """Whether any of the cells may tell a time of day, or there is none to say so."""
    return not values or any(
        value.time() != time.min if isinstance(value, datetime) else _CLOCK.search(str(value)) is not None for value in values
    )
