"""Who a case belongs to: the window, the staff member, the department and the centre."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict

from govservice.models.choices import WINDOW_KINDS, WindowKind
from govservice.models.codes import check_uscc
from govservice.models.record import Record, RecordWarning, Text, chosen, fact

__all__ = ["Centre", "Department", "Staff", "Window"]


class Window(Record):
    """One window (窗口) of a department. What only one centre's scheme asks for goes into `local`.

    >>> Window(window="W1", department="市场监管局", local={"overall_rating": "good"}).facts()
    {'window': 'W1', 'department': '市场监管局', 'overall_rating': 'good'}
    """

    model_config = ConfigDict(title="窗口")

    window: Text = fact("窗口编号", "Number of the window.")
    window_name: Text = fact("窗口名称", "Name of the window.")
    department: Text = fact("所属部门", "Department that the window belongs to.")
    window_kind: Annotated[WindowKind | None, chosen(WINDOW_KINDS)] = fact("窗口类别", "Kind of window.")
    chief_representative: Text = fact("首席代表", "The department's chief representative at the window.")


class Staff(Record):
    """One staff member (工作人员) of a window and a department.

    >>> Staff(staff="S1", staff_name="王芳", window="W1").facts()
    {'staff': 'S1', 'staff_name': '王芳', 'window': 'W1'}
    """

    model_config = ConfigDict(title="工作人员")

    staff: Text = fact("工号", "Number of the staff member.")
    staff_name: Text = fact("姓名", "Name of the staff member.")
    window: Text = fact("所在窗口", "Window where the staff member works.")
    department: Text = fact("派出部门", "Department that sent the staff member.")
    post: Text = fact("岗位", "Post held.")


class Department(Record):
    """One department (部门) with windows in the centre.

    >>> Department(department="D1", department_name="市场监管局").facts()
    {'department': 'D1', 'department_name': '市场监管局'}
    """

    model_config = ConfigDict(title="部门")

    department: Text = fact("部门编号", "Number of the department.")
    department_name: Text = fact("部门名称", "Name of the department.")
    department_uscc: Text = fact("部门统一社会信用代码", "Unified Social Credit code of the department.")
    centre: Text = fact("所在中心", "Centre that the department belongs to, where there are several.")

    def warnings(self) -> tuple[RecordWarning, ...]:
        """What looks wrong with the department's code; the record stands all the same.

        >>> [str(warning) for warning in Department(department_uscc="11320583MB0000000A").warnings()]
        ['department_uscc: the check digit does not fit; compare it with the document']
        """
        return super().warnings() + check_uscc("department_uscc", self.department_uscc)


class Centre(Record):
    """One centre (中心), where the records tell of several.

    >>> Centre(centre="north", centre_name="城北便民服务中心").facts()
    {'centre': 'north', 'centre_name': '城北便民服务中心'}
    """

    model_config = ConfigDict(title="中心")

    centre: Text = fact("中心编号", "Number of the centre.")
    centre_name: Text = fact("中心名称", "Name of the centre.")
