"""One number of a rulebook tuned to a wish: which of its values fulfil it, and how near the others come."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from govservice.as_json import AsJson
from govservice.decimals import half_even
from govservice.doors import CALENDAR, DATE, TEXT, optional, takes
from govservice.echo import shown
from govservice.errors import DecisionError, Lang, RecordError, Words, did_you_mean, known_lang
from govservice.reading import as_day, as_when
from govservice.rules.book.remedies import it_has
from govservice.rules.rulebook import AnyBook, Rulebook, book_of
from govservice.whatif.results import Comparison
from govservice.whatif.setting import plain, with_values
from govservice.whatif.working import Beside, Tally

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.counting.asked import When

__all__ = ["Tried", "Tuned", "Wish", "tune"]

EACH: Final = 64  # values that are tried each; of more, only those where the wish turns
MOST: Final = 10_000
_WRITTEN: Final = re.compile(
    r"\s*(?P<id>[^\s<>=]+)(?:\s+(?:is|为)\s+(?P<value>[^<>=]+?))?\s*(?P<sign><=|>=)\s*(?P<n>\d+(?:\.\d+)?)\s*(?P<per>[%％]?)\s*"
)
_FORM: Final = Words('such as "red_flag <= 25 %" or "staff_grade is 优秀 >= 3"', "例如“red_flag <= 25 %”“staff_grade 为 优秀 >= 3”")


@dataclass(frozen=True)
class Wish:
    """How many, or what share, of what a decision is about shall have one of its outcomes: at most, or at least, so many.

    >>> Wish.read("red_flag <= 25 %")
    Wish(decision='red_flag', value=True, at_most=True, amount=Decimal('25'), percent=True)
    """

    decision: str
    value: object
    at_most: bool
    amount: Decimal
    percent: bool

    @classmethod
    def read(cls, text: str) -> Wish:
        """A wish as it is written: a decision, `is` one of its outcomes (left out: true), `<=` or `>=`, a number, `%` for a share.

        Raises RecordError.
        """
        parts = _WRITTEN.fullmatch(text)
        if parts is None:
            raise RecordError(Words(f"no wish: {shown(text)}", f"看不懂这个愿望：{shown(text)}"), hint=_FORM, id="wish")
        value = parts["value"]
        return cls(parts["id"], True if value is None else value, parts["sign"] == "<=", Decimal(parts["n"]), bool(parts["per"]))

    def text(self, lang: Lang = "en") -> str:
        """The wish in words."""
        amount = f"{self.amount} %" if self.percent else str(self.amount)
        named = self.decision if self.value is True else f"{self.decision} {'is' if lang == 'en' else '为'} {self.value}"
        return f"{named} {'<=' if self.at_most else '>='} {amount}"

    def far(self, of: int, low: int, high: int) -> tuple[bool | None, Fraction]:
        """Whether so many of so many fulfil it (None: that hangs on what is open), and by how much they miss it at the most."""
        whole = Fraction(of, 100) if self.percent else Fraction(1)
        bound = Fraction(self.amount) * whole
        worst, best = (high, low) if self.at_most else (low, high)
        misses = [max(Fraction(0), (count - bound) if self.at_most else (bound - count)) for count in (worst, best)]
        return (True if not misses[0] else False if misses[1] else None), misses[0] / (whole or 1)


@dataclass(frozen=True, repr=False)
class Tried(AsJson):
    """One value that was tried: `count` of `of` have the outcome, at most `most` where some are open; None where a function was asked.

    `fulfils` is None where that hangs on what is open; `misses_by` is by how much the wish is missed at the most, in its own unit.
    """

    value: object
    fulfils: bool | None
    count: int | None = None
    most: int | None = None
    of: int | None = None
    misses_by: Decimal | None = None


@dataclass(frozen=True, repr=False)
class Tuned(AsJson):
    """What became of a wish: `value` is the first that surely fulfils it, None where none does; then `nearest` comes closest.

    `tried` are in the order of `among`. `exact` says that every value was tried, or that the wish turns once between the ends, where the
    values on both sides of that place were tried: where it turns back and forth between values that were not tried, there may be more.
    `called` is the number and the wish in Chinese.
    """

    path: str
    wish: str
    value: object
    nearest: object
    tried: tuple[Tried, ...]
    exact: bool
    called: str | None = None

    @property
    def fulfilling(self) -> tuple[object, ...]:
        """Every value that was tried and surely fulfils the wish."""
        return tuple(one.value for one in self.tried if one.fulfils)

    def explain(self, lang: Lang = "en") -> str:
        """What was tried and what came of it, in a few lines."""
        en = known_lang(lang) == "en"
        lines = [f"{self.path}: {self.wish}" if en or self.called is None else self.called]
        if self.value is not None:
            lines.append(f"fulfilled at {self.value}" if en else f"取 {self.value} 时达到")
        else:
            lines.append(f"no value fulfils it; nearest: {self.nearest}" if en else f"没有一个取值能达到；最接近的是 {self.nearest}")
        if not self.exact:
            lines.append("not every value was tried" if en else "没有逐个试过")
        lines += [f"  {one.value}: {_said(one, en=en)}" for one in self.tried]
        return "\n".join(lines)


def _said(one: Tried, *, en: bool) -> str:
    words = {True: ("fulfilled", "达到"), False: ("missed", "未达到"), None: ("open", "未定")}[one.fulfils][0 if en else 1]
    if one.count is None:
        return words
    counted = str(one.count) if one.count == one.most else f"{one.count}–{one.most}"
    return f"{counted} of {one.of}, {words}" if en else f"{one.of} 中 {counted}，{words}"


@takes(path=TEXT, on=optional(DATE), calendar=optional(CALENDAR))
def tune(
    book: AnyBook,
    path: str,
    among: Sequence[int | Decimal | float | str],
    records: Mapping[str, Any] | str | Path,
    *,
    wish: str | Wish | Callable[[Comparison], bool],
    on: date | str | None = None,
    now: When | str | None = None,
    period: object = None,
    calendar: WorkCalendar | None = None,
) -> Tuned:
    """Which value of one number in the book fulfils a wish over a history, and how near the others come.

    `path` is one that `sweep` takes, `among` are the values that it may have, those first that you would rather have. The wish is about a
    decision of the book, whether about cases or graded: `"red_flag <= 25 %"`, `"case_type is promised >= 40 %"`; or a function of the
    `Comparison` with the book as it stands. A subject whose outcome is open neither fulfils nor breaks a wish: bounds are held.
    Up to 64 values are tried each. Of more the place where the wish turns is found by halving, and what lies beside it is tried; where both
    ends are alike, 64 are tried. `exact` says what that is worth. Raises RecordError for nothing to try or a wish that cannot be read,
    DecisionError for a path that leads nowhere or a decision that the book does not take here.

    >>> from govservice.sample import centre_year
    >>> year, wish = centre_year(cases=120), "case_type is 补办件 <= 10 %"
    >>> found = tune("kunshan", "settings.few_attachments", range(4), year, wish=wish, period="2025-01")
    >>> found.exact, len(found.tried)
    (True, 4)
    """
    values = list(among)
    if not 0 < len(values) <= MOST:
        raise RecordError(
            Words(f"1 to {MOST:,} values are tried, not {len(values):,}", f"要试的值应为 1 到 {MOST:,} 个，不能是 {len(values):,} 个"),
            id="among",
        )
    beside = Beside(book_of(book), records, as_day(on), as_when(now), period, calendar)
    asked = Wish.read(wish) if isinstance(wish, str) else wish
    if isinstance(asked, Wish):
        asked = _of_book(asked, beside.book)
    tried: dict[int, Tried] = {}

    def at(place: int) -> bool | None:
        if place not in tried:
            tried[place] = _try(beside, asked, path, values[place])
        return tried[place].fulfils

    turns = _each(at, len(values)) if len(values) <= EACH else _where_it_turns(at, len(values))
    results = tuple(tried[place] for place in sorted(tried))
    best = next((one.value for one in results if one.fulfils), None)
    near = min(results, key=lambda one: (not one.fulfils, one.fulfils is False, one.misses_by or 0))
    said = asked.text() if isinstance(asked, Wish) else "a function"
    return Tuned(path, said, best, near.value, results, turns, _called(path, asked, beside.book))


def _called(path: str, wish: object, book: Rulebook) -> str:
    """The number and the wish in Chinese, by the labels of the book."""
    section, _, id = path.partition(".")
    setting = book.contents.settings.get(id.removesuffix(".value")) if section == "settings" else None
    number = f"{setting.label}（{path}）" if setting is not None and setting.label else path
    if not isinstance(wish, Wish):
        return f"{number}：一个函数"
    labels, decision = book.contents.labels_for(wish.decision), book.contents.decisions[wish.decision]
    value = labels.get(f"{decision.primary}={wish.value}", wish.value)
    return f"{number}：{replace(wish, decision=decision.label or wish.decision, value=value).text('zh')}"


def _each(at: Callable[[int], bool | None], size: int) -> bool:
    for place in range(size):
        at(place)
    return True


def _where_it_turns(at: Callable[[int], bool | None], size: int) -> bool:
    """Try where the wish turns, and beside it; whether that place is the only one as far as anybody looked."""
    low, high = 0, size - 1
    first = at(low)
    if first == at(high):
        for place in range(0, size, -(-size // EACH)):
            at(place)
        return False
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if at(middle) == first else (low, middle)
    beside = [at(place) == first for place in range(max(0, low - 2), min(size, high + 3))]
    return beside == sorted(beside, reverse=True)


def _try(beside: Beside, wish: Wish | Callable[[Comparison], bool], path: str, value: object) -> Tried:
    book = with_values(beside.book, {path: value})
    if not isinstance(wish, Wish):
        return Tried(plain(value), bool(wish(beside.what_if(book))))
    tally: Tally = beside.tally(book, wish.decision)
    low = tally.outcomes.get(wish.value, 0)
    high = low + tally.open.get(wish.value, 0)
    fulfils, misses = wish.far(tally.of, low, high)
    return Tried(plain(value), fulfils, low, high, tally.of, half_even(misses, 4))


def _of_book(wish: Wish, book: Rulebook) -> Wish:
    """The wish with its decision by its id, and the outcome as the book has it."""
    decisions = book.contents.decisions
    id = next((id for id, one in decisions.items() if wish.decision in (id, one.label)), None)
    if id is None:
        what = Words(f"{book.id} has no decision {wish.decision!r}", f"{book.id} 没有“{wish.decision}”这项决定")
        raise DecisionError(what, hint=did_you_mean(wish.decision, decisions, it_has(decisions)), id="wish")
    kind = dict(decisions[id].outcomes)[decisions[id].primary]
    value = wish.value
    if isinstance(value, str):
        choice = kind.choice(value)
        value = choice.name if choice is not None else {"true": True, "是": True, "false": False, "否": False}.get(value, value)
    return Wish(id, value, wish.at_most, wish.amount, wish.percent)
