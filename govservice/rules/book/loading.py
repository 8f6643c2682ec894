"""A merged tree -> what it declares, then every entry, typed; all faults at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from govservice.errors import Fault, Lang, RulebookError, Words
from govservice.rules.book.clock_reader import build_clock, read_hours
from govservice.rules.book.contents import Contents
from govservice.rules.book.decision_reader import build_decision, build_measure
from govservice.rules.book.declarations import Declarations
from govservice.rules.book.dependencies import MOST_LEVELS, Place, find_circle, graph, nesting, too_deep
from govservice.rules.book.entries import Acceptance
from govservice.rules.book.entry_reader import EntryReader, conventions_of
from govservice.rules.book.marks import Faults, Node, mapping, text_of
from govservice.rules.book.merging import SECTIONS
from govservice.rules.book.notice_reader import build_notice
from govservice.rules.book.scheme_reader import build_scheme
from govservice.rules.book.sight import RowNames, tables_in_sight
from govservice.rules.book.typing_order import in_order_of_need
from govservice.rules.language.spelling import folded
from govservice.stack import raise_where_little_is_left

__all__ = ["build", "reader_of"]


def build(tree: dict[str, Node], faults: Faults, lang: Lang) -> Contents:
    """The entries of a merged tree, every expression typed.

    Raises RulebookError with every fault at once: those of shape, noted before, and those within what has a shape.
    """
    within = Faults(faults.marks)
    try:
        contents = _contents(tree, within)
    except RecursionError as error:  # a chain of hundreds of outcomes, each typed by the next
        raise_where_little_is_left(error)
        what = Words(f"entries build on each other more than {MOST_LEVELS} deep", f"条目层层引用超过 {MOST_LEVELS} 层")
        raise RulebookError([*faults.sorted(), Fault(what, hint=_FLATTER, file=text_of(tree, "rulebook"))], lang=lang) from None
    faults.follow(within)
    if faults.noted:
        raise RulebookError(faults.sorted(), lang=lang)
    return contents


def _contents(tree: dict[str, Node], faults: Faults) -> Contents:
    declared = _declared(tree, faults)
    out_of_place = declared.out_of_place()
    if out_of_place:
        faults.noted.clear()  # they are noted again
        tree = {**tree, "measures": {id: node for id, node in mapping(tree["measures"]).items() if id not in out_of_place}}
        declared = _declared(tree, faults)
    conventions = conventions_of(mapping(tree.get("conventions")))
    _check_one_namespace(tree, faults)
    reader = EntryReader(declared, faults, conventions)
    entries = {section: mapping(tree.get(section)) for section in SECTIONS}
    measures = {id: build_measure(reader, id, node) for id, node in entries["measures"].items()}
    decisions = {id: build_decision(reader, id, mapping(node)) for id, node in entries["decisions"].items()}
    schemes = {id: build_scheme(reader, id, mapping(node)) for id, node in entries["schemes"].items()}
    clocks = {id: build_clock(reader, id, mapping(node)) for id, node in entries["clocks"].items()}
    notices = {id: build_notice(reader, id, mapping(node)) for id, node in entries["notices"].items()}
    used = graph(decisions, measures, schemes, clocks)
    _check_order(used, nesting(decisions, measures, schemes, clocks), faults)
    hours = read_hours(reader, tree["hours"], RowNames(declared, ()), ("hours",)) if "hours" in tree else None
    if conventions.get("roll") == "backward":
        hint = Words("roll: backward stands on a clock with backward: true", "roll: backward 写在有 backward: true 的时钟上")
        faults.add(("conventions", "roll"), Words("not every clock counts back", "不是每个时钟都倒着算"), hint=hint)
    about = dict.fromkeys((*declared.tables, *declared.scheme_subjects))
    return Contents(
        id=text_of(tree, "rulebook") or "",
        title=text_of(tree, "title"),
        sources=dict(_titles(tree.get("sources"))),
        conventions=conventions,
        settings=declared.settings,
        tables=declared.tables,
        events=declared.events,
        lists=declared.lists,
        decisions=decisions,
        measures=measures,
        schemes=schemes,
        clocks=clocks,
        notices=notices,
        granting={table: dict(declared.outcomes(table)) for table in about},
        chains={table: tables_in_sight(declared, table) for table in (*about, *declared.events)},
        labels=dict(declared.labels),
        hours=hours,
        accepted=tuple(_accepted(tree.get("accepted"))),
        clauses=dict(_clauses(tree.get("sources"))),
    )


def _titles(node: Node | None) -> Iterator[tuple[str, str]]:
    """The documents that clauses belong to, by key."""
    for key, source in mapping(node).items():
        title = source if isinstance(source, str) else text_of(mapping(source), "title")
        if title is not None:
            yield key, title


def _clauses(node: Node | None) -> Iterator[tuple[str, str]]:
    """The clauses that the book numbered itself, each with the document that it belongs to."""
    for source in mapping(node).values():
        title, listed = text_of(mapping(source), "title"), mapping(source).get("clauses")
        for clause in listed if isinstance(listed, list) else ():
            if title is not None and isinstance(clause, str):
                yield folded(clause), title


def _accepted(node: Node | None) -> Iterator[Acceptance]:
    """What is accepted of the check's findings, as far as it has a shape: faults of that are noted before."""
    for entry in node if isinstance(node, list) else ():
        parts = {key: text_of(mapping(entry), key) or "" for key in ("kind", "entry", "because")}
        rules = mapping(entry).get("rules")
        yield Acceptance(**parts, rules=tuple(map(str, rules)) if isinstance(rules, list) else None)


def reader_of(tree: dict[str, Node]) -> EntryReader:
    """A reader of expressions in sight of what a tree declares; what is wrong with the tree itself is not its matter.

    Its `faults` are those of what it reads from then on.
    """
    return EntryReader(_declared(tree, Faults({})), Faults({}), conventions_of(mapping(tree.get("conventions"))))


def _declared(tree: dict[str, Node], faults: Faults) -> Declarations:
    """What a tree declares, each name with its type."""
    declared = Declarations(tree, faults)
    for section, id in in_order_of_need(tree):
        declared.find_type(section, id)
    return declared


_FLATTER = Words("let entries build on fewer others, or nest their expressions less", "请减少条目之间的层层引用，或减少表达式的嵌套")


def _check_order(used: Mapping[Place, tuple[Place, ...]], nested: Mapping[Place, int], faults: Faults) -> None:
    """Entries that wait for each other, or build on each other too deep, are refused."""
    circle = find_circle(used)
    if circle is not None:
        named = " -> ".join(id for _, id in circle)
        hint = Words("nothing in it could be decided first", "其中没有一个能先定")
        faults.add(circle[0], Words(f"a circle: {named}", f"相互引用成环：{named}"), hint=hint)
    elif (deep := too_deep(used, nested)) is not None:
        what = Words(f"{deep[1]} builds on others too deep", f"{deep[1]} 层层引用过深")
        why = Words(
            f"{MOST_LEVELS} levels of plain expressions are the limit, fewer where they are nested",
            f"表达式不嵌套时最多 {MOST_LEVELS} 层，有嵌套时更少",
        )
        faults.add(deep, what, why=why, hint=_FLATTER)


def _check_one_namespace(tree: Mapping[str, Node], faults: Faults) -> None:
    """Tables, event kinds, decisions, measures, schemes, clocks, settings and lists share one namespace."""
    seen: dict[str, str] = {}
    for section in ("tables", "events", "decisions", "measures", "schemes", "clocks", "settings", "lists"):
        for id in mapping(tree.get(section)):
            if seen.setdefault(id, section) != section:
                what = Words(f'"{id}" names one of `{seen[id]}` already', f"“{id}”已是 {seen[id]} 里的名字")
                faults.add((section, id), what, hint=Words("one name, one thing: rename it", "一名一物：请改名"))
