"""An expression as a Chinese reader would say it: for the document of a rulebook, with the exact text beneath; it is not read back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from govservice.rules.book.remedies import SAID, SAID_OF_CLOCKS, SAID_OF_SPANS, SAID_SPANS
from govservice.rules.language.printing import written
from govservice.rules.language.shapes import (
    Aggregate,
    AllOf,
    AnyOf,
    Arithmetic,
    Call,
    Compare,
    Constant,
    Discretion,
    Expression,
    IfElse,
    InList,
    IsNone,
    Known,
    ListOf,
    Match,
    Membership,
    Name,
    Negate,
    Not,
    Previous,
    Streak,
    Tiers,
)

__all__ = ["Sayer", "fact_of"]

_EITHER, _BOTH, _COMPARED, _SUM, _PRODUCT, _ONE = range(6)  # from the loosest to the tightest
_SIGNS: Final = {"==": "=", "!=": "≠", ">=": "≥", "<=": "≤", "*": "×", "/": "÷", "//": "整除", "%": "除余"}
_UNITS: Final = {"workdays": "工作日", "days": "天数", "hours": "小时", "minutes": "分钟", "months": "月数", "years": "年数"}
_OVER: Final = {
    "month": "当月", "bimonth": "两个月内", "quarter": "当季", "half": "半年内", "year": "全年", "ever": "历来", "year_before": "上年同期",
}  # fmt: skip
_TOTALS: Final = {"sum": "之和", "mean": "的平均", "median": "的中位数", "lowest": "的最低", "highest": "的最高"}
_HELD: Final = {
    "at_most": "每次最多 {}", "at_least": "每次最少 {}", "top": "只取最高 {} 个", "bottom": "只取最低 {} 个",
    "without_highest": "去掉最高 {} 个", "without_lowest": "去掉最低 {} 个",
}  # fmt: skip
_CALLS: Final[Mapping[str, str]] = {
    "abs": "{0}的绝对值", "floor": "{0}舍去小数", "ceil": "{0}小数进一", "contains": "{0}含{1}", "starts_with": "{0}以{1}开头",
    "is_workday": "{0}是工作日", "weekday": "{0}是星期几", "month_end": "{0}当月末日", "time": "{0}的钟点",
    "workdays": "{0}至{1}的工作日数", "days": "{0}至{1}的天数", "minutes": "{0}至{1}的分钟数", "hours": "{0}至{1}的小时数",
    "due": "自{0}起 {1} 届满之日", "due_at": "自{0}起 {1} 届满之时",
}  # fmt: skip
_MOVED: Final = {"add_days": "天", "add_workdays": "个工作日", "add_months": "个月"}
_YES_OR_NO: Final = frozenset(("contains", "starts_with", "is_workday"))


class Sayer:
    """Says expressions about the rows of a table; `labels` gives the labels of the names in sight of the rows of one, `source` what a table
    is called, `value` a constant as a reader writes it, `known` what a text is called that stands in a column (a kind of pause, a clock).

    >>> from govservice import load_rulebook
    >>> rules = {rule.id: rule for rule in load_rulebook("kunshan").decisions["case_type"].rules}
    >>> sayer = Sayer("application", lambda table: {"main_document": "主件", "formal": "正式申请"}, str, lambda of: str(of.value))
    >>> sayer.say(rules["returned/main-lacking"].when)
    '正式申请，且主件是“not_brought”“lacking”之一'
    """

    def __init__(
        self,
        about: str,
        labels: Callable[[str], Mapping[str, str]],
        source: Callable[[str], str],
        value: Callable[[Constant], str],
        known: Callable[[str, str], str | None] = lambda _name, _value: None,
    ) -> None:
        self.labels = labels
        self.named = labels(about).get
        self.source = source
        self.value = value
        self.known = known

    def say(self, of: Expression) -> str:
        """The whole expression."""
        return self._bound(of)[0]

    def _at(self, of: Expression, binding: int) -> str:
        """An expression where only what binds at least so tightly stands without brackets."""
        text, own = self._bound(of)
        return text if own >= binding else f"（{text}）"

    def _one(self, of: Expression) -> str:
        return self._at(of, _ONE)

    def _bound(self, of: Expression) -> tuple[str, int]:
        """What is said, and how tightly it binds."""
        match of:
            case AllOf((only,)) | AnyOf((only,)):
                return self._bound(only)
            case AllOf(parts):
                return "，且".join(self._at(part, _COMPARED) for part in parts), _BOTH
            case AnyOf(parts):
                return "，或".join(self._at(part, _COMPARED) for part in parts), _EITHER
            case IfElse(condition, yes, no):
                return f"{self._at(condition, _COMPARED)}的 {self._at(yes, _SUM)}，否则 {self._at(no, _SUM)}", _EITHER
            case Not(inner):
                return self._not(inner), _COMPARED
            case Known(inner):
                return f"{self._one(inner)}有记录", _COMPARED
            case IsNone(inner):
                return f"{self._one(inner)}为“无”", _COMPARED
            case Compare():
                return self._compared(of), _COMPARED
            case Membership():
                return self._member(of, "是", "有"), _COMPARED
            case InList(name, item, when):
                where = "" if when is None else f"（{self.say(when)}）"
                return f"{self._one(item)}在“{self.source(name)}”之列{where}", _COMPARED
            case Arithmetic(op, left, right):
                own = _SUM if op in "+-" else _PRODUCT
                return f"{self._at(left, own)} {_SIGNS.get(op, op)} {self._at(right, own + 1)}", own
            case Call(function) if function in _YES_OR_NO:
                return self._call(of), _COMPARED
            case _:
                return self._operand(of), _ONE

    def _operand(self, of: Expression) -> str:
        match of:
            case Constant(value):
                return f"“{self.value(of)}”" if isinstance(value, str) else self.value(of)
            case Name(id):
                return self._named(id)
            case Negate(inner):
                return f"-{self._one(inner)}"
            case ListOf(parts):
                return "、".join(map(self._one, parts))
            case Call():
                return self._call(of)
            case Tiers(inner, steps):
                listed = "、".join(f"满 {self._one(at)} 得 {self._one(worth)}" for at, worth in steps)
                return f"按{self._one(inner)}分档（{listed}，不到的 0）"
            case Match(inner, worths, otherwise):
                listed = "、".join(f"{self._one(value)} {self._one(worth)}" for value, worth in worths)
                last = "" if otherwise is None else f"、其余 {self._one(otherwise)}"
                return f"按{self._one(inner)}对应（{listed}{last}）"
            case Discretion(low, high):
                return f"酌定 {self._one(low)} 至 {self._one(high)}"
            case Previous(name):
                return f"上一期的{self._named(name)}"
            case Streak(inner):
                return f"{self._one(inner)}的连续期数"
            case Aggregate():
                return self._total(of)
            case _:
                return written(of)

    def _not(self, of: Expression) -> str:
        match of:
            case Known(inner):
                return f"{self._one(inner)}没有记录"
            case IsNone(inner):
                return f"{self._one(inner)}不是“无”"
            case Membership():
                return self._member(of, "不是", "没有")
            case Name():
                return f"{self._one(of)}为否"
            case Call("contains", (text, held)):
                return f"{self._one(text)}不含{self._one(held)}"
            case _:
                return f"并非{self._one(of)}"

    def _compared(self, of: Compare) -> str:
        left = self._at(of.left, _SUM)
        match of.op, of.right:
            case ("==" | "!=", Constant(bool() as truth)):
                return left if truth == (of.op == "==") else f"{left}为否"
            case ("==" | "!=", Constant(str())):
                return f"{left}{'是' if of.op == '==' else '不是'}{self._text(of.right, of.left)}"
            case _:
                return f"{left} {_SIGNS.get(of.op, of.op)} {self._at(of.right, _SUM)}"

    def _member(self, of: Membership, among: str, holds: str) -> str:
        if isinstance(of.among, ListOf):
            return f"{self._one(of.item)}{among}{''.join(self._text(part, of.item) for part in of.among.of)}之一"
        return f"{self._one(of.among)}里{holds}{self._one(of.item)}"

    def _text(self, of: Expression, beside: Expression) -> str:
        """What something is held against: a text by what it is called in that column."""
        text = of.value if isinstance(of, Constant) and isinstance(of.value, str) and isinstance(beside, Name) else None
        called = self.known(beside.id, text) if text is not None and isinstance(beside, Name) else None
        return f"“{called}”" if called is not None else self._one(of)

    def _call(self, of: Call) -> str:
        parts = [self._one(part) for part in of.of]
        match of.function, of.of:
            case (("min" | "max"), _):
                return f"（{'、'.join(map(self.say, of.of))}）中{'较小' if of.function == 'min' else '较大'}的"
            case "round", _:
                return f"{parts[0]}四舍五入" + (f"到 {parts[1]} 位小数" if len(parts) > 1 else "")
            case (function, (_, Constant(int() as amount))) if function in _MOVED:
                return f"{parts[0]}{'后' if amount >= 0 else '前'} {abs(amount)} {_MOVED[function]}"
            case (function, (_, Negate(amount))) if function in _MOVED:
                return f"{parts[0]}前 {self._one(amount)} {_MOVED[function]}"
            case (function, _) if function in _MOVED:
                return f"{parts[0]}后 {parts[1]} {_MOVED[function]}"
            case (function, _) if function in _CALLS:
                return _CALLS[function].format(*parts) + ("（含首日）" if len(parts) > 2 else "")
            case _:
                return written(of)

    def _total(self, of: Aggregate) -> str:
        """A total over rows: of which, whose, on what condition, of what."""
        whose = "" if of.of is None else "全部" if of.of == "all" else f"{self.source(of.of)}的"
        rows = f"{_OVER.get(of.over, of.over) if of.over else ''}{whose}{'、'.join(map(self.source, of.sources))}"
        within = Sayer(of.sources[0], self.labels, self.source, self.value, self.known)
        asides = [*(() if of.when is None else (within.say(of.when),)), *within._asides(of)]
        head = f"{rows}（{'；'.join(asides)}）" if asides else rows
        value = "" if of.value is None else within._one(of.value)
        if of.total == "count":
            return f"{head}的数目"
        if of.total == "percent":
            return f"{head}中{value}的百分比"
        return f"{head}的{value}{_TOTALS[of.total]}"

    def _asides(self, of: Aggregate) -> Iterable[str]:
        if of.by is not None:
            yield f"按{self._named(of.by)}计"
        if of.each is not None:
            yield f"每{self._one(of.each)}算一次"
        if of.lasts is not None:
            yield f"自{self._one(of.lasts[0])}至{self._one(of.lasts[1])}"
        yield from (_HELD[key].format(self._one(number)) for key, number in of.options)

    def _named(self, id: str) -> str:
        label = self.named(id)
        if label:
            return label
        owner, dot, fact = id.partition(".")
        return fact_of(owner, fact, self.named) if dot else SAID.get(id, id)


def fact_of(owner: str, fact: str, named: Callable[[str], str | None]) -> str:
    """A fact of a clock or of a period in Chinese; `named` gives the label of the clock, and of a signal.

    >>> [fact_of("reply", fact, {"reply": "答复时限", "red": "红牌"}.get) for fact in ("due", "used_hours", "red_on", "red")]
    ['答复时限的到期日', '答复时限已用小时', '答复时限出现红牌之日', '答复时限的红牌']
    >>> fact_of("served", "days", {}.get)
    '任职天数'
    """
    if owner in SAID_SPANS:
        return f"{SAID_SPANS[owner]}{SAID_OF_SPANS.get(fact, fact)}"
    whose = named(owner) or owner
    if fact in SAID_OF_CLOCKS:
        return f"{whose}{SAID_OF_CLOCKS[fact]}"
    amount, _, unit = fact.rpartition("_")
    if amount in SAID_OF_CLOCKS and unit in _UNITS:
        return f"{whose}{SAID_OF_CLOCKS[amount]}{_UNITS[unit]}"
    if (signal := named(fact.removesuffix("_on"))) is not None:
        return f"{whose}出现{signal}之日" if fact.endswith("_on") else f"{whose}的{signal}"
    return f"{whose}.{fact}"
