"""Books with one key changed at a time, and whether they then differ in anything that an answer may hang on."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from itertools import islice
from typing import Any

from govservice.errors import GovServiceError
from govservice.rules import Rulebook
from govservice.rules.book.contents import Contents
from govservice.rules.book.entries import Field, Item, Measure, Notice, Rule
from govservice.rules.book.format import schema
from govservice.rules.book.loading import build
from govservice.rules.book.marks import Faults
from govservice.rules.language.values import Choice

SECTIONS = ("conventions", "hours", "settings", "tables", "events", "lists", "decisions", "measures", "schemes", "clocks", "notices")
READERS = ("label", "cite", "also", "labels", "examples", "when_text", "reads")
DERIVED = ("id", "title", "sources", "granting", "chains", "labels", "accepted", "clauses")
Path = tuple[Any, ...]


def plain(of: Any) -> Any:
    """All that an answer may hang on, as values that compare: no labels, clauses and examples, and no order of names."""
    if isinstance(of, Contents):
        return {each.name: plain(getattr(of, each.name)) for each in fields(of) if each.name not in DERIVED}
    if isinstance(of, Choice):
        return of.name, of.canonical, of.code
    if isinstance(of, Mapping):
        return {key: plain(value) for key, value in of.items()}
    if isinstance(of, (tuple, list)):
        return [plain(each) for each in of]
    if is_dataclass(of):
        return type(of).__name__, {
            each.name: plain(getattr(of, each.name)) for each in fields(of) if each.compare and _tells(of, each.name)
        }
    return of


def _tells(of: Any, name: str) -> bool:
    if isinstance(of, (Field, Notice)) and name in ("label", "title"):
        return True
    return name not in (*READERS, "title") and not (name == "text" and isinstance(of, (Rule, Item, Measure)))


def changed_keys(book: Rulebook, *, every: int = 1) -> Iterator[tuple[Path, Contents]]:
    """The book with each of its own keys changed in turn, or every so many, as far as it then still is a book; and where the key stands."""
    ways = ((path, instead) for path, value in _keys(book) for instead in _instead(path, value))
    for path, instead in islice(ways, 0, None, every):
        tree = copy.deepcopy(book._tree)
        _set(tree, path, instead)
        try:
            yield path, build(tree, Faults({}), "en")
        except (GovServiceError, KeyError, ValueError, TypeError, AttributeError):
            continue


GONE = object()


def _keys(book: Rulebook) -> Iterator[tuple[Path, Any]]:
    for section in SECTIONS:
        node = book._tree.get(section)
        if isinstance(node, dict):
            for id, entry in node.items():
                if book.is_own(f"{section}.{id}"):
                    yield from _within((section, id), entry)
        elif node is not None and book.is_own(section):
            yield from _within((section,), node)


def _within(path: Path, node: Any) -> Iterator[tuple[Path, Any]]:
    if path[-1] in ("label", "cite", "examples"):
        return
    yield path, node
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield from _within((*path, key), value)


def _instead(path: Path, value: Any) -> Iterator[Any]:
    """Other values for a key: two that a book may have, perhaps; it is left out; a list without its first, or the other way round."""
    if path[-1] == "rules":
        pass  # a decision has some
    elif len(path) > 2 or (path[0] not in ("settings", "tables", "decisions", "schemes", "events", "clocks", "measures", "lists")):
        yield GONE
    if isinstance(value, list) and len(value) > 1:
        yield value[1:]
        yield value[::-1]
    if isinstance(value, str):
        number = re.search(r"\d+", value)
        if number is not None:
            yield value.replace(number[0], str(int(number[0]) + 1), 1)
        yield from (other for other in _options().get(str(path[-1]), ()) if other != value)
        yield {"true": "false", "false": "true", "yes": "no", "no": "yes"}.get(value, f"not ({value})")
        yield f"({value}) + 1"
        yield f"{value}改"


def _options() -> dict[str, tuple[str, ...]]:
    """What the file format lists as the values of a key, by its name."""
    found: dict[str, tuple[str, ...]] = {}
    for shape in schema()["$defs"].values():
        for key, value in shape.get("properties", {}).items():
            options = [value, *value.get("anyOf", ())]
            options += [schema()["$defs"][each["$ref"].rsplit("/", 1)[1]] for each in options if "$ref" in each]
            options += [inner for each in options for inner in each.get("anyOf", ())]
            found[key] = (*found.get(key, ()), *(str(one) for each in options for one in each.get("enum", ())))
    return found


def _set(tree: Any, path: Path, value: Any) -> None:
    for key in path[:-1]:
        tree = tree[key]
    if value is GONE:
        del tree[path[-1]]
    else:
        tree[path[-1]] = value
