"""The API reference leaves nothing out: every public name has its place, and whatever a public name gives or holds has one too."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from itertools import pairwise
from types import ModuleType
from typing import Any

import pytest

import govservice

from .pages import DOCS, ROOT, name, rows

REFERENCE = DOCS / "api"
INDEX = REFERENCE / "index.md"
SAID = [
    (page, path) for page in sorted(DOCS.rglob("*.md")) for path in re.findall(r"^::: ([\w.]+)$", page.read_text("utf-8"), re.MULTILINE)
]
MODULES = tuple(row["module"] for row in rows(INDEX, "module", "what stands there"))
WITHIN = {  # what other parts of the package take from a public module, and nobody else
    "govservice": {"__version__"},
    "govservice.audit": {"is_report"},
    "govservice.classify": {"CASE_TYPE", "applied", "brief_of", "in_brief"},
    "govservice.errors": {
        "MOST_HINTS", "Lang", "closest", "did_you_mean", "few_hints", "in_one", "known_lang", "perhaps_meant", "words",
    },
    "govservice.notices": {"SERIAL", "counting_from", "fill", "owed", "owed_here", "undecided_notices"},
    "govservice.records": {"TABLES"},
    "govservice.run.stream": {"FORMS"},
    "govservice.sample": {"Rows"},
    "govservice.trials": {"as_examples", "writable"},
}  # fmt: skip


def at(path: str) -> Any:
    """What stands at a dotted path, which may go through a verb that has its module's name."""
    parent, _, last = path.rpartition(".")
    return getattr(import_module(parent), last) if parent else import_module(path)


@cache
def described() -> dict[str, list[Any]]:
    """Everything that has its place in the reference, by name."""
    found: dict[str, list[Any]] = {}
    for _, path in SAID:
        found.setdefault(path.rpartition(".")[2], []).append(at(path))
    return found


def test_the_index_lists_the_modules_that_callers_know() -> None:
    contract = "deadlines scoring records run models errors audit calendars strategies sample whatif frames"
    assert {"govservice", *(f"govservice.{one}" for one in contract.split())} <= set(MODULES)
    assert all(isinstance(import_module(module), ModuleType) for module in MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_has_its_place(module: str) -> None:
    here = import_module(module)
    public = set(here.__all__) - WITHIN.get(module, set())
    assert {one for one in public if not any(value is getattr(here, one) for value in described().get(one, ()))} == set()


@pytest.mark.parametrize("module", WITHIN)
def test_what_is_left_out_is_there(module: str) -> None:
    assert WITHIN[module] <= set(import_module(module).__all__)


def test_every_name_has_one_place() -> None:
    paths = [path for _, path in SAID]
    assert sorted(path for path in set(paths) if paths.count(path) > 1) == []
    assert {name(page) for page, _ in SAID if not page.is_relative_to(REFERENCE)} == set()


def test_a_name_is_shown_where_it_is_imported_from() -> None:
    public = {(one, id(getattr(import_module(module), one))) for module in MODULES for one in import_module(module).__all__}
    elsewhere = [path for _, path in SAID if path.rpartition(".")[0] not in MODULES]
    assert [path for path in elsewhere if (path.rpartition(".")[2], id(at(path))) in public] == []


def test_the_index_sends_to_the_page_that_has_the_name() -> None:
    places = {path.rpartition(".")[2]: page.name for page, path in SAID}
    sent = {
        one: re.findall(r"\((\w[\w-]*\.md)\)", row["page"])
        for row in rows(INDEX, "name", "page")
        for one in re.findall(r"\w+", row["name"])
    }
    assert set(govservice.__all__) - WITHIN["govservice"] <= set(sent)
    assert {one: pages for one, pages in sent.items() if one in places and pages != [places[one]]} == {}


# -- what leads on

CLASSES = {
    found[1]: file
    for file in sorted((ROOT / "govservice").rglob("*.py"))
    for found in re.finditer(r"^class ([A-Z]\w+)", file.read_text("utf-8"), re.MULTILINE)
}
HIDDEN = {  # named in a signature for what they can do, not to be made or asked by a caller
    "Contents", "Example", "GivenTable", "Node", "Pauses", "RawRow", "Register", "SheetRows", "StoredTable",
    "Subject", "Truth", "Type", "Vocabulary",
}  # fmt: skip


def annotations(value: Any) -> Iterator[str]:
    """The annotations of what a function gives, or of the fields, methods and properties of a class."""
    if inspect.isfunction(value):
        yield str(inspect.get_annotations(value).get("return", ""))
    elif inspect.isclass(value):
        yield from (str(told) for field, told in inspect.get_annotations(value).items() if not field.startswith("_"))
        for member, kept in list(vars(value).items()):
            inner = getattr(kept, "fget", None) or getattr(kept, "__func__", None) or getattr(kept, "func", None) or kept
            if not member.startswith("_") and inspect.isfunction(inner):
                yield from annotations(inner)


def test_whatever_a_public_name_gives_has_its_place_too() -> None:
    told = {
        word
        for values in described().values()
        for value in values
        for text in annotations(inspect.unwrap(value) if inspect.isfunction(value) else value)
        for word in re.findall(r"\b[A-Z]\w+", text)
    }
    assert {word for word in told if word in CLASSES and word not in described()} == HIDDEN


@cache
def explained() -> set[str]:
    """Constants and names of types that have a text below them."""
    found: set[str] = set()
    for file in (ROOT / "govservice").rglob("*.py"):
        for stated, below in pairwise(ast.parse(file.read_text("utf-8")).body):
            targets = stated.targets if isinstance(stated, ast.Assign) else [stated.target] if isinstance(stated, ast.AnnAssign) else []
            if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
                found |= {one.id for one in targets if isinstance(one, ast.Name)}
    return found


@pytest.mark.parametrize("path", [path for _, path in SAID])
def test_what_is_shown_says_what_it_is(path: str) -> None:
    value = inspect.unwrap(at(path)) if callable(at(path)) else at(path)
    assert ((inspect.isclass(value) or inspect.isfunction(value)) and inspect.getdoc(value)) or path.rpartition(".")[2] in explained()
