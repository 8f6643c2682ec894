"""Unified Social Credit codes and resident ids: what looks wrong with one, as a warning, for real portals hold invalid ones."""

from __future__ import annotations

from types import ModuleType

from govservice.errors import Words
from govservice.models.record import RecordWarning

__all__ = ["check_resident_id", "check_uscc"]


def check_uscc(field: str, code: str | None) -> tuple[RecordWarning, ...]:
    """What looks wrong with a Unified Social Credit code (GB 32100-2015: 18 characters, the last a check digit); nothing if unknown.

    >>> [warning.what.zh for warning in check_uscc("applicant_uscc", "91110000600037341M")]
    ['校验码不符']
    >>> check_uscc("applicant_uscc", "91110000600037341L"), check_uscc("applicant_uscc", None)
    ((), ())
    """
    from stdnum.cn import uscc

    return _checked(field, code, uscc, _USCC)


def check_resident_id(field: str, number: str | None) -> tuple[RecordWarning, ...]:
    """What looks wrong with a resident identity number (GB 11643-1999: 18 characters, place, birth date, check digit).

    >>> [warning.what.en for warning in check_resident_id("applicant_id_number", "11010519491231002")]
    ['a resident identity number has 18 characters']
    """
    from stdnum.cn import ric

    return _checked(field, number, ric, _RESIDENT)


_USCC = Words("a Unified Social Credit code", "统一社会信用代码")
_RESIDENT = Words("a resident identity number", "居民身份证号码")
_HINT = Words("compare it with the document", "请与证件核对")


def _checked(field: str, number: str | None, standard: ModuleType, called: Words) -> tuple[RecordWarning, ...]:
    from stdnum import exceptions

    if number is None:
        return ()
    try:
        standard.validate(number)
    except exceptions.InvalidLength:
        what = Words(f"{called.en} has 18 characters", f"{called.zh}应为18位")
    except exceptions.InvalidChecksum:
        what = Words("the check digit does not fit", "校验码不符")
    except exceptions.InvalidComponent:
        what = Words("the place or the birth date in it does not exist", "其中的行政区划或出生日期不存在")
    except exceptions.ValidationError:
        what = Words(f"it is not written as {called.en} is", f"不符合{called.zh}的格式")
    else:
        return ()
    return (RecordWarning(field, what, _HINT),)
