"""A decision of a rulebook as a diagram: the facts that are read, the rules in their order, the outcomes they grant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from govservice.doors import LANGUAGE, TEXT, takes
from govservice.errors import DecisionError, Lang, Words, did_you_mean
from govservice.rules.book.contents import Contents
from govservice.rules.book.entries import Decision, Rule
from govservice.rules.language.printing import written
from govservice.rules.language.shapes import Constant, Expression, Name, walk
from govservice.rules.meaning.outcomes import Outcome
from govservice.rules.rulebook import AnyBook, book_of
from govservice.show.charts.boxes import LINE, Box, apart, arrow, lines_of, picture, text
from govservice.show.charts.chart import Chart, Row
from govservice.show.charts.look import AFTER, WASH, cut, rest
from govservice.show.charts.look import LINE as PALE
from govservice.show.values import shown

__all__ = ["decision_diagram"]

_TITLE: Final = Words("How it is decided", "怎样作出决定")
_HEADS: Final = {
    "number": Words("number", "序号"),
    "rule": Words("rule", "规则"),
    "when": Words("where", "条件"),
    "reads": Words("reads", "所依据的事实"),
    "then": Words("grants", "结论"),
    "cite": Words("clause", "条款"),
}
_HITS: Final = {
    "first": Words("in this order; the first that holds decides", "依次判断，先成立的为准"),
    "unique": Words("at most one of them may hold", "至多只能有一条成立"),
    "any": Words("those that hold must agree", "成立的各条结论必须一致"),
    "collect": Words("all that hold count", "成立的全部计入"),
}
_ALWAYS: Final = Words("in all other cases", "其余情形")
_NONE: Final = Words("no rule fits", "没有规则适用")
MOST: Final = 30  # rules
_FACTS, _RULES, _OUTCOMES, _BETWEEN = 168.0, 372.0, 168.0, 84.0
_PAD, _GAP = 8.0, 10.0


@dataclass(frozen=True)
class _Row:
    """A rule as the diagram shows it."""

    id: str
    name: str
    when: str
    reads: tuple[str, ...]
    then: str
    cite: str | None


@takes(DecisionError, decision=TEXT, lang=LANGUAGE)
def decision_diagram(book: AnyBook, decision: str, *, decided: Outcome | None = None, lang: Lang = "zh") -> Chart:
    """A decision as a diagram: on the left the facts that it reads, in the middle its rules, on the right what they grant.

    A fact has round ends; what another decision grants has a dashed border, a setting a square one with its value. With `decided`, an
    outcome of this decision, the rule that settled it and its facts are drawn thick, with their values. Of more than thirty rules the
    others are in the table alone. The drawing needs no package; saving it as .png does. Raises DecisionError for a decision that the
    book does not have, or an outcome of another.

    >>> chart = decision_diagram("kunshan", "green_channel", lang="en")
    >>> chart.table[0]["when"], chart.table[-1]["then"], chart.to_svg()[:4]
    ('key_project', 'false', '<svg')
    """
    contents = book_of(book).contents
    entry = contents.decisions.get(decision)
    if entry is None:
        raise DecisionError(
            Words(f"the book has no decision {decision!r}", f"规则册没有“{decision}”这个决定"),
            hint=did_you_mean(decision, contents.decisions),
            id=f"decisions.{decision}",
        )
    if decided is not None and decided.decision != decision:
        raise DecisionError(
            Words(
                f"decided= is an outcome of {decided.decision}, not of {decision}",
                f"decided= 是 {decided.decision} 的结论，不是 {decision} 的",
            )
        )
    rows = _rows(contents, entry, lang)
    called = (entry.label or decision) if lang == "zh" else decision
    title = f"{_TITLE.text(lang)}{'：' if lang == 'zh' else ': '}{called}"
    columns = {name: words.text(lang) for name, words in _HEADS.items()}
    labels = _Labels(contents, entry, lang)
    table: tuple[Row, ...] = tuple(
        {"number": at, "rule": row.name, "when": row.when, "reads": labels.listed(row.reads), "then": row.then, "cite": row.cite}
        for at, row in enumerate(rows, 1)
    )
    drawn, left = cut(rows, MOST)
    notes = (
        [
            Words(
                f"{rest(len(left), lang, Words('more rules', '条'))} are in the table", f"{rest(len(left), lang, Words('', '条规则'))}见表"
            ).text(lang)
        ]
        if left
        else []
    )
    head = [_HITS[entry.hit].text(lang)]
    if entry.when is not None:
        said = labels.said(entry.when)
        head.insert(0, Words(f"only where: {said}", f"前提：{said}").text(lang))
    shapes = [labels.setting(name) is not None for name in labels.homes], [part.granted_by is not None for part in labels.homes.values()]
    if any(map(any, shapes)):
        head.append(
            Words(
                "round: facts; dashed: granted by another decision; square: settings", "圆角：事实；虚线框：由其他决定得出；方角：设定"
            ).text(lang)
        )
    svg = _Drawing(drawn, labels, decided).svg(title, [*head, *notes])
    return Chart(f"decision.{decision}", title, columns, table, drawn=svg, notes=tuple(notes), lang=lang)


class _Labels:
    """What facts, settings and values of a decision are called."""

    def __init__(self, contents: Contents, entry: Decision, lang: Lang) -> None:
        self.contents, self.lang = contents, lang
        self.labels: Mapping[str, str] = contents.labels_for(entry.id) if lang == "zh" else {}
        self.homes: dict[str, Name] = {}
        for rule in entry.rules:
            if rule.when is not None:
                self.homes.update({part.id: part for part in walk(rule.when) if isinstance(part, Name)})

    def name(self, id: str) -> str:
        return self.labels.get(id, id)

    def listed(self, ids: Sequence[str]) -> str:
        return ("、" if self.lang == "zh" else ", ").join(map(self.name, ids))

    def said(self, expression: Expression) -> str:
        return written(expression, lang=self.lang, labels=self.labels)

    def value(self, outcome: str, expression: Expression) -> str:
        if isinstance(expression, Constant):
            plain = shown(expression.value, self.lang)
            return self.labels.get(f"{outcome}={expression.value}", plain)
        return self.said(expression)

    def setting(self, id: str) -> str | None:
        """A setting's value; None for what is no setting."""
        found = self.contents.settings.get(id)
        if found is None or getattr(self.homes.get(id), "home", "") != "setting":
            return None
        return Words("not set", "待定").text(self.lang) if found.value is None else shown(found.value, self.lang)


def _rows(contents: Contents, entry: Decision, lang: Lang) -> list[_Row]:
    labels = _Labels(contents, entry, lang)

    def then(granted: Sequence[tuple[str, Expression]]) -> str:
        parts = [(name, labels.value(name, worth)) for name, worth in granted]
        single = len(entry.outcomes) == 1
        colon = "：" if lang == "zh" else ": "
        return ("；" if lang == "zh" else "; ").join(
            worth if single or name == entry.primary else f"{_outcome(entry, name, lang)}{colon}{worth}" for name, worth in parts
        )

    def row(rule: Rule) -> _Row:
        when = _ALWAYS.text(lang) if rule.when is None else labels.said(rule.when)
        reads = tuple(dict.fromkeys(part.id for part in walk(rule.when) if isinstance(part, Name))) if rule.when is not None else ()
        name = (rule.label or rule.id) if lang == "zh" else rule.id
        return _Row(rule.id, name, when, reads, then(rule.then), rule.cite)

    rows = [row(rule) for rule in entry.rules]
    if entry.otherwise is not None:
        rows.append(_Row("", Words("otherwise", "否则").text(lang), _ALWAYS.text(lang), (), then(entry.otherwise), None))
    elif entry.hit != "collect" and all(rule.when is not None for rule in entry.rules):
        rows.append(_Row("", Words("otherwise", "否则").text(lang), _ALWAYS.text(lang), (), _NONE.text(lang), None))
    return rows


def _outcome(entry: Decision, name: str, lang: Lang) -> str:
    return dict(entry.labels).get(name, name) if lang == "zh" else name


class _Drawing:
    """Places the boxes of three columns, and draws what joins them."""

    def __init__(self, rows: Sequence[_Row], labels: _Labels, decided: Outcome | None) -> None:
        self.rows, self.labels, self.decided = rows, labels, decided
        self.fired = None if decided is None or decided.open else decided.rule
        self.right = _FACTS + _BETWEEN + _RULES + _BETWEEN + _OUTCOMES + 3
        self.chosen = [at for at, row in enumerate(rows) if self.fired is not None and row.id == self.fired]

    def svg(self, title: str, notes: Sequence[str]) -> str:
        pieces = [text(0, 18, title, bold=True, size=15)]
        y = 38.0
        for note in notes:
            for line in lines_of(note, self.right):
                pieces.append(text(0, y, line, soft=True))
                y += LINE
        rules, heads = self._rules(y + 8)
        facts, outcomes = self._facts(rules, y + 8), self._outcomes(rules, y + 8)
        pieces += [
            *self._lines(rules, facts, outcomes),
            *self._rule_boxes(rules, heads),
            *self._fact_boxes(facts),
            *self._outcome_boxes(outcomes),
        ]
        bottom = max((box.y + box.tall for box in (*rules, *facts.values(), *outcomes.values())), default=y) + 10
        return picture(title, self.right, bottom, pieces)

    def _rules(self, top: float) -> tuple[list[Box], list[tuple[list[str], list[str]]]]:
        boxes, said = [], []
        for number, row in enumerate(self.rows, 1):
            cite = f"〔{row.cite}〕" if row.cite and self.labels.lang == "zh" else f" [{row.cite}]" if row.cite else ""
            head = lines_of(f"{number}. {row.name}{cite}", _RULES - 2 * _PAD - 12, 2)
            body = lines_of(row.when, _RULES - 2 * _PAD)
            box = Box(_FACTS + _BETWEEN, top, _RULES, LINE * (len(head) + len(body)) + _PAD + 2)
            boxes.append(box)
            said.append((head, body))
            top += box.tall + _GAP
        return boxes, said

    def _facts(self, rules: Sequence[Box], top: float) -> dict[str, Box]:
        """Each fact near the rules that read it."""
        readers: dict[str, list[float]] = {}
        for row, box in zip(self.rows, rules, strict=True):
            for name in row.reads:
                readers.setdefault(name, []).append(box.middle)
        talls = [LINE * len(self._fact_lines(name)) + _PAD for name in readers]
        tops = apart([sum(middles) / len(middles) for middles in readers.values()], talls, 6, top)
        return {name: Box(2, y, _FACTS, tall) for name, y, tall in zip(readers, tops, talls, strict=True)}

    def _fact_lines(self, name: str) -> list[str]:
        lines = lines_of(self.labels.name(name), _FACTS - 2 * _PAD - 4, 2)
        setting = self.labels.setting(name)
        given = self.decided.facts.get(name) if self.decided is not None else None
        value = (
            setting
            if setting is not None
            else None
            if given is None
            else self.labels.labels.get(f"{name}={given}", shown(given, self.labels.lang))
        )
        if value is None:
            return lines
        said = f"{lines[-1]} = {value}"
        return [*lines[:-1], *lines_of(said, _FACTS - 2 * _PAD - 4, 2)]

    def _outcomes(self, rules: Sequence[Box], top: float) -> dict[str, Box]:
        granted: dict[str, list[float]] = {}
        for row, box in zip(self.rows, rules, strict=True):
            granted.setdefault(row.then, []).append(box.middle)
        talls = [LINE * len(lines_of(said, _OUTCOMES - 2 * _PAD, 4)) + _PAD for said in granted]
        tops = apart([sum(middles) / len(middles) for middles in granted.values()], talls, 6, top)
        left = _FACTS + _RULES + 2 * _BETWEEN
        return {said: Box(left, y, _OUTCOMES, tall) for said, y, tall in zip(granted, tops, talls, strict=True)}

    def _lines(self, rules: Sequence[Box], facts: Mapping[str, Box], outcomes: Mapping[str, Box]) -> Iterator[str]:
        order = sorted(range(len(self.rows)), key=lambda at: at in self.chosen)  # what is drawn thick lies on top
        for at in order:
            row, box = self.rows[at], rules[at]
            look = {"stroke": AFTER, "thick": 2.5} if at in self.chosen else {"stroke": "#9aa3b0", "thick": 1}
            ends = [box.y + box.tall * (place + 1) / (len(row.reads) + 1) for place in range(len(row.reads))]
            near = sorted(row.reads, key=lambda name: facts[name].middle)
            for name, end in zip(near, ends, strict=True):
                fact = facts[name]
                yield arrow((fact.x + fact.wide, fact.middle), (box.x, end), **look)  # type: ignore[arg-type]
            outcome = outcomes[row.then]
            yield arrow((box.x + box.wide, box.middle), (outcome.x, outcome.middle), **look)  # type: ignore[arg-type]

    def _rule_boxes(self, rules: Sequence[Box], said: Sequence[tuple[list[str], list[str]]]) -> Iterator[str]:
        for at, (box, (head, body)) in enumerate(zip(rules, said, strict=True)):
            chosen = at in self.chosen
            yield box.drawn(fill="#ffffff", stroke=AFTER if chosen else PALE, thick=2.5 if chosen else 1)
            y = box.y + LINE
            for place, line in enumerate((*head, *body)):
                yield text(box.x + _PAD, y, line, bold=place < len(head), soft=place >= len(head))
                y += LINE
            if chosen:
                yield text(box.x + box.wide - 20, box.y + LINE, "✓", bold=True)

    def _fact_boxes(self, facts: Mapping[str, Box]) -> Iterator[str]:
        read = {name for at in self.chosen for name in self.rows[at].reads}
        for name, box in facts.items():
            home = self.labels.homes.get(name)
            setting = self.labels.setting(name) is not None
            thick = 2.5 if name in read else 1
            yield box.drawn(
                fill=WASH,
                stroke=AFTER if name in read else PALE,
                round_=0 if setting else 11,
                thick=thick,
                dashed=home is not None and home.granted_by is not None,
            )
            for place, line in enumerate(self._fact_lines(name), 1):
                yield text(box.x + _PAD + 2, box.y + LINE * place, line)

    def _outcome_boxes(self, outcomes: Mapping[str, Box]) -> Iterator[str]:
        granted = {self.rows[at].then for at in self.chosen}
        for said, box in outcomes.items():
            yield box.drawn(fill="#e3eff8", stroke=AFTER, round_=2, thick=2.5 if said in granted else 1)
            for place, line in enumerate(lines_of(said, _OUTCOMES - 2 * _PAD, 4), 1):
                yield text(box.x + _PAD, box.y + LINE * place, line, bold=True)
