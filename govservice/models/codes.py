"""Unified Social Credit codes and resident ids: what looks wrong with one, as a warning, for real portals hold invalid ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from govservice.errors import Words
from govservice.models.record import RecordWarning
from govservice.reading import why_spoilt

__all__ = ["check_resident_id", "check_uscc"]

_AUTHORITIES: Final = "1-9ANY"  # of GB 32100-2015 and its amendments: A the armed forces, N rural collectives, Y others
_CREDIT: Final = re.compile(rf"[{_AUTHORITIES}][1-9][0-9]{{6}}[0-9A-HJ-NP-RTUW-Y]{{10}}")
_NUMBER: Final = re.compile(r"[0-9]{17}[0-9X]")
_PLACE: Final = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
"""The first two digits of a place; 81 to 83 are the residence permits of Hong Kong, Macau and Taiwan residents."""
_FOREIGN: Final = "9"  # a foreigner's permanent residence card: 9, the province that took the application, the country


def check_uscc(field: str, code: str | None) -> tuple[RecordWarning, ...]:
    """What looks wrong with a Unified Social Credit code (GB 32100-2015: 18 characters, the last a check digit); nothing if unknown.

    >>> [warning.what.zh for warning in check_uscc("applicant_uscc", "91110000600037341M")]
    ['校验码不符']
    >>> check_uscc("applicant_uscc", "91110000600037341L"), check_uscc("applicant_uscc", None)
    ((), ())
    """

    def check_digit(compact: str) -> str:
        from stdnum.cn import uscc

        return str(uscc.calc_check_digit(compact[:-1]))

    return _checked(field, code, _CREDIT, check_digit, _USCC)


def check_resident_id(field: str, number: str | None) -> tuple[RecordWarning, ...]:
    """What looks wrong with a resident identity number (GB 11643-1999: 18 characters, place, birth date, check digit).

    Numbers of residence permits (residents of Hong Kong, Macau and Taiwan, foreigners with a permanent residence card) are built alike.
    A place is known by its province: counties are founded, merged and renumbered, and their people keep their numbers.

    >>> [warning.what.en for warning in check_resident_id("applicant_id_number", "11010519491231002")]
    ['a resident identity number has 18 characters']
    >>> check_resident_id("applicant_id_number", "810000198003070010")
    ()
    """

    def check_digit(compact: str) -> str:
        from stdnum.cn import ric

        return str(ric.calc_check_digit(compact))

    found = _checked(field, number, _NUMBER, check_digit, _RESIDENT)
    if found or number is None:
        return found
    if _place_exists(number.strip()) and _day_exists(number.strip()[6:14]):
        return ()
    return _warned(field, Words("the place or the birth date in it does not exist", "其中的行政区划或出生日期不存在"))


_USCC = Words("a Unified Social Credit code", "统一社会信用代码")
_RESIDENT = Words("a resident identity number", "居民身份证号码")
_HINT = Words("compare it with the document", "请与证件核对")


def _place_exists(number: str) -> bool:
    return _PLACE.match(number, number.startswith(_FOREIGN)) is not None


def _day_exists(written: str) -> bool:
    try:
        date(int(written[:4]), int(written[4:6]), int(written[6:]))
    except ValueError:
        return False
    return True


def _checked(
    field: str, number: str | None, shape: re.Pattern[str], check_digit: Callable[[str], str], called: Words
) -> tuple[RecordWarning, ...]:
    if number is None:
        return ()
    compact = number.strip().upper()
    spoilt = why_spoilt(compact)
    if spoilt is not None:
        return (RecordWarning(field, *spoilt),)
    if len(compact) != 18:
        return _warned(field, Words(f"{called.en} has 18 characters", f"{called.zh}应为18位"))
    if not shape.fullmatch(compact):
        return _warned(field, Words(f"it is not written as {called.en} is", f"不符合{called.zh}的格式"))
    if compact[-1] != check_digit(compact):
        return _warned(field, Words("the check digit does not fit", "校验码不符"))
    return ()


def _warned(field: str, what: Words) -> tuple[RecordWarning, ...]:
    return (RecordWarning(field, what, _HINT),)
