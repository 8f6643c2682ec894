"""Every error of the package, one tree; each says what, where, why and what to do, in English or Chinese.

GovServiceError
├── CalendarError            a day or a notice that a calendar cannot answer for
│   ├── OutsideCalendar      a day before the calendar begins or after it ends
│   └── ProvisionalDay       `strict=True` and no published notice covers the day
├── LimitError               a time limit that cannot be read, or could be read two ways
├── DeadlineError            a start, pause or extension that makes no sense
├── RulebookError            everything wrong with a rulebook, all faults at once (`.faults`)
├── ExpressionError          one expression that cannot be read or typed, with the place in it
├── DecisionError            a decision that cannot be taken as asked
│   ├── ConflictError        two rules of a `unique` or `any` table disagree
│   ├── ConventionError      the answer depends on a convention that the rulebook does not state
│   └── DateNeeded           the rulebook has dated rules and no `on=` was given
├── RecordError              a fact or a record that cannot be read as what it is declared to be
├── NoticeError              a notice that lacks what it must state
├── LanguageError            a language that nothing is written in
└── MissingPackage           an optional package that the call needs is not installed
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from govservice.echo import bounded, shown, visible

__all__ = [
    "MOST_HINTS",
    "CalendarError",
    "ConflictError",
    "ConventionError",
    "DateNeeded",
    "DeadlineError",
    "DecisionError",
    "ExpressionError",
    "Fault",
    "GovServiceError",
    "Lang",
    "LanguageError",
    "LimitError",
    "MissingPackage",
    "NoticeError",
    "OutsideCalendar",
    "ProvisionalDay",
    "RecordError",
    "RulebookError",
    "Words",
    "closest",
    "did_you_mean",
    "few_hints",
    "in_one",
    "known_lang",
    "perhaps_meant",
    "words",
]

Lang = Literal["en", "zh"]


class Words(NamedTuple):
    """One sentence in both languages.

    >>> Words("no such fact", "没有这个事实").text("zh")
    '没有这个事实'
    """

    en: str
    zh: str

    def text(self, lang: Lang = "en") -> str:
        """The sentence in one language: "en" or "zh". Raises LanguageError for any other."""
        return self.zh if known_lang(lang) == "zh" else self.en

    def __str__(self) -> str:
        return self.en


NOTHING = Words("", "")


def known_lang(lang: str) -> Lang:
    """The language, where anything is written in it. Raises LanguageError.

    >>> known_lang("cn")
    Traceback (most recent call last):
    govservice.errors.LanguageError: no language 'cn'; "zh" is Chinese, "en" English
    """
    if isinstance(lang, str) and lang in ("en", "zh"):
        return "zh" if lang == "zh" else "en"
    raise LanguageError(
        Words(f"no language {shown(lang)}", f"没有 {shown(lang)} 这种语言"),
        hint=Words('"zh" is Chinese, "en" English', "中文写 zh，英文写 en"),
    )


def words(text: Words | str) -> Words:
    """A plain text is the same in both languages.

    >>> words("KS-2")
    Words(en='KS-2', zh='KS-2')
    """
    return text if isinstance(text, Words) else Words(text, text)


_COMPARED = 100  # letter by letter; a table of thousands of columns must not take for ever
_LONGEST = 40
MOST_HINTS = 200  # in one reading of a book, a mapping or a folder: a file full of slips must not take for ever
_hints_left: ContextVar[list[int] | None] = ContextVar("hints_left", default=None)


def closest(name: object, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """The known name most like this one; None where none is like it, and of what is no text.

    Of more than a hundred names only the likeliest hundred are compared: those that begin alike, the nearest in length first.

    >>> closest("departmnts", ["subject", "departments"])
    'departments'
    """
    return _closest(name[:_LONGEST], tuple(known), cutoff) if isinstance(name, str) else None


@lru_cache(4096)
def _closest(name: str, known: tuple[str, ...], cutoff: float) -> str | None:
    from difflib import get_close_matches  # on first use: most programs never misspell
    from heapq import nsmallest

    if len(known) > _COMPARED:
        known = tuple(nsmallest(_COMPARED, known, key=lambda other: (other[:2] != name[:2], abs(len(other) - len(name)), other)))
    return next(iter(get_close_matches(name, known, n=1, cutoff=cutoff)), None)


def did_you_mean(name: object, known: Iterable[str], otherwise: Words = NOTHING, *, cutoff: float = 0.6) -> Words:
    """The known name most like this one as a hint, `otherwise` where none is like it, or enough was guessed (`few_hints`).

    >>> did_you_mean("departmnts", ["subject", "departments"]).en
    'did you mean "departments"?'
    """
    left = _hints_left.get()
    if left is not None:
        left[0] -= 1
        if left[0] < 0:
            return otherwise
    near = closest(name, known, cutoff=cutoff)
    return Words(f'did you mean "{near}"?', f"是不是“{near}”？") if near is not None else otherwise


def perhaps_meant(close: str | None) -> Words:
    """The name that may have been meant, as a clause behind what is said of another; empty where there is none.

    >>> perhaps_meant("departments").en, perhaps_meant(None).en
    ('; did you mean departments?', '')
    """
    return NOTHING if close is None else Words(f"; did you mean {close}?", f"；是不是“{close}”？")


def in_one(sentences: Iterable[Words]) -> Words:
    """Several sentences as one.

    >>> in_one([Words("it is late", "已逾期"), Words("it stands", "不变")]).en
    'it is late; it stands'
    """
    listed = tuple(sentences)
    return Words("; ".join(sentence.en for sentence in listed), "；".join(sentence.zh for sentence in listed))


@contextmanager
def few_hints() -> Iterator[None]:
    """Within the block only the first 200 misspelt names are guessed at; a block within another shares its guesses.

    >>> with few_hints():
    ...     sum(did_you_mean("departmnts", ["departments"]) != NOTHING for _ in range(1_000))
    200
    """
    begun = _hints_left.set([MOST_HINTS]) if _hints_left.get() is None else None
    try:
        yield
    finally:
        if begun is not None:
            _hints_left.reset(begun)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong, and where: `file`, `line` and `column` (both from 1), the `id` of the entry, what, why, a hint.

    `quote` is the faulty text with carets under the place, where one character or word can be pointed at. `called` is the label of
    the entry, where a message in Chinese names it by that.
    """

    what: Words
    why: Words = NOTHING
    hint: Words = NOTHING
    file: str | None = None
    line: int | None = None
    column: int | None = None
    id: str | None = None
    quote: str | None = None
    called: str | None = None

    def text(self, lang: Lang = "en") -> str:
        """The whole message: place, id, what, why, hint, then the quoted text.

        No sentence is longer than 2,000 characters, and what would steer a terminal (an escape, a line break within a name, a change of the
        writing's direction) is spelled out.

        >>> print(Fault(Words("unknown key 'titel'", "没有“titel”这个键"), hint=Words('did you mean "title"?', "是不是“title”？"),
        ...             file="a.yaml", line=3, id="decisions.x").text())
        a.yaml:3: decisions.x: unknown key 'titel'; did you mean "title"?
        """
        parts = (self.file, self.line, self.column)
        place = ":".join(part if isinstance(part, str) else shown(part) for part in parts if part is not None)
        stop = "；" if lang == "zh" else "; "
        sentence = stop.join(bounded(text) for part in (self.what, self.why, self.hint) if (text := part.text(lang)))
        named = self.called if lang == "zh" and self.called else self.id
        line = ": ".join(part for part in (bounded(place), bounded(str(named or "")), sentence) if part)
        return f"{line}\n{_lines(self.quote)}" if self.quote else line

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values: sentences as `{"en", "zh"}`, short and spelled out as in `text`; what is not known is None.

        >>> Fault(Words("unknown key", "没有这个键"), id="decisions.x", line=3).to_dict()["what"]
        {'en': 'unknown key', 'zh': '没有这个键'}
        """
        said = {name: {lang: bounded(text) for lang, text in words._asdict().items()} for name, words in _sentences(self)}
        place = {"file": self.file and bounded(self.file), "line": self.line, "column": self.column}
        return {**said, **place, "id": self.id and bounded(self.id), "quote": self.quote and _lines(self.quote)}

    def __str__(self) -> str:
        return self.text()


def _sentences(fault: Fault) -> tuple[tuple[str, Words], ...]:
    return (("what", fault.what), ("why", fault.why), ("hint", fault.hint))


def _lines(text: str) -> str:
    return "\n".join(map(visible, text.split("\n")))


class GovServiceError(Exception):
    """What every error of this package is.

    `what`, `why` and `hint` are sentences in both languages; `file`, `line`, `column` and `id` say where, as far as known. `faults` has
    every fault where several were found at once, else this one.
    `error.text("zh")` is the whole message in Chinese, `error.text("en")` in English; `str(error)` is English (or the language that the
    call which raised it was given).

    >>> error = LimitError("no limit in '3年级'", hint="write a number and a unit")
    >>> print(error)
    no limit in '3年级'; write a number and a unit
    """

    def __init__(
        self,
        what: Words | str,
        *,
        why: Words | str = NOTHING,
        hint: Words | str = NOTHING,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        id: str | None = None,
        quote: str | None = None,
        called: str | None = None,
        lang: Lang = "en",
    ) -> None:
        self.fault = Fault(words(what), words(why), words(hint), file, line, column, id, quote, called)
        self.faults: tuple[Fault, ...] = (self.fault,)
        self.lang: Lang = known_lang(lang)
        super().__init__(what)

    @property
    def what(self) -> Words:
        """What is wrong."""
        return self.fault.what

    @property
    def why(self) -> Words:
        """Why it is wrong; empty where `what` says it all."""
        return self.fault.why

    @property
    def hint(self) -> Words:
        """What to do about it."""
        return self.fault.hint

    @property
    def file(self) -> str | None:
        """The file it stands in, where known."""
        return self.fault.file

    @property
    def line(self) -> int | None:
        """The line in that file, from 1."""
        return self.fault.line

    @property
    def id(self) -> str | None:
        """The entry, rule or fact it is about."""
        return self.fault.id

    def text(self, lang: Lang = "en") -> str:
        """The whole message in one language."""
        return self.fault.text(lang)

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values, for an answer of a service: the name of the error, and its faults in both languages.

        >>> LimitError("no limit in '3年级'").to_dict()["error"]
        'LimitError'
        """
        return {"error": type(self).__name__, "faults": [fault.to_dict() for fault in self.faults]}

    def __str__(self) -> str:
        return self.text(self.lang)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({shown(self.text())})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.__dict__.copy())


def _rebuild(cls: type[GovServiceError], state: dict[str, Any]) -> GovServiceError:
    error = cls.__new__(cls)
    error.__dict__.update(state)
    return error


class CalendarError(GovServiceError):
    """A day or a notice that a calendar cannot answer for."""


class OutsideCalendar(CalendarError):
    """A day before the calendar begins or after it ends."""


class ProvisionalDay(CalendarError):
    """`strict=True`, and no published notice covers the day."""


class LimitError(GovServiceError, ValueError):
    """A time limit that cannot be read, or could be read in two ways; a ValueError, so that validating libraries place it."""


class DeadlineError(GovServiceError):
    """A start, pause or extension that makes no sense."""


class ExpressionError(GovServiceError):
    """One expression that cannot be read or typed; the message points at the place."""


class DecisionError(GovServiceError):
    """A decision that cannot be taken as asked."""


class ConflictError(DecisionError):
    """Two rules of a table that promised to agree (`hit: unique`, `hit: any`) do not."""


class ConventionError(DecisionError):
    """The answer depends on a convention that the rulebook does not state."""

    @classmethod
    def unstated(cls, name: str, where: Words | str) -> ConventionError:
        """The error for a convention that `where` (a clock, a scheme, an item) depends on.

        >>> print(ConventionError.unstated("ties", "window_month"))
        conventions.ties: window_month depends on the convention ties, and the book does not state it; conventions: {ties: ..}
        """
        where = words(where)
        return cls(
            Words(
                f"{where.en} depends on the convention {name}, and the book does not state it",
                f"{where.zh} 取决于约定 {name}，而规则册没有写明",
            ),
            hint=Words(f"conventions: {{{name}: ..}}", f"在 conventions 里写明 {name}"),
            id=f"conventions.{name}",
        )


class DateNeeded(DecisionError):
    """The rulebook has dated rules, and the call did not say on which day."""


class RecordError(GovServiceError):
    """A fact or a record that cannot be read as what it is declared to be."""


class NoticeError(GovServiceError):
    """A notice that lacks what it must state cannot be printed."""


class LanguageError(GovServiceError, ValueError):
    """A language that nothing is written in; a ValueError, so that a web framework places it."""


class MissingPackage(GovServiceError):
    """An optional package that the call needs is not installed."""


class RulebookError(GovServiceError):
    """Everything wrong with a rulebook, all faults at once.

    `faults` holds one `Fault` each, in the order of the file; the message lists them one a line.
    """

    def __init__(self, faults: list[Fault] | tuple[Fault, ...], *, lang: Lang = "en") -> None:
        first = faults[0]
        super().__init__(
            first.what,
            why=first.why,
            hint=first.hint,
            file=first.file,
            line=first.line,
            column=first.column,
            id=first.id,
            quote=first.quote,
            lang=lang,
        )
        self.faults = tuple(faults)

    def text(self, lang: Lang = "en") -> str:
        """Every fault, one a line."""
        return "\n".join(fault.text(lang) for fault in self.faults)
