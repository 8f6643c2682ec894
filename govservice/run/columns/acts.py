"""The days of acts of which rows give the moment alone."""

from __future__ import annotations

from govservice.run.columns.coded import Coded, Interned

__all__ = ["where_none"]


def where_none(days: Coded | None, of_moments: Coded) -> Coded:
    """The days of an act, and where a row gives none that of its moment."""
    import numpy as np

    if days is None:
        return of_moments
    lacking = (days.codes == 0) & (of_moments.codes > 0)
    if not lacking.any():
        return days
    interned = Interned()
    own, other = (np.array([interned.number(value) for value in column.values], dtype=np.int32) for column in (days, of_moments))
    return Coded(np.where(lacking, other[of_moments.codes], own[days.codes]), interned.values)
