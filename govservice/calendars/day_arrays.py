"""The working days of a calendar as arrays, for whole columns of days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from govservice.calendars.calendar import WorkCalendar

__all__ = ["Workdays", "workdays_of"]

_EPOCH: Final = 719_163  # the ordinal of 1 January 1970
_CHUNK: Final = 1 << 16


class Workdays:
    """The working days of a calendar as arrays: `days` in order, and how many lie `before` each day from `first` on; days since 1970."""

    def __init__(self, calendar: WorkCalendar) -> None:
        import numpy as np

        last = calendar.official_through if calendar.strict else calendar.last
        self.official = calendar.official_through.toordinal() - _EPOCH  # the last day that a published notice fixes
        self.first = calendar.first.toordinal() - _EPOCH
        worked = calendar.workdays(calendar.first, last)
        self.days = np.array([day.toordinal() - _EPOCH for day in worked], dtype=np.int32)
        flags = np.zeros(last.toordinal() - _EPOCH - self.first + 2, dtype=np.int32)
        flags[self.days - self.first + 1] = 1
        self.before = np.cumsum(flags, dtype=np.int32)

    def due(self, start: Any, days: Any, known: Any | None) -> tuple[Any, Any | None]:
        """The days that working days after some days end on, and which of them there are (None: all); `known` says which of both are."""
        import numpy as np

        due = np.empty(len(start), dtype=np.int32)
        found: Any = None
        most, last = len(self.before) - 2, len(self.days) - 1
        for low in range(0, len(start), _CHUNK):
            part = slice(low, low + _CHUNK)
            after = start[part] - self.first
            count = days[part] if isinstance(days, np.ndarray) else np.full(len(after), days, dtype=np.int32)
            counts = count > 0
            inside = None
            if known is not None or after.min() < 0 or after.max() > most:
                inside = (after >= 0) & (after <= most)
                if known is not None:
                    inside &= known[part]
                after = np.where(inside, after, 0)
                count = np.where(inside, count, 0)
            place = self.before[after + counts] + count - counts
            if place.min() < 0 or place.max() > last:
                fits = (place >= 0) & (place <= last)
                inside = fits if inside is None else inside & fits
                place = np.clip(place, 0, last)
            due[part] = self.days[place]
            if inside is not None:
                if found is None:
                    found = np.ones(len(start), dtype=bool)
                found[part] = inside
        return due, found

    def between(self, first: Any, last: Any) -> Any:
        """How many working days lie after one day of the table up to another; below 0 where that is the earlier."""
        return self.before[last - self.first + 1] - self.before[first - self.first + 1]


_TABLES: dict[str, Workdays] = {}


def workdays_of(calendar: WorkCalendar) -> Workdays:
    """The arrays of a calendar: worked out once for all that have the same days."""
    key = f"{calendar.digest}{calendar.strict}"
    if key not in _TABLES:
        _TABLES.clear()
        _TABLES[key] = Workdays(calendar)
    return _TABLES[key]
