"""What looks wrong is said and nothing is refused for it: real portals hold invalid codes."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest

from govservice.models import Application, Case, Department


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("91110000600037341L", None),
        ("91110000600037341l", None),
        ("91110000600037341M", ("the check digit does not fit", "校验码不符")),
        ("9111000060003734", ("a Unified Social Credit code has 18 characters", "统一社会信用代码应为18位")),
        ("N2320583MF4875640U", None),
        ("A1110000600037341K", None),
        ("Y1110000600037341T", ("the check digit does not fit", "校验码不符")),
        ("B1110000600037341L", ("it is not written as a Unified Social Credit code is", "不符合统一社会信用代码的格式")),
        ("9I110000600037341L", ("it is not written as a Unified Social Credit code is", "不符合统一社会信用代码的格式")),
    ],
)
def test_a_social_credit_code_is_checked_and_kept(code: str, said: tuple[str, str] | None) -> None:
    department = Department(department_uscc=code)
    assert department.department_uscc == code
    assert [(warning.field, tuple(warning.what)) for warning in department.warnings()] == ([("department_uscc", said)] if said else [])


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("11010519491231002X", None),
        ("110105194912310021", ("the check digit does not fit", "校验码不符")),
        ("110105491231002", ("a resident identity number has 18 characters", "居民身份证号码应为18位")),
        ("000105194912310024", ("the place or the birth date in it does not exist", "其中的行政区划或出生日期不存在")),
        ("1101051949123100XX", ("it is not written as a resident identity number is", "不符合居民身份证号码的格式")),
        ("320583197503070014", None),  # born before the county was founded
        ("320599198003070013", None),  # a county that no list knows
        ("810000198003070010", None),
        ("911124198108030024", None),  # a foreigner's permanent residence card
        ("990124198108030028", ("the place or the birth date in it does not exist", "其中的行政区划或出生日期不存在")),
        ("110105194913310021", ("the place or the birth date in it does not exist", "其中的行政区划或出生日期不存在")),
    ],
)
def test_a_resident_identity_number_is_checked_and_kept(number: str, said: tuple[str, str] | None) -> None:
    application = Application(applicant_id_number=number)
    assert application.applicant_id_number == number
    found = application.warnings()
    assert [(warning.field, tuple(warning.what)) for warning in found] == ([("applicant_id_number", said)] if said else [])
    assert pickle.loads(pickle.dumps(found)) == found


def test_dates_that_contradict_each_other_are_pointed_at() -> None:
    case = Case.read(
        {"received_on": "2026-02-13", "accepted_on": "2026-02-13", "closed_on": "2026-02-12", "accepted_at": "2026-02-14 09:00"}
    )
    assert [str(warning) for warning in case.warnings()] == [
        "closed_on: before the day of receipt, 2026-02-13; compare the dates with the file",
        "accepted_at: not on the day recorded, 2026-02-13; compare the dates with the file",
    ]


def test_the_codes_library_is_loaded_on_use() -> None:
    asked = "import sys, govservice.models as m; m.Application(departments=1).facts(); print('stdnum' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.strip() == "False"
