"""How many applications and cases of a run there are of each kind, and some of them: of columns without one object for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from govservice.run.due_days import Dues
from govservice.run.results import CaseResult, Run

__all__ = ["Of", "picked", "tally", "tally_applications"]

Of: TypeAlias = Mapping[str, Callable[[Any], Any]]
"""By the name of a part of a case ("what", "dues", "closed", "missing", "department", "window", "item"), what is made of it."""

_PARTS: Final[Mapping[str, Callable[[CaseResult], object]]] = {
    "what": lambda case: case.what,
    "dues": lambda case: Dues(case.due, case.dues, ()),
    "closed": lambda case: case.closed_on,
    "missing": lambda case: case.missing,
    "department": lambda case: case.department,
    "window": lambda case: case.window,
    "item": lambda case: case.item,
}


def tally(run: Run, of: Of) -> Counter[Any]:
    """How many cases there are of each combination, a tuple, of what their parts come to, in the order of their first."""
    if run._columns is not None:
        counted: Counter[Any] = run._columns.cases.tally(of)
        return counted
    parts = [(_PARTS[name], made) for name, made in of.items()]
    return Counter(tuple(made(part(case)) for part, made in parts) for case in run.cases)


def tally_applications(run: Run, what: Callable[[Any], Hashable]) -> Counter[Any]:
    """How many applications there are of each kind that `what` makes of what they are, in the order of their first."""
    if run._columns is not None:
        counted: Counter[Any] = run._columns.applications.tally(what)
        return counted
    return Counter(what(application.what) for application in run.applications)


def picked(run: Run, of: Of) -> Sequence[CaseResult]:
    """The cases of which every part named is as it says."""
    if run._columns is not None:
        found: Sequence[CaseResult] = run._columns.cases.picked(of)
        return found
    parts = [(_PARTS[name], holds) for name, holds in of.items()]
    return [case for case in run.cases if all(holds(part(case)) for part, holds in parts)]
