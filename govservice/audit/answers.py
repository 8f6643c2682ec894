"""An answer with all that it rests on: the rulebook's digest, the calendar's, the facts and what they hash to, the answer itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final, Generic, ParamSpec, TypeVar, cast

from govservice.as_json import AsJson, KnownToPydantic, is_encodable, later_or_other, reading_back
from govservice.audit.inputs import calendar_written, kept_twice, result_written, written_tables, written_value
from govservice.audit.verbs import BOOKS, FACTS, asked
from govservice.calendars import WorkCalendar, china
from govservice.doors import FLAG, PATH, takes
from govservice.echo import shown
from govservice.errors import RecordError, Words
from govservice.plain import digest_of
from govservice.plain_files import put_file, read_plain, system_says
from govservice.rules.rulebook import Rulebook, book_of

__all__ = ["BookCited", "CalendarCited", "CitedAnswer", "Recorded", "recorded"]

FORMAT: Final = "CitedAnswer/1"
"""The form of the file; the number goes up where an older one could no longer be read."""
MOST_BYTES: Final = 1_000_000_000
_P = ParamSpec("_P")
_R = TypeVar("_R")


@dataclass(frozen=True, repr=False)
class BookCited(AsJson):
    """The rulebook that an answer rests on: its digest, the day as of which it was asked, the settings that had a value.

    `entries` has a short hash of every entry by its path, so that what has changed since can be named.
    """

    id: str
    title: str | None
    digest: str
    on: date | None
    settings: Mapping[str, object]
    entries: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CalendarCited:
    """The calendar that an answer rests on: its digest, the last day that a notice fixed, and what it is made of (plain JSON)."""

    name: str
    digest: str
    official_through: date
    made: Mapping[str, Any]


@dataclass(frozen=True, slots=True, repr=False)
class CitedAnswer(KnownToPydantic):
    """One answer of one verb, as a small file can hold it; everything is plain JSON.

    `verb` was asked under `books` (by argument: `book`, or `before` and `after`) and `calendar`, with the arguments `asked` and the facts
    and records `given` (None where they were left out; `given_digest` is theirs all the same). `answer` is what the verb gave, as its
    `to_dict` writes it. `version` is that of govservice. `seal` is a hash of all this: it tells damage, and is no signature.
    """

    verb: str
    books: Mapping[str, BookCited]
    calendar: CalendarCited
    asked: Mapping[str, Any]
    given: Mapping[str, Any] | None
    given_digest: str
    answer: Any
    answer_digest: str
    version: str
    seal: str = ""

    def __repr__(self) -> str:
        books = ", ".join(f"{book.id} {book.digest[:12]}" for book in self.books.values())
        return f"<CitedAnswer {self.verb}{' under ' if books else ''}{books}: {self.answer_digest[:12]}>"

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values; `from_dict` gives an equal answer back."""
        return {
            "format": FORMAT,
            "verb": self.verb,
            "answer": self.answer,
            "answer_digest": self.answer_digest,
            "given": self.given,
            "given_digest": self.given_digest,
            "asked": self.asked,
            "calendar": asdict(self.calendar) | {"official_through": self.calendar.official_through.isoformat()},
            "books": {name: book.to_dict() for name, book in self.books.items()},
            "version": self.version,
            "seal": self.seal,
        }

    @classmethod
    def from_dict(cls, written: Mapping[str, Any]) -> CitedAnswer:
        """What `to_dict` wrote. Raises RecordError for anything else, a later version's form among it; the seal is not looked at here."""
        with reading_back("CitedAnswer"):
            if not isinstance(written, Mapping):
                raise RecordError(Words("it is no object", "不是对象"))
            if written["format"] != FORMAT:
                form = written["format"]
                what = Words(f"its format is {shown(form)}, not {FORMAT}", f"其格式为 {shown(form)}，而不是 {FORMAT}")
                raise RecordError(what, hint=later_or_other(form, FORMAT))
            days = written["calendar"]
            for name, part in (*((name, written[name]) for name in ("books", "asked", "given")), ("calendar.made", days["made"])):
                if not isinstance(part, dict) and (name != "given" or part is not None):
                    raise RecordError(Words(f"its {name} is no object", f"其 {name} 不是对象"))
            found = cls(
                verb=str(written["verb"]),
                books={str(name): BookCited.from_dict(book) for name, book in written["books"].items()},
                calendar=CalendarCited(days["name"], days["digest"], date.fromisoformat(days["official_through"]), days["made"]),
                asked=written["asked"],
                given=written["given"],
                given_digest=str(written["given_digest"]),
                answer=written["answer"],
                answer_digest=str(written["answer_digest"]),
                version=str(written["version"]),
                seal=str(written["seal"]),
            )
            _refuse_more(written, found.to_dict())
            return found

    def to_json(self) -> str:
        """As JSON text, one key a line at the top, Chinese left readable."""
        text = self._in_lines(ascii_alone=False)
        return text if is_encodable(text) else self._in_lines(ascii_alone=True)

    def _in_lines(self, *, ascii_alone: bool) -> str:
        lines = (f'"{key}": {json.dumps(value, ensure_ascii=ascii_alone)}' for key, value in self.to_dict().items())
        return "{" + ",\n".join(lines) + "}\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> CitedAnswer:
        """What `to_json` wrote. Raises RecordError for anything else."""
        with reading_back("CitedAnswer"):
            return cls.from_dict(json.loads(text, object_pairs_hook=_once))

    @property
    def intact(self) -> bool:
        """Whether it is as it was sealed, and the digests are those of what they name."""
        digests = self.given is None or digest_of(self.given) == self.given_digest
        return self.seal == _seal(self) and self.answer_digest == digest_of(self.answer) and digests

    def row(self) -> dict[str, str | None]:
        """The answer as one row of an audit table: what was asked, under which digests, and what the answer hashes to; all texts."""
        first = next(iter(self.books.values()), None)
        return {
            "verb": self.verb,
            "book": None if first is None else first.id,
            "book_digest": None if first is None else first.digest,
            "calendar": self.calendar.name,
            "calendar_digest": self.calendar.digest,
            "given_digest": self.given_digest,
            "answer_digest": self.answer_digest,
            "version": self.version,
            "seal": self.seal,
        }

    def without_facts(self) -> CitedAnswer:
        """The same without the facts and records: only what they hash to stays, and `verify` must be given them again.

        The answer stays as it is, and with it what it names of them: the facts that decided, what a notice shows. `row()` names none.
        """
        return _sealed(replace(self, given=None))

    @takes(path=PATH, force=FLAG)
    def write(self, path: str | Path, *, force: bool = False) -> Path:
        """Write it as a file; one that is there already is kept unless `force`. Raises RecordError where it cannot be written."""
        path = Path(path)
        put_file(path, self.to_json().encode(), over=force)
        return path

    @classmethod
    def read(cls, path: str | Path) -> CitedAnswer:
        """What `write` wrote. Raises RecordError where the file cannot be read or is none of ours."""
        path = Path(path)
        try:
            return cls.from_json(read_plain(path, MOST_BYTES))
        except (OSError, ValueError) as error:
            raise RecordError(Words("the file cannot be read", "文件读不了"), why=system_says(error), file=str(path)) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; one that gives a name twice says two things, and another reader might take the other."""
    read = dict(pairs)
    if len(read) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise RecordError(Words(f"{shown(twice)} is given twice", f"{shown(twice)} 写了两次"))
    return read


def _refuse_more(given: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    """Refuse names that an answer has no place for: the seal does not cover them."""
    places = [(given, known), (given["calendar"], known["calendar"])]
    places += [(book, known["books"][name]) for name, book in given["books"].items()]
    for one, ours in places:
        if (odd := next((name for name in one if name not in ours), None)) is not None:
            raise RecordError(Words(f"it has {shown(odd)}, which none of its kind has", f"其中有 {shown(odd)}，这种文件里没有这一项"))


def _seal(answer: CitedAnswer) -> str:
    return digest_of({key: value for key, value in answer.to_dict().items() if key != "seal"})


def _sealed(answer: CitedAnswer) -> CitedAnswer:
    return replace(answer, seal=_seal(answer))


@dataclass(frozen=True, slots=True)
class Recorded(Generic[_R]):
    """What a verb gave (`result`), and the answer to keep of it (`answer`)."""

    result: _R
    answer: CitedAnswer


def recorded(verb: Callable[_P, _R], /, *given: _P.args, **named: _P.kwargs) -> Recorded[_R]:
    """Call a verb, and keep its answer with all that it rests on.

    `verb` is `classify`, `deadline`, `clocks`, `due`, `case_outcomes`, `score`, `grade`, `measure`, `papers`, `run`, `what_if`, or the
    `decide` of a rulebook; its arguments follow as they would be given to it. Records are kept whole where they are rows or frames (see
    `without_facts`), and named where they are a folder. A ledger gives no rows back, and is refused.
    Raises what the verb raises; DecisionError for another function, RecordError for a value that no file could give back.

    >>> from govservice import classify, load_rulebook
    >>> kept = recorded(classify, {"recognised_urgent": True}, load_rulebook("kunshan"), on="2026-11-20")
    >>> kept.result.case_type, kept.answer.verb, kept.answer.intact
    ('urgent', 'classify', True)
    """
    from govservice import __version__

    call = asked(verb, given, named)
    books: dict[str, Rulebook] = {}
    held: dict[str, Any] = {}
    plain: dict[str, Any] = {}
    arguments = {name: book_of(value) if name in BOOKS else kept_twice(value) for name, value in call.arguments.items()}
    days = arguments.get("calendar")
    for name, value in arguments.items():
        if name in BOOKS:
            books[name] = value
        elif name == "records":
            held[name] = written_tables(value)
        elif name in FACTS:
            held[name] = written_value(value)
        elif name != "calendar":
            plain[name] = written_value(value)
    result = cast("_R", call.verb.again(arguments))
    answer = result_written(result)
    calendar = days if isinstance(days, WorkCalendar) else china()
    return Recorded(
        result,
        _sealed(
            CitedAnswer(
                verb=call.verb.name,
                books={name: _cited(book) for name, book in books.items()},
                calendar=CalendarCited(calendar.name, calendar.digest, calendar.official_through, calendar_written(calendar)),
                asked=plain,
                given=held,
                given_digest=digest_of(held),
                answer=answer,
                answer_digest=digest_of(answer),
                version=__version__,
            )
        ),
    )


def _cited(book: Rulebook) -> BookCited:
    settings = {id: setting.value for id, setting in book.settings.items() if setting.value is not None}
    return BookCited(book.id, book.title, book.digest, book.as_of_day, settings, book.fingerprints)
