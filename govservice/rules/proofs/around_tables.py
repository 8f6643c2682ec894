"""What can be said of a book beside its tables: what nobody uses or supplies, conventions that will be needed, caps out of reach, steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from govservice.errors import Words
from govservice.limits import TimeLimit
from govservice.rules.book.contents import Contents, labelled
from govservice.rules.book.conventions import BY_NAME
from govservice.rules.book.dependencies import Place, behind, reached, uses
from govservice.rules.book.entries import Clock, Decision, Entry, Item, Part, Scheme, expressions, parts_of
from govservice.rules.language.labelled import in_labels
from govservice.rules.language.printing import written
from govservice.rules.language.shapes import (
    Aggregate,
    Call,
    Constant,
    Expression,
    IfElse,
    InList,
    Match,
    Name,
    Previous,
    Streak,
    Tiers,
    walk,
)
from govservice.rules.proofs.findings import Finding
from govservice.rules.proofs.ranges import Range, bound_of, item_reach, marks_shrink, reach_of, start_of, total_reach, worth_of

__all__ = ["around_tables", "needed_conventions"]

_DAYS: Final = frozenset(("workday", "natural_day"))
_ROLLING: Final = frozenset(("natural_day", "month", "year"))
_ALL: Final = frozenset(("workday", "natural_day", "month", "year", "same_day"))


@dataclass(frozen=True, slots=True)
class _Read:
    """What the whole book reads: names, and the tables and kinds that are counted."""

    names: frozenset[str]
    sources: frozenset[str]


def around_tables(contents: Contents, own: Callable[[str], bool] = lambda _: True) -> Iterator[Finding]:
    """Every finding that is of no table of rules and of an entry that is the book's `own`; of conventions, what these entries use too."""
    yield from (finding for finding in _of_entries(contents) if own(finding.entry))
    yield from _conventions(contents, own)


def _of_entries(contents: Contents) -> Iterator[Finding]:
    read = _read(contents)
    yield from _unused_settings(contents, read)
    yield from _unsupplied(contents)
    yield from _unused_facts(contents, read)
    yield from _unread_clocks(contents, read)
    yield from _steps(contents)
    for scheme in contents.schemes.values():
        yield from _bounds(contents, scheme)


def _entries(contents: Contents) -> Iterator[tuple[str, Entry]]:
    for section in ("decisions", "measures", "schemes", "clocks", "notices"):
        for id, entry in getattr(contents, section).items():
            yield f"{section}.{id}", entry


def _read(contents: Contents) -> _Read:
    names: set[str] = set()
    sources: set[str] = set()
    roots: list[Expression] = [] if contents.hours is None else [contents.hours]
    for _, entry in _entries(contents):
        roots += expressions(entry)
    for scheme in contents.schemes.values():
        sources.update(source for item in scheme.items for source in item.for_)
        names.update(name for item in scheme.items for name in (item.by, item.of) if name is not None)
        if scheme.rank is not None and scheme.rank.within is not None:
            names.add(scheme.rank.within)
    for notice in contents.notices.values():
        names.update(field.text for field in (*notice.states, *notice.shows))
    for root in roots:
        for part in walk(root):
            match part:
                case Name(id):
                    names.update((id, id.partition(".")[0] if "." in id else id))
                case Aggregate():
                    sources.update(part.sources)
                    names.update(name for name in (part.by, part.of) if name is not None)
                case InList(name):
                    names.add(name)
                case Previous(name):
                    names.add(name)
    return _Read(frozenset(names), frozenset(sources))


def _unused_settings(contents: Contents, read: _Read) -> Iterator[Finding]:
    for id, setting in contents.settings.items():
        if id not in read.names:
            called = labelled(id, setting.label).rstrip()
            said = Words(f"no rule, item, clock or notice reads the setting {id}", f"没有哪条规则、计分项、时限或文书用到设定{called}")
            yield Finding("unused_setting", f"settings.{id}", (), said)


def _unsupplied(contents: Contents) -> Iterator[Finding]:
    """Outcomes that no rule grants, and whose values no record can give either."""
    for decision in contents.decisions.values():
        granted = {name for rule in decision.rules for name, _ in rule.then} | {name for name, _ in decision.otherwise or ()}
        for name, _ in decision.outcomes:
            if name not in granted and contents.column(decision.about, name) is None:
                called = labelled(name, contents.called.get(name)).rstrip()
                said = Words(f"no rule grants {name}, and no column holds it", f"没有规则给出{called}，也没有这一列")
                yield Finding("unsupplied", f"decisions.{decision.id}", (), said)


def _unused_facts(contents: Contents, read: _Read) -> Iterator[Finding]:
    kept = {"case", "application", "item", "kind", "on", "from", "until", "to", *contents.keys}
    for table in contents.tables.values():
        structural = {table.dated_by, *(table.lasts or ()), *table.of}
        for column in table.columns.values():
            if column.id in read.names or column.id in kept or column.id in structural or table.stands_for == "events":
                continue
            of, called = labelled(table.id, table.label), labelled(column.id, column.label).rstrip()
            said = Words(f"nothing reads {table.id}.{column.id}", f"没有哪处用到{of}的{called}")
            yield Finding("unused_fact", f"tables.{table.id}.{column.id}", (), said)


def _unread_clocks(contents: Contents, read: _Read) -> Iterator[Finding]:
    signalled = {source.partition(".")[0] for source in read.sources if "." in source}
    for clock in contents.clocks.values():
        if clock.alarms or clock.id in read.names or clock.id in signalled:
            continue
        said = Words(
            f"no decision, item, alarm or notice reads what becomes of {clock.id} when it expires",
            f"{labelled(clock.id, clock.label).lstrip()}到期以后怎样，没有哪项决定、计分项、告警或文书过问",
        )
        yield Finding("clock_unread", f"clocks.{clock.id}", (), said)


# -- conventions


def needed_conventions(contents: Contents) -> dict[str, list[str]]:
    """The conventions that answers may turn on and that the book does not state, each with the entries that need it.

    >>> from govservice import load_rulebook
    >>> needed_conventions(load_rulebook("standard").contents)["first_day"]
    ['clocks.promised']
    """
    needed: dict[str, list[str]] = {}
    for place, name, stated in (*_of_clocks(contents), *_of_schemes(contents)):
        if name not in contents.conventions and name not in stated:
            needed.setdefault(name, [])
            if place not in needed[name]:
                needed[name].append(place)
    return needed


def _conventions(contents: Contents, own: Callable[[str], bool]) -> Iterator[Finding]:
    used = _used_by(contents, own)
    for name, everywhere in needed_conventions(contents).items():
        places = [place for place in everywhere if own(place) or tuple(place.split(".")[:2]) in used]
        if not places:
            continue
        convention = BY_NAME[name]
        listed = ", ".join(places)
        said = Words(
            f"the convention {name} is not stated, and {listed} may need it: {convention.settles.en}",
            f"没有写约定 {name}，而 {'、'.join(places)} 会用到：{convention.settles.zh}",
        )
        values = " | ".join(convention.values)
        hint = Words(f"state it under conventions: {name}: {values}", f"请写在 conventions 里：{name}: {values}")
        yield Finding("convention", f"conventions.{name}", (), said, hint)


def _used_by(contents: Contents, own: Callable[[str], bool]) -> set[Place]:
    """The entries that are the book's own, and all that they use: what they read, and the clocks whose alarms they count."""
    used = contents.used
    ours = [entry for place, entry in _entries(contents) if own(place)]
    begin = [place for place in used if own(".".join(place))]
    begin += (place for entry in ours for place in uses(expressions(entry), contents.schemes, contents.clocks))
    begin += (place for entry in ours for source in _sources(entry) for place in behind(source, contents.schemes, contents.clocks))
    return reached(used, begin)


def _sources(entry: Entry) -> Iterator[str]:
    """The tables, kinds of events, schemes and alarms that an entry counts or lists."""
    if isinstance(entry, Scheme):
        yield from (source for item in entry.items for source in item.for_)
    for part in _walked(expressions(entry)):
        if isinstance(part, Aggregate):
            yield from part.sources


def _of_clocks(contents: Contents) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    for clock in contents.clocks.values():
        place, stated = f"clocks.{clock.id}", clock.conventions
        units = _units(clock, contents)
        if clock.limit is not None and units & {*_DAYS, "month", "year"}:
            yield place, "first_day", stated
        if units & _ROLLING and not clock.backward:
            yield place, "roll", stated
        if "same_day" in units:
            yield place, "rest_day_same_day", stated
        if units & _ALL and (clock.starts.type.kind == "moment" or contents.hours is not None or clock.hours is not None):
            yield place, "ends", stated
        if clock.pause_kinds and not clock.backward:
            yield place, "pause_needs_notice", stated
        if units & {*_DAYS, "month", "year"} and any(alarm.at is not None for alarm in clock.alarms):
            yield place, "percent_alarms", stated


def _units(clock: Clock, contents: Contents) -> frozenset[str]:
    """The units that the limit of a clock may have: every one where a record or a setting may say anything."""
    return frozenset() if clock.limit is None else _units_of(clock.limit, clock.about, contents, frozenset())


def _units_of(limit: Expression, about: str, contents: Contents, through: frozenset[str]) -> frozenset[str]:
    """The units of what an expression, and the decisions `through` which it is reached, may come to."""
    units: set[str] = set()
    for part in _worths(limit):
        if isinstance(part, Constant):
            units |= {part.value.unit} if isinstance(part.value, TimeLimit) else set()
        elif isinstance(part, Name) and part.home == "setting" and isinstance(given := contents.settings[part.id].value, TimeLimit):
            units.add(given.unit)
        elif isinstance(part, Name) and part.granted_by is not None and not _is_recorded(part.id, about, contents):
            if part.granted_by not in through:
                for granted in _granted(contents.decisions[part.granted_by], part.id):
                    units |= _units_of(granted, about, contents, through | {part.granted_by})
        else:
            return _ALL
    return frozenset(units)


def _is_recorded(name: str, about: str, contents: Contents) -> bool:
    """Whether a name is a column that records fill in, whatever decides it where they do not."""
    return any(name in contents.tables[table].columns for table in contents.chains.get(about, (about,)) if table in contents.tables)


def _granted(decision: Decision, outcome: str) -> Iterator[Expression]:
    """All that the rules of a decision may grant as an outcome."""
    for granted in (*(rule.then for rule in decision.rules), decision.otherwise or ()):
        yield from (worth for name, worth in granted if name == outcome)


def _worths(of: Expression) -> Iterator[Expression]:
    """Every branch of an expression that may be what it comes to."""
    if isinstance(of, IfElse):
        yield from _worths(of.yes)
        yield from _worths(of.no)
    elif isinstance(of, Match):
        for _, worth in of.worths:
            yield from _worths(worth)
        if of.otherwise is not None:
            yield from _worths(of.otherwise)
    else:
        yield of


def _of_schemes(contents: Contents) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    ranked = {
        decision.about
        for decision in contents.decisions.values()
        if any(isinstance(part, Name) and part.id.startswith("rank") and part.home == "scheme" for part in _walked(expressions(decision)))
    }
    for scheme in contents.schemes.values():
        place = f"schemes.{scheme.id}"
        for path, part in parts_of(scheme):
            stated = {**scheme.conventions, **part.conventions}
            if part.marks is not None and part.low is None:
                yield f"{place}.{path}", "part_floor", stated
            if part.marks is not None and part.high is None:
                yield f"{place}.{path}", "part_overflow", stated
            yield from _of_items(contents, scheme, part.items, stated)
        yield from _of_items(contents, scheme, scheme.adjust, scheme.conventions)
        if scheme.id in ranked and (scheme.rank is None or scheme.rank.ties is None):
            yield place, "ties", scheme.conventions
        sources = {source for part in _walked(expressions(scheme)) if isinstance(part, Aggregate) for source in part.sources}
        looks_back = any(isinstance(part, (Previous, Streak)) for part in _walked(expressions(scheme)))
        if sources & contents.schemes.keys() or looks_back:
            yield place, "unserved_periods", scheme.conventions
        if any(contents.schemes[source].eligible is not None for source in sources & contents.schemes.keys()):
            yield place, "ineligible_periods", scheme.conventions


def _of_items(
    contents: Contents, scheme: Scheme, items: Iterable[Item], stated: Mapping[str, str]
) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    for item in items:
        own = {**stated, **item.conventions}
        if item.each is None and any(source in contents.events for source in item.for_):
            yield f"schemes.{scheme.id}", "same_occurrence", own
        if item.ordinals:
            yield f"schemes.{scheme.id}.{item.id}", "same_day_order", own
        signals = {alarm.signal for clock in contents.clocks.values() for alarm in clock.alarms}
        if any(source in signals or "." in source for source in item.for_):
            yield f"schemes.{scheme.id}.{item.id}", "cleared_signals", own


# -- steps, caps and bonuses


def _walked(roots: Iterable[Expression]) -> Iterator[Expression]:
    for root in roots:
        yield from walk(root)


def _steps(contents: Contents) -> Iterator[Finding]:
    """Steps whose worths go up and down by turns."""
    for place, entry in _entries(contents):
        for part in _walked(expressions(entry)):
            if isinstance(part, Tiers):
                worths = [reach_of(worth, contents) for _, worth in part.steps]
                numbers = [one.low for one in worths if one.low is not None and one.low == one.high]
                if len(numbers) == len(worths) and numbers not in (sorted(numbers), sorted(numbers, reverse=True)):
                    said = Words(f"the steps go up and down by turns: {written(part)}", f"分档的取值忽升忽降：{written(part)}")
                    yield Finding("steps", place, (), said)
            if isinstance(part, Call) and part.function in ("min", "max"):
                yield from _idle_cap(place, part, contents)


def _idle_cap(place: str, of: Call, contents: Contents) -> Iterator[Finding]:
    reaches = [reach_of(part, contents) for part in of.of]
    for at, (part, own) in enumerate(zip(of.of, reaches, strict=True)):
        if not isinstance(part, Constant) or own.low is None:
            continue
        others = Range.hull(*(other for index, other in enumerate(reaches) if index != at))
        end = others.high if of.function == "min" else others.low
        if end is not None and (end < own.low if of.function == "min" else end > own.low):
            text = written(of)
            word = Words("never reaches", "达不到")
            zh, bound = (in_labels(written(one, lang="zh", labels=contents.called_with_titles), {}) for one in (of, part))
            said = Words(f"what stands in {text} {word.en} {written(part)}: at most {_plain(end)}", f"{zh} 里的数{word.zh} {bound}")
            if of.function == "max":
                said = Words(f"what stands in {text} never falls to {written(part)}", f"{zh} 里的数不会低到 {bound}")
            yield Finding("cap", place, (), said)


def _plain(number: Fraction) -> str:
    return str(number.numerator) if number.denominator == 1 else f"{float(number):g}"


def _bounds(contents: Contents, scheme: Scheme) -> Iterator[Finding]:
    for path, part in parts_of(scheme):
        place = f"schemes.{scheme.id}.parts.{path}"
        for item in part.items:
            yield from _item_bounds(contents, place, item)
        if part.parts:
            continue
        start = start_of(part, contents, scheme)
        reach = start
        for item in part.items:
            reach = reach.plus(item_reach(contents, item))
        called = labelled(path, part.label)
        high = bound_of(part.high)
        if high is not None and reach.high is not None and reach.high < high:
            said = Words(
                f"{path} reaches {_plain(reach.high)} at most, its max is {_plain(high)}",
                f"{called.lstrip()}最多 {_plain(reach.high)} 分，够不到封顶的 {_plain(high)} 分",
            )
            yield Finding("cap", place, (), said)
        yield from _bonuses(contents, scheme, part, place, called if part.label else "")
    most, held = total_reach(contents, scheme).high, bound_of(scheme.high)
    if most is not None and held is not None and most < held:
        said = Words(
            f"the total reaches {_plain(most)} at most, its max is {_plain(held)}",
            f"总分最多 {_plain(most)} 分，够不到封顶的 {_plain(held)} 分",
        )
        yield Finding("cap", f"schemes.{scheme.id}", (), said)
    for item in scheme.adjust:
        yield from _item_bounds(contents, f"schemes.{scheme.id}.adjust", item)


def _bonuses(contents: Contents, scheme: Scheme, part: Part, place: str, label: str) -> Iterator[Finding]:
    """Bonuses in a part that starts full, is held to its full marks and loses none."""
    overflow = {**contents.conventions, **scheme.conventions, **part.conventions}.get("part_overflow")
    capped = overflow == "capped" if part.high is None else bound_of(part.high) == part.full and not marks_shrink(contents, scheme)
    if part.full is None or part.start is not None or not capped:
        return
    reaches = {item.id: item_reach(contents, item) for item in part.items}
    if any(reach.low is None or reach.low < 0 for reach in reaches.values()):
        return
    felt = tuple(id for id, reach in reaches.items() if reach.high is None or reach.high > 0)
    if felt:
        called = [labelled(item.id, item.label).strip() for item in part.items if item.id in felt]
        said = Words(
            f"{', '.join(felt)} can add nothing: the part starts full, is held to its full marks, and nothing takes any away",
            f"{'、'.join(called)} 加不上分：这一项{label}起始即满分，不得超过满分，又没有扣分的",
        )
        yield Finding("bonus", place, felt, said)


def _item_bounds(contents: Contents, place: str, item: Item) -> Iterator[Finding]:
    for held, above in ((item.at_most, True), (item.at_least, False)):
        bound = None if held is None else reach_of(held, contents)
        if bound is None or bound.low is None or bound.low != bound.high:
            continue
        worth = worth_of(contents, item)
        end = worth.high if above else worth.low
        if end is not None and (end < bound.low if above else end > bound.low):
            word = Words("at_most" if above else "at_least", "at_most" if above else "at_least")
            called, most = labelled(item.id, item.label).lstrip(), Words("most", "多") if above else Words("least", "少")
            said = Words(
                f"{item.id} never comes to its {word.en} of {_plain(bound.low)}: {_plain(end)} is the {most.en}",
                f"{called}到不了 {word.zh} 写的 {_plain(bound.low)}，最{most.zh} {_plain(end)}",
            )
            yield Finding("cap", place, (item.id,), said)
