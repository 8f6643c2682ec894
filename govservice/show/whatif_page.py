"""Two rulebooks over one history on one page: how many cases, days, points and grades change, which, and what is taken as it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from html import escape
from importlib.resources import files
from typing import Any, Final

from govservice.errors import Lang, Words

__all__ = ["fragment", "page"]

_PAGE: Final = "@page{size:A4;margin:14mm}body{margin:0;background:#f4f6f9}@media print{body{background:#fff}}"
_STYLE: Final = (
    ".gs-summary .tiles{display:flex;flex-wrap:wrap;gap:10px;margin:14px 0}.gs-summary .tiles div{flex:1 1 130px;border:1px solid #d8dee6;"
    "border-radius:6px;padding:8px 12px;background:#fff}.gs-summary .tiles b{display:block;font-size:1.5em;line-height:1.3}"
    ".gs-summary .wide{overflow-x:auto}.gs-summary svg{max-width:100%;height:auto}.gs-summary svg text{font-size:12px;fill:#333}"
    ".gs-summary section{break-inside:avoid-page}.gs-summary td.n,.gs-summary th.n{text-align:right}"
)
LISTED: Final = 20
_BEFORE, _AFTER, _MORE, _LESS = "#8593a6", "#14508c", "#a8442a", "#2f7d6b"

_T: Final[Mapping[str, Words]] = {
    "title": Words("What if the rules had been others", "规则改动影响测算"),
    "books": Words("Before: {before}; after: {after}.", "改前：{before}；改后：{after}。"),
    "entries": Words("What differs in the rules", "规则改了什么"),
    "same": Words("The two rulebooks are the same.", "两本规则相同。"),
    "moved": Words("cases of another type", "件改变办件类型"),
    "shifted": Words("due days moved", "个到期日变动"),
    "scores": Words("scorecards changed", "张计分表变动"),
    "grades": Words("grades or ranks changed", "项等级或名次变动"),
    "of": Words("of {total}", "共 {total}"),
    "flow": Words("From which type to which", "由哪类变为哪类"),
    "from": Words("before", "改前"),
    "to": Words("after", "改后"),
    "cases": Words("cases", "件数"),
    "share": Words("share", "占比"),
    "none": Words("nothing changes here", "没有变化"),
    "open": Words("(open)", "（未定）"),
    "no_rule": Words("(no rule)", "（无规则适用）"),
    "decisions": Words("Decisions with another outcome", "结论改变的决定"),
    "decision": Words("decision", "决定"),
    "examples": Words("for example", "例如"),
    "days": Words("Due days: by how many days they move", "到期日提前或推后的天数"),
    "days_axis": Words("calendar days (left of 0: earlier)", "自然日（0 的左边是提前）"),
    "earlier": Words(
        "{n} end earlier, {m} later; {k} have a due day under one book only or are open.",
        "提前 {n} 个，推后 {m} 个；另有 {k} 个只在一本规则下有到期日或未定。",
    ),
    "late": Words("{n} cases become overdue, {m} no longer are.", "新增超期 {n} 个，不再超期 {m} 个。"),
    "signals": Words("Signals", "预警"),
    "signal": Words("signal", "预警"),
    "clock": Words("clock", "时限"),
    "appear": Words("appear", "新增"),
    "vanish": Words("vanish", "消失"),
    "score_head": Words("Scores", "计分"),
    "subject": Words("subject", "对象"),
    "period": Words("period", "期间"),
    "points": Words("points", "分"),
    "difference": Words("difference", "差"),
    "line": Words("by which line", "因哪一项"),
    "most": Words(
        "The {n} largest changes of {total}; the others are in the tables of the result.",
        "列出变动最大的 {n} 张，共 {total} 张；其余见结果的各表。",
    ),
    "grade_head": Words("Grades and ranks", "等级和名次"),
    "grade": Words("grade", "等级"),
    "rank": Words("rank", "名次"),
    "basis": Words("What this rests on", "测算依据"),
    "as_recorded": Words(
        "Recorded outcomes that stand in both, for want of the facts that would decide them: ",
        "缺少作出结论的事实、两边都照记录的：",
    ),
    "failed": Words("Not worked out: ", "未能测算："),
    "aside": Words("{n} rows could not be used in either.", "有 {n} 行两边都未采用。"),
    "now": Words("As of {now}.", "截至 {now}。"),
    "made": Words("govservice {version}; digests {one} and {two}", "govservice {version}；规则册摘要 {one}、{two}"),
}  # fmt: skip
_SECTIONS: Final[Mapping[str, Words]] = {
    "decisions": Words("decision", "决定"), "measures": Words("measure", "指标"), "schemes": Words("scheme", "计分方案"),
    "clocks": Words("clock", "时限"), "settings": Words("setting", "设定"), "notices": Words("notice", "文书"),
    "tables": Words("tables and columns", "表和列"), "events": Words("kinds of event", "事件种类"), "lists": Words("lists", "名单"),
    "conventions": Words("conventions", "约定"), "hours": Words("office hours", "办公时间"),
}  # fmt: skip


def page(done: Any, lang: Lang) -> str:
    """The report as one file."""
    shown = _Page(done, lang)
    language = "zh-CN" if lang == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{shown.say('title')}</title><style>{_PAGE}</style></head><body>{shown.body()}</body></html>\n"
    )


def fragment(done: Any, lang: Lang) -> str:
    """The same as a piece of another page, cut down to its figures and the first tables."""
    return _Page(done, lang).body(short=True)


class _Page:
    def __init__(self, done: Any, lang: Lang) -> None:
        self.done = done
        self.lang: Lang = lang

    def say(self, key: str, **values: object) -> str:
        return _T[key].text(self.lang).format(**{name: escape(str(value)) for name, value in values.items()})

    def body(self, *, short: bool = False) -> str:
        css = files("govservice.show").joinpath("summary.css").read_text(encoding="utf-8")
        sections = [self.flow(), self.decided()]
        if not short:
            sections += [self.days(), self.signals(), *(self.scheme(id) for id in self.done.all_scores), self.grades(), self.basis()]
        language = "zh-CN" if self.lang == "zh" else "en"
        return (
            f'<main class="gs-summary" lang="{language}"><style>{css}{_STYLE}</style><header><h1>{self.say("title")}</h1>'
            f"<p>{self.say('books', before=self.named(self.done.before), after=self.named(self.done.after))}</p></header>"
            f"{self.entries()}{self.tiles()}{''.join(sections)}</main>"
        )

    @staticmethod
    def named(book: Any) -> str:
        return f"{book.title or book.book}（{book.digest[:12]}）"

    def label(self, id: str) -> str:
        return escape(self.done.labels.get(id, id))

    def item(self, scheme: str, item: str) -> str:
        return escape(self.done.labels.get(f"{scheme}.{item}", item))

    def entries(self) -> str:
        if not self.done.entries:
            return f"<p>{self.say('same')}</p>"
        named = [f"{_SECTIONS[section].text(self.lang)} {self.label(id)}".strip() for section, id in self.done.entries]
        more = f" … {len(named) - LISTED}" if len(named) > LISTED else ""
        return f"<p>{self.say('entries')}: {escape('; ' if self.lang == 'en' else '；').join(named[:LISTED])}{more}</p>"

    def tiles(self) -> str:
        counted = self.done.counted
        tiles = (
            (self.done.moved_cases, "moved", counted.get("cases", 0)), (len(self.done.shifts), "shifted", None),
            (self.done.changed_scores, "scores", counted.get("scores", 0)),
            (len(self.done.grade_changes), "grades", counted.get("grades", 0)),
        )  # fmt: skip
        return "<div class=tiles>" + "".join(self.tile(*one) for one in tiles) + "</div>"

    def tile(self, count: int, what: str, total: int | None) -> str:
        of = f" <span class=soft>{self.say('of', total=f'{total:,}')}</span>" if total is not None else ""
        return f"<div><b>{count:,}</b>{self.say(what)}{of}</div>"

    # -- cases

    def type_(self, name: str | None, *, open_: bool) -> str:
        return self.label(f"case_type={name}").removeprefix("case_type=") if name is not None else self.say("open" if open_ else "no_rule")

    def flow(self) -> str:
        flow = Counter(
            (self.type_(one.before, open_=one.open_before), self.type_(one.after, open_=one.open_after)) for one in self.done.moves
        )
        most = max(flow.values(), default=1)
        rows = [
            (one, other, f"{count:,}", f"{count / max(self.done.counted['cases'], 1):.2%}", _bar(count / most))
            for (one, other), count in flow.most_common()
        ]
        return self.section("flow", self.table(("from", "to", "cases", "share", ""), rows, right=(2, 3)))

    def decided(self) -> str:
        rows = []
        for id, count in sorted(self.done.changed_outcomes.items(), key=lambda pair: -pair[1]):
            if count:
                one = next(one for one in self.done.outcomes if one.decision == id)
                change = f"{escape(one.case)}: {self.value(one.before)} → {self.value(one.after)}"
                rows.append((self.label(id), f"{count:,}", change))
        return self.section("decisions", self.table(("decision", "cases", "examples"), rows, right=(1,)))

    def value(self, value: object) -> str:
        if isinstance(value, bool):
            return {("en", True): "yes", ("en", False): "no", ("zh", True): "是"}.get((self.lang, value), "否")
        if isinstance(value, tuple):
            return "、".join(map(self.value, value)) or "–"
        return "–" if value is None else self.label(f"case_type={value}").removeprefix("case_type=")

    def days(self) -> str:
        moved = [one.days for one in self.done.shifts if one.days]
        if not self.done.shifts:
            return self.section("days", f"<p class=soft>{self.say('none')}</p>")
        rest = len(self.done.shifts) - len(moved)
        told = self.say("earlier", n=sum(one < 0 for one in moved), m=sum(one > 0 for one in moved), k=rest)
        late = [(one.late_before, one.late_after) for one in self.done.shifts]
        overdue = self.say("late", n=sum(b is not True and a is True for b, a in late), m=sum(b is True and a is not True for b, a in late))
        counts = Counter(moved)
        rows = [(f"{days:+d}", f"{count:,}") for days, count in sorted(counts.items())]
        table = self.table(("days_axis", "cases"), rows, right=(0, 1)) if len(rows) <= LISTED else ""
        return self.section("days", f"<p>{told} {overdue}</p>{_histogram(counts, self.say('days_axis'), self.say('cases'))}{table}")

    def signals(self) -> str:
        if not self.done.signals:
            return ""
        counts = Counter((one.clock, one.signal, one.raised_after) for one in self.done.signals)
        pairs = dict.fromkeys((clock, signal) for clock, signal, _ in counts)
        rows = [
            (self.label(clock), self.label(signal), f"{counts[clock, signal, True]:,}", f"{counts[clock, signal, False]:,}")
            for clock, signal in pairs
        ]
        return self.section("signals", self.table(("clock", "signal", "appear", "vanish"), rows, right=(2, 3)))

    # -- scores

    def scheme(self, id: str) -> str:
        changes = [one for one in self.done.score_changes if one.scheme == id]
        if not changes:
            return ""
        changes.sort(key=lambda one: -abs(_middle(one.low_after, one.high_after) - _middle(one.low_before, one.high_before)))
        rows = []
        for one in changes[:LISTED]:
            lines = "；".join(f"{self.item(id, item)} {_points(was)} → {_points(now)}" for _, item, was, now in one.lines[:3])
            gap = _points(one.after - one.before, sign=True) if one.before is not None and one.after is not None else ""
            rows.append(
                (
                    escape(one.subject), escape(one.period), _between(one.before, one.low_before, one.high_before),
                    _between(one.after, one.low_after, one.high_after), gap, lines,
                )
            )  # fmt: skip
        heads = ("subject", "period", "from", "to", "difference", "line")
        more = f"<p class=soft>{self.say('most', n=LISTED, total=len(changes))}</p>" if len(changes) > LISTED else ""
        picture = _dumbbells(changes[:LISTED], self.say("from"), self.say("to"), self.say("points"))
        body = f"{picture}{self.table(heads, rows, right=(2, 3, 4))}{more}"
        return f"<section><h2>{self.say('score_head')}: {self.label(id)}</h2>{body}</section>"

    def grades(self) -> str:
        if not self.done.grade_changes:
            return ""
        rows = []
        for one in self.done.grade_changes[:LISTED]:
            ranks = f"{one.rank_before or '–'} → {one.rank_after or '–'}"
            rows.append(
                (
                    self.label(one.decision),
                    escape(one.subject),
                    escape(one.period),
                    f"{self.value(one.before)} → {self.value(one.after)}",
                    ranks,
                )
            )
        more = (
            f"<p class=soft>{self.say('most', n=LISTED, total=len(self.done.grade_changes))}</p>"
            if len(self.done.grade_changes) > LISTED
            else ""
        )
        return self.section("grade_head", self.table(("decision", "subject", "period", "grade", "rank"), rows) + more)

    def basis(self) -> str:
        said = [escape(self.done.held.text(self.lang))]
        said += [self.say("now", now=self.done.now)] if self.done.now is not None else []
        said += [self.say("aside", n=self.done.set_aside)] if self.done.set_aside else []
        if self.done.as_recorded:
            said.append(
                self.say("as_recorded") + escape("、".join(f"{self.done.labels.get(k, k)} {n}" for k, n in self.done.as_recorded.items()))
            )
        why = dict.fromkeys((id, words) for id, _, words in self.done.failed)
        said += [f"{self.say('failed')}{self.label(id)}（{escape(words.text(self.lang))}）" for id, words in why]
        made = self.say("made", version=self.done.after.version, one=self.done.before.digest[:12], two=self.done.after.digest[:12])
        return self.section("basis", "".join(f"<p>{one}</p>" for one in said) + f"<p class=soft>{made}</p>")

    # -- pieces

    def section(self, head: str, body: str) -> str:
        return f"<section><h2>{self.say(head)}</h2>{body}</section>"

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], right: Iterable[int] = ()) -> str:
        if not rows:
            return f"<p class=soft>{self.say('none')}</p>"
        aside = set(right)
        cell = [" class=n" if at in aside else "" for at in range(len(heads))]
        head = "".join(f"<th{kind}>{self.say(name) if name else ''}</th>" for name, kind in zip(heads, cell, strict=True))
        body = "".join("<tr>" + "".join(f"<td{kind}>{value}</td>" for value, kind in zip(row, cell, strict=True)) + "</tr>" for row in rows)
        return f"<div class=wide><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _bar(share: float) -> str:
    bar = f'<rect width="{120 * share:.1f}" height="12" fill="{_AFTER}"/>'
    return f'<svg width="120" height="12" role="img" aria-label="{share:.0%}">{bar}</svg>'


def _points(value: Any, *, sign: bool = False) -> str:
    if value is None:
        return "–"
    number = float(Fraction(value))
    text = f"{number:+.2f}" if sign else f"{number:.2f}"
    return text.rstrip("0").rstrip(".")


def _between(total: Any, low: Any, high: Any) -> str:
    return _points(total) if total is not None or low is None else f"{_points(low)}..{_points(high)}"


def _middle(low: Any, high: Any) -> Fraction:
    return (Fraction(low) + Fraction(high)) / 2 if low is not None and high is not None else Fraction(0)


def _histogram(counts: Counter[int], axis: str, what: str) -> str:
    """Bars by how many days; earlier ones in another colour than later ones."""
    if not counts:
        return ""
    low, high = min(*counts, 0), max(*counts, 0)
    step = max(1, -(-(high - low + 1) // 60))
    bins: Counter[int] = Counter()
    for days, count in counts.items():
        bins[(days - low) // step] += count
    number, most = (high - low) // step + 1, max(bins.values())
    wide, tall = 640, 150
    each = wide / number
    bars = "".join(
        f'<rect x="{40 + at * each:.1f}" y="{10 + tall - tall * count / most:.1f}" width="{max(each - 1, 1):.1f}" '
        f'height="{tall * count / most:.1f}" '
        f'fill="{_LESS if low + at * step < 0 else _MORE}"><title>{low + at * step:+d}: {count}</title></rect>'
        for at, count in sorted(bins.items())
    )
    zero = 40 + (0 - low) / step * each
    return (
        f'<svg viewBox="0 0 700 205" width="700" role="img" aria-label="{axis}">{bars}'
        f'<line x1="40" x2="680" y1="{10 + tall}" y2="{10 + tall}" stroke="#666"/>'
        f'<line x1="{zero:.1f}" x2="{zero:.1f}" y1="10" y2="{10 + tall}" stroke="#333"/>'
        f'<text x="36" y="18" text-anchor="end">{most:,}</text><text x="40" y="{tall + 26}">{low}</text>'
        f'<text x="{zero:.1f}" y="{tall + 26}" text-anchor="middle">0</text><text x="680" y="{tall + 26}" text-anchor="end">{high}</text>'
        f'<text x="360" y="{tall + 46}" text-anchor="middle">{axis} · {what}</text></svg>'
    )


def _dumbbells(changes: Sequence[Any], before: str, after: str, unit: str) -> str:
    """A line a scorecard: where it stood, where it would stand; bounds as thin lines."""
    settled = [one for one in changes if one.low_before is not None and one.low_after is not None]
    if not settled:
        return ""
    every = [float(Fraction(value)) for one in settled for value in (one.low_before, one.high_before, one.low_after, one.high_after)]
    low, high = min(every), max(every)
    span = (high - low) or 1.0

    def at(value: Any) -> float:
        return 150 + (float(Fraction(value)) - low) / span * 500

    lines = []
    for row, one in enumerate(settled):
        y = 34 + row * 20
        was, now = at(_middle(one.low_before, one.high_before)), at(_middle(one.low_after, one.high_after))
        lines.append(
            f'<text x="142" y="{y + 4}" text-anchor="end">{escape(one.subject)} {escape(one.period)}</text>'
            f'<line x1="{was:.1f}" x2="{now:.1f}" y1="{y}" y2="{y}" stroke="{_MORE if now < was else _LESS}" stroke-width="3"/>'
            f'<line x1="{at(one.low_before):.1f}" x2="{at(one.high_before):.1f}" y1="{y - 4}" y2="{y - 4}" stroke="{_BEFORE}"/>'
            f'<line x1="{at(one.low_after):.1f}" x2="{at(one.high_after):.1f}" y1="{y + 4}" y2="{y + 4}" stroke="{_AFTER}"/>'
            f'<circle cx="{was:.1f}" cy="{y}" r="4" fill="{_BEFORE}"/>'
            f'<rect x="{now - 4:.1f}" y="{y - 4}" width="8" height="8" fill="{_AFTER}"/>'
        )
    bottom = 34 + len(settled) * 20
    return (
        f'<svg viewBox="0 0 700 {bottom + 30}" width="700" role="img" aria-label="{before} / {after}">'
        f'<circle cx="156" cy="12" r="4" fill="{_BEFORE}"/><text x="164" y="16">{before}</text>'
        f'<rect x="236" y="8" width="8" height="8" fill="{_AFTER}"/><text x="250" y="16">{after}</text>{"".join(lines)}'
        f'<line x1="150" x2="650" y1="{bottom}" y2="{bottom}" stroke="#666"/><text x="150" y="{bottom + 16}">{_points(low)}</text>'
        f'<text x="650" y="{bottom + 16}" text-anchor="end">{_points(high)} {unit}</text></svg>'
    )
