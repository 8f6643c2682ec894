"""Two rulebooks over one history on one page: how many cases, days, points and grades change, which, and what is taken as it was.

Each part has its picture where charts can be drawn, and is whole in tables without.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from html import escape
from importlib.resources import files
from typing import Any, Final

from govservice.errors import Lang, Words
from govservice.show.charts.chart import Chart, cell
from govservice.show.charts.comparison import charts_of
from govservice.show.charts.drawing import can_draw

__all__ = ["fragment", "page"]

_PAGE: Final = "@page{size:A4;margin:14mm}body{margin:0;background:#f4f6f9}@media print{body{background:#fff}}"
_STYLE: Final = (
    ".gs-summary .tiles{display:flex;flex-wrap:wrap;gap:10px;margin:14px 0}.gs-summary .tiles div{flex:1 1 130px;border:1px solid #d8dee6;"
    "border-radius:6px;padding:8px 12px;background:#fff}.gs-summary .tiles b{display:block;font-size:1.5em;line-height:1.3}"
    ".gs-summary .wide{overflow-x:auto}.gs-summary .wide td{overflow-wrap:break-word}.gs-summary table.narrow{width:auto}"
    ".gs-summary table.broad td{min-width:4.8em}.gs-summary table.broad td:last-child{min-width:10em}"
    ".gs-summary .chart{margin:6px 0 12px;break-inside:avoid}.gs-summary .chart svg{display:block}"
    ".gs-summary .slide{display:none;margin:4px 0 0;font-size:.85em}"
    "@media screen and (max-width:700px){.gs-summary{padding:16px 12px}.gs-summary section{padding:14px 12px}"
    ".gs-summary .chart svg{min-width:540px}.gs-summary .slide{display:block}}"
    ".gs-summary td.n,.gs-summary th.n{text-align:right}"
)
LISTED: Final = 20
_BAR: Final = "#0072b2"

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
    "slide": Words("The picture is wider than the screen: slide it.", "图比屏幕宽，可左右滑动。"),
    "none": Words("nothing changes here", "没有变化"),
    "open": Words("(open)", "（未定）"),
    "no_rule": Words("(no rule)", "（无规则适用）"),
    "decisions": Words("Decisions with another outcome", "结论改变的决定"),
    "decision": Words("decision", "决定"),
    "examples": Words("for example", "例如"),
    "days": Words("Due days: by how many days they move", "到期日提前或推后的天数"),
    "commonest": Words("The {n} commonest of {total}.", "列出最常见的 {n} 种，共 {total} 种。"),
    "spread": Words("How wide the shifts spread", "变动的离散情况"),
    "overdue": Words("Overdue cases by department", "各部门超期件的增减"),
    "load": Words("The load of due days", "到期量的增减"),
    "busiest": Words("The {n} largest changes of {total} days.", "列出增减最大的 {n} 天，共 {total} 天。"),
    "earlier": Words(
        "{n} end earlier, {m} later; {k} have a due day under one book only or are open.",
        "提前 {n} 个，推后 {m} 个；另有 {k} 个只在一本规则下有到期日或未定。",
    ),
    "late": Words("{n} cases become overdue, {m} no longer are.", "新增超期 {n} 个，不再超期 {m} 个。"),
    "signals": Words("Signals", "告警"),
    "signal": Words("signal", "告警"),
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
    "alike": Words("The same ranks change under: ", "名次变动与上图相同的还有："),
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
    return _Page(done, lang, short=True).body()


class _Page:
    def __init__(self, done: Any, lang: Lang, *, short: bool = False) -> None:
        self.done = done
        self.lang: Lang = lang
        self.short = short

    def say(self, key: str, **values: object) -> str:
        return _T[key].text(self.lang).format(**{name: escape(str(value)) for name, value in values.items()})

    def body(self) -> str:
        css = files("govservice.show").joinpath("summary.css").read_text(encoding="utf-8")
        sections = [self.flow(), self.decided()]
        if not self.short:
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

    def signal(self, signal: str) -> str:
        return escape(self.done.labels.get(f"signals.{signal}", signal) if self.lang == "zh" else self.done.labels.get(signal, signal))

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
        picture = "" if self.short else self.picture("flow")
        return self.section("flow", picture + self.table(("from", "to", "cases", "share", ""), rows, right=(2, 3)))

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
        told = self.say("earlier", n=f"{sum(one < 0 for one in moved):,}", m=f"{sum(one > 0 for one in moved):,}", k=f"{rest:,}")
        late = [(one.late_before, one.late_after) for one in self.done.shifts]
        overdue = self.say("late", n=sum(b is not True and a is True for b, a in late), m=sum(b is True and a is not True for b, a in late))
        shifts = self.charts["shifts"]
        most = sorted(shifts.table, key=lambda row: -int(row["count"] or 0))[:LISTED]
        rows = [row for row in shifts.table if row in most]
        parts = [f"<p>{told} {overdue}</p>", self.picture("shifts"), self.figures(shifts, rows, "commonest")]
        parts += self.part("spread", "shift_spread") + self.part("overdue", "overdue")
        load = self.charts["due_load"]
        if load.table:
            largest = sorted(load.table, key=lambda row: -abs(int(row["count"] or 0)))[:LISTED]
            parts += [*self.pictured("load", "due_load"), self.figures(load, largest, "busiest")]
        return self.section("days", "".join(parts))

    def signals(self) -> str:
        if not self.done.signals:
            return ""
        counts = Counter((one.clock, one.signal, one.raised_after) for one in self.done.signals)
        pairs = dict.fromkeys((clock, signal) for clock, signal, _ in counts)
        rows = [
            (self.label(clock), self.signal(signal), f"{counts[clock, signal, True]:,}", f"{counts[clock, signal, False]:,}")
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
        body = f"{self.picture(f'scores.{id}')}{self.table(heads, rows, right=(2, 3, 4))}{more}"
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
        pictures = "".join(self.ranks())
        more = (
            f"<p class=soft>{self.say('most', n=LISTED, total=len(self.done.grade_changes))}</p>"
            if len(self.done.grade_changes) > LISTED
            else ""
        )
        return self.section("grade_head", pictures + self.table(("decision", "subject", "period", "grade", "rank"), rows) + more)

    def ranks(self) -> Iterator[str]:
        """A picture of each ranking that changes; decisions that rank alike share one."""
        shown: dict[tuple[Any, ...], list[str]] = {}
        for name, chart in self.charts.items():
            if name.startswith("ranks."):
                shown.setdefault(tuple(tuple(row.items()) for row in chart.table), []).append(name)
        for first, *others in shown.values():
            yield self.picture(first)
            if others and can_draw():
                yield f"<p class=soft>{self.say('alike')}{'、'.join(self.label(name.partition('.')[2]) for name in others)}</p>"

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

    @cached_property
    def charts(self) -> Mapping[str, Chart]:
        return charts_of(self.done, lang=self.lang)

    def picture(self, name: str) -> str:
        """A chart, where it shows anything and charts can be drawn."""
        chart = self.charts[name]
        if not chart.table or not can_draw():
            return ""
        return f'<p class="soft slide">{self.say("slide")}</p><div class="wide chart">{chart.inline()}</div>'

    def figures(self, chart: Chart, rows: Sequence[Mapping[str, Any]], more: str) -> str:
        """Rows of a chart's table, and how many there are in all where some are left out."""
        right = [at for at, name in enumerate(chart.columns) if any(type(row[name]) in (int, float) for row in rows)]
        cells = [[escape(cell(row[name], self.lang)) for name in chart.columns] for row in rows]
        left = f"<p class=soft>{self.say(more, n=len(rows), total=len(chart.table))}</p>" if len(rows) < len(chart.table) else ""
        return self.table(list(chart.columns.values()), cells, right) + left

    def pictured(self, head: str, name: str) -> list[str]:
        """A chart, which says its title itself; else a heading."""
        return [self.picture(name) or f"<h3>{self.say(head)}</h3>"]

    def part(self, head: str, name: str) -> list[str]:
        """A chart with its table under a heading of its own; nothing where there are no figures."""
        chart = self.charts[name]
        if not chart.table:
            return []
        return [*self.pictured(head, name), self.figures(chart, chart.table[:LISTED], "most")]

    def head(self, name: str) -> str:
        return _T[name].text(self.lang) if name in _T else name

    def section(self, head: str, body: str) -> str:
        return f"<section><h2>{self.say(head)}</h2>{body}</section>"

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], right: Iterable[int] = ()) -> str:
        if not rows:
            return f"<p class=soft>{self.say('none')}</p>"
        aside = set(right)
        cell = [" class=n" if at in aside else "" for at in range(len(heads))]
        head = "".join(f"<th{kind}>{escape(self.head(name))}</th>" for name, kind in zip(heads, cell, strict=True))
        body = "".join("<tr>" + "".join(f"<td{kind}>{value}</td>" for value, kind in zip(row, cell, strict=True)) + "</tr>" for row in rows)
        kind = "narrow" if len(heads) < 4 else "broad" if len(heads) == 6 else "plain"
        return f"<div class=wide><table class={kind}><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _bar(share: float) -> str:
    bar = f'<rect width="{120 * share:.1f}" height="12" fill="{_BAR}"/>'
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
