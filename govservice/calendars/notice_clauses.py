"""One clause of a holiday notice, phrase by phrase: the days it gives off and the days it has worked instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from govservice.calendars.notice_words import DAY, DAYS, RUN, BadWords, SaidDay, parts, when
from govservice.calendars.statutory import LABOUR, MID_AUTUMN, NATIONAL, NEW_YEAR
from govservice.errors import Words

__all__ = ["NoticeClause", "read_clause"]

SATURDAY: Final = 5
FARTHEST: Final = 21  # days from a holiday to the day worked for it; the texts have 13 at most
_OTHER_NAMES: Final = {"“五一”": LABOUR, "“十一”": NATIONAL, "“五一”国际劳动节": LABOUR}
_PHRASES: Final = {
    "run": re.compile(rf"(?P<days>{RUN})(?:放假(?:调休|公休)?|调休放假)"),
    "single": re.compile(rf"(?P<days>{DAYS})(?:放假|调休放假)(?:(?P<count>[0-9]+)天)?"),
    "count": re.compile(r"共(?P<count>[0-9]+)天"),
    "beside_weekend": re.compile(r"与周末连休"),
    "in_lieu": re.compile(rf"(?P<days>{DAY})补休"),
    "exchanged": re.compile(rf"(?P<days>{DAYS})调休"),
    "no_exchange": re.compile(r"不调休"),
    "worked": re.compile(rf"(?P<days>{DAYS})上班"),
    "statutory": re.compile(rf"(?P<days>{DAYS})为(?:{NATIONAL})?法定节?假日"),
    "as_usual": re.compile(rf"(?P<days>{DAYS})(?:照常公休|为公休日)"),
    "moved": re.compile(rf"将?(?P<days>{DAYS})(?:(?P<many>[两三四])个)?公休日(?P<also>及{MID_AUTUMN})?(?:分别)?调至(?P<to>{DAYS})"),
}
_ADVICE: Final = re.compile(r"鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（(?P<day>[0-9]{1,2}月[0-9]{1,2}日)）休息")


@dataclass
class NoticeClause:
    """What one clause says of its holiday: the days off in the order given, and the days worked."""

    holiday: str
    line: int
    rest_days: list[date] = field(default_factory=list)
    makeup_workdays: list[date] = field(default_factory=list)

    @property
    def holidays(self) -> list[str]:
        """The holidays that it joins."""
        return self.holiday.split("、")

    @property
    def owed(self) -> int:
        """Days off beyond weekends: what statutory days and worked weekends must pay for."""
        return sum(day.weekday() < SATURDAY for day in self.rest_days)


def read_clause(holiday: str, text: str, *, year: int, line: int) -> NoticeClause:
    """A clause's text (behind its number and holiday) as its days. Raises BadWords for any phrase that is not understood or not so."""
    holiday = _OTHER_NAMES.get(holiday, holiday)
    reading = _Reading(NoticeClause(holiday, line), when(year, line=line, new_year=NEW_YEAR in holiday.split("、")))
    if not text.endswith("。"):
        raise BadWords(line, text[-20:], Words("a clause ends with a full stop", "一条应以句号结束"))
    for sentence in parts(text.removesuffix("。"), "。"):
        reading.sentence(sentence)
    reading.finish()
    return reading.clause


class _Reading:
    def __init__(self, clause: NoticeClause, days: when) -> None:
        self.clause = clause
        self.when = days
        self.with_weekday: set[date] = set()
        self.uncounted = ""  # a run whose number of days is still to come
        self.worked: list[date] | None = None
        self.moved: list[date] = []
        self.inside: list[tuple[date, str]] = []
        self.no_exchange = False

    def fail(self, words: str, en: str, zh: str) -> BadWords:
        return BadWords(self.clause.line, words, Words(en, zh))

    def sentence(self, sentence: str) -> None:
        advice = _ADVICE.fullmatch(sentence)
        if advice is not None:
            self.when.days(f"{advice['day']}（除夕）")
            return
        for phrase in parts(sentence, "，；"):
            if phrase != "其中":
                self.phrase(phrase.removeprefix("其中"))

    def phrase(self, phrase: str) -> None:
        for kind, pattern in _PHRASES.items():
            found = pattern.fullmatch(phrase)
            if found is not None:
                return _READERS[kind](self, found)
        raise self.fail(phrase, "is not understood", "读不懂")

    def said(self, found: re.Match[str], group: str = "days") -> list[date]:
        read: list[SaidDay] = self.when.days(found[group])
        self.with_weekday.update(said.day for said in read if said.weekday)
        return [said.day for said in read]

    def run(self, found: re.Match[str]) -> None:
        read = self.when.run(found["days"])
        self.with_weekday.update(said.day for said in read if said.weekday)
        self.rest(found, [said.day for said in read])
        self.uncounted = found[0]

    def single(self, found: re.Match[str]) -> None:
        days = self.said(found)
        if self.clause.rest_days and set(days) <= set(self.clause.rest_days):  # named again: 其中9月3日放假
            return
        self.rest(found, days)
        if found["count"] is not None and int(found["count"]) != len(days):
            raise self.fail(found[0], f"it names {len(days)} day(s)", f"列出的是 {len(days)} 天")

    def rest(self, found: re.Match[str], days: list[date]) -> None:
        if self.clause.rest_days:
            raise self.fail(found[0], "the clause gives days off twice", "同一条中两次写放假")
        self.clause.rest_days.extend(days)

    def count(self, found: re.Match[str]) -> None:
        if int(found["count"]) != len(self.clause.rest_days):
            days = len(self.clause.rest_days)
            raise self.fail(found[0], f"the clause gives {days} day(s) off", f"这一条放假 {days} 天")
        self.uncounted = ""

    def beside_weekend(self, found: re.Match[str]) -> None:
        if [day.weekday() in (0, 4) for day in self.clause.rest_days] != [True]:
            raise self.fail(found[0], "the day off is no Monday or Friday", "放假日不是周一或周五")

    def in_lieu(self, found: re.Match[str]) -> None:
        days = self.said(found)
        free = [day for day in self.clause.rest_days if day.weekday() >= SATURDAY]
        if len(free) != 1 or days[0].weekday() >= SATURDAY or days[0] not in self.with_weekday:
            raise self.fail(found[0], "a weekday off is in lieu of a holiday at a weekend", "补休应写明星期，以一个平日补逢周末的假日")
        if not 0 < (days[0] - free[0]).days < 4:
            raise self.fail(found[0], "it is not the next day worked", "补休日不是其后的工作日")
        self.clause.rest_days.extend(days)

    def exchanged(self, found: re.Match[str]) -> None:
        self.inside += [(day, found[0]) for day in self.said(found)]

    def without_exchange(self, _found: re.Match[str]) -> None:
        self.no_exchange = True

    def works(self, found: re.Match[str]) -> None:
        if self.worked is not None:
            raise self.fail(found[0], "the clause names its days worked twice", "同一条中两次写上班")
        self.worked = self.said(found)
        for day in self.worked:
            if day.weekday() < SATURDAY or day not in self.with_weekday:
                raise self.fail(found[0], f"{day} is not named as a Saturday or Sunday", f"没有写明 {day} 是周六或周日")

    def statutory(self, found: re.Match[str]) -> None:
        self.inside += [(day, found[0]) for day in self.said(found)]

    def as_usual(self, found: re.Match[str]) -> None:
        for day in self.said(found):
            if day.weekday() < SATURDAY:
                raise self.fail(found[0], f"{day} is at no weekend", f"{day} 不是周六、周日")
            self.inside.append((day, found[0]))

    def move(self, found: re.Match[str]) -> None:
        days, to = self.said(found), self.said(found, "to")
        also = found["also"] is not None
        if found["many"] is not None and len(days) != " 一两三四".index(found["many"]):
            raise self.fail(found[0], f"it names {len(days)} days", f"列出的是 {len(days)} 个")
        if len(days) + also != len(to):
            raise self.fail(found[0], "as many days must be given as are taken", "调出和调入的天数不同")
        if any(day.weekday() < SATURDAY for day in days) or any(day.weekday() >= SATURDAY for day in to):
            raise self.fail(found[0], "a weekend day is moved to a weekday", "应把周末的公休日调至平日")
        self.inside += [(day, found[0]) for day in to]
        self.moved += days

    def finish(self) -> None:
        clause = self.clause
        if not clause.rest_days:
            raise self.fail(clause.holiday, "the clause gives no day off", "这一条没有写放假")
        if self.uncounted:
            raise self.fail(self.uncounted, "how many days that makes is not said", "没有写共几天")
        for day, words in self.inside:
            if day not in clause.rest_days:
                raise self.fail(words, f"{day} is not among the days off", f"{day} 不在放假的日子里")
        outside = [day for day in self.moved if day not in clause.rest_days]
        if self.moved and self.worked is not None and sorted(outside) != sorted(self.worked):
            raise self.fail(clause.holiday, "the days moved are not the days worked", "调出的公休日与上班的日子不同")
        clause.makeup_workdays.extend(self.worked if self.worked is not None else outside)
        for day in clause.makeup_workdays:
            if min(abs((day - rest).days) for rest in clause.rest_days) > FARTHEST:
                raise self.fail(clause.holiday, f"{day} is more than {FARTHEST} days from the holiday", f"{day} 离放假超过 {FARTHEST} 天")
        if self.no_exchange and clause.makeup_workdays:
            raise self.fail("不调休", "but days are worked for it", "却有上班的日子")


_READERS: Final[Mapping[str, Callable[[_Reading, re.Match[str]], None]]] = {
    "run": _Reading.run,
    "single": _Reading.single,
    "count": _Reading.count,
    "beside_weekend": _Reading.beside_weekend,
    "in_lieu": _Reading.in_lieu,
    "exchanged": _Reading.exchanged,
    "no_exchange": _Reading.without_exchange,
    "worked": _Reading.works,
    "statutory": _Reading.statutory,
    "as_usual": _Reading.as_usual,
    "moved": _Reading.move,
}
