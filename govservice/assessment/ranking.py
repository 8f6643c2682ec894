"""Who stands before whom: several keys, groups, four readings of a tie, and ranks that are not settled while marks are outstanding.

Every key is cut to what is sure of it, from below and from above (`_Place`); two places compare as tuples do. So a rank is found by
counting in sorted lists, not by comparing everyone with everyone; only those that may stand on either side are looked at one by one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, TypeAlias

from govservice.assessment.score import Score
from govservice.rules.book.entries import Rank, Scheme
from govservice.rules.language.intervals import narrowed
from govservice.rules.language.shapes import Name
from govservice.rules.language.values import ANY, NONE, Interval, Nothing, Unknown, Value
from govservice.rules.meaning.evaluation import holds, in_doubt

__all__ = ["Standing", "group_of", "ranked_within", "ranks"]

TIE: Final = "ties"
Cut: TypeAlias = tuple[tuple[Any, ...], ...]
_BELOW, _NONE, _END, _ABOVE = (-2,), (-1,), (1,), (2,)  # below every key; none, behind everyone; the end of what is settled; above it


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one stands: `rank` (between two while not settled, None where not ranked), among how many (None while not settled), tied with
    whom. `doubt` is what would say whether it is ranked at all; `facts` are `rank` and `ranked` as rules see them.
    """

    rank: int | Interval | None
    ranked: int | None
    facts: Mapping[str, Value]
    level: tuple[str, ...] = ()
    subject: str = ""
    doubt: Unknown | None = None

    @property
    def tied(self) -> tuple[str, ...]:
        """The others that stand level with it."""
        return tuple(other for other in self.level if other != self.subject)


def ranks(shape: Scheme, entrants: Sequence[tuple[Score, bool | Unknown]], ties: str | None) -> dict[str, Standing]:
    """The standing of every subject a scheme scores, each group for itself; `entrants` are scores, each with whether it served.

    Only the eligible are ranked; one whose eligibility is open takes part in what others may come to. Where two tie and the book does not
    say how `ties` are read, the rank is all that the readings would give, and needs `conventions.ties`.
    """
    part = {score.subject: _takes_part(shape, score, served) for score, served in entrants}
    groups: dict[object, list[Score]] = {}
    doubtful: list[Score] = []
    for score, _ in entrants:
        group = group_of(shape, score)
        if isinstance(group, Unknown):
            doubtful.append(score)
            part[score.subject] = group if part[score.subject] is not False else False
        else:
            groups.setdefault(group, []).append(score)
    standings: dict[str, Standing] = {}
    for members in groups.values():
        standings |= _group_standings(shape, members, doubtful, part, ties)
    return standings | _group_standings(shape, doubtful, [score for score, _ in entrants] if doubtful else [], part, ties)


def ranked_within(shape: Scheme, within: str | None) -> Scheme:
    """The scheme as it ranks in the groups of a fact; as it does itself where none is named."""
    if within is None or (shape.rank is not None and shape.rank.within == within):
        return shape
    return replace(shape, rank=replace(shape.rank or Rank(()), within=within))


def _takes_part(shape: Scheme, score: Score, served: bool | Unknown) -> bool | Unknown:
    """Whether one is ranked: it is scored, eligible, and the scheme ranks such as it."""
    if score.applies is False:
        return False
    doubt = score.applies if isinstance(score.applies, Unknown) else None
    asked: list[Value] = [
        True if score.supplied else served,
        score.applies,
        score.scope.around["eligible"],
        True if shape.rank is None or shape.rank.when is None else holds(in_doubt(shape.rank.when, score.scope, doubt)),
    ]
    if False in asked:
        return False
    waiting = [answer for answer in asked if isinstance(answer, Unknown)]
    return Unknown(frozenset().union(*(answer.needs for answer in waiting))) if waiting else True


def group_of(shape: Scheme, score: Score) -> Value:
    """The value that groups a subject with others; none where the scheme does not group."""
    if shape.rank is None or shape.rank.within is None:
        return NONE
    name, contents = shape.rank.within, score.scope.contents
    for table in contents.chains.get(shape.id, ()):
        granting = contents.granting.get(table, {}).get(name)
        if granting is not None:
            return score.scope.value(Name(name, ANY, "outcome", granting))
    column = contents.column(shape.id, name)
    return score.scope.value(Name(column.id, column.type, "column")) if column is not None else NONE


@dataclass(frozen=True)
class _Place:
    """One subject by its keys, the greater first: the least and the most that they may come to, cut at the first that is open."""

    subject: str
    low: Cut
    high: Cut
    needs: frozenset[str]
    depth: int  # of the first key that is not settled
    settled: bool

    def waits_for(self, other: _Place) -> frozenset[str]:
        """What would say which of two stands first: what the first key waits for that is not settled of both."""
        if self.depth == other.depth:
            return self.needs | other.needs
        return self.needs if self.depth < other.depth else other.needs


def _place(shape: Scheme, score: Score, doubt: Unknown | None) -> _Place:
    by = shape.rank.by if shape.rank is not None else ()
    keys = tuple(in_doubt(key, score.scope, doubt) for key in by) or (score.scope.around.get("total", NONE),)
    same: list[tuple[Any, ...]] = []
    for key in keys:
        match key:
            case Unknown(needs):
                return _Place(score.subject, (*same, _BELOW), (*same, _ABOVE), needs, len(same), settled=False)
            case Interval(low, high, needs, or_none):
                least = _NONE if or_none else (0, low)
                return _Place(score.subject, (*same, least, _BELOW), (*same, (0, high), _ABOVE), needs, len(same), settled=False)
            case Nothing():
                same.append(_NONE)
            case _:
                same.append((0, key))
    settled = (*same, _END)
    return _Place(score.subject, settled, settled, frozenset(), len(same), settled=True)


@dataclass(frozen=True)
class _Field:
    """Those who take part, to be counted along their lowest and their highest places."""

    places: tuple[_Place, ...]

    @cached_property
    def lows(self) -> list[Cut]:
        return sorted(place.low for place in self.places)

    @cached_property
    def highs(self) -> list[Cut]:
        return sorted(place.high for place in self.places)

    @cached_property
    def fixed(self) -> list[Cut]:
        """The distinct places that are settled."""
        return sorted({place.low for place in self.places if place.settled})

    @cached_property
    def loose(self) -> list[Cut]:
        """The lowest places of those not settled."""
        return sorted(place.low for place in self.open)

    @cached_property
    def open(self) -> list[_Place]:
        """Those not settled."""
        return [place for place in self.places if not place.settled]

    @cached_property
    def _fewest(self) -> list[int]:
        """For so many of the foremost, by their lowest places, on how many levels they stand at least."""
        counts, at = [0], None
        for place in sorted(self.places, key=lambda place: place.low, reverse=True):
            apart = at is None or place.high < at
            counts.append(counts[-1] + apart)
            at = place.low if apart else at
        return counts

    def levels(self, place: _Place) -> int:
        """On how many levels those stand at least who are sure to stand before a place."""
        return self._fewest[self.before(place)]

    @cached_property
    def level(self) -> dict[Cut, tuple[str, ...]]:
        """Who stands on each settled place."""
        by_place: dict[Cut, list[str]] = {}
        for place in self.places:
            if place.settled:
                by_place.setdefault(place.low, []).append(place.subject)
        return {cut: tuple(subjects) for cut, subjects in by_place.items()}

    def before(self, place: _Place) -> int:
        """How many are sure to stand before a place."""
        return len(self.lows) - bisect_right(self.lows, place.high)

    def behind(self, place: _Place) -> int:
        """How many are sure to stand behind it."""
        return bisect_left(self.highs, place.low)

    def either(self, place: _Place) -> Iterable[_Place]:
        """Those that may stand on either side of it."""
        return (
            other
            for other in self.places
            if not (other.low > place.high or other.high < place.low or (place.settled and other.settled)) and other is not place
        )


def _group_standings(
    shape: Scheme, group: list[Score], others: list[Score], part: dict[str, bool | Unknown], ties: str | None
) -> dict[str, Standing]:
    """The standings of a group; `others` may belong to it too."""
    members = {score.subject for score in group}
    everyone = {score.subject: score for score in (*group, *others) if part[score.subject] is not False}
    doubted = {id: asked for id in everyone if isinstance(asked := part[id], Unknown)}
    places = {id: _place(shape, score, doubted.get(id)) for id, score in everyone.items()}
    sure = _Field(tuple(place for id, place in places.items() if part[id] is True and id in members))
    maybe = _Field(tuple(place for id, place in places.items() if part[id] is not True or id not in members))
    count = len(sure.places)
    doubts = frozenset().union(*(needs.needs for id in places if isinstance(needs := part[id], Unknown)))
    ranked: Value = narrowed(count, len(places), doubts)
    among = count if not isinstance(ranked, Interval) else None
    standings: dict[str, Standing] = {}
    for score in group:
        asked = part[score.subject]
        if asked is False:
            standings[score.subject] = Standing(None, among, {"rank": NONE, "ranked": ranked})
            continue
        rank, level = _rank(places[score.subject], sure, maybe, ties, doubts, among_sure=asked is True)
        doubt = asked if isinstance(asked, Unknown) else None
        facts: dict[str, Value] = {"rank": rank if doubt is None else doubt, "ranked": ranked}
        standings[score.subject] = Standing(rank, among, facts, level, score.subject, doubt)
    return standings


def _rank(
    place: _Place, sure: _Field, maybe: _Field, ties: str | None, doubts: frozenset[str], *, among_sure: bool
) -> tuple[int | Interval, tuple[str, ...]]:
    """Best rank: those certainly before it; worst: those that may be before it, or level with it. And who is level with it."""
    before, doubted = sure.before(place), maybe.before(place)
    level = (*sure.level.get(place.low, ()), *maybe.level.get(place.low, ())) if place.settled else ()
    others = len(sure.places) + len(maybe.places)
    alike = len(level) if place.settled else 1  # itself among them
    either = others - before - doubted - sure.behind(place) - maybe.behind(place) - alike
    needs = set(doubts if doubted or maybe.places else ())
    if either:
        needs.update(*(place.waits_for(other) for field in (sure, maybe) for other in field.either(place)))
    open_before = doubted + either
    # one mark a level: marks that are settled are as many levels as they differ
    fixed = len(sure.fixed) - bisect_right(sure.fixed, place.high)
    loose = len(sure.loose) - bisect_right(sure.loose, place.high)
    least = 1 + sure.levels(place)
    best, worst = before + 1, before + open_before + 1
    tied = len(level) - 1 if level else 0
    tied_sure = len(sure.level.get(place.low, ())) - among_sure if place.settled else 0
    match ties:
        case "dense":
            best, worst = least, 1 + fixed + loose + open_before
        case "worst":
            best, worst = best + tied_sure, worst + tied
        case "report" if tied:
            worst += tied
            needs.add(TIE)
        case None:  # every reading of what is level, or may yet turn out to be
            best, worst = least, worst + tied
            if tied or fixed + loose < before:
                needs.add(f"conventions.{TIE}")
    if loose and best != worst and ties in ("dense", None):  # whether those before it are level with each other counts too
        needs.update(*(other.needs for other in sure.open if other.low > place.high))
    return (best if best == worst else Interval(best, worst, frozenset(needs))), level
