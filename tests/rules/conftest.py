"""What the tests of the engine share: a small vocabulary to write expressions in, and a way to load a rulebook from text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from govservice import Rulebook, load_rulebook
from govservice.rules.book.declarations import Declarations
from govservice.rules.book.marks import Faults
from govservice.rules.book.sight import RowNames
from govservice.rules.book.yamltree import read_tree
from govservice.rules.language.parsing import parse
from govservice.rules.language.shapes import Expression
from govservice.rules.language.values import Value
from govservice.rules.meaning.evaluation import evaluate
from govservice.rules.meaning.subjects import Subject

THINGS = """
rulebook: things
tables:
  thing:
    n: {type: integer, label: 件数}
    m: {type: integer, label: 部门数}
    d: {type: decimal, label: 金额}
    e: {type: decimal, label: 天数}
    b: {type: boolean, label: 正式}
    b2: {type: boolean, label: 非正式}
    b3: {type: boolean, label: 重大且复杂}
    b4: {type: boolean, label: 且末县}
    c: {type: choice, label: 主件, values: {present: 已带, not_brought: 有而未带, lacking: 缺少}}
    t: {type: text, label: 审批部门}
    l: {type: list, label: 材料}
    received_on: {type: date, label: 收件日}
    closed_on: {type: date, label: 办结日}
    received_at: {type: moment, label: 收件时刻}
    limit: {type: limit, label: 时限}
    other_limit: {type: limit}
    agreed: {type: boolean, label: 同意, default: false}
"""


@dataclass(frozen=True)
class Vocabulary:
    """The facts of one table, and what an expression over them is worth."""

    book: Rulebook
    names: RowNames

    def parse(self, text: str, *, wants: str | None = None) -> Expression:
        """The typed expression; raises ExpressionError."""
        return parse(text, self.names, wants=wants)

    def worth(self, text: str, /, **facts: Any) -> Value:
        """The value of an expression for these facts."""
        return evaluate(self.parse(text), Subject(self.book.contents, "thing", facts))


@pytest.fixture(scope="session")
def load(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Rulebook]:
    """Load a rulebook from its text, in a folder of its own; further files of the folder by name."""
    folder = tmp_path_factory.mktemp("books")
    number = count()

    def load(text: str, *, files: dict[str, str] | None = None, **options: Any) -> Rulebook:
        place = folder / str(next(number))
        place.mkdir()
        for name, other in (files or {}).items():
            (place / name).write_text(other, encoding="utf-8")
        (place / "book.yaml").write_text(text, encoding="utf-8")
        return load_rulebook(place / "book.yaml", **options)

    return load


@pytest.fixture(scope="session")
def things(load: Callable[..., Rulebook]) -> Vocabulary:
    """A table `thing` with a fact of every type."""
    return Vocabulary(load(THINGS), Declarations(read_tree(THINGS, "things.yaml")[0], Faults({})).row_names("thing"))  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def decide(load: Callable[..., Rulebook]) -> Callable[..., Rulebook]:
    """A rulebook of the vocabulary with these decisions."""

    def book(decisions: str, **options: Any) -> Rulebook:
        return load(f"{THINGS}decisions:\n{decisions}", **options)

    return book
