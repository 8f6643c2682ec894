"""The tables of what happened to a case, within it or beside it -> its history; what may be meant for it and cannot be used is doubted."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar
from unicodedata import normalize

from govservice.clockwork.history import MOVING, Extended, Given, History, Numbered, Paused, fact_of_row
from govservice.counting.asked import When, day_of
from govservice.errors import RecordError, Words, closest, perhaps_meant
from govservice.limits import TimeLimit
from govservice.reading import read_boolean, read_date, read_limit, read_moment, read_text
from govservice.reading.common import is_record, own_facts
from govservice.reading.frames import is_frame, no_mapping, no_rows, rows_of
from govservice.rules.book.contents import Contents
from govservice.rules.book.entries import kind_of_pause
from govservice.rules.language.facts import by_id, unsaid, with_none, written

__all__ = [
    "Aside", "Course", "Doubts", "holds_no_rows", "in_other_words", "may_speak", "meant_table", "read_history",
    "speaks", "unknown_name", "without_rows",
]  # fmt: skip

# facts whose absence says something; other absent ones are open by themselves
_SPEAKING: Final = ("case", "table", "row", "clock", "asked_on", "limit")
_OTHER_WORDS: Final = (
    ("pauses", ("中止", "暂停", "挂起", "停止计时", "停表", "特别程序")),
    ("extensions", ("延期", "延长", "顺延")),
)
_NOTHING: Final = frozenset({"否", "无", "没有", "no", "none", "n", "false", "0", "-", "/"})  # what tells of no pause

Aside: TypeAlias = Callable[[str, int | None, RecordError], None]
"""Takes the table and number of a row that cannot be used, and why; there is no number where it stands within the case."""


class Course(dict[str, Any]):
    """The tables of what happened to one case; `doubted` are those of which a row that may be the case's could not be used, and why.

    `lists` are those that every case looks into. One that tells of nothing may stand for many cases: `comes_to` is then what it comes to.
    """

    def __init__(self, tables: Mapping[str, Any], doubted: Mapping[str, Words], lists: Lists | None = None) -> None:
        super().__init__(tables)
        self.doubted = doubted
        self.lists = lists
        self.comes_to: History | None = None

    @property
    def tells(self) -> bool:
        """Whether anything happened, or may have."""
        return bool(self.doubted) or any(self.values())


if TYPE_CHECKING:
    from govservice.rules.meaning.lists import Lists

_Row = TypeVar("_Row", Paused, Extended)


_NO_ROWS: Final = frozenset((type(None), str, int, float, bool, date, datetime, Decimal, TimeLimit))


def holds_no_rows(facts: Mapping[str, Any]) -> bool:
    """Whether every fact of a row is of a kind that is no table of its own: what most facts are."""
    return _NO_ROWS.issuperset(map(type, facts.values()))


def read_history(case: Mapping[str, Any], records: Mapping[str, Any] | None, contents: Contents, *, aside: Aside | None = None) -> History:
    """The history of a case from tables of records, or from lists within the case itself (`pauses`, `extensions`, `stages`).

    A row belongs to the case whose `case` it names, or to the only one asked about where either says none; where rows of other cases stand
    beside it, it is open whose it is. A table under a name that the book does not have, and a row within a case that names another one,
    leave open what they may have said. Raises RecordError for a row that cannot be read; with `aside`, that takes it and leaves it open.
    """
    alike = isinstance(records, Course) and not records.tells and holds_no_rows(case) and case.keys() <= contents.sight("cases")[0]
    if isinstance(records, Course) and alike and records.comes_to is not None:
        return records.comes_to
    reader = _Reader(case, contents, aside)
    for name, rows in case.items():
        reader.within(name, rows)
    for name, rows in (records or {}).items():
        reader.beside(name, rows)
    for table, why in getattr(records, "doubted", {}).items():
        reader.doubt(table, why)
    history = reader.history()
    if isinstance(records, Course) and alike:
        records.comes_to = history
    return history


class _Reader:
    """Reads the tables of one case."""

    def __init__(self, case: Mapping[str, Any], contents: Contents, aside: Aside | None) -> None:
        self.contents, self.aside = contents, aside
        names = ("case", *(label for label, id in contents.sight("cases")[1].items() if id == "case"))
        self.own = next((number for name in names if (number := _id(case.get(name))) is not None), None)
        self.notes: list[Words] = []
        self.doubted: set[str] = set()
        self.rows: dict[str, list[Given]] = {}
        self.supplied: set[str] = set()

    def doubt(self, table: str, why: Words) -> None:
        self.doubted.add(table)
        self.notes.append(why)

    def within(self, name: str, rows: object) -> None:
        """A key of the case itself: a fact of it, or a list of rows; in sight of a case, a fact (its window) comes first."""
        ids, labels = self.contents.sight("cases")
        if (name in ids or name in labels) and not _is_rows(rows):
            return
        table, exactly = meant_table(name, self.contents)
        if table is not None and exactly:
            self._take(table, rows, self._of_its_own, within=True)
        elif table is not None and speaks(rows):
            self.doubted.add(table)

    def beside(self, name: str, rows: object) -> None:
        """A table of records; one that the book does not have may have been meant for one that it has."""
        table, exactly = meant_table(name, self.contents)
        if table is not None and exactly:
            self._take(table, rows, self._of_this_case, within=False)
        elif not _is_source(name, self.contents) and speaks(rows):
            self.notes.append(unknown_name("table", "表", name, self.contents.tables))
            self.doubted.update({table} if table is not None else ())

    def _take(self, table: str, rows: object, belonging: Callable[[str, list[Given]], Iterator[Given]], *, within: bool) -> None:
        given = []
        for number, row in self._listed(rows, table, within=within):
            labels = self.contents.sight(table)[1]
            try:
                facts = with_none(by_id(row, labels, f"{table}:{number}"), self.contents.words_for_none(table))
            except RecordError as error:
                self._refuse(table, None if within else number, error)
            else:
                doubt = self._misspelt(table, number, facts, [labels.get(key, key) for key in row])
                given.append(Given(number, facts, doubt, within))
        self.rows.setdefault(table, []).extend(belonging(table, given))

    def _refuse(self, table: str, number: int | None, error: RecordError) -> None:
        if self.aside is None:
            raise error
        self.aside(table, number, error)
        self.doubted.add(table)

    def _listed(self, rows: object, table: str, *, within: bool) -> Iterator[Numbered]:
        """The rows of a table, each with its number; what is no list of rows, or no row, is refused."""
        if rows is None or (isinstance(rows, str) and table not in MOVING):
            return
        self.supplied.update(() if unsaid(rows) else (table,))
        if table in MOVING and not speaks(rows):
            return
        if is_frame(rows):
            rows = rows_of(rows)
        if not isinstance(rows, Iterable) or isinstance(rows, Mapping | str):
            self._refuse(table, None, no_rows(table, rows))
            return
        for place, given in enumerate(rows, 1):
            number, row = given if isinstance(given, Numbered) else (place, own_facts(given))
            if isinstance(row, Mapping):
                yield Numbered(number, row)
            else:
                self._refuse(table, None if within else number, no_mapping(table, number, row))

    def _misspelt(self, table: str, number: int, facts: Mapping[str, Any], keys: Iterable[str]) -> frozenset[str]:
        """What the keys that are no fact may have been meant to say."""
        ids, columns = self.contents.sight(table)[0], self.contents.tables[table].columns
        doubt: set[str] = set()
        for key in dict.fromkeys(keys):
            if key in columns or (table not in MOVING and key in ids):
                continue
            told = unknown_name("fact", "事实", key, columns)
            self.notes.append(Words(f"row {number} of {table}: {told.en}", f"{self.contents.rows_in_chinese(table, number)}：{told.zh}"))
            meant = may_speak(key, columns)
            if meant is not None and meant not in facts:
                doubt.add(fact_of_row(table, number, meant))
        return frozenset(doubt)

    # -- whose a row is

    def _of_its_own(self, table: str, given: list[Given]) -> Iterator[Given]:
        """The rows that stand within the case; one that names another case is not used, and leaves open what it was for."""
        for row in given:
            case = _id(row.facts.get("case"))
            if case is None or self.own is None or case == self.own:
                yield row
                continue
            en = f"row {row.number} of {table} stands within case {self.own} and names {case}"
            self.doubt(table, Words(en, f"{self.contents.rows_in_chinese(table, row.number)}写在办件 {self.own} 里，却写明属于 {case}"))

    def _of_this_case(self, table: str, given: list[Given]) -> Iterator[Given]:
        """The rows of a table that are of this case, or may be."""
        named = {case for row in given if (case := _id(row.facts.get("case"))) is not None}
        if self.own is None and len(named) > 1:
            raise RecordError(
                Words(
                    f"{table} has rows of several cases, and the case has no number",
                    f"{self.contents.in_chinese(table).lstrip()}里有多个办件的记录，而此办件没有编号",
                ),
                hint=Words("give the case its `case`", "请给出办件编号"),
                id=table,
            )
        for row in given:
            case = _id(row.facts.get("case"))
            if case is None and self.own is not None and named - {self.own}:
                en = f"row {row.number} of {table} names no case, and other cases have rows there"
                self.notes.append(Words(en, f"{self.contents.rows_in_chinese(table, row.number)}没有写明办件，而该表还有别的办件的记录"))
                yield row._replace(doubt=row.doubt | {fact_of_row(table, row.number, "case")})
            elif case is None or self.own is None or case == self.own:
                yield row
            elif joins(case, self.own):
                en = f"row {row.number} of {table} names case {case}, which may be meant for {self.own}"
                self.doubt(table, Words(en, f"{self.contents.rows_in_chinese(table, row.number)}写的办件 {case} 可能是指 {self.own}"))

    # -- what they come to

    def history(self) -> History:
        pauses = sorted(self._moving("pauses", self._pause), key=lambda pause: (day_of(pause.first), pause.first.isoformat()))
        asked = sorted(self._moving("extensions", _extension), key=_asked_at)
        given = {table: tuple(rows) for table, rows in self.rows.items() if rows}
        other = {table: tuple(row.facts for row in rows) for table, rows in given.items() if table not in MOVING}
        notes = tuple(dict.fromkeys(self.notes))
        return History(tuple(pauses), tuple(asked), other, notes, frozenset(self.doubted), given, frozenset(self.supplied))

    def _pause(self, row: Given) -> Paused:
        pause = _pause(row)
        return pause._replace(kind=kind_of_pause(pause.kind, self.contents.lists))

    def _moving(self, table: str, read: Callable[[Given], _Row]) -> list[_Row]:
        """The rows of pauses or extensions, read; one that is given again counts once."""
        kept: dict[object, _Row] = {}
        used: list[Given] = []
        for given in self.rows.get(table, ()):
            try:
                row = read(given)
            except RecordError as error:
                self._refuse(table, None if given.within else given.number, error)
                continue
            if kept.setdefault(row._replace(number=0), row) is not row:
                en = f"row {row.number} of {table} is given again: counted once"
                self.notes.append(Words(en, f"{self.contents.rows_in_chinese(table, row.number)}重复：只计一次"))
            else:
                used.append(given)
        self.rows[table] = used
        return list(kept.values())


def _asked_at(extension: Extended) -> tuple[bool, date, str]:
    """The order in which extensions were asked; those of which it is not known come last."""
    asked = extension.asked
    return asked is None, day_of(asked) if asked is not None else date.min, asked.isoformat() if asked is not None else ""


def _is_source(name: str, contents: Contents) -> bool:
    """Whether a name is that of a kind of event or of a scheme, whose rows are no table of a case."""
    id = contents.labels.get(name, name)
    return id in contents.events or id in contents.schemes


def meant_table(name: str, contents: Contents) -> tuple[str | None, bool]:
    """The table that goes by a name or label, and whether by exactly this one; else the pauses or extensions that it is most like.

    >>> from govservice import load_rulebook
    >>> contents = load_rulebook("standard").contents
    >>> meant_table("中止", contents), meant_table("pause", contents), meant_table("cars", contents)
    (('pauses', True), ('pauses', False), (None, False))
    >>> meant_table("延期天数", contents)
    ('extensions', False)
    """
    id = name if name in contents.tables else contents.labels.get(name, name)
    if id in contents.tables:
        return id, True
    if _is_source(name, contents):
        return None, False
    close = _closest_table(str(name), tuple((id, table.label or id) for id, table in contents.tables.items()))
    meant = close if close in MOVING else in_other_words(str(name))
    return (meant if meant in contents.tables else None), False


def in_other_words(name: str) -> str | None:
    """The pauses or extensions that a name speaks of by what exports call them; none for any other name.

    >>> in_other_words("暂停天数"), in_other_words("是否延期"), in_other_words("天数")
    ('pauses', 'extensions', None)
    """
    return next((table for table, words in _OTHER_WORDS if any(word in name for word in words)), None)


@lru_cache(maxsize=4096)
def _closest_table(name: str, tables: tuple[tuple[str, str], ...]) -> str | None:
    known = {spelt: id for id, label in tables for spelt in (id, label)}
    return known.get(closest(name, known) or "")


def speaks(value: object) -> bool:
    """Whether a value may tell of a pause or an extension: it is not empty, and does not say that there is none.

    >>> [speaks(value) for value in (None, "无", 0, False, [], {}, "hearing", [{}], 5)]
    [False, False, False, False, False, False, True, True, True]
    """
    if unsaid(value):
        return False
    if isinstance(value, str):
        return value.strip().casefold() not in _NOTHING
    return bool(value) if isinstance(value, int | float | Decimal | list | tuple | Mapping) else True


def may_speak(key: object, columns: Collection[str]) -> str | None:
    """The fact whose absence says something that a key which is no fact may have been meant for: a misspelt limit of an extension.

    >>> may_speak("limt", ["clock", "limit", "by"]), may_speak("bye", ["clock", "limit", "by"])
    ('limit', None)
    """
    meant = closest(str(key), columns)
    return meant if meant in _SPEAKING else None


class Doubts:
    """The rows of pauses and extensions that could not be used, by the cases that they may have been meant for.

    `known` are the numbers of the cases there are: a row that cannot be taken apart and names none of them may be of any.
    """

    def __init__(self, known: Container[str]) -> None:
        self.known = known
        self._of_any: dict[str, Words] = {}
        self._named: dict[str, dict[str, Words]] = {}
        self._like: dict[str, dict[str, Words]] = {}  # by what two spellings of one number have in common

    def __bool__(self) -> bool:
        return bool(self._of_any or self._named or self._like)

    def named(self, table: str, case: str | None, *, surely: bool = True) -> None:
        """A row is set aside that names a case, or none that can be read; `surely` is whether what it names can be relied on."""
        number = _id(case)
        if number is None or (not surely and number not in self.known):
            self.of_any(table, Words(f"a row of {table} that names no case is set aside", f"{table} 中有一行没有写明办件，已搁置"))
        else:
            self._named.setdefault(number, {})[table] = Words(f"rows of {table} are set aside", f"{table} 中有记录被搁置")
            self.like(table, number)

    def like(self, table: str, case: str) -> None:
        """A row names a case; where there is none of that number, it may be there under another spelling."""
        if case in self.known:
            return
        if _id(case) is None:
            self.named(table, None)
            return
        why = Words(f"a row of {table} names case {case}, which may be meant", f"{table} 中有一行写的办件 {case}，可能是指这一件")
        self._like.setdefault(folded_id(case), {})[table] = why

    def of_any(self, table: str, why: Words) -> None:
        """Something that may have been meant for any case."""
        self._of_any.setdefault(table, why)

    def of(self, case: str) -> Mapping[str, Words]:
        """The tables that are doubted for a case, and why."""
        if not self:
            return {}
        return {**(self._like.get(folded_id(case), {}) if self._like else {}), **self._of_any, **self._named.get(case, {})}


def joins(number: str, case: str) -> bool:
    """Whether a number that is not that of a case may be meant for it: alike but for case, width, blanks, dashes and leading zeros.

    >>> joins("c-001", "C1"), joins("Ｃ１", "C1"), joins("C2", "C1")
    (True, True, False)
    """
    return number != case and folded_id(number) == folded_id(case)


@lru_cache(maxsize=65_536)
def folded_id(number: str) -> str:
    """What two spellings of one number have in common.

    >>> folded_id("Ｃ-００１")
    'c1'
    """
    text = "".join(character for character in normalize("NFKC", number[:200]).casefold() if character.isalnum())
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", text)


def unknown_name(what: str, zh: str, name: object, known: Collection[str]) -> Words:
    """That the book has nothing of that name, with the closest it has."""
    close = closest(str(name), known)
    hint = perhaps_meant(close)
    return Words(f"the rulebook has no {what} {name!r}{hint.en}", f"规则册没有{zh}“{name}”{hint.zh}")


def _id(value: object) -> str | None:
    """The number that a row names; None where it names none, or a spreadsheet has destroyed it (3.2E+17)."""
    number = None if unsaid(value) else written(value)
    return None if number is None or _DESTROYED.fullmatch(number) else number


_DESTROYED: Final = re.compile(r"[0-9](\.[0-9]+)?[eE]\+[0-9]+")


def without_rows(facts: Mapping[str, Any], contents: Contents) -> Mapping[str, Any]:
    """The facts of a case, without the lists of rows that its history is read from."""
    if holds_no_rows(facts):
        return facts
    ids, labels = contents.sight("cases")
    listed = [
        name
        for name, value in facts.items()
        if (_is_rows(value) or (isinstance(value, list | tuple) and not value and name not in ids and name not in labels))
        and meant_table(name, contents)[1]
    ]
    return {name: value for name, value in facts.items() if name not in listed} if listed else facts


def _is_rows(value: object) -> bool:
    if is_frame(value):
        return True
    return isinstance(value, list | tuple) and any(isinstance(row, Mapping) or is_record(row) for row in value)


def _pause(row: Given) -> Paused:
    facts = row.facts
    first = _when(facts, "from", "pauses")
    if first is None:
        raise RecordError(
            Words("a pause without its first day", "中止没有起日"), hint=Words("give `from`", "请给出中止起日"), id="pauses.from"
        )
    last = _when(facts, "to", "pauses")
    if last is not None and day_of(last) < day_of(first):
        what = Words(
            f"a pause ends on {day_of(last)}, before it begins on {day_of(first)}", f"中止止日 {day_of(last)} 早于起日 {day_of(first)}"
        )
        raise RecordError(what, id="pauses.to")
    told = _read(facts, "told", read_boolean, "pauses")
    kind = _read(facts, "kind", read_text, "pauses")
    return Paused(kind, first, last, told, row.number, row.doubt, _id(facts.get("table")), _id(facts.get("row")))


def _extension(row: Given) -> Extended:
    facts = row.facts
    return Extended(
        clock=_read(facts, "clock", read_text, "extensions"),
        asked=_when(facts, "asked_on", "extensions"),
        granted=_read(facts, "granted", read_boolean, "extensions"),
        by=_read(facts, "by", read_text, "extensions"),
        limit=_read(facts, "limit", read_limit, "extensions"),
        number=row.number,
        doubt=row.doubt,
        table=_id(facts.get("table")),
        row=_id(facts.get("row")),
    )


def _read(row: Mapping[str, Any], name: str, reader: Any, table: str) -> Any:
    if unsaid(row.get(name)):
        return None
    try:
        return reader(row[name])
    except RecordError as error:
        raise RecordError(error.what, why=error.why, hint=error.hint, id=f"{table}.{name}") from None


def _when(row: Mapping[str, Any], name: str, table: str) -> When | None:
    """A day, or a moment where a time is written."""
    raw = row.get(name)
    clock_time = isinstance(raw, datetime) or (isinstance(raw, str) and ":" in raw.replace("：", ":"))
    when: When | None = _read(row, name, partial(read_moment, zone=None) if clock_time else read_date, table)
    return when
