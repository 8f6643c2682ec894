"""A holiday notice in the State Council's own words -> its days; what is not understood or contradicts itself is refused with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from govservice.calendars import notice_sentences as known
from govservice.calendars.notice import CalendarNotice, contradictions, shipped_notices
from govservice.calendars.notice_clauses import NoticeClause, read_clause
from govservice.calendars.notice_words import DAY, BadWords, TextLine, day_of_issue, lines_of, parts, when
from govservice.calendars.noticefile import faults_as_error
from govservice.calendars.statutory import FIRST_YEAR, LAST_YEAR, law_for, statutory_days
from govservice.errors import NOTHING, CalendarError, Fault, GovServiceError, Words

__all__ = ["read_notice_text"]

MOST_CHARACTERS: Final = 20_000
_TITLES: Final = {"yearly": known.YEARLY, "adjusted": known.ADJUSTED, "prolonged": known.EXTENDED, "laid down": known.LAID_DOWN}
_CLAUSE: Final = re.compile(r"(?P<number>[一二三四五六七八九十])、(?:(?P<holiday>[^0-9：，。；]{2,12})：)?(?P<text>.+)")
_NUMERALS: Final = "一二三四五六七八九十"
_PROLONGED: Final = re.compile(
    rf"延长(?P<year>[0-9]{{4}})年(?P<holiday>[^0-9。，：]{{2,12}})假期至(?P<last>{DAY})，(?P<back>{DAY})起正常上班。"
)
_DECLARED: Final = re.compile(
    rf"为使全国人民广泛参与中央及各地区各部门举行的纪念活动，(?P<day>{DAY})全国放假1天。为方便公众安排假日期间生产生活，特作如下调休：(?P<text>.+)"
)
_BY_HAND: Final = Words(
    "paste the notice's own words, whole; or write its days by hand as a notice file",
    "请粘贴通知原文全文；也可按通知文件的格式手工写出各日",
)


class _Given(NamedTuple):
    year: int | None
    number: str | None
    title: str | None
    issued_on: date | None


def read_notice_text(
    text: str,
    *,
    year: int | None = None,
    number: str | None = None,
    title: str | None = None,
    issued_on: date | None = None,
    inferred: bool = False,
    notices: Iterable[CalendarNotice] = (),
) -> CalendarNotice:
    """The text of a yearly notice, or of one that changes it, as a CalendarNotice for `china(notices=[..])`.

    The text is taken clause by clause; nothing is guessed. Refused with line and words, all at once: an unknown sentence or phrase,
    a weekday, lunar date or number of days that is not so, a clause or holiday left out, a statutory day that is worked, and days off that
    the days worked do not pay for. Marks and digits of full or half width, and spaces, make no difference.

    `year`, `number`, `title`, `issued_on`  What an excerpt leaves out, or the text does not say; against the text they are refused.
    `inferred`  The day of issue given is not printed on the notice.
    `notices`   Those that an amendment may change, beside the shipped ones. It holds the days that it changes, those that it takes back
                as ordinary days.

    Raises CalendarError. Source: 国务院办公厅关于部分节假日安排的通知, each year's.

    >>> head = "国务院办公厅关于2031年部分节假日安排的通知"
    >>> read_notice_text(f"{head}\\n一、元旦：1月1日（周四）放假1天。", issued_on=date(2030, 11, 5))
    Traceback (most recent call last):
    govservice.errors.CalendarError: line 2: '1月1日（周四）': 2031-01-01 is a Wednesday
    """
    if not isinstance(text, str):
        raise CalendarError(Words("the text of a notice is a str", "通知原文应为字符串"))
    if len(text) > MOST_CHARACTERS:
        raise CalendarError(Words(f"more than {MOST_CHARACTERS:,} characters are no notice", f"超过 {MOST_CHARACTERS:,} 字，不是放假通知"))
    reading = _Reading(lines_of(text), _Given(year, number, title, issued_on))
    notice = reading.read(inferred, (*shipped_notices(), *notices))
    if notice is None:
        raise faults_as_error([_placed(fault) for fault in reading.faults])
    return notice


def _placed(fault: Fault) -> Fault:
    """A text has no file name: its line is said."""
    if fault.line is None:
        return fault
    what = Words(f"line {fault.line}: {fault.what.en}", f"第 {fault.line} 行：{fault.what.zh}")
    return Fault(what, fault.why, fault.hint)


class _Reading:
    """One text under reading: what its head and foot say, its clauses, and its faults so far."""

    def __init__(self, lines: list[TextLine], given: _Given) -> None:
        self.lines = lines
        self.given = given
        self.faults: list[Fault] = []
        self.kind = "yearly"
        self.year = given.year
        self.title = given.title
        self.number = given.number
        self.issued_on = given.issued_on
        self.holiday: str | None = None  # of an amendment
        self.announced: list[str] | None = None
        self.clauses: list[NoticeClause] = []
        self.numerals: list[str] = []
        self.prolonged: tuple[date, date, int] | None = None
        self.declared: date | None = None
        self.signed: str | None = None
        self.dated = False

    def fault(self, line: int | None, words: str, en: str, zh: str, hint: Words = NOTHING) -> None:
        self.faults.append(BadWords(line, words, Words(en, zh), hint).fault)

    def not_understood(self, line: TextLine, words: str) -> None:
        self.fault(line.number, words, "is not understood", "读不懂", _BY_HAND)

    def read(self, inferred: bool, others: tuple[CalendarNotice, ...]) -> CalendarNotice | None:
        body = self.lines[self.head() :]
        if self.year is None:
            self.year = self.year_of_body(body)
        if self.year is None:
            self.fault(None, "", "the text does not say its year", "原文没有写年份", Words("give year=", "请给出 year="))
            return None
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            self.fault(None, "", f"the year {self.year} is out of reach", f"年份 {self.year} 超出范围")
            return None
        for line in body:
            try:
                self.line(line, self.year)
            except BadWords as bad:
                self.faults.append(bad.fault)
            except CalendarError as error:
                self.faults.append(error.fault)
        self.foot(self.year)
        if self.faults:
            return None
        notice = self.yearly(self.year) if self.kind == "yearly" else self.amendment(self.year, others)
        if self.faults or notice is None:
            return None
        try:
            return CalendarNotice(
                year=self.year,
                number=self.number,
                title=self.title if self.number is None else None,
                issued_on=self.issued_on or date.min,
                inferred=inferred,
                **notice,
            )
        except GovServiceError as error:
            self.faults.append(error.fault)
            return None

    # the head

    def head(self) -> int:
        """Reads the title, on one line or several; how many lines it takes. An excerpt has none."""
        for taken in range(1, min(4, len(self.lines)) + 1):
            joined = "".join(line.text for line in self.lines[:taken])
            for kind, pattern in (
                ("yearly", known.YEARLY),
                ("adjusted", known.ADJUSTED),
                ("prolonged", known.EXTENDED),
                ("laid down", known.LAID_DOWN),
            ):
                found = pattern.fullmatch(joined)
                if found is not None:
                    self.kind = kind
                    values = found.groupdict()
                    self.holiday = values.get("holiday")
                    if values.get("year"):
                        self.agree_year(self.lines[0].number, joined, int(values["year"]))
                    self.title = joined if self.given.title is None else self.given.title
                    return taken
        return 0

    def agree_year(self, line: int, words: str, year: int) -> None:
        if self.year is not None and self.year != year:
            self.fault(line, words, f"the year is not {self.year}", f"年份不是 {self.year}")
        else:
            self.year = year

    def year_of_body(self, body: list[TextLine]) -> int | None:
        """The year of a notice whose title has none: that of the day it declares."""
        found = next((match for line in body if (match := _DECLARED.search(line.text))), None)
        return int(found["day"][:4]) if found is not None and re.match(r"[0-9]{4}年", found["day"]) else None

    # line by line

    def line(self, line: TextLine, year: int) -> None:
        text = line.text
        if self.dated:
            self.fault(line.number, text, "stands behind the date of the notice", "在通知的落款日期之后")
        elif text == known.ADDRESSEE:
            return
        elif (found := known.NUMBER.fullmatch(text)) is not None:
            self.cited(line, found)
        elif text in known.SIGNED and self.signed is None:
            self.signed = text
        elif (signed_on := day_of_issue(text)) is not None:
            self.issued(line, signed_on)
        elif (clause := _CLAUSE.fullmatch(text)) is not None:
            self.clause(line, clause, year)
        else:
            self.prose(line, text, year)

    def cited(self, line: TextLine, found: re.Match[str]) -> None:
        if self.number is not None and self.number != found[0]:
            self.fault(line.number, found[0], f"the number is {self.number}", f"文号应为 {self.number}")
        self.number = found[0]

    def issued(self, line: TextLine, signed_on: date) -> None:
        self.dated = True
        if self.signed is None:
            self.fault(line.number, line.text, "a date without a signature before it", "落款日期之前没有署名")
        if self.given.issued_on is not None and self.given.issued_on < signed_on:
            self.fault(line.number, line.text, "was signed after the day of issue given", "落款晚于所给的印发日期")
        self.issued_on = self.given.issued_on or signed_on

    def clause(self, line: TextLine, found: re.Match[str], year: int) -> None:
        self.numerals.append(found["number"])
        holiday, text = found["holiday"], found["text"]
        if self.kind == "yearly":
            if holiday is None:
                self.not_understood(line, line.text)
                return
            self.clauses.append(read_clause(holiday, text, year=year, line=line.number))
        elif (prolonged := _PROLONGED.fullmatch(text)) is not None and self.kind == "prolonged" and self.prolonged is None:
            self.prolong(line, prolonged, year)
        elif self.kind == "adjusted" and not self.clauses and holiday is None:
            self.clauses.append(read_clause(self.holiday or "", text, year=year, line=line.number))
        else:
            self.prose(line, text, year)

    def prolong(self, line: TextLine, found: re.Match[str], year: int) -> None:
        if int(found["year"]) != year or found["holiday"] != self.holiday:
            self.fault(line.number, found[0], f"the title says {year} and {self.holiday}", f"标题写的是 {year} 年{self.holiday}")
        days = when(year, line=line.number, new_year=False)
        [last], [back] = days.days(found["last"]), days.days(found["back"])
        if not (last.weekday and back.weekday):
            self.fault(line.number, found[0], "the weekdays are not said", "没有写明星期")
        if back.day != last.day + timedelta(1) or back.day.weekday() > 4:
            self.fault(line.number, found[0], f"{back.day} is not the workday after it", f"{back.day} 不是其后的工作日")
        self.prolonged = last.day, back.day, line.number

    def prose(self, line: TextLine, text: str, year: int) -> None:
        rest = text
        if self.kind == "laid down" and (found := _DECLARED.search(text)) is not None:
            rest = text[: found.start()]
            [declared] = when(year, line=line.number, new_year=False).days(found["day"])
            self.declared = declared.day
            self.clauses.append(read_clause((self.holiday or ""), found["text"], year=year, line=line.number))
        announced = known.ANNOUNCED.match(rest)
        if announced is None and "现将" in rest and self.kind == "yearly":
            announced = next((match for begun in _beginnings(rest) if (match := known.ANNOUNCED.fullmatch(rest[begun:]))), None)
        if announced is not None:
            self.announce(line, announced, year)
            rest = rest[: rest.index(announced[0])] + rest[rest.index(announced[0]) + len(announced[0]) :]
        for sentence in parts(rest, "。"):
            if not sentence:
                continue
            if not known.no_day_named(sentence + "。") or not rest.endswith("。"):
                self.not_understood(line, sentence + "。" if rest.endswith("。") else sentence)

    def announce(self, line: TextLine, found: re.Match[str], year: int) -> None:
        if int(found["year"]) != year:
            self.fault(line.number, found[0], f"the title says {year}", f"标题写的是 {year} 年")
        if self.announced is not None:
            self.fault(line.number, found[0], "is said twice", "出现两次")
        names = found["holidays"].replace("和", "、").split("、")
        self.announced = [{"“五一”": "劳动节", "“十一”": "国庆节"}.get(name, name) for name in names]

    # the whole

    def foot(self, year: int) -> None:
        if self.issued_on is None:
            hint = Words("give issued_on=", "请给出印发日期 issued_on=")
            self.fault(None, "", "the text does not say its day of issue", "原文没有印发日期", hint)
        if self.number is None and self.title is None:
            hint = Words("give number= or title=", "请给出 number= 或 title=")
            self.fault(None, "", "the text has neither number nor title", "原文没有文号和标题", hint)
        if self.numerals != list(_NUMERALS[: len(self.numerals)]):
            self.fault(None, "", f"the clauses are numbered {'、'.join(self.numerals)}", f"各条的序号是{'、'.join(self.numerals)}")
        if self.issued_on is None:
            return
        expected = year - 1 if self.kind == "yearly" else year
        if self.issued_on.year != expected:
            self.fault(None, "", f"issued on {self.issued_on}, about {year}", f"{self.issued_on} 印发，关于 {year} 年")
        numbered = known.NUMBER.fullmatch(self.number or "")
        if numbered is not None and int(numbered["year"]) != self.issued_on.year:
            self.fault(None, self.number or "", f"was issued on {self.issued_on}", f"印发日期是 {self.issued_on}")

    def yearly(self, year: int) -> dict[str, Any] | None:
        statutory = statutory_days(year, law_for(year, None))
        joined = [name for clause in self.clauses for name in clause.holidays]
        wanted = {name for _, name in statutory}
        missing, odd = sorted(wanted - set(joined)), sorted(set(joined) - wanted)
        twice = sorted({name for name in joined if joined.count(name) > 1})
        for name in [*missing, *odd, *twice]:
            said = (
                Words("has no clause", "没有写")
                if name in missing
                else Words("is no holiday of that year, or stands twice", "不是当年的假日，或写了两次")
            )
            self.fault(None, name, said.en, said.zh)
        if self.announced is not None and sorted(self.announced) != sorted(joined):
            self.fault(None, "、".join(self.announced), "is announced, not what the clauses say", "与各条不一致")
        self.pays(
            [day for day, _ in statutory], [(day, clause) for day, name in statutory for clause in self.clauses if name in clause.holidays]
        )
        days = _named(self.clauses)
        self.contradicted(year, days, None)
        return days

    def pays(self, statutory: list[date], expected: list[tuple[date, NoticeClause]]) -> None:
        """Statutory days are days off, and every further weekday off is paid for by a day worked."""
        for day, clause in expected:
            if day not in clause.rest_days:
                self.fault(
                    clause.line, clause.holiday, f"the statutory day {day} is not among its days off", f"法定节假日 {day} 不在放假的日子里"
                )
        owed = sum(clause.owed for clause in self.clauses) - len(statutory)
        worked = sum(len(clause.makeup_workdays) for clause in self.clauses)
        if owed != worked:
            self.fault(
                None,
                "",
                f"{owed} days worked would pay for the days off, the text names {worked}",
                f"按放假的日子应有 {owed} 天调为上班，原文写了 {worked} 天",
            )

    def contradicted(self, year: int, days: dict[str, Any], amends: str | None) -> None:
        for day, what, _hint in contradictions(year=year, cite=self.number or self.title, amends=amends, **({"ordinary_days": ()} | days)):
            line = next((clause.line for clause in self.clauses if day in (*clause.rest_days, *clause.makeup_workdays)), None)
            self.fault(line, "", what.en, what.zh)

    def amendment(self, year: int, others: tuple[CalendarNotice, ...]) -> dict[str, Any] | None:
        standing = _standing(year, self.issued_on or date.max, self.number or self.title or "", others)
        if standing is None:
            hint = Words("give the notice in notices=", "请在 notices= 里给出该通知")
            self.fault(None, "", f"the notice of {year} that it changes is not known", f"不知道它所修改的 {year} 年通知", hint)
            return None
        cite, rest, worked = standing
        clause = self.prolonging(rest) if self.kind == "prolonged" else next(iter(self.clauses), None)
        if clause is None:
            self.fault(None, "", "the text gives no day off", "原文没有写放假")
            return None
        if self.kind == "adjusted":
            listed = [day for day, name in statutory_days(year, law_for(year, None)) if name == clause.holiday]
            self.pays(listed, [(day, clause) for day in listed])
        if self.declared is not None:
            self.pays([self.declared], [(self.declared, clause)])
        days = _changes(clause, rest, worked, prolongs=self.kind == "prolonged")
        for day in clause.rest_days + clause.makeup_workdays:
            name = rest.get(day) or worked.get(day)
            if name is not None and not set(name.split("、")) & set(clause.holidays):
                self.fault(clause.line, clause.holiday, f"{day} is a day of {name}", f"{day} 已是{name}的日子")
        self.contradicted(year, _named([clause]) | {"ordinary_days": days["ordinary_days"]}, cite)
        return days | {"amends": cite}

    def prolonging(self, rest: dict[date, str]) -> NoticeClause | None:
        if self.prolonged is None:
            return None
        last, back, line = self.prolonged
        before = [day for day, name in rest.items() if self.holiday in name.split("、")]
        if not before or not 0 < (last - max(before)).days < 31 or back in rest:
            self.fault(line, "", f"{last} does not prolong {self.holiday}", f"{last} 没有延长{self.holiday}")
            return None
        further = [max(before) + timedelta(n) for n in range(1, (last - max(before)).days + 1)]
        return NoticeClause(self.holiday or "", line, rest_days=further)


def _beginnings(text: str) -> Iterator[int]:
    yield 0
    yield from (place + 1 for place, mark in enumerate(text) if mark == "。")


def _named(clauses: list[NoticeClause]) -> dict[str, Any]:
    return {
        "rest_days": tuple((day, clause.holiday) for clause in clauses for day in clause.rest_days),
        "makeup_workdays": tuple((day, clause.holiday) for clause in clauses for day in clause.makeup_workdays),
    }


def _standing(year: int, on: date, own: str, others: tuple[CalendarNotice, ...]) -> tuple[str, dict[date, str], dict[date, str]] | None:
    """The year's notice, and the days off and worked as it and amendments before this one leave them; None where it is not known."""
    in_order = sorted(
        {notice.cite: notice for notice in others if notice.year == year and notice.cite != own}.values(), key=lambda n: n.issued_on
    )
    base = [notice for notice in in_order if notice.amends is None]
    if len(base) != 1:
        return None
    rest, worked = dict(base[0].rest_days), dict(base[0].makeup_workdays)
    for notice in in_order:
        if notice.amends is not None and notice.issued_on < on:
            for day in (*dict(notice.rest_days), *dict(notice.makeup_workdays), *notice.ordinary_days):
                rest.pop(day, None)
                worked.pop(day, None)
            rest |= dict(notice.rest_days)
            worked |= dict(notice.makeup_workdays)
    return base[0].cite, rest, worked


def _changes(clause: NoticeClause, rest: dict[date, str], worked: dict[date, str], *, prolongs: bool) -> dict[str, Any]:
    """What the clause changes: days that are so already are left out, and those that it takes back are ordinary again."""
    own = [] if prolongs else [day for day, name in (rest | worked).items() if set(name.split("、")) & set(clause.holidays)]
    return {
        "rest_days": tuple((day, clause.holiday) for day in clause.rest_days if day not in rest),
        "makeup_workdays": tuple((day, clause.holiday) for day in clause.makeup_workdays if day not in worked),
        "ordinary_days": tuple(sorted(set(own) - {*clause.rest_days, *clause.makeup_workdays})),
    }
