"""An answer that was kept, worked out again: the same, or what differs and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final, cast

from govservice.as_json import AsJson
from govservice.audit.answers import BookCited, CitedAnswer
from govservice.audit.inputs import calendar_from, read_value, result_written, written_tables, written_value
from govservice.audit.verbs import FACTS, verb_named
from govservice.calendars import WorkCalendar
from govservice.echo import shown
from govservice.errors import DecisionError, GovServiceError, Lang, RecordError, Words, known_lang
from govservice.plain import digest_of
from govservice.rules.book.files import is_frozen, shipped_books
from govservice.rules.freezing import thaw
from govservice.rules.rulebook import AnyBook, Rulebook, book_of
from govservice.upward import machinery

__all__ = [
    "MOST",
    "AnswerChange",
    "Verified",
    "another_calendar",
    "another_version",
    "changes",
    "frozen_or_loaded",
    "verify",
    "with_settings_of_then",
]

MOST: Final = 50  # differences that a result lists
_ASIDE: Final = frozenset({"digest", "version", "labels"})  # of rulebooks and of govservice, and what things are called: no answer


@dataclass(frozen=True, slots=True, repr=False)
class AnswerChange(AsJson):
    """Where two answers differ: the path in the answer, what it was, what it is now (None also where there is nothing)."""

    path: str
    was: object
    now: object


@dataclass(frozen=True, repr=False)
class Verified(AsJson):
    """What became of an answer that was worked out again.

    `same` says whether it is the answer that was kept, digests and versions aside. `intact` says whether the file is as it was sealed.
    `differences` are where the answers differ (the first fifty, `more` beyond), `reasons` what is another now: the file, the rulebook and
    which entries of it, the calendar, the facts, the version. Where nothing could be worked out, `fault` says why.
    """

    verb: str
    same: bool
    intact: bool
    differences: tuple[AnswerChange, ...]
    more: int
    reasons: tuple[Words, ...]
    fault: Words | None = None

    def explain(self, lang: Lang = "en") -> str:
        """One line with the verdict, then every difference and every reason."""
        return cast("str", machinery("show.verified:as_text")(self, known_lang(lang)))


def verify(
    answer: CitedAnswer | str | Path,
    *,
    book: AnyBook | Mapping[str, AnyBook] | None = None,
    calendar: WorkCalendar | None = None,
    facts: Any = None,
    records: Mapping[str, Any] | str | Path | None = None,
) -> Verified:
    """Work an answer out again, and say whether it is the same.

    `answer` is one that was kept, or its file. `book` is the rulebook to ask: without it the shipped one of the same id, with the settings
    that were given then; a frozen one brings its calendar with it. Of an answer of `what_if` it is a mapping with `before` and `after`.
    `calendar` is the one to count by: without it the one that the answer names, with the holiday notices that there are today. `facts` and
    `records` are needed where the file does not hold them.
    Raises RecordError for a file that is no answer and for facts that are lacking, RulebookError for a book that cannot be loaded.

    >>> from govservice import classify, load_rulebook
    >>> from govservice.audit import recorded
    >>> book = load_rulebook("kunshan")
    >>> kept = recorded(classify, {"recognised_urgent": True}, book, on="2026-11-20").answer
    >>> verify(kept).same
    True
    >>> other = book.amend({"decisions.case_type.rules.urgent.when": "false"})
    >>> print(verify(kept, book=other).explain().splitlines()[0])
    classify: another answer now
    """
    cited = answer if isinstance(answer, CitedAnswer) else CitedAnswer.read(answer)
    verb = verb_named(cited.verb)
    books, frozen_days = _books(cited, book)
    days = calendar or frozen_days or calendar_from(cited.calendar.made)
    given, same_facts = _given(cited, facts, records)
    intact = cited.intact
    reasons = tuple(_reasons(cited, books, days, intact=intact, same_facts=same_facts))
    arguments = {**{name: read_value(value) for name, value in cited.asked.items()}, **given, **books, "calendar": days}
    try:
        verb.check(arguments)
        now = result_written(verb.again(arguments))
    except GovServiceError as error:
        fault = Words(error.text("en"), error.text("zh"))
        return Verified(cited.verb, same=False, intact=intact, differences=(), more=0, reasons=reasons, fault=fault)
    found = changes(cited.answer, now, "")
    first = tuple(islice(found, MOST))
    more = sum(1 for _ in found)
    if first and not reasons:
        reasons = (_UNEXPLAINED,)
    return Verified(cited.verb, same=not first, intact=intact, differences=first, more=more, reasons=reasons)


_UNEXPLAINED: Final = Words(
    "rules, days, facts and version are those of then: the packages that govservice uses may be others",
    "规则、日历、事实与版本均未变：可能是所依赖的软件包不同",
)


def _books(cited: CitedAnswer, given: Any) -> tuple[dict[str, Rulebook], WorkCalendar | None]:
    """The rulebooks to ask, by argument, and the calendar that a frozen one brings."""
    found: dict[str, Any] = dict(given) if isinstance(given, Mapping) else {} if given is None else dict.fromkeys(cited.books, given)
    if isinstance(given, Mapping) and (odd := [name for name in found if name not in cited.books]):
        raise DecisionError(Words(f"the answer names no book {shown(odd[0])}", f"该答复没有 {shown(odd[0])} 这册规则"))
    books, days = {}, None
    for name, then in cited.books.items():
        book, its_days = (_shipped(name, then), None) if name not in found else frozen_or_loaded(found[name])
        days = days or its_days
        books[name] = _as_then(book, then)
    return books, days


def frozen_or_loaded(book: AnyBook) -> tuple[Rulebook, WorkCalendar | None]:
    """A rulebook, and the calendar that a frozen one brings."""
    if not isinstance(book, Rulebook) and is_frozen(book):
        thawed = thaw(book)
        return thawed.book, thawed.calendar
    return book_of(book), None


def _shipped(name: str, then: BookCited) -> Rulebook:
    if then.id not in shipped_books():
        what = Words(f"the answer rests on a rulebook of its own: {then.id}", f"该答复依据自有的规则册：{then.id}")
        hint = Words(f"give it: {name}= its file, or one that was frozen", "请给出该规则册的文件，或当时封存的文件")
        raise RecordError(what, hint=hint)
    return book_of(then.id)


def _as_then(book: Rulebook, then: BookCited) -> Rulebook:
    """The book with the settings that were given then and that it leaves open, as of the day that it was seen."""
    book = with_settings_of_then(book, then.settings)
    return book.on(then.on) if then.on is not None and book.as_of_day is None else book


def _given(cited: CitedAnswer, facts: Any, records: Any) -> tuple[dict[str, Any], bool]:
    """The facts and records to ask with, and whether they are those of then."""
    named = {**({_facts_of(cited): facts} if facts is not None else {}), **({"records": records} if records is not None else {})}
    if cited.given is not None:
        within = {name: value for name, value in cited.given.items() if name not in named and not _is_folder(value)}
        lacking = [name for name in cited.given if name not in within and name not in named]
    else:
        within, lacking = {}, [] if named or cited.given_digest == digest_of({}) else ["facts / records"]
    if lacking:
        what = Words(f"the answer does not hold its {lacking[0]}", f"该答复没有留存 {lacking[0]}")
        raise RecordError(what, hint=Words("give them: facts= or records=", "请用 facts= 或 records= 给出"))
    written = {name: written_tables(value) if name == "records" else written_value(value) for name, value in named.items()}
    same = digest_of({**within, **written}) == cited.given_digest
    return {**{name: read_value(value) for name, value in within.items()}, **named}, same


def _facts_of(cited: CitedAnswer) -> str:
    held = cited.given or {}
    by_verb = {"classify": "application", "decide": "facts"}
    return next((name for name in FACTS if name in held), by_verb.get(cited.verb, "case"))


def _is_folder(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"files"}


def _reasons(cited: CitedAnswer, books: Mapping[str, Rulebook], days: WorkCalendar, *, intact: bool, same_facts: bool) -> Iterator[Words]:
    from govservice import __version__

    if not intact:
        yield Words("the file is not as it was sealed", "文件与封存时不一致")
    if not same_facts:
        yield Words("the facts or records are not those of then", "事实或记录与当时不同")
    for name, book in books.items():
        then = cited.books[name]
        if book.digest != then.digest:
            yield _changed(then, book)
    if days.digest != cited.calendar.digest:
        yield another_calendar(days, cited.calendar.official_through)
    if __version__ != cited.version:
        yield another_version(cited.version)


def another_calendar(days: WorkCalendar, through: object) -> Words:
    """The calendar is not that of then, when notices fixed the days through another one."""
    return Words(
        f"the calendar is another ({days.name}; fixed by notices through {through} then, {days.official_through} now)",
        f"日历不同（{days.name}；当时由通知确定至 {through}，现在至 {days.official_through}）",
    )


def another_version(was: str) -> Words:
    """The version is not that of then."""
    from govservice import __version__

    return Words(f"govservice was {was}, and is {__version__} now", f"当时的 govservice 版本为 {was}，现在为 {__version__}")


def with_settings_of_then(book: Rulebook, then: Mapping[str, object]) -> Rulebook:
    """The book with the settings that were given then and that it leaves open."""
    lacking = {id: value for id, value in then.items() if id in book.settings and book.settings[id].value is None}
    return book.given(lacking) if lacking else book


def _changed(then: BookCited, book: Rulebook) -> Words:
    now = book.fingerprints
    paths = [path for path in dict.fromkeys((*then.entries, *now)) if then.entries.get(path) != now.get(path)]
    listed = ", ".join(paths[:12]) + (f", … ({len(paths)})" if len(paths) > 12 else "")
    digests = f"{then.digest[:12]} -> {book.digest[:12]}"
    if not paths:
        return Words(f"rulebook {then.id} is another ({digests})", f"规则册 {then.id} 不同（{digests}）")
    return Words(
        f"rulebook {then.id} is another ({digests}); entries that differ: {listed}",
        f"规则册 {then.id} 不同（{digests}）；有变化的条目：{listed}",
    )


def changes(was: Any, now: Any, path: str) -> Iterator[AnswerChange]:
    """Where two answers in plain JSON differ, digests, versions and labels aside."""
    if isinstance(was, dict) and isinstance(now, dict):
        for key in dict.fromkeys((*was, *now)):
            if key not in _ASIDE:
                yield from changes(was.get(key), now.get(key), f"{path}.{key}" if path else key)
    elif isinstance(was, list) and isinstance(now, list):
        for number in range(max(len(was), len(now))):
            one = [side[number] if number < len(side) else None for side in (was, now)]
            yield from changes(one[0], one[1], f"{path}[{number}]")
    elif was != now or type(was) is not type(now):
        yield AnswerChange(path, was, now)
