"""Two sections of a mapping file: `steps`, what a log says of a case, and `rows`, what the rows of another file add to a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, cast

from govservice.errors import NOTHING, RecordError, Words
from govservice.records.mapped import ColumnMapping, GatheredFact, How, StepFact, StepPause, StepsMapping, Which
from govservice.records.mapping_tree import TreeReader, one_of
from govservice.records.vocabulary import Vocabulary, read_value
from govservice.rules.book.marks import Node, Path

__all__ = ["GatheringReader", "StepsReader"]

_STEPS: Final = ("case", "activity", "time", "facts", "pauses", "ignore")
_PAUSE: Final = ("kind", "from", "to")
_ROWS: Final = ("file", "delimiter", "sheet", "id", "column", "as", "order_by")


class StepsReader:
    """Reads `steps` of cases; `columns` are those that the mapping names beside it, `when` reads the column that says when."""

    def __init__(
        self,
        tree: TreeReader,
        at: Path,
        words: Mapping[str, Vocabulary],
        columns: Mapping[str, ColumnMapping],
        when: Callable[[Path, Node], ColumnMapping | None],
    ) -> None:
        self.tree, self.at, self.all_words, self.columns, self.when = tree, at, words, columns, when
        self.words = words[at[0]]

    def read(self, node: Node) -> StepsMapping | None:
        """What it says; None where a part without which nothing can be read is not there."""
        entry = self.tree.mapping(self.at, node, _STEPS)
        for key in ("case", "activity", "time"):
            if entry and key not in entry:
                what = Words(f"steps do not say which column is the {key}", f"steps 没有写 {key} 是哪一列")
                self.tree.faults.add(self.at, what, hint=Words(f"{key}: ..", f"写 {key}: 列名"))
        case, activity = (self.tree.text((*self.at, key), entry) for key in ("case", "activity"))
        time = self.when((*self.at, "time"), entry["time"]) if "time" in entry else None
        facts, pauses = self._facts(entry.get("facts", {})), self._pauses(entry.get("pauses", []))
        ignore = self.tree.texts((*self.at, "ignore"), entry["ignore"]) if entry.get("ignore") else ()
        if self.words.id in self.columns:
            what = Words("the id of a case is the column case of its steps", "办件编号由 steps 的 case 指明")
            self.tree.faults.add((self.at[0], "columns", self.words.id), what)
        if case is None or activity is None or time is None:
            return None
        steps = StepsMapping(case, activity, time, facts, pauses, ignore, self.tree.line(self.at))
        used = {activity for fact in facts for activity in fact.activities} | {
            activity for pause in pauses for activity in (*pause.begins, *pause.ends)
        }
        for activity in sorted(used.intersection(ignore)):
            what = Words(f"{activity!r} is used, and ignored too", f"“{activity}”用到了，又写在 ignore 里")
            self.tree.faults.add((*self.at, "ignore"), what)
        return steps

    def _facts(self, node: Node) -> tuple[StepFact, ...]:
        made: dict[str, StepFact] = {}
        at = (*self.at, "facts")
        for name, asked in self.tree.mapping(at, node).items():
            fact = self.words.fact(name)
            if fact is None or self.words.types[fact].kind not in ("date", "moment"):
                near = self.words.close_to(name) if fact is None else None
                what = Words(f"{name} is no day or moment of {self.words.label.en}", f"“{name}”不是{self.words.label.zh}的日期或时刻")
                self.tree.faults.add((*at, name), what, hint=Words(f'did you mean "{near}"?', f"是不是“{near}”？") if near else NOTHING)
                continue
            if fact in self.columns or fact in made:
                self.tree.faults.add((*at, name), Words(f"{fact} is mapped twice", f"“{fact}”映射了两次"))
            entry = self.tree.mapping((*at, name), asked, ("first", "last"))
            if len(entry) != 1:
                what = Words("either the first or the last of an activity", "写 first（首次）或 last（末次）之一")
                self.tree.faults.add((*at, name), what, hint=Words("{first: ..}", "{first: 环节名}"))
                continue
            ((which, activities),) = entry.items()
            made[fact] = StepFact(fact, cast("Which", which), self.tree.texts((*at, name, which), activities))
        return tuple(made.values())

    def _pauses(self, node: Node) -> tuple[StepPause, ...]:
        at = (*self.at, "pauses")
        if not isinstance(node, list):
            self.tree.faults.add(
                at,
                Words("pauses takes a list", "pauses 写列表"),
                hint=Words("- {kind: .., from: .., to: ..}", "- {kind: .., from: .., to: ..}"),
            )
            return ()
        words = self.all_words["pauses"]
        pauses = []
        for number, asked in enumerate(node, 1):
            here = (*at, str(number))
            entry = self.tree.mapping(here, asked, _PAUSE)
            for key in _PAUSE:
                if entry and key not in entry:
                    self.tree.faults.add(here, Words(f"a pause has no {key}", f"中止没有写 {key}"), hint=Words(f"{key}: ..", f"写 {key}"))
            kind = self.tree.text((*here, "kind"), entry)
            begins, ends = (self.tree.texts((*here, key), entry[key]) if key in entry else () for key in ("from", "to"))
            if kind is None:
                continue
            try:
                read_value(kind, words.types["kind"])
            except RecordError as error:
                self.tree.faults.add((*here, "kind"), error.what, hint=error.hint)
            for activity in sorted(set(begins) & set(ends)):
                what = Words(f"{activity!r} begins the pause and ends it", f"“{activity}”既是中止又是恢复")
                self.tree.faults.add(here, what)
            pauses.append(StepPause(kind, begins, ends))
        return tuple(pauses)


class GatheringReader:
    """Reads `rows`: facts that are gathered from the rows of other files."""

    def __init__(self, tree: TreeReader, at: Path, words: Vocabulary, columns: Mapping[str, ColumnMapping]) -> None:
        self.tree, self.at, self.words, self.columns = tree, at, words, columns

    def read(self, node: Node) -> tuple[GatheredFact, ...]:
        """What it says, fact by fact."""
        found = (self._fact(name, asked) for name, asked in self.tree.mapping(self.at, node).items())
        return tuple(gathering for gathering in found if gathering is not None)

    def _fact(self, name: str, node: Node) -> GatheredFact | None:
        at = (*self.at, name)
        fact = self.words.fact(name)
        kind = self.words.types[fact].kind if fact is not None else ""
        if fact is None or kind not in ("list", "integer", "decimal"):
            near = self.words.close_to(name) if fact is None else None
            what = Words(f"{name} is no list and no number of {self.words.label.en}", f"“{name}”不是{self.words.label.zh}的列表或数字")
            self.tree.faults.add(at, what, hint=Words(f'did you mean "{near}"?', f"是不是“{near}”？") if near else NOTHING)
            return None
        if fact in self.columns:
            self.tree.faults.add(at, Words(f"{fact} is mapped twice", f"“{fact}”映射了两次"))
        entry = self.tree.mapping(at, node, _ROWS)
        how = self.tree.text((*at, "as"), entry) or ("list" if kind == "list" else "sum")
        ways = ("list",) if kind == "list" else ("sum", "count")
        if how not in ways:
            self.tree.faults.add((*at, "as"), Words(f"{fact} is not gathered as {how}", f"“{fact}”不能用 {how}"), hint=one_of(how, ways))
        file, id = self.tree.file((*at, "file"), entry), self.tree.text((*at, "id"), entry)
        column = self.tree.text((*at, "column"), entry)
        for key, given in (("file", file), ("id", id), ("column", column if how != "count" else "")):
            if given is None and key not in entry:
                self.tree.faults.add(at, Words(f"it does not say which {key}", f"没有写 {key}"), hint=Words(f"{key}: ..", f"写 {key}"))
        if file is None or id is None or (column is None and how != "count"):
            return None
        return GatheredFact(
            fact, file, id, column, cast("How", how), self.tree.text((*at, "order_by"), entry), self.tree.text((*at, "sheet"), entry),
            self.tree.delimiter((*at, "delimiter"), entry), self.tree.line(at),
        )  # fmt: skip
