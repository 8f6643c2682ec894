"""Calls: the functions of values by their rows, the forms with a grammar of their own, and the totals over records."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise
from typing import Final, TypeAlias, cast

from govservice.errors import Fault, Words, did_you_mean
from govservice.rules.language.due_days import FROM_A_MOMENT, hours_from_a_day
from govservice.rules.language.forms import Reader, arguments_of, read_in_list, read_is_none, read_limit, read_match, read_time
from govservice.rules.language.functions import FUNCTIONS, NAMES, TOTALS
from govservice.rules.language.namespaces import Namespace
from govservice.rules.language.notations import day_written
from govservice.rules.language.shapes import (
    Aggregate,
    Call,
    Constant,
    Discretion,
    Expression,
    Known,
    Name,
    Previous,
    Streak,
    Tiers,
    Totals,
    reads_days,
)
from govservice.rules.language.spelling import RESERVED, TIME_LITERAL
from govservice.rules.language.values import ANY, DATE, DECIMAL, INTEGER, TEXT, Number

__all__ = ["TWO_DAYS", "days_fault", "dotted", "read_call"]

PERIODS: Final = ("month", "bimonth", "quarter", "half", "year", "ever")
EARLIER: Final = ("year_before",)  # the same period then
_HELD: Final = ("at_most", "at_least")  # of rows that are joined
_CHOSEN: Final = ("top", "bottom", "without_highest", "without_lowest")  # among the rows of a mean
_OPTIONS: Final = ("when", "over", "by", "lasts", "of", "each", *_HELD, *_CHOSEN)


TWO_DAYS: Final = Words("lasts takes two days, the first and the last: [from, until]", "lasts 要写起止两天：[from, until]")


Form: TypeAlias = Callable[[Reader, ast.Call, int, Namespace | None], Expression]


def read_call(reader: Reader, node: ast.Call, down: int, names: Namespace | None) -> Expression:
    """A call of one of the language's functions, its arguments checked."""
    if not isinstance(node.func, ast.Name):
        reader.stop(node, Words("only the functions of the language can be called", "只能调用本语言的函数"))
    name = node.func.id
    if name in TOTALS:
        return _aggregate(reader, node, cast("Totals", name), down, names or reader.names)
    if name == "nth":
        return _read_nth(reader, node, names or reader.names)
    flag = FUNCTIONS[name].flag if name in FUNCTIONS else _NAMED.get(name)
    for number, keyword in enumerate(node.keywords):
        written = keyword.arg or "**"
        if keyword.arg is None or keyword.arg != flag:
            reader.stop(keyword.value, Words(f"{name} takes no `{written}=`", f"{name} 没有 {written}= 这个参数"))
        if number:
            reader.stop(keyword.value, Words(f"`{written}=` stands here twice", f"{written}= 写了两次"))
    form = _FORMS.get(name)
    if form is not None:
        return form(reader, node, down, names)
    if name not in FUNCTIONS:
        hint = did_you_mean(name, NAMES, Words(f"one of: {', '.join(NAMES)}", f"可用：{'、'.join(NAMES)}"))
        return reader.fault(node.func, Words(f'no function "{name}"', f"没有“{name}”这个函数"), hint=hint)
    if name == TIME_LITERAL and len(node.args) == 1 and isinstance(node.args[0], ast.Constant):
        return read_time(reader, node.args[0])
    return _function(reader, node, name, down, names)


def _function(reader: Reader, node: ast.Call, name: str, down: int, names: Namespace | None) -> Expression:
    arguments = [reader.read(argument, down, names) for argument in node.args]
    signature = FUNCTIONS[name]
    if not signature.least <= len(arguments) <= signature.most:
        return reader.fault(node, Words(f"this is written {signature.shape}", f"写法是 {signature.shape}"))
    checked = tuple(reader.wanted(argument, signature.wants(index), node.args[index]) for index, argument in enumerate(arguments))
    if (
        name == "round"
        and len(checked) == 2
        and not (isinstance(checked[1], Constant) and isinstance(checked[1].value, int) and 0 <= checked[1].value <= 12)
    ):
        return reader.fault(node.args[1], Words("the digits of round are a number from 0 to 12", "round 的位数要写 0 到 12 的整数"))
    if name in ("contains", "starts_with") and checked[0].type.kind == "choice":  # its name would be looked through, never its label
        what = Words(f"{name} takes a text, not a choice", f"{name} 里要写文字，不是选项")
        return reader.fault(node.args[0], what, hint=Words('compare it: x == "value"', '写成比较：x == "值"'))
    if name == "contains" and checked[0].type.kind == "list" and checked[1].type.kind == "choice":
        return reader.membership(checked[1], node.args[1], checked[0], node.args[0])  # the list may hold its labels
    if name in ("due", "due_at") and hours_from_a_day(*checked):
        what, hint = FROM_A_MOMENT
        return reader.fault(node.args[0], what, hint=hint)
    gives = signature.gives(checked)
    if gives is None:
        what = Words(f"{name} takes values of one kind: numbers, dates or limits", f"{name} 里的值要同类：都是数、都是日期或都是时限")
        return reader.fault(node, what)
    return Call(name, (*checked, *_flags(reader, node)), gives)


def _flags(reader: Reader, node: ast.Call) -> tuple[Expression, ...]:
    """The flag of a function that is set: it is written out as true or false."""
    written = [(keyword, reader.read(keyword.value, 0)) for keyword in node.keywords]
    for keyword, flag in written:
        if not (isinstance(flag, Constant) and isinstance(flag.value, bool)):
            reader.stop(keyword.value, Words(f"{keyword.arg}= takes true or false", f"{keyword.arg}= 要写 true 或 false"))
    return tuple(flag for _, flag in written if isinstance(flag, Constant) and flag.value is True)


def _read_known(reader: Reader, node: ast.Call, down: int, names: Namespace | None) -> Expression:
    (of,) = arguments_of(reader, node, 1, "known(x)")
    return Known(reader.read(of, down, names))


def _read_date(reader: Reader, node: ast.Call, _down: int, _names: Namespace | None) -> Expression:
    (of,) = arguments_of(reader, node, 1, 'date("2026-01-01")')
    try:
        return Constant(date.fromisoformat(of.value), DATE)  # type: ignore[attr-defined]
    except (AttributeError, TypeError, ValueError):
        written = day_written(reader.written(of)) or Words('write date("2026-01-31")', '写作 date("2026-01-31")')
        return reader.fault(of, Words("not a date", "不是日期"), hint=written)


def _read_step(reader: Reader, node: ast.Call, down: int, names: Namespace | None) -> Expression:
    shape = "step(x, (threshold, value), ..)"
    if len(node.args) < 2:
        reader.stop(node, Words(f"this is written {shape}", f"写法是 {shape}"))
    of = reader.wanted(reader.read(node.args[0], down, names), "number", node.args[0])
    steps: list[tuple[Expression, Expression]] = []
    for step in node.args[1:]:
        if not isinstance(step, ast.Tuple) or len(step.elts) != 2:
            reader.stop(step, Words(f"this is written {shape}", f"写法是 {shape}"))
        pair = [reader.wanted(reader.read(part, down, names), "number", part) for part in step.elts]
        steps.append((pair[0], pair[1]))
    fixed = [number for least, _ in steps if (number := _fixed_number(least)) is not None]
    if any(a >= b for a, b in pairwise(fixed)):
        return reader.fault(node, Words("thresholds of step go up", "step 的各档要从低到高"))
    return Tiers(of, tuple(steps))


def _read_discretion(reader: Reader, node: ast.Call, down: int, names: Namespace | None) -> Expression:
    low, high = (
        reader.wanted(reader.read(bound, down, names), "number", bound) for bound in arguments_of(reader, node, 2, "discretion(low, high)")
    )
    if "discretion" not in (names or reader.names).allows:
        return reader.fault(node, Words("discretion stands in the points of a scheme's item only", "discretion 只能写在计分项的 points 里"))
    fixed = [_fixed_number(bound) for bound in (low, high)]
    if fixed[0] is not None and fixed[1] is not None and fixed[0] > fixed[1]:
        return reader.fault(
            node,
            Words("the lower bound stands first", "先写小的数"),
            hint=Words("for a deduction: discretion(-5, -2)", "扣分写作 discretion(-5, -2)"),
        )
    return Discretion(low, high)


def _read_previous(reader: Reader, node: ast.Call, _down: int, names: Namespace | None) -> Expression:
    (of,) = arguments_of(reader, node, 1, "previous(x)")
    in_sight = names or reader.names
    earlier = in_sight.previous(of.id) if isinstance(of, ast.Name) and "previous" in in_sight.allows else None
    if earlier is None:
        return reader.fault(node, Words("previous takes a scheme, or an outcome about one", "previous 里要写计分方案或它的等次"))
    return Previous(cast("ast.Name", of).id, earlier.type)


def _read_nth(reader: Reader, node: ast.Call, names: Namespace) -> Expression:
    """`nth(over=year)`: the ordinal of a row over a longer period than the one that is scored."""
    shape = Words("this is written nth(over=year)", "写法是 nth(over=year)")
    if node.args or len(node.keywords) != 1 or node.keywords[0].arg != "over":
        reader.stop(node, shape)
    if names.find("nth") is None:
        return reader.fault(node, Words("nth stands in an item with `for:` only", "nth 只能写在有 for 的计分项里"))
    over = _period(reader, node.keywords[0].value, PERIODS)
    if over is not None and not names.longer(over):
        what = Words(f"{over} is no longer than the scheme's own period", f"{over} 不比计分方案自己的期间长")
        return reader.fault(node, what, hint=Words("nth alone counts within the period", "只在本期内编号写 nth"))
    return Name(f"nth(over={over})", INTEGER, "scope")


def _read_streak(reader: Reader, node: ast.Call, down: int, names: Namespace | None) -> Expression:
    (of,) = arguments_of(reader, node, 1, "streak(x)")
    if not (names or reader.names).recurring():
        what = Words(
            "streak counts periods: it stands where a scheme, or a subject in a period, is spoken of",
            "streak 数的是期间：只能写在说计分方案或某期间内的对象之处",
        )
        return reader.fault(node, what)
    return Streak(reader.wanted(reader.read(of, down, names), "boolean", of))


def _aggregate(reader: Reader, node: ast.Call, total: Totals, down: int, names: Namespace) -> Expression:
    if "rows" not in names.allows:
        return reader.fault(node, Words(f"{total} needs rows to run over, and there are none here", f"这里没有可供 {total} 统计的记录"))
    if not node.args:
        reader.stop(node, Words(f"{total} takes a table, an event kind or a scheme", f"{total} 里要写表、事件或计分方案"))
    sources, rows = _sources(reader, node.args[0], names)
    if rows is None:
        return Constant(0, ANY)
    options = {keyword.arg or "**": keyword.value for keyword in node.keywords}
    for extra in options.keys() - set(_OPTIONS):
        hint = did_you_mean(extra, _OPTIONS)
        reader.stop(node, Words(f"{total} takes no `{extra}=`", f"{total} 没有 {extra}= 这个参数"), hint=hint)
    when_node = options.get("when")
    when = None if when_node is None else reader.wanted(reader.read(when_node, down, rows), "boolean", when_node)
    value = _aggregated_value(reader, node, total, down, rows)
    over, by = _period(reader, options.get("over"), (*PERIODS, *EARLIER)), _date_column(reader, options.get("by"), rows)
    if over is not None and not names.lasting():
        what = Words("over= widens a period, and no period is asked for here", "over= 放宽期间，而这里没有期间")
        reader.stop(
            options["over"],
            what,
            hint=Words("leave it out: all rows that belong to the row are counted", "请删去：统计属于这一行的全部记录"),
        )
    lasts = _lasting(reader, options.get("lasts"), down, rows) if "lasts" in options else None
    apart = days_fault(names, sources, (value, when), by=by, lasts=lasts)
    if apart is not None:
        return reader.fault(options.get("lasts", node), apart.what, hint=apart.hint)
    of = _whose(reader, options.get("of"), names, sources)
    for source in sources:
        apart = names.belongs(source, of)
        if apart is not None:
            return reader.fault(node, apart.what, hint=apart.hint)
    each = _joined_by(reader, options.get("each"), rows)
    numbers = _numbers(reader, node, total, {key: options[key] for key in (*_HELD, *_CHOSEN) if key in options}, down, names)
    if each is not None and (total == "percent" or (value is not None and not value.type.is_number and value.type.kind != "any")):
        what = Words(f"each= joins counts and numbers, not what {total} takes here", f"each= 合并的是行数和数值，{total} 在这里不能用")
        reader.stop(
            options["each"],
            what,
            hint=Words(
                "a share: count(.., when=.., each=..) / count(.., each=..)", "求比例写作 count(.., when=.., each=..) / count(.., each=..)"
            ),
        )
    if each is None and any(key in options for key in _HELD):
        what = Words("at_most= and at_least= hold rows that each= joins", "at_most=、at_least= 限制的是 each= 合并后的值")
        reader.stop(node, what, hint=Words(f"to hold the whole: min({total}(..), 50)", f"要限制总数，写作 min({total}(..), 50)"))
    kind = INTEGER if total == "count" else value.type if total in ("lowest", "highest") and value is not None else DECIMAL
    return Aggregate(total, sources, value, when, over, by, kind, of, each, numbers, lasts)


def _lasting(reader: Reader, node: ast.expr | None, down: int, rows: Namespace) -> tuple[Expression, Expression]:
    """The first and the last day of a row."""
    if not isinstance(node, ast.List) or len(node.elts) != 2:
        reader.stop(cast("ast.expr", node), TWO_DAYS)
    first, last = (reader.wanted(reader.read(day, down, rows), "date", day) for day in node.elts)
    return first, last


def days_fault(
    names: Namespace,
    sources: tuple[str, ...],
    read: tuple[Expression | None, ...],
    *,
    by: str | None,
    lasts: tuple[Expression, Expression] | None,
) -> Fault | None:
    """What is wrong with the days that rows are placed by: by one day and by two, in no period, or by none at all.

    `read` is what is read on each row, which may be its days in the period.
    """
    asks = reads_days(*read)
    if lasts is not None and by is not None:
        what = Words("by: dates rows by one day, lasts: by two", "by 按一天，lasts 按起止两天")
        return Fault(what, hint=Words("keep the one that is meant", "请只留所指的一个"))
    if not asks and lasts is None:
        return None
    if not names.lasting():
        what = Words("no period is asked for here, so rows have no days in it", "这里没有期间，也就没有期间内的天数")
        return Fault(what, hint=Words("all rows that belong to the row are counted", "统计属于这一行的全部记录"))
    for source in sources:
        placed = names.placed(source)
        if placed is None:
            what = Words(f"scores of {source} last their own period", f"{source} 的分数各有自己的期间")
            return Fault(what, hint=Words("days in a period are those of records", "期间内的天数只对记录而言"))
        if not placed and by is None and lasts is None:
            what = Words(f"rows of {source} have no day", f"{source} 的记录没有日期")
            return Fault(what, hint=Words("say which two days they last: lasts: [.., ..]", "写明起止两天：lasts: [.., ..]"))
    return None


def _whose(reader: Reader, node: ast.expr | None, names: Namespace, sources: tuple[str, ...]) -> str | None:
    """Whose rows: `all`, a table that the subject belongs to, or a column of theirs that names the subject."""
    if node is None:
        return None
    name = node.id if isinstance(node, ast.Name) else ""
    owner = "all" if name == "all" and names.whose() else names.owner(name)
    if owner is not None:
        return owner if owner != names.whose()[0] else None
    column = names.naming(sources, name) if names.whose() else None
    if column is not None:
        return column
    listed = ("all", *names.whose()) if names.whose() else ()
    hint = (
        Words(f"of= takes one of: {', '.join(listed)}", f"of= 可写：{'、'.join(listed)}")
        if listed
        else Words("leave it out: the rows are those of the row", "请删去：这里统计的是这一行的记录")
    )
    reader.stop(node, Words("of= says whose rows are counted, and this is none", "of= 要写统计谁的记录，而这里写的不是"), hint=hint)


def _joined_by(reader: Reader, node: ast.expr | None, rows: Namespace) -> Name | None:
    """The fact by which rows are one; `unbroken` where their working days follow one another."""
    if node is None:
        return None
    if isinstance(node, ast.Name) and node.id == "unbroken":
        return Name("unbroken", TEXT, "scope")
    key = rows.find(node.id.removesuffix(RESERVED)) if isinstance(node, ast.Name) else None
    if isinstance(key, Name):
        return key
    what = Words("each= takes a fact of the rows, or unbroken", "each= 要写记录的一个事实，或 unbroken")
    hint = did_you_mean(node.id, [*rows.spellings(), "unbroken"]) if isinstance(node, ast.Name) else Words("", "")
    reader.stop(node, what, hint=hint)


def _numbers(
    reader: Reader, node: ast.Call, total: Totals, options: Mapping[str, ast.expr], down: int, names: Namespace
) -> tuple[tuple[str, Expression], ...]:
    """What holds joined rows, and which of the rows a mean is taken of."""
    chosen = [key for key in _CHOSEN if key in options]
    takes = (*_CHOSEN, *_HELD) if total == "mean" else () if total in ("count", "percent") else _HELD
    for key in options:
        if key not in takes:
            where = Words("mean takes it", "mean 才有它") if key in _CHOSEN else Words("", "")
            reader.stop(node, Words(f"{total} takes no `{key}=`", f"{total} 没有 {key}= 这个参数"), hint=where)
    if len(chosen) > 1 and {"top", "bottom"} & set(chosen):
        reader.stop(node, Words(f"{chosen[0]}= and {chosen[1]}= exclude each other", f"{chosen[0]}= 和 {chosen[1]}= 不能并用"))
    numbers: list[tuple[str, Expression]] = []
    for key, written in options.items():
        number = reader.wanted(reader.read(written, down, names), "integer" if key in _CHOSEN else "number", written)
        fixed = _fixed_number(number)
        if key in _CHOSEN and fixed is not None and fixed < (1 if key in ("top", "bottom") else 0):
            return (*numbers, (key, reader.fault(written, Words(f"{key}= is a number of rows", f"{key}= 要写行数"))))
        numbers.append((key, number))
    return tuple(numbers)


def _aggregated_value(reader: Reader, node: ast.Call, total: Totals, down: int, rows: Namespace) -> Expression | None:
    written = node.args[1:]
    if total == "count":
        if written:
            reader.stop(written[0], Words("count takes no value", "count 不取数值"), hint=Words("filter with when=", "用 when= 筛选"))
        return None
    if len(written) > 1:
        reader.stop(node, Words(f"{total}(rows, value, when=..)", f"写法是 {total}(表, 数值, when=..)"))
    wants = "boolean" if total == "percent" else "ordered" if total in ("lowest", "highest") else "number"
    if written:
        return reader.wanted(reader.read(written[0], down, rows), wants, written[0])
    default = rows.find("total")
    if default is None or total == "percent":
        shown = "closed" if total == "percent" else "actual_days"
        reader.stop(
            node,
            Words(f"{total} of what is not said", f"没有写明对什么求 {total}"),
            hint=Words(f"write {total}(cases, {shown})", f"写作 {total}(cases, {shown})"),
        )
    return default


def dotted(node: ast.expr) -> str | None:
    """`promised.due`, `parts.conduct.attendance`: names joined by dots; None for anything else."""
    steps: list[str] = []
    while isinstance(node, ast.Attribute):
        steps.append(node.attr)
        node = node.value
    return ".".join((node.id, *reversed(steps))) if isinstance(node, ast.Name) else None


def _sources(reader: Reader, node: ast.expr, names: Namespace) -> tuple[tuple[str, ...], Namespace | None]:
    listed = node.elts if isinstance(node, ast.List) else [node]
    ids: list[str] = []
    for source_node in listed:
        match source_node:
            case ast.Name(id=source):
                pass
            case ast.Attribute() if (path := dotted(source_node)) is not None:
                source = path
            case _:
                reader.stop(source_node, Words("a table, an event kind or a scheme stands here", "这里要写表、事件或计分方案"))
        id = names.source(source)
        if id is None:
            declare = Words("declare it under `tables:` or `events:`", "在 tables 或 events 里声明它")
            hint = did_you_mean(source, names.sources(), declare)
            reader.fault(
                source_node, Words(f'no table, event kind or scheme "{source}"', f"没有“{source}”这个表、事件或计分方案"), hint=hint
            )
            return (), None
        ids.append(id)
    if not ids:
        reader.stop(node, Words("an empty list", "列表是空的"))
    return tuple(ids), names.rows(tuple(ids))


def _period(reader: Reader, node: ast.expr | None, periods: tuple[str, ...]) -> str | None:
    if node is None:
        return None
    if isinstance(node, ast.Name) and node.id in periods:
        return node.id
    reader.stop(node, Words(f"over= takes one of: {', '.join(periods)}", f"over= 可写：{'、'.join(periods)}"))


def _date_column(reader: Reader, node: ast.expr | None, rows: Namespace) -> str | None:
    if node is None:
        return None
    column = rows.find(node.id.removesuffix(RESERVED)) if isinstance(node, ast.Name) else None
    if isinstance(column, Name) and column.type.kind in ("date", "moment", "any"):
        return column.id
    reader.stop(node, Words("by= takes a date column of the rows", "by= 要写记录里的日期列"))


def _fixed_number(expression: Expression) -> Number | None:
    """A number that is written out; none stands where a fault was told."""
    return cast("Number", expression.value) if isinstance(expression, Constant) and expression.type.is_number else None


_NAMED: Final[Mapping[str, str]] = {"match": "otherwise", "in_list": "when"}  # the argument with a name that a form takes
_FORMS: Final[Mapping[str, Form]] = {
    "known": _read_known,
    "is_none": read_is_none,
    "limit": read_limit,
    "match": read_match,
    "in_list": read_in_list,
    "date": _read_date,
    "step": _read_step,
    "discretion": _read_discretion,
    "previous": _read_previous,
    "streak": _read_streak,
}
