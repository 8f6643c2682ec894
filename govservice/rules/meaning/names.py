"""Where the value of a name comes from, and in which order: data that the interpreter follows, and that every faster reader follows too.

A recorded value stands. What is not recorded is computed; what cannot be is the declared default, else unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from govservice.rules.language.shapes import Home

__all__ = ["ORIGINS", "Origin"]

Origin: TypeAlias = Literal["recorded", "around", "decided", "measured", "clock", "setting", "today", "ranked", "default"]
"""One place where a value may come from.

recorded  the row's own facts, and those of what it belongs to, the nearest first
around    what the reading around the row says of it: `kind` and `nth` of a priced row, `period.end`, `total` and `parts` once worked out
decided   the decision that grants the outcome
measured  the measure of that name, evaluated on the row
clock     the clock's reading: none where the clock is not in force
setting   the centre's number: unknown until it is given
today     the day that counts as today
ranked    where the subject stands among all that are ranked with it
default   what the column's author declared for a row that says nothing
"""

ORIGINS: Final[Mapping[Home, tuple[Origin, ...]]] = {
    "column": ("recorded", "around", "default"),  # a table may have a column called `kind`
    "outcome": ("around", "recorded", "decided"),  # a default is for a row that says nothing, not for what cannot be decided yet
    "setting": ("around", "recorded", "setting"),
    "measure": ("around", "recorded", "measured"),
    "clock": ("around", "recorded", "clock"),
    "builtin": ("around", "recorded", "today"),
    "scheme": ("around", "recorded", "ranked", "default"),
    "scope": ("around", "recorded", "default"),
}
"""Where a name looks for its value, by what the name is of: the first that has one, open or not."""
