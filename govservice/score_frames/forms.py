"""Which schemes have a column form: items that read a row by itself, or what is counted of rows that are read by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final, NamedTuple, cast

from govservice.assessment.register import WHOLE
from govservice.rules.book.contents import Contents
from govservice.rules.book.entries import Item, Part, Scheme
from govservice.rules.language.shapes import (
    Aggregate,
    AllOf,
    AnyOf,
    Arithmetic,
    Compare,
    Constant,
    Expression,
    IfElse,
    IsNone,
    Known,
    ListOf,
    Match,
    Membership,
    Name,
    Negate,
    Not,
    Tiers,
    children,
)

__all__ = ["NTH", "Form", "counted_name", "form_of", "put_in"]

_PLAIN: Final = (
    AllOf, AnyOf, Arithmetic, Compare, Constant, IfElse, IsNone, Known, ListOf, Match, Membership, Name, Negate, Not, Tiers,
)  # fmt: skip
_TOTALS: Final = frozenset(("count", "sum", "mean", "percent"))
NTH: Final = "nth"


class Form(NamedTuple):
    """A scheme as columns see it: its items, what those that are of no row count, and the facts that are read of the rows of a table."""

    scheme: Scheme
    items: tuple[Item, ...]
    counted: Mapping[str, tuple[Aggregate, ...]]  # by the id of the item
    reads: Mapping[str, frozenset[str]]  # by table

    @property
    def aggregates(self) -> tuple[Aggregate, ...]:
        """Everything that is counted, each once."""
        return tuple(dict.fromkeys(one for counted in self.counted.values() for one in counted))


class _None(Exception):
    """There is no column form."""


def form_of(contents: Contents, scheme: Scheme) -> Form | None:
    """The column form of a scheme; None where something in it asks for more than rows by themselves.

    Items stand for kinds of events or rows of a dated table that belong to the subject; a part holds no other parts and starts full.
    """
    try:
        return _form(contents, scheme)
    except _None:
        return None


def _form(contents: Contents, scheme: Scheme) -> Form:
    own = (scheme.total, scheme.who, scheme.when, scheme.eligible, scheme.from_, scheme.until)
    stated = contents.stated_in[scheme.id]
    if any(one is not None for one in own) or scheme.scores == WHOLE or stated.get("rounding.at") == "each_scheme":
        raise _None
    table = contents.tables.get(scheme.scores)
    if table is None or table.dated_by is not None or scheme.scores not in table.columns or not all(map(_is_simple, scheme.parts.values())):
        raise _None
    reads: dict[str, set[str]] = {}
    counted: dict[str, tuple[Aggregate, ...]] = {}
    for part, item in _items(scheme):
        held = (item.by, item.of, item.each, item.at_most, item.at_least, item.lasts, item.from_, item.until)
        if any(one is not None for one in held) or item.marked or item.reads_days or item.id in counted:
            raise _None
        expressions = tuple(one for one in (item.when, item.points) if one is not None)
        if item.for_:
            order = {**stated, **(part.conventions if part is not None else {}), **item.conventions}.get("same_day_order")
            if item.ordinals not in ((), (NTH,)) or (item.numbers and order != "as_given"):
                raise _None
            _read(contents, scheme, item.for_, expressions, reads, ordinal=True)
            counted[item.id] = ()
        else:
            counted[item.id] = tuple(dict.fromkeys(one for of in expressions for one in _counted(contents, of)))
    form = Form(scheme, scheme.items, counted, {})
    for aggregate in form.aggregates:
        beyond = (aggregate.over, aggregate.by, aggregate.of, aggregate.each, aggregate.lasts)
        if any(one is not None for one in beyond) or aggregate.options or aggregate.reads_days or aggregate.total not in _TOTALS:
            raise _None
        _read(contents, scheme, aggregate.sources, aggregate.within, reads, ordinal=False)
    return form._replace(reads={source: frozenset(names) for source, names in reads.items()})


def _items(scheme: Scheme) -> Iterator[tuple[Part | None, Item]]:
    for part in scheme.parts.values():
        yield from ((part, item) for item in part.items)
    yield from ((None, item) for item in scheme.adjust)


def _is_simple(part: Part) -> bool:
    return not part.parts and part.start is None and part.when is None and part.from_ is None and part.until is None


def _read(
    contents: Contents,
    scheme: Scheme,
    sources: tuple[str, ...],
    expressions: tuple[Expression, ...],
    reads: dict[str, set[str]],
    *,
    ordinal: bool,
) -> None:
    """Keep what these read of rows of the sources; refuse what a row alone does not say."""
    raised = {
        signal for clock in contents.clocks.values() for alarm in clock.alarms for signal in (alarm.signal, f"{clock.id}.{alarm.signal}")
    }
    for source in sources:
        table = contents.tables.get(contents.table_of(source))
        kind = contents.events.get(source)
        if table is None or table.dated_by is None or table.lasts is not None or scheme.scores not in table.of or source in raised:
            raise _None
        names = reads.setdefault(table.id, set())
        names |= {"verified"} if kind is not None and kind.verified else set()
        for part in (part for of in expressions for part in _parts(of)):
            if not isinstance(part, Name) or part.home == "setting" or (part.home == "scope" and part.id == "kind"):
                continue
            if part.home == "scope" and part.id == NTH and ordinal:
                continue
            if part.home != "column" or part.granted_by is not None or contents.home_of(source, part.id) not in (source, table.id):
                raise _None
            names.add(part.id)


def _parts(of: Expression) -> Iterator[Expression]:
    if not isinstance(of, _PLAIN):
        raise _None
    yield of
    for part in children(of):
        yield from _parts(part)


def _counted(contents: Contents, of: Expression) -> Iterator[Aggregate]:
    """What an expression counts, in the measures that it names too; refuse what else it reads of the subject."""
    if isinstance(of, Aggregate):
        yield of
    elif isinstance(of, Name) and of.home == "measure":
        yield from _counted(contents, contents.measures[of.id].value)
    elif not isinstance(of, _PLAIN) or (isinstance(of, Name) and of.home != "setting"):
        raise _None
    else:
        for part in children(of):
            yield from _counted(contents, part)


def put_in(contents: Contents, of: Expression, counted: Sequence[Aggregate]) -> Expression:
    """An expression with names for what it counts (`counted_name` of its place among those counted), its measures written out."""
    return cast("Expression", _rebuilt(contents, of, counted))


def counted_name(place: int) -> str:
    """What stands for something that is counted."""
    return f"\0counted.{place}"


def _rebuilt(contents: Contents, of: Any, counted: Sequence[Aggregate]) -> Any:
    if isinstance(of, tuple):
        return tuple(_rebuilt(contents, part, counted) for part in of)
    if isinstance(of, Aggregate):
        return Name(counted_name(counted.index(of)), of.type, "scope")
    if isinstance(of, Name) and of.home == "measure":
        return _rebuilt(contents, contents.measures[of.id].value, counted)
    if not isinstance(of, _PLAIN) or isinstance(of, (Name, Constant)):
        return of
    return type(of)(**{one.name: _rebuilt(contents, getattr(of, one.name), counted) for one in fields(of) if one.init})
