"""Expressions spoilt by slips and by malice: read and worth something, or refused in words; what is read is written out and read back alike."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from govservice.errors import GovServiceError
from govservice.rules import Rulebook
from govservice.rules.book.declarations import Declarations
from govservice.rules.book.files import read_files
from govservice.rules.book.marks import Faults, Node
from govservice.rules.book.sight import RowNames
from govservice.rules.language.parsing import parse, read
from govservice.rules.language.printing import written
from govservice.rules.language.shapes import Expression
from govservice.rules.meaning.evaluation import evaluate
from govservice.rules.meaning.subjects import Subject, Surroundings

from . import odd
from .spoken import STEERING, broken_error, foreign

__all__ = ["broken_by", "spoilt"]

_HOME: Final = Path(__file__).resolve().parents[2]
_NAMES: Final = ("tests/books/good/values", "tests/books/good/rows", "tests/books/good/every-section", "tests/books/good/clocks", "tests/books/good/supervision",
    "govservice/centres/kunshan", "govservice/centres/jiangyong", "govservice/centres/haimen")  # fmt: skip
_WANTS: Final = (None, None, None, "boolean", "number", "date", "limit")
_MORE: Final = (
    "08:20 <= time(received_at) < 12:00", 'limit("30 自然日") if simplified else limit("60 自然日")', "promised_limit * 2 / 3", "streak(total >= 90) >= 2", "previous(total) - total",
    'due(received_on, limit("5个工作日"))', 'due_at(received_at, limit("24小时"))', "count(late, each=on, over=year)", "sum(fine, amount, each=on, at_most=50)", "mean(mark, points, top=3)",
    "median(mark, points)", "percent(cases, closed, by=due_on, when=known(closed_on))", "mean(mark, points, without_highest=1, without_lowest=1)", "nth(over=year) <= 3",
    'match(town, ("东镇", 1), ("west", 2), otherwise=3)', "step(n, (1, 2), (3, 4))", "discretion(-5, -2)", "is_none(fee) or fee == 0", "known(received_on) 且 非 formal",
    "count([late, early], of=all)", "count(late, of=window, each=unbroken)", "lowest(cases, actual_days)", "workdays(a, b, both=true)", "days(received_on, closed_on)",
    "add_months(received_on, -1) < month_end(received_on)", 'contains(missing_materials, "章程")', 'starts_with(applicant_name, "青石")', 'main_document in ["present", "缺少"]',
    "period.workdays / served.workdays", "promised.used_workdays > 15", "sum(parts) + adjust", "rank <= ceil(ranked * 0.2)", "round(2.675, 2)", "minutes(received_at, closed_at)",
    "1 + 2 * 3 - 4 / 5 // 6 % 7", "-(-(-1))", "true and false or not true", 'date("2026-02-13") <= as_of', "审批部门数≥２且非需踏勘", "“已带” == 主件", "abs(min(1, 2) - max(3, 4, 5))",
)  # fmt: skip
_WORDS: Final = (
    " and ", " or ", " not ", " in ", " if ", " else ", " == ", " <= ", " = ", " := ", " is ", " for x in y", "lambda: ", "**", "->", "=>", "(", ")", "((", "))", "[", "]", ",", ", ", ".", ".due",
    ".used", "0", "1", "-1", "1/0", "0.1", "9" * 400, "1e9", "1_000", "0x10", "1j", "80%", "5天", "'", '"', "“", "\\", "\n", "#", "{x}", "f'{x}'", "b'x'", "...", "true", "false", "None", "x",
    "as_of", "period", "parts", "all", "when=", "over=year", "by=on", "of=all", "each=on", "top=1", "at_most=0", "count(cases)", "known(", "is_none(", "previous(", "streak(", "step(", "match(",
    "limit(", "date(", "time(", "due(", "sum(", "mean(", "percent(", "nth", "kind", "__import__('os')", "(1 if true else 2)", "(" * 120, ")" * 120, "-" * 150, "not " * 150, " + 1" * 120,
    " and true" * 300, "[" * 90, "max(" * 60, *odd.SIGNS,
)  # fmt: skip


class Sight(NamedTuple):
    """Where an expression may stand: the names of a table of a book."""

    book: Rulebook
    table: str
    names: RowNames


@cache
def _sights() -> tuple[Sight, ...]:
    sights = []
    for name in _NAMES:
        tree, faults = read_files(_HOME / f"{name}.yaml")
        book, declared = Rulebook(tree, faults), Declarations(tree, Faults({}))
        about = {decision.about for decision in book.decisions.values()} | {"cases", "application", *declared.scheme_subjects}
        allows = frozenset({"rows", "previous", "discretion"})
        for table in sorted(about):
            priced = table if table in declared.scheme_subjects else None
            sights.append(Sight(book, table, RowNames(declared, (table,), allows=allows, row=priced is not None, priced=priced)))
    return tuple(sights)


def _texts(node: Node) -> Iterator[str]:
    if isinstance(node, str):
        if any(sign in node for sign in "<>=(+*/") and len(node) < 300:
            yield node.removeprefix("=").strip()
    else:
        for child in node.values() if isinstance(node, dict) else node:
            yield from _texts(child)


@cache
def _good() -> tuple[str, ...]:
    trees = [read_files(_HOME / f"{name}.yaml")[0] for name in _NAMES]
    return tuple(dict.fromkeys((*_MORE, *(text for tree in trees for text in _texts(tree)))))


def spoilt(chance: random.Random) -> str:
    """A good expression after up to four slips: a sign, a word, a piece of another."""
    text = chance.choice(_good())
    for _ in range(chance.choice((0, 1, 1, 2, 2, 4))):
        match chance.randrange(6):
            case 0 | 1:
                text = odd.moved(text, chance, _WORDS)
            case 2:
                words = text.split(" ")
                words[chance.randrange(len(words))] = chance.choice((chance.choice(_WORDS), chance.choice(words), chance.choice(_good())))
                text = " ".join(words)
            case 3:
                other = chance.choice(_good())
                text = f"{text}{chance.choice((' and ', ' + ', ' == ', ' if b else ', ', ', ' or not '))}{other}"
            case 4:
                text = chance.choice(
                    ("({})", "-({})", "not ({})", "known({})", "max({}, 1)", "previous({})", "count(cases, when={})", "[{}]", "({}) * 2")
                ).format(text)
            case _:
                text = odd.moved(text, chance)
    return text


def broken_by(text: str, chance: random.Random) -> str | None:
    """What an expression breaks, in sight of a table of some book: None where it is worth something, or is refused in words."""
    sight = chance.choice(_sights())
    expression, faults = read(text, sight.names, wants=chance.choice(_WANTS))
    for fault in faults:
        both = f"{fault.text('en')}\n{fault.text('zh')}"
        if len(both) > 12_000 or STEERING.search(both.replace("\n", " ")):
            return f"a fault that shows too much: {both[:80]!a}"
    if faults:
        return None
    return _misread(expression, sight) or _worth(expression, sight, chance)


def _misread(expression: Expression, sight: Sight) -> str | None:
    """Written out, it reads back as itself."""
    text = written(expression)
    written(expression, lang="zh")
    try:
        back = parse(text, sight.names)
    except GovServiceError as error:
        # written out, a text may be longer than one that may stand in a book
        return None if len(text) > 1_500 or "nested" in str(error) else f"written out, it is refused: {text[:120]!a}: {str(error)[:60]!a}"
    return None if back == expression else f"written out, it reads otherwise: {text[:120]!a}"


def _worth(expression: Expression, sight: Sight, chance: random.Random) -> str | None:
    """It is worth something for some facts of the row."""
    ids = tuple(sight.book.contents.sight(sight.table)[0])
    facts: dict[str, Any] = {chance.choice(ids): odd.value(chance) for _ in range(chance.randrange(5))} if ids else {}
    try:
        subject = Subject(sight.book.contents, sight.table, facts, Surroundings(date(2026, 11, 20), date(2026, 11, 20)))
        evaluate(expression, subject)
    except GovServiceError as error:
        return broken_error(error)
    except Exception as error:
        return f"worth: {foreign(error)}"
    return None
