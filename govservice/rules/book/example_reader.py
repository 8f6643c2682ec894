"""Second pass, examples: the book's own test cases, every fact, row and outcome of them known and of its type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from govservice.echo import shown
from govservice.errors import RecordError, Words, did_you_mean
from govservice.rules.book.entries import Example
from govservice.rules.book.entry_reader import EntryReader, number_of
from govservice.rules.book.marks import Node, Path, mapping, text_of
from govservice.rules.book.sight import own_columns, tables_in_sight
from govservice.rules.language.facts import read_fact
from govservice.rules.language.values import DECIMAL, Type

__all__ = ["build_examples"]

_STRUCTURE = ("period", "from", "until", "kind", "total", "eligible", "parts")
_WORDS = ("none", "open")


def build_examples(
    reader: EntryReader, entry: Mapping[str, Node], path: Path, about: str, outcomes: Mapping[str, Type], primary: str, *, scored: bool
) -> tuple[Example, ...]:
    """The examples of a decision or scheme. `scored` says that its rows are counted: then what is given are tables, of one subject."""
    if reader.declared.row_names(about).in_the_dark:
        return ()  # what it is about is not known, and of that is told
    return tuple(
        _example(reader, id, mapping(node), (*path, "examples", id), about, outcomes, primary, scored=scored)
        for id, node in mapping(entry.get("examples")).items()
    )


def _example(
    reader: EntryReader,
    id: str,
    entry: dict[str, Node],
    path: Path,
    about: str,
    outcomes: Mapping[str, Type],
    primary: str,
    *,
    scored: bool,
) -> Example:
    given = mapping(entry.get("given"))
    tables = scored or "subject" in entry
    if tables and not ("subject" in entry and "period" in entry):
        what = Words("an example over records names its subject and its period", "以记录为例的，要写 subject 和 period")
        reader.faults.add(path, what, hint=Words("subject: W1, period: 2026-10", "写作 subject: W1, period: 2026-10"))
    for name, node in given.items():
        form = _form(reader, about, text_of(entry, "subject") or "A", text_of(entry, "period") or "2026-10") if tables else None
        _check_given(reader, name, node, about, (*path, "given", name), form)
    then = entry.get("then")
    expected = then if isinstance(then, dict) else {primary: then} if then is not None else {}
    for name, worth in expected.items():
        _check_outcome(reader, name, worth, outcomes, (*path, "then", name) if isinstance(then, dict) else (*path, "then"))
    marks = reader.faults.marks
    mark = next((marks[place] for place in (path, (*path, "given"), (*path, "then")) if place in marks), None)
    return Example(
        id=id,
        given=given,
        then=tuple((name, worth) for name, worth in expected.items() if isinstance(worth, str)),
        subject=text_of(entry, "subject"),
        period=text_of(entry, "period"),
        on=reader.day(entry, "on", path),
        now=text_of(entry, "now"),
        label=text_of(entry, "label"),
        cite=text_of(entry, "cite"),
        place=(mark.file, mark.line) if mark is not None else None,
    )


def _check_given(reader: EntryReader, name: str, node: Node, about: str, path: Path, form: Words | None) -> None:
    """What is given under a name: facts of what the entry is about, or, where a `form` of tables is wanted, rows."""
    declared = reader.declared
    id = declared.labels.get(name, name)
    if isinstance(node, list) and id in declared.tables and all(isinstance(row, dict) for row in node):
        for number, row in enumerate(node, 1):
            _check_facts(reader, mapping(row), id, (*path, str(number)), structure=True)
    elif isinstance(node, list) and id in declared.scheme_subjects:
        return  # past scores
    elif form is not None:
        known = [*declared.tables, *declared.scheme_subjects]
        hint = form if id in known or name in dict(_types(reader, about)) else did_you_mean(name, known, form)
        reader.faults.add(path, Words(f"no table {shown(name)} with a list of rows", f"“{name}”不是写成记录列表的表"), hint=hint)
    else:
        _check_facts(reader, {name: node}, about, path[:-1], structure=False)


def _form(reader: EntryReader, about: str, whose: str, period: str) -> Words:
    """What is given of an example over records, as its entry has it: a grade's the scores that it is about, and whose they are."""
    declared = reader.declared
    subject = declared.scheme_subjects.get(about, about)
    named = next((name for name in (subject, subject.removesuffix("s")) if name in own_columns(declared, subject)), subject)
    rows = f"{subject}: [{{{named}: {whose}}}]"
    if about in declared.scheme_subjects:
        rows = f"{about}: [{{{named}: {whose}, period: {period}, total: 95}}], {rows}"
    form = f"given: {{{rows}}}, subject: {whose}, period: {period}"
    return Words(f"each table stands with a list of rows: {form}", f"每个表写成记录的列表：{form}")


def _check_facts(reader: EntryReader, row: Mapping[str, Node], table: str, path: Path, *, structure: bool) -> None:
    types = dict(_types(reader, table))
    if table == reader.declared.event_table:
        kind = text_of(row, "kind") or ""
        kind = kind if kind in reader.declared.events else reader.declared.labels.get(kind, kind)
        types |= dict(_types(reader, kind)) if kind in reader.declared.events else {}
    for name, node in row.items():
        if name in types:
            _check_value(reader, name, node, types[name], (*path, name))
        elif not (structure and (name in _STRUCTURE or name in reader.declared.tables or f"{name}s" in reader.declared.tables)):
            reader.faults.add((*path, name), Words(f'unknown fact "{name}"', f"没有“{name}”这个事实"), hint=did_you_mean(name, types, _SEE))


_SEE = Words("declare it under `tables:`", "在 tables 里声明它")


def _types(reader: EntryReader, table: str) -> Iterator[tuple[str, Type]]:
    """The facts in sight of a row, by id and by label, the nearest last."""
    declared = reader.declared
    for seen in reversed(tables_in_sight(declared, table)):
        for column in own_columns(declared, seen).values():
            yield column.id, column.type
            if column.label:
                yield column.label, column.type
        for outcome, decision in declared.outcomes(seen).items():
            yield outcome, declared.outcome_type(decision, outcome)
        for label, outcome in declared.outcome_labels(seen).items():
            yield label, declared.outcome_type(declared.outcomes(seen)[outcome], outcome)


def _check_value(reader: EntryReader, name: str, node: Node, kind: Type, path: Path) -> None:
    if not isinstance(node, (str, list)):
        return
    try:
        read_fact(name, node, kind)
    except RecordError as error:
        reader.faults.add(path, error.what, why=error.why, hint=error.hint)


def _check_outcome(reader: EntryReader, name: str, worth: Node, outcomes: Mapping[str, Type], path: Path) -> None:
    if name not in outcomes:
        hint = did_you_mean(name, outcomes, Words(f"one of: {', '.join(outcomes)}", f"可选：{'、'.join(outcomes)}"))
        reader.faults.add(path, Words(f"no outcome {shown(name)}", f"没有“{name}”这个结果"), hint=hint)
    elif not isinstance(worth, str):
        reader.faults.add(path, Words("one value must stand here", "这里要写单个值"))
    elif worth not in _WORDS:
        if outcomes[name] == DECIMAL and number_of({"n": worth}, "n") is None:
            reader.faults.add(path, Words(f"{shown(worth)} is no number", f"“{worth}”不是数"))
        else:
            _check_value(reader, name, worth, outcomes[name], path)
