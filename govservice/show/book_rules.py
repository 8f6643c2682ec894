"""What a rulebook decides and scores, as chapters of its document: decisions, measures, schemes, each with its examples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from govservice.errors import Words
from govservice.rules.book.entries import Decision, Example, Item, Part, Quota, Rule, Scheme
from govservice.rules.book.marks import mapping, text_of
from govservice.rules.language.shapes import Expression
from govservice.rules.language.values import reported
from govservice.show.book_shapes import Block, Cell, Chapter, Spoken, TableRow, cell
from govservice.show.book_words import Speaker
from govservice.show.values import shown

__all__ = ["decisions_of", "measures_of", "schemes_of"]

_HITS: Final[Mapping[str, Words]] = {
    "first": Words("the first rule that holds decides", "从上往下，第一条成立的算数"),
    "unique": Words("one rule at the most may hold", "至多一条成立"),
    "any": Words("several rules may hold, and then agree", "可以几条同时成立，结果须一致"),
    "collect": Words("every rule that holds counts", "成立的各条都算"),
}
_ROUNDINGS: Final[Mapping[str, Words]] = {
    "up": Words("rounded up", "进一"), "down": Words("rounded down", "舍去"), "nearest": Words("rounded to the nearest", "四舍五入"),
}  # fmt: skip


def decisions_of(say: Speaker) -> Chapter:
    """Every decision as a table of its rules."""
    return Chapter("decisions", say.word("Decisions", "判定"), tuple(_decision(say, entry) for entry in say.contents.decisions.values()))


def _decision(say: Speaker, entry: Decision) -> Block:
    place, about = f"decisions.{entry.id}", entry.about
    labels = dict(entry.labels)
    outcomes = (
        say.behind(
            f"{say.named(name, entry.label if name == entry.primary and name not in labels else labels.get(name))}（{kind}）"
            if say.lang == "zh"
            else f"{name} {labels.get(name) or ''}".rstrip() + f" ({kind})",
            say.clause(f"{place}.outcomes.{name}"),
        )
        for name, kind in ((name, say.type(kind, f"{place}.outcomes.{name}")) for name, kind in entry.outcomes)
    )
    lines = cell(
        say.word(f"about {about}", f"对象：{say.table(about)}"),
        say.sentence("applies where {}", "适用：{}", entry.when, about),
        say.days(entry.from_, entry.until),
        say.word(f"period: {say.period(entry.period)}", f"期间：{say.period(entry.period)}") if entry.period else None,
        _HITS[entry.hit].text(say.lang),
        say.word("outcomes: ", "结果：") + say.word("; ", "；").join(outcomes),
    )
    rows = [_rule(say, entry, rule) for rule in entry.rules]
    if entry.otherwise is not None:
        rows.append(TableRow(f"{place}.otherwise", (cell(say.word("otherwise", "其余")), (), _then(say, entry, entry.otherwise))))
    rows += _examples(say, place, entry.examples, columns=3)
    heads = (say.word("rule", "规则"), say.word("where", "条件"), say.word("then", "结果"))
    return Block(place, entry.label or entry.id, entry.id, heads, tuple(rows), entry.cite or "", lines)


def _rule(say: Speaker, entry: Decision, rule: Rule) -> TableRow:
    where = cell(
        say.expression(rule.when, entry.about) or say.word("(no condition)", "（无条件）"),
        _quota(say, rule.quota, entry.about),
        say.days(rule.from_, rule.until),
    )
    cells = (cell(say.called(rule.id, rule.label)), where, _then(say, entry, rule.then))
    return TableRow(f"decisions.{entry.id}.rules.{rule.id}", cells, rule.cite or "")


def _quota(say: Speaker, quota: Quota | None, about: str) -> Spoken | None:
    if quota is None:
        return None
    share, of = say.expression(quota.share, about), say.expression(quota.of, about)
    rounded = _ROUNDINGS[quota.rounding].text(say.lang) if quota.rounding in _ROUNDINGS else quota.rounding
    within = "" if quota.within is None else say.word(f", within each {quota.within}", f"，各{say.named(quota.within)}内分别算")
    numbers = (share.text if share is not None else "", of.text if of is not None else "")
    return Spoken(say.word("places: {} of {}, {}{}", "名额：{1} 的 {0}，{2}{3}").format(*numbers, rounded, within))


def _then(say: Speaker, entry: Decision, granted: Iterable[tuple[str, Expression]]) -> Cell:
    labels, lines = dict(entry.labels), []
    pairs = tuple(granted)
    for name, worth in pairs:
        said = say.expression(worth, entry.about)
        if said is None:
            continue
        head = "" if len(pairs) == 1 and name == entry.primary else f"{say.named(name, labels.get(name))}{say.word(': ', '：')}"
        lines.append(Spoken(f"{head}{said.text}", said.exact))
    return cell(*lines)


def _examples(say: Speaker, place: str, examples: Iterable[Example], columns: int) -> Iterator[TableRow]:
    """The test cases of an entry, under a head of their own."""
    listed = tuple(examples)
    if listed:
        yield TableRow("", (cell(say.word("examples", "例")), *((),) * (columns - 1)), head=True)
    for example in listed:
        days = ((say.word("on", "按"), example.on), (say.word("now", "截至"), example.now), (say.word("period", "期间"), example.period))
        when = [f"{name} {at}" for name, at in days if at is not None]
        whose = [example.subject] if example.subject else []
        given = say.word("given ", "已知：") + _plain(say, example.given)
        then = (f"{say.outcome(name)}{say.word(': ', '：')}{_expected(say, place, name, value)}" for name, value in example.then)
        outcome = say.word("; ", "；").join(then)
        cells = (
            cell(say.called(example.id, example.label)),
            cell(given, say.listed([*whose, *when])),
            cell(outcome),
            *((),) * (columns - 3),
        )
        yield TableRow(f"{place}.examples.{example.id}", cells, example.cite or "")


def _expected(say: Speaker, place: str, outcome: str, value: str) -> str:
    """What a test case says comes out; in Chinese by the label of the value."""
    section, _, id = place.partition(".")
    kinds = dict(say.contents.decisions[id].outcomes) if section == "decisions" else {}
    if say.lang == "en" or (outcome in kinds and kinds[outcome].choice(value) is not None):
        return say.value(value, kinds[outcome]) if outcome in kinds else value
    return _COME_TO.get(value.lower(), value)


_COME_TO: Final = {"open": "未定", "none": "无", "true": "是", "false": "否"}


def _plain(say: Speaker, of: object) -> str:
    """What a test case gives, by the labels of facts; values as they stand in the book."""
    match of:
        case Mapping():
            return say.listed(f"{say.named(str(name))} {_plain(say, value)}" for name, value in of.items())
        case list() | tuple():
            return say.word("; ", "；").join(f"[{_plain(say, part)}]" if isinstance(part, Mapping) else _plain(say, part) for part in of)
        case _:
            return str(of)


def measures_of(say: Speaker) -> Chapter:
    """Every measure."""
    rows = [
        TableRow(f"measures.{id}", (cell(say.called(id, measure.label)), cell(say.expression(measure.value, ""))), measure.cite or "")
        for id, measure in say.contents.measures.items()
    ]
    heads = (say.word("measure", "指标"), say.word("how it is counted", "算法"))
    return Chapter("measures", say.word("Measures", "指标"), (Block("measures", "", "", heads, tuple(rows)),) if rows else ())


def schemes_of(say: Speaker) -> Chapter:
    """Every scheme: its parts and items with their points."""
    return Chapter("schemes", say.word("Schemes", "考核"), tuple(_scheme(say, entry) for entry in say.contents.schemes.values()))


def _scheme(say: Speaker, entry: Scheme) -> Block:
    place, about = f"schemes.{entry.id}", entry.id
    rank = entry.rank
    by = "" if rank is None else say.listed(said.text for key in rank.by if (said := say.expression(key, about)) is not None)
    label = text_of(mapping(say.node(place)), "label")
    lines = cell(
        say.word(f"called {label}", f"名称：{label}") if label and label != entry.title else None,
        say.word(f"scores {entry.scores}", f"考核对象：{say.table(entry.scores)}"),
        say.word(f"period: {say.period(entry.period)}", f"期间：{say.period(entry.period)}"),
        say.days(entry.from_, entry.until),
        _marks(say, entry.full, entry.low, entry.high, entry.unit),
        say.sentence("who: {}", "范围：{}", entry.who, about),
        say.sentence("applies where {}", "适用：{}", entry.when, about),
        say.sentence("total: {}", "总分：{}", entry.total, about),
        say.sentence("ranked where {}", "参加排名的条件：{}", entry.eligible, about),
        say.word(f"ranked by {by}", f"排名依据：{by}") if by else None,
        say.word(f"within each {rank.within}", f"各{say.named(rank.within)}内分别排名") if rank is not None and rank.within else None,
        None if rank is None or not rank.ties else say.conventions({"ties": rank.ties}, f"{place}.rank"),
        say.sentence("only those where {}", "只排：{}", rank.when if rank is not None else None, about),
        say.conventions(entry.conventions, place),
    )
    rows = [row for id, part in entry.parts.items() for row in _part(say, entry, part, f"{place}.parts.{id}", 0)]
    if entry.adjust:
        rows.append(TableRow("", (cell(say.word("outside any part", "各部分以外")), (), ()), head=True))
    rows += [_item(say, entry, item, f"{place}.adjust.{item.id}") for item in entry.adjust]
    rows += _examples(say, place, entry.examples, columns=3)
    heads = (say.word("item", "计分项"), say.word("of what, and where", "按什么、何时"), say.word("points", "分值"))
    return Block(place, entry.title or entry.id, entry.id, heads, tuple(rows), entry.cite or "", lines)


def _marks(say: Speaker, full: object, low: str | None, high: str | None, unit: str | None = None) -> str:
    said = [
        f"{word} {bound}"
        for word, bound in (
            (say.word("full", "满分"), None if full is None else shown(reported(full), say.lang)),  # type: ignore[arg-type]
            (say.word("at least", "最低"), say.word("no bound", "不限") if low == "none" else low),
            (say.word("at most", "最高"), say.word("no bound", "不限") if high == "none" else high),
            (say.word("unit", "单位"), unit),
        )
        if bound is not None
    ]
    return say.listed(said)


def _part(say: Speaker, scheme: Scheme, part: Part, place: str, level: int) -> Iterator[TableRow]:
    about = scheme.id
    name = say.called(part.id, part.label)
    where = cell(
        say.sentence("applies where {}", "适用：{}", part.when, about),
        say.days(part.from_, part.until),
        say.conventions(part.conventions, place),
    )
    marks = cell(_marks(say, part.full, part.low, part.high), say.sentence("starts at {}", "起始 {}", part.start, about))
    yield TableRow(place, (cell(Spoken("　" * level + name.text, name.exact)), where, marks), part.cite or "", head=True)
    for item in part.items:
        yield _item(say, scheme, item, f"{place}.items.{item.id}")
    for id, inner in part.parts.items():
        yield from _part(say, scheme, inner, f"{place}.parts.{id}", level + 1)


def _item(say: Speaker, scheme: Scheme, item: Item, place: str) -> TableRow:
    about = scheme.id if not item.for_ else item.for_[0]
    label = item.label or (say.listed(map(say.table, item.for_)) if item.for_ and say.lang == "zh" else None)
    each = None if item.each is None else say.word(f"one for each {item.each.id}", f"每{say.named(item.each.id)}算一次")
    lasts = None
    if item.lasts is not None:
        first, last = (say.expression(end, about) for end in item.lasts)
        lasts = say.word("lasts from {} to {}", "起止：{} 至 {}").format(first.text if first else "", last.text if last else "")
    what = cell(
        say.word(f"each {say.listed(item.for_)}", f"每一次：{say.listed(map(say.table, item.for_))}") if item.for_ else None,
        say.sentence("where {}", "条件：{}", item.when, about),
        say.word(f"dated by {item.by}", f"按“{say.named(item.by)}”定日期") if item.by else None,
        say.word(f"of {item.of}", f"谁的：{say.table(item.of) if item.of != 'all' else '全部'}") if item.of else None,
        each,
        lasts,
        say.days(item.from_, item.until),
        say.conventions(item.conventions, place),
    )
    points = cell(
        say.expression(item.points, about),
        say.sentence("all together at most {}", "合计最多 {}", item.at_most, about),
        say.sentence("all together at least {}", "合计最少 {}", item.at_least, about),
    )
    return TableRow(place, (cell(say.called(item.id, label)), what, points), item.cite or "")
