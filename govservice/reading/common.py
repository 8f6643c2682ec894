"""What every reader shares: how a value is shown in a message, when it is missing, how it is refused."""

from __future__ import annotations

from math import isnan
from typing import Any

from govservice.echo import is_huge, shown
from govservice.errors import RecordError, Words

__all__ = ["half_width", "is_huge", "is_missing", "is_record", "own_facts", "refused", "same", "shown"]

# only the full-width forms: Unicode's compatibility folding would also read ² and ① as digits
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_LONGEST = 40  # characters of a number, a date or a yes; a longer text is something else


def is_missing(value: object) -> bool:
    """Nothing was given: None, a text without a character (an empty cell), or a data frame's own mark: NaN, NaT, NA.

    >>> is_missing(None), is_missing(" "), is_missing(float("nan")), is_missing(0), is_missing(False)
    (True, True, True, False, False)
    """
    if value is None or isinstance(value, str):
        return not (value and value.strip())
    return isnan(value) if isinstance(value, float) else type(value).__name__ in ("NaTType", "NAType")


def is_record(value: object) -> bool:
    """Whether it says its facts as the models do, by a method `facts()`."""
    return callable(getattr(type(value), "facts", None))


def same(one: object, other: object) -> bool:
    """Whether two values are equal; what cannot say whether it is (an array, a frame's column) is equal to nothing but itself.

    >>> same(1, 1.0), same("a", None)
    (True, False)
    """
    try:
        return one is other or bool(one == other)
    except Exception:  # whatever the value's own comparison does
        return False


def own_facts(value: Any) -> Any:
    """The facts of a record, by name; anything else as it is.

    >>> from govservice.models import Case
    >>> own_facts(Case(case="C1")), own_facts({"case": "C1"}), own_facts(Case)
    ({'case': 'C1'}, {'case': 'C1'}, <class 'govservice.models.case.Case'>)
    """
    return value.facts() if is_record(value) else value


def half_width(value: object) -> str:
    """Half-width and without blanks around it; empty where it is too long to be a number, a date or a name.

    >>> half_width(" ２０２６ "), half_width("x" * 41)
    ('2026', '')
    """
    text = "" if isinstance(value, int) and is_huge(value) else str(value)
    return text.translate(_HALF_WIDTH).strip() if len(text) <= _LONGEST else ""


def refused(value: object, wanted: Words, hint: Words) -> RecordError:
    """The error that says what the value is not, and what to do.

    >>> print(refused("二", Words("a number", "数字"), Words("write 2", "请写 2")))
    '二' is not a number; write 2
    >>> print(refused(["2"], Words("a number", "数字"), Words("write 2", "请写 2")))
    ['2'] is a list, not a number; write one value, without brackets; write 2
    """
    seen = shown(value)
    if isinstance(value, list | tuple):
        alone = Words(f"write one value, without brackets; {hint.en}", f"只写一个值，不加方括号；{hint.zh}")
        return RecordError(Words(f"{seen} is a list, not {wanted.en}", f"{seen}是列表，不是{wanted.zh}"), hint=alone)
    return RecordError(Words(f"{seen} is not {wanted.en}", f"{seen}不是{wanted.zh}"), hint=hint)
