"""The words of a holiday notice: its text line by line, days as it writes them, and what stands in brackets behind a day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from govservice.calendars.statutory import DRAGON_BOAT, LABOUR, MID_AUTUMN, NEW_YEAR, QINGMING, SPRING, festival_dates
from govservice.echo import shown
from govservice.errors import NOTHING, Fault, Words

__all__ = ["DAY", "DAYS", "RUN", "BadWords", "SaidDay", "TextLine", "day_of_issue", "lines_of", "parts", "when"]

_FOLDED: Final = str.maketrans(
    {",": "，", ":": "：", ";": "；", "(": "（", ")": "）", "<": "〈", ">": "〉"}
    | {chr(0xFF10 + digit): str(digit) for digit in range(10)}
    | dict.fromkeys("—–-－~～", "至")
    | dict.fromkeys("\u3000\u00a0 \t\u200b\ufeff")
)
_BRACKET: Final = r"(?:（[^（）]*）)?"
DAY: Final = rf"(?:[0-9]{{4}}年)?(?:[0-9]{{1,2}}月)?[0-9]{{1,2}}日{_BRACKET}"
DAYS: Final = rf"{DAY}(?:、{DAY})*"
RUN: Final = rf"{DAY}至{DAY}"
_DAY: Final = re.compile(r"(?:([0-9]{4})年)?(?:([0-9]{1,2})月)?([0-9]{1,2})日(?:（([^（）]*)）)?")
_WEEKDAY: Final = re.compile(r"(?:星期|周)([一二三四五六日天])")
_MOON: Final = re.compile(r"(?:农历)?(?:大年|正月)?初([一二三四五六七八九十])")
_LAST_MONTH: Final = re.compile(r"(?:农历)?腊月(二十[一二三四五六七八九]|三十)")
_DIGITS: Final = "〇一二三四五六七八九"
_ENGLISH: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class TextLine(NamedTuple):
    """A line of the text that is not empty: its number from 1, and its words with marks and digits of one width."""

    number: int
    text: str


class BadWords(Exception):
    """Words of a notice that cannot be taken as they stand."""

    def __init__(self, line: int | None, words: str, what: Words, hint: Words = NOTHING) -> None:
        super().__init__(what)
        self.fault = Fault(Words(f"{shown(words)}: {what.en}", f"“{words}”：{what.zh}") if words else what, hint=hint, line=line)


class SaidDay(NamedTuple):
    """A day as a text writes it; `weekday` says whether its weekday stands beside it."""

    day: date
    weekday: bool


def lines_of(text: str) -> list[TextLine]:
    """The lines of a text that hold anything."""
    folded = ((number, line.translate(_FOLDED)) for number, line in enumerate(text.splitlines(), 1))
    return [TextLine(number, line) for number, line in folded if line]


def parts(text: str, marks: str) -> Iterator[str]:
    """The text cut at any of the marks, those within brackets left alone.

    >>> list(parts("6月8日（农历五月初五，端午节）放假，共1天", "，"))
    ['6月8日（农历五月初五，端午节）放假', '共1天']
    """
    depth, begun = 0, 0
    for place, mark in enumerate(text):
        depth += (mark == "（") - (mark == "）")
        if depth <= 0 and mark in marks:
            yield text[begun:place]
            begun = place + 1
    yield text[begun:]


class when:  # noqa: N801 - read as a verb: `when(..).days(..)`
    """The days of one clause: a day without its month or year has those of the day before it, as the texts write them.

    `year` is the notice's; December without a year is of the year before in the clause of 元旦 alone.
    """

    def __init__(self, year: int, *, line: int, new_year: bool) -> None:
        self.year = year
        self.line = line
        self.new_year = new_year
        self._month: tuple[int, int] | None = None

    def days(self, words: str) -> list[SaidDay]:
        """The days listed in words that are `DAYS`. Raises BadWords."""
        return [self._day(found, words) for found in _DAY.finditer(words)]

    def run(self, words: str) -> list[SaidDay]:
        """Every day from the first to the last of words that are a `RUN`. Raises BadWords."""
        first_words, last_words = parts(words, "至")
        label = re.search(r"（即?(农历[^（）至]+)至([^（）至]+)）$", last_words)
        [first] = self.days(first_words)
        [last] = self.days(last_words[: label.start()] if label else last_words)
        if label:
            self._check(label[1], first.day, words)
            self._check(label[2], last.day, words)
        if not 0 < (last.day - first.day).days < 31:
            raise BadWords(self.line, words, Words("is no run of days", "不是一段日子"))
        between = [SaidDay(first.day + timedelta(n), weekday=False) for n in range(1, (last.day - first.day).days)]
        return [first, *between, last]

    def _day(self, found: re.Match[str], words: str) -> SaidDay:
        year, month, number, label = found.groups()
        if month is not None:
            own = int(year) if year else self.year - (self.new_year and month == "12")
            self._month = own, int(month)
        if self._month is None or (year and not month):
            raise BadWords(self.line, words, Words("a day without its month", "日子没有写月份"))
        try:
            day = date(*self._month, int(number))
        except ValueError:
            raise BadWords(self.line, words, Words("there is no such day", "没有这一天")) from None
        seen = [self._check(part, day, words) for part in re.split("[、，]", label)] if label is not None else []
        return SaidDay(day, weekday=any(seen))

    def _check(self, label: str, day: date, words: str) -> bool:
        """Does the label beside a day say its weekday? It must be right, whatever it says."""
        weekday = _WEEKDAY.fullmatch(label)
        if weekday is not None:
            index = "一二三四五六日".find(weekday[1].replace("天", "日"))
            if day.weekday() != index:
                actual = "一二三四五六日"[day.weekday()]
                raise BadWords(self.line, words, Words(f"{day} is a {_ENGLISH[day.weekday()]}", f"{day} 是星期{actual}"))
            return True
        meant = _labelled(label.removeprefix("即"), self.year)
        if not meant:
            raise BadWords(self.line, words, Words(f"unknown words {shown(label)} beside a day", f"日子后面的“{label}”不认识"))
        if day not in meant:
            expected = " / ".join(map(str, meant))
            raise BadWords(self.line, words, Words(f"{label} of {self.year} is {expected}", f"{self.year} 年{label}是 {expected}"))
        return False


def _labelled(label: str, year: int) -> list[date]:
    """The days that a festival's name or a day of the moon may mean; none where the label is unknown."""
    name = label.removeprefix("农历")
    if name == "新年":
        return [date(year, 1, 1)]
    if name in ("“五一”国际劳动节", "“五一”", LABOUR):
        return [date(year, 5, 1)]
    if name == NEW_YEAR:
        return [date(year, 1, 1)]
    festivals = festival_dates(year)
    spring = festivals[SPRING]
    if name == "除夕":
        return [spring - timedelta(1)]
    if name == SPRING:
        return [spring]
    moon = _MOON.fullmatch(label)
    if moon is not None:
        return [spring + timedelta("一二三四五六七八九十".index(moon[1]))]
    last = _LAST_MONTH.fullmatch(label)
    if last is not None:  # its last month has 29 days or 30
        number = 30 if last[1] == "三十" else 20 + _DIGITS.index(last[1][-1])
        return [spring - timedelta(length + 1 - number) for length in (29, 30) if number <= length]
    for festival, others in ((DRAGON_BOAT, "五月初五"), (MID_AUTUMN, "八月十五"), (QINGMING, "")):
        if name in (festival, f"{festival.removesuffix('节')}当日", others) and festival in festivals:
            return [festivals[festival]]
    return []


def day_of_issue(text: str) -> date | None:
    """The date a notice is signed with, in digits or in Chinese numerals; None where the text is no date.

    >>> day_of_issue("二○○六年十二月十四日")
    datetime.date(2006, 12, 14)
    """
    found = re.fullmatch(
        r"([0-9]{4}|[〇○零一二三四五六七八九]{4})年([0-9]{1,2}|[一二三四五六七八九十]{1,3})月([0-9]{1,2}|[一二三四五六七八九十]{1,3})日",
        text,
    )
    if found is None:
        return None
    year = found[1].translate(str.maketrans("〇○零一二三四五六七八九", "000123456789"))
    try:
        return date(int(year), _number(found[2]), _number(found[3]))
    except ValueError:
        return None


def _number(text: str) -> int:
    if text.isascii():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (_DIGITS.index(tens) if tens else 1) * 10 * bool(ten) + (_DIGITS.index(ones) if ones else 0)
