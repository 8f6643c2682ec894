"""The days of acts of which rows give the moment alone."""

from __future__ import annotations

from typing import Any

from govservice.run.columns.coded import Coded, Interned

__all__ = ["lacking", "where_none"]


def lacking(days: Coded | None, moments: Coded) -> Any:
    """The rows that give the moment of an act, and not its day."""
    given = moments.codes > 0
    return given if days is None else given & (days.codes == 0)


def where_none(days: Coded | None, of_moments: Coded) -> Coded:
    """The days of an act, and where a row gives none that of its moment."""
    import numpy as np

    if days is None:
        return of_moments
    interned = Interned()
    own, other = (np.array([interned.number(value) for value in column.values], dtype=np.int32) for column in (days, of_moments))
    return Coded(np.where(days.codes > 0, own[days.codes], other[of_moments.codes]), interned.values)
