"""Decisions and items of a rulebook as tables that a clerk fills in, in WPS or Excel: written to .xlsx or CSV, and read back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import yaml

from govservice.errors import DecisionError, Fault, GovServiceError, RecordError, RulebookError, Words
from govservice.exchange.sheet_conditions import Conditions, rules_of, same_meaning
from govservice.exchange.sheet_files import as_csv, as_xlsx, from_csv
from govservice.exchange.sheet_tables import ReadTable, SheetTable, decision_table, items_table, read_table
from govservice.frozen import freeze
from govservice.plain_files import put_file
from govservice.reading import shown
from govservice.reading.workbook import Bounds, WorkbookSheet, read_csv_sheet, read_workbook
from govservice.rules import REMOVE, Rulebook
from govservice.rules.book.entries import Decision
from govservice.rules.book.marks import Faults, Node, mapping, parts_within, short
from govservice.rules.book.merging import by_id
from govservice.rules.language.values import Type

__all__ = ["Sheets", "read_sheets", "write_sheets"]

_BOUNDS: Final = Bounds(bytes=10_000_000, unpacked=50_000_000, sheets=1_000, cells=200_000)


def write_sheets(
    book: Rulebook, path: str | Path, *, only: Iterable[str] | None = None, inherited: bool = False, over: bool = False
) -> tuple[str, ...]:
    """Write decisions and schemes of a book as tables, and give their ids: a workbook (`.xlsx`), a sheet each; one alone as `.csv`.

    `only` names them; else all that stand in the book's own file, with `inherited` what it took over too; schemes without items are none.
    What is written reads back as it was. Raises DecisionError for an id that the book has not and, by name, for what no table says the
    same; RecordError for a file that is there already (unless `over`) or cannot be written; MissingPackage.

    >>> from tempfile import TemporaryDirectory
    >>> from govservice import load_rulebook
    >>> with TemporaryDirectory() as folder:
    ...     write_sheets(load_rulebook("kunshan"), Path(folder) / "leave.csv", only=["leave_approval"])
    ('leave_approval',)
    """
    path = Path(path)
    tables = _tables(book, only, inherited=inherited)
    if path.suffix.lower() == ".csv":
        if len(tables) != 1:
            what = Words(f"a CSV file holds one table, and these are {len(tables)}", f"一个 CSV 文件只放一张表，而这里有 {len(tables)} 张")
            raise DecisionError(what, hint=Words("name one, or write .xlsx", "请指明一张，或写成 .xlsx"))
        content = _held(book, tables, lambda: as_csv(tables[0]))
    elif path.suffix.lower() == ".xlsx":
        content = _held(book, tables, lambda: as_xlsx(tables, book.title or book.id))
    else:
        raise _other_ending(path)
    put_file(
        path,
        content,
        over=over,
        hint=Words("name another file, or let it be written over: over=True", "请换一个文件名，或用 over=True 允许覆盖"),
    )
    return tuple(table.id for table in tables)


def _other_ending(path: Path) -> DecisionError:
    what = Words(f"{shown(path.name)} is neither .xlsx nor .csv", f"“{path.name}”不是 .xlsx 也不是 .csv")
    return DecisionError(what, hint=Words("tables are kept in .xlsx or .csv", "表只写成 .xlsx 或 .csv"))


def _held(book: Rulebook, tables: Sequence[SheetTable], content: Callable[[], bytes]) -> bytes:
    """The file's content, once it is sure that it reads back as the book has it."""
    read = [read_table(_as_sheet(table), "") for table in tables]
    sheets = _sheets(book.id, [table for table in read if table is not None], ())
    for table, fault in ((table, table.faults[0]) for table in read if table is not None and table.faults):
        raise DecisionError(_cannot(table.id), why=fault.what, id=table.id)
    for place in sheets.changes(book):
        id = place.split(".")[1]
        raise DecisionError(_cannot(id), why=Words(f"{place} would read back as something else", f"{place} 读回来会不一样"), id=id)
    return content()


def _cannot(id: str) -> Words:
    return Words(f"no table says the same as {id}", f"表格写不出与 {id} 同样的意思")


def _as_sheet(table: SheetTable) -> WorkbookSheet:
    grid = table.grid()
    width = max(map(len, grid))
    return WorkbookSheet(table.id, tuple((*row, *(None,) * (width - len(row))) for row in grid))


def _tables(book: Rulebook, only: Iterable[str] | None, *, inherited: bool) -> list[SheetTable]:
    tree = _tree(book)
    decisions, schemes = mapping(tree.get("decisions")), mapping(tree.get("schemes"))
    tabled = {id: node for id, node in schemes.items() if any(_items_in(mapping(node)).values())}
    if only is None:
        wanted = [id for id in decisions if inherited or book.is_own(f"decisions.{id}")]
        wanted += [id for id in tabled if inherited or book.is_own(f"schemes.{id}")]
    else:
        wanted = list(dict.fromkeys(only))
    for id in wanted:
        if id not in decisions and id not in tabled:
            listed = Words(f"it has: {', '.join((*decisions, *tabled))}", f"它有：{'、'.join((*decisions, *tabled))}")
            what = Words(
                f"{book.id} has no decision, and no scheme with items, {shown(id)}", f"{book.id} 没有“{id}”这个决定或有条目的计分方案"
            )
            raise DecisionError(what, hint=listed)
    if not wanted:
        raise DecisionError(Words(f"{book.id} has no decisions of its own", f"{book.id} 没有自己的决定"), hint=_INHERITED)
    conditions = Conditions(tree)
    return [
        decision_table(book, id, mapping(decisions[id]), conditions) if id in decisions else items_table(book, id, mapping(tabled[id]))
        for id in wanted
    ]


_INHERITED: Final = Words("inherited=True takes those that it took over", "inherited=True 连同承袭的")


def _tree(book: Rulebook) -> dict[str, Node]:
    return by_id(dict(book.written), Faults({}))


def _items_in(scheme: Mapping[str, Node]) -> dict[str, dict[str, Node]]:
    """The lists of items of a scheme, each by its path within the scheme."""
    found: dict[str, dict[str, Node]] = {}
    for path in parts_within(scheme):
        at = f"parts.{path.replace('.', '.parts.')}"
        part: Mapping[str, Node] = scheme
        for step in at.split("."):
            part = mapping(part.get(step))
        found[f"{at}.items"] = mapping(part.get("items"))
    return found | {"adjust": mapping(scheme.get("adjust"))}


def read_sheets(path: str | Path) -> Sheets:
    """What the tables of a workbook or CSV file say: every sheet that is marked as one; others are `ignored`.

    The file is read within bounds (10 MB, 50 MB unpacked, 200,000 cells a sheet), and nothing in it is run. Raises RulebookError with
    every fault of every sheet, each with its cell; MissingPackage.

    >>> from tempfile import TemporaryDirectory
    >>> from govservice import load_rulebook
    >>> book = load_rulebook("kunshan")
    >>> with TemporaryDirectory() as folder:
    ...     _ = write_sheets(book, Path(folder) / "leave.csv", only=["leave_approval"])
    ...     sheets = read_sheets(Path(folder) / "leave.csv")
    >>> dict(sheets.changes(book))
    {}
    """
    path = Path(path)
    try:
        if path.suffix.lower() == ".csv":
            sheets: tuple[WorkbookSheet, ...] = (from_csv(read_csv_sheet(path, _BOUNDS)),)
        elif path.suffix.lower() == ".xlsx":
            sheets = read_workbook(path, _BOUNDS)
        else:
            raise _other_ending(path)
    except RecordError as error:
        raise RulebookError([error.fault]) from None
    read = [(sheet.name, read_table(sheet, path.name)) for sheet in sheets]
    tables = [table for _, table in read if table is not None]
    if not tables:
        hint = Words("write_sheets, or `govservice sheets`, writes one to fill in", "先用 govservice sheets 写出一本，再填")
        what = Words("no sheet is marked as a table of rules", "没有一张工作表有规则表的标记")
        raise RulebookError([Fault(what, hint=hint, file=path.name)])
    faults = [fault for table in tables for fault in table.faults] + _twice(tables, path.name)
    if faults:
        raise RulebookError(faults)
    return _sheets(path.name, tables, [name for name, table in read if table is None])


def _twice(tables: Sequence[ReadTable], file: str) -> list[Fault]:
    ids = [(table.what, table.id) for table in tables]
    faults = [
        Fault(Words(f"two sheets are of {id}", f"有两张工作表都是 {id}"), hint=Words("delete one", "请删去一张"), file=file, id=id)
        for what, id in dict.fromkeys(ids)
        if ids.count((what, id)) > 1
    ]
    books = sorted({table.book for table in tables})
    if len(books) > 1:
        listed = Words(f"the sheets are of several books: {', '.join(books)}", f"各表出自几册规则：{'、'.join(books)}")
        faults.append(Fault(listed, hint=Words("one workbook, one book", "一本工作簿只放一册的"), file=file))
    return faults


def _sheets(file: str, tables: Sequence[ReadTable], ignored: Sequence[str]) -> Sheets:
    return Sheets(
        file=file,
        book=tables[0].book,
        digest=tables[0].digest,
        decisions={table.id: table.node for table in tables if table.what == "decision"},
        items={table.id: table.node for table in tables if table.what == "items"},
        ignored=tuple(ignored),
        places={path: place for table in tables for path, place in table.places.items()},
        tests={
            f"decisions.{table.id}.rules.{rule}.when": tuple(tests)
            for table in tables
            if table.what == "decision"
            for rule, tests in table.tests.items()
        },
    )


@dataclass(frozen=True, slots=True)
class Sheets:
    """The tables of one file, read: the decisions and the items of schemes (by part) by id, as a book's tree has them.

    `book` and the beginning of its `digest` are those that the tables were written from; `places` says in which cell each entry stands,
    `tests` which cells each condition was put together from.
    """

    file: str
    book: str
    digest: str
    decisions: Mapping[str, Mapping[str, Any]]
    items: Mapping[str, Mapping[str, Any]]
    ignored: tuple[str, ...]
    places: Mapping[str, str]
    tests: Mapping[str, tuple[tuple[str, str], ...]]

    def __post_init__(self) -> None:
        freeze(self)

    def is_of(self, book: Rulebook) -> bool:
        """Whether the tables were written from the book as it is: what others changed in it since, they would take back."""
        return self.book == book.id and book.digest.startswith(self.digest)

    def amend(self, book: Rulebook) -> Rulebook:
        """The book with what the tables say; everything else stays. Raises RulebookError, each fault with its cell."""
        return self._amended(book, self.changes(book))

    def changes(self, book: Rulebook) -> Mapping[str, object]:
        """What the tables change, as `book.amend` takes it: the places that differ in meaning alone, each by its path.

        A condition that means the same stays as its author wrote it, so that a table which nobody changed changes nothing. `examples`,
        `outcomes` and what else no table shows are kept. Raises RulebookError, each fault with its cell.
        """
        tree = _tree(book)
        drafts = {f"decisions.{id}": self._draft(book, tree, id) for id in self.decisions}
        drafts |= self._drafted_items(tree)
        amended = self._amended(book, {path: _as_list(path, draft) for path, draft in drafts.items()})
        changes: dict[str, object] = {}
        for path, draft in drafts.items():
            section, id, *_ = path.split(".", 2)
            before = _standing(tree, path)
            if section == "decisions" and before is not None:
                kept = _kept(mapping(before), draft, book.decisions[id], amended.decisions[id])
                changes |= _differences(path, mapping(before), kept)
            elif not _alike(mapping(before), draft):
                changes[path] = _as_list(path, draft)
        return changes

    def yaml(self, book: Rulebook, amends: str | None = None) -> str:
        """What the tables change as the text of an amending file; `amends` is the book as that file names it (default: its id).

        >>> from govservice import load_rulebook
        >>> sheets = Sheets("", "kunshan", "", {"x": {"about": "cases", "hit": "first", "rules": {"1": {"then": "a"}}}}, {}, (), {}, {})
        >>> print(sheets.yaml(load_rulebook("kunshan")), end="")
        amends: kunshan
        decisions:
          x:
            about: cases
            hit: first
            rules:
            - then: a
        """
        tree: dict[str, Any] = {"amends": amends or book.id}
        removed: list[str] = []
        before = _tree(book)
        for path, value in self.changes(book).items():
            steps = path.split(".")
            if value is REMOVE or (not isinstance(value, str) and _standing(before, path) is not None):
                removed.append(path)
            if value is not REMOVE:
                _put(tree, steps, value)
        if removed:
            tree = {"amends": tree.pop("amends"), "remove": removed, **tree}
        return yaml.safe_dump(_listed(tree), allow_unicode=True, sort_keys=False, width=1000)

    def _draft(self, book: Rulebook, tree: Mapping[str, Node], id: str) -> dict[str, Node]:
        """A decision as its table has it, with what no table shows as the book has it."""
        before = mapping(mapping(tree.get("decisions")).get(id))
        shown_keys = ("rules", "when", "let", "otherwise", "label")
        kept = {key: worth for key, worth in before.items() if key in _UNSEEN or (key not in shown_keys and not isinstance(worth, str))}
        given: dict[str, Node] = _thawed(self.decisions[id])
        types = dict(book.decisions[id].outcomes) if id in book.decisions else {}
        rules: Node = {rule: {**worth, "then": _by_name(worth["then"], id, types)} for rule, worth in rules_of(given).items()}
        if "otherwise" in given:
            given["otherwise"] = _by_name(given["otherwise"], id, types)
        return kept | given | {"rules": rules}

    def _drafted_items(self, tree: Mapping[str, Node]) -> dict[str, dict[str, Node]]:
        """The lists of items that the tables have, or have no more, by path. Raises RulebookError for a part that the book has not."""
        drafts: dict[str, dict[str, Node]] = {}
        faults: list[Fault] = []
        for id, by_part in self.items.items():
            scheme = mapping(mapping(tree.get("schemes")).get(id))
            there = _items_in(scheme)
            given = {_list_path(part): mapping(_thawed(items)) for part, items in by_part.items()}
            for path in given:
                if path not in there:
                    at = next((place for where, place in self.places.items() if where.startswith(f"schemes.{id}.{path}.")), id)
                    what = Words(f"{id} has no part {path}", f"{id} 没有 {path} 这个部分")
                    listed = [*parts_within(scheme), "adjust"]
                    hint = Words(f"one of: {', '.join(listed)}", f"可写：{'、'.join(listed)}")
                    faults.append(Fault(what, hint=hint, file=self.file, id=at))
            drafts |= {f"schemes.{id}.{path}": given.get(path, {}) for path in there if given.get(path) or there[path]}
        if faults:
            raise RulebookError(faults)
        return drafts

    def _amended(self, book: Rulebook, changes: Mapping[str, object]) -> Rulebook:
        try:
            return book.amend(changes)
        except RulebookError as error:
            raise RulebookError(list(dict.fromkeys(placed for fault in error.faults for placed in self._placed(fault, book)))) from None
        except GovServiceError as error:
            raise RulebookError([replace(error.fault, file=self.file)]) from None

    def _placed(self, fault: Fault, book: Rulebook) -> list[Fault]:
        """A fault of the amended book at the cell that it comes from; of a condition, at the cells that are wrong themselves."""
        id = fault.id or ""
        when = next((path for path in self.tests if id == _shortened(path)), None)
        if when is not None:
            found = self._wrong_cells(book, when)
            if found:
                return found
            first = next((place for place, _ in self.tests[when]), self.places.get(when.removesuffix(".when"), id))
            return [replace(fault, file=self.file, line=None, column=None, id=first)]
        known = {_shortened(path): place for path, place in self.places.items()}
        steps = id.split(".")
        place = next((known[path] for end in range(len(steps), 1, -1) if (path := ".".join(steps[:end])) in known), id)
        return [replace(fault, file=self.file, line=None, column=None, id=place)]

    def _wrong_cells(self, book: Rulebook, when: str) -> list[Fault]:
        """The faults of each cell of a condition, read by itself."""
        id = next(id for id in self.decisions if when.startswith(f"decisions.{id}.rules."))
        rule = when.removeprefix(f"decisions.{id}.rules.").removesuffix(".when")
        tree = _tree(book)
        draft = self._draft(book, tree, id)
        decisions = {**mapping(tree.get("decisions")), id: draft}
        conditions = Conditions({**tree, "decisions": decisions})
        sight = conditions.sight(draft, rules_of(draft)[rule])
        return [
            replace(noted.fault, file=self.file, id=place)
            for place, text in self.tests[when]
            for noted in conditions.typed(text, sight, wants="boolean")[1].noted
        ]


_UNSEEN: Final = ("examples", "outcomes")


def _list_path(part: str) -> str:
    return "adjust" if part == "adjust" else f"parts.{part.replace('.', '.parts.')}.items"


def _shortened(path: str) -> str:
    return ".".join(map(short, path.split(".")))


def _by_name(then: Node, outcome: str, types: Mapping[str, Type]) -> Node:
    """What is granted, the values of choices by their names."""
    if isinstance(then, dict):
        return {name: _by_name(worth, name, types) for name, worth in then.items()}
    choice = types[outcome].choice(then) if isinstance(then, str) and outcome in types else None
    return then if choice is None else choice.name


def _thawed(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {key: _thawed(value) for key, value in node.items()}
    return [_thawed(part) for part in node] if isinstance(node, (list, tuple)) else node


def _standing(tree: Mapping[str, Node], path: str) -> Node | None:
    node: Node | None = dict(tree)
    for step in path.split("."):
        node = mapping(node).get(step)
    return node


def _as_list(path: str, draft: Mapping[str, Node]) -> object:
    """A draft as a file would have it at that path."""
    if path.startswith("decisions."):
        return {key: _entries(worth) if key in ("rules", "examples") else worth for key, worth in draft.items()}
    return _entries(dict(draft))


def _entries(by_id: Node) -> list[Node]:
    return [
        {"id": id, **mapping(entry)} if "id" not in mapping(entry) and id != str(number) else entry
        for number, (id, entry) in enumerate(mapping(by_id).items(), 1)
    ]


def _alike(one: Mapping[str, Node], other: Mapping[str, Node]) -> bool:
    """Whether two lists of entries are the same, their order too."""
    return list(one) == list(other) and one == other


def _kept(before: Mapping[str, Node], draft: Mapping[str, Node], old: Decision, new: Decision) -> dict[str, Node]:
    """The draft, each condition and outcome as the author wrote it where it means the same."""
    kept = dict(draft)
    if same_meaning(old.when, new.when) and "when" in before and "when" in draft:
        kept["when"] = before["when"]
    if old.otherwise == new.otherwise and "otherwise" in before and "otherwise" in draft:
        kept["otherwise"] = before["otherwise"]
    stood, stands = {rule.id: rule for rule in old.rules}, {rule.id: rule for rule in new.rules}
    rules: dict[str, Node] = {}
    for id, drafted in rules_of(draft).items():
        rule, written = drafted, rules_of(before).get(id)
        if written is not None and id in stood and id in stands:
            one, other = stood[id], stands[id]
            if same_meaning(one.when, other.when) and mapping(written.get("quota")) == mapping(drafted.get("quota")):
                rule = _with(rule, written, "when")
            if dict(one.then) == dict(other.then):
                rule = _with(rule, written, "then")
        rules[id] = rule
    return {**kept, "rules": rules}


def _with(rule: Mapping[str, Node], written: Mapping[str, Node], key: str) -> dict[str, Node]:
    without = {name: worth for name, worth in rule.items() if name != key}
    return {**without, key: written[key]} if key in written else without


def _differences(path: str, before: Mapping[str, Node], after: Mapping[str, Node]) -> dict[str, object]:
    """What makes the one decision the other, by path: single keys where the rules are the same ones in the same order."""
    rules, now = rules_of(before), rules_of(after)
    if not rules or list(rules) != list(now) or any("id" not in rules[id] and rules[id] != now[id] for id in rules):
        return {} if dict(before) == dict(after) and list(rules) == list(now) else {path: _as_list(path, after)}
    changes = _of_keys(path, {**before, "rules": ""}, {**after, "rules": ""})
    for id, rule in rules.items():
        changes |= _of_keys(f"{path}.rules.{id}", rule, now[id])
    return changes


def _of_keys(path: str, before: Mapping[str, Node], after: Mapping[str, Node]) -> dict[str, object]:
    changed: dict[str, object] = {f"{path}.{key}": worth for key, worth in after.items() if before.get(key) != worth}
    return changed | {f"{path}.{key}": REMOVE for key in before if key not in after}


def _put(tree: dict[str, Any], steps: Sequence[str], value: object) -> None:
    for step in steps[:-1]:
        tree = tree.setdefault(step, {})
    tree[steps[-1]] = value


def _listed(tree: Mapping[str, Any]) -> dict[str, Any]:
    """An amending file's tree, its rules as a list that names them."""
    decisions = {
        id: {**node, "rules": [{"id": rule, **worth} for rule, worth in node["rules"].items()]}
        if isinstance(node, dict) and isinstance(node.get("rules"), dict)
        else node
        for id, node in tree.get("decisions", {}).items()
    }
    return {**tree, "decisions": decisions} if decisions else dict(tree)
