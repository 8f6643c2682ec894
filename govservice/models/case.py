"""A case: an application received, and what happened to it when."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict

from govservice.errors import Words
from govservice.models.choices import CASE_TYPES, RATINGS, CaseType, Rating
from govservice.models.record import Amount, Day, Limit, Moment, Record, RecordWarning, Text, Truth, chosen, fact

__all__ = ["Case"]


class Case(Record):
    """One case (办件): the dates of its course; `application`, `item`, `window`, `staff` and `department` name those it belongs to.

    Days are dates; the moments (`received_at` ..) matter to limits in hours, and one without an offset is in Asia/Shanghai.
    What a case does not record, a rulebook computes (`due_on` by its promised clock); what is recorded stands.

    >>> case = Case.read({"办件编号": "C1", "收件日": "2026年2月13日", "accepted_at": "2026-02-13 09:30", "评价": 1})
    >>> case.received_on, case.accepted_at.isoformat(), case.rating, case.closed_on
    (datetime.date(2026, 2, 13), '2026-02-13T09:30:00+08:00', 'very_satisfied', None)
    """

    model_config = ConfigDict(title="办件")

    case: Text = fact("办件编号", "Number of the case.")
    application: Text = fact("申请", "Number of the application received.")
    item: Text = fact("事项", "Code of the item applied for.")
    case_type: Annotated[CaseType | None, chosen(CASE_TYPES)] = fact("办件类型", "Case type on record.")
    statutory_limit: Limit = fact("法定时限", "Limit that the law sets.")
    promised_limit: Limit = fact("承诺时限", "Limit that was promised.")
    statutory_days: Amount = fact("法定工作日数", "Limit that the law sets, in working days.", unit="工作日")
    promised_days: Amount = fact("承诺工作日数", "Limit that was promised, in working days.", unit="工作日")
    received_on: Day = fact("收件日", "Day the application was received.")
    materials_completed_on: Day = fact("材料补齐日", "Day the materials were complete.")
    accepted_on: Day = fact("受理日", "Day of acceptance.")
    decided_on: Day = fact("决定日", "Day of the decision.")
    sent_up_on: Day = fact("上报日", "Day it was passed to the superior organ.")
    closed_on: Day = fact("办结日", "Day it was completed.")
    delivered_on: Day = fact("送达日", "Day the result was delivered.")
    due_on: Day = fact("应办结日", "Day it is due, as recorded.")
    received_at: Moment = fact("收件时刻", "Moment the application was received.")
    accepted_at: Moment = fact("受理时刻", "Moment of acceptance.")
    closed_at: Moment = fact("办结时刻", "Moment it was completed.")
    window: Text = fact("窗口", "Window that handles it.")
    staff: Text = fact("经办人", "Staff member who handles it.")
    department: Text = fact("部门", "Department that handles it.")
    centre: Text = fact("所在中心", "Centre that handles it, where there are several.")
    stand_in: Text = fact("顶岗人", "Who stood in for the staff member.")
    rating: Annotated[Rating | None, chosen(RATINGS)] = fact("评价", "The applicant's rating.")
    result_wrong: Truth = fact("结果有误", "Whether the result was found to be wrong.")

    def warnings(self) -> tuple[RecordWarning, ...]:
        """Later steps dated before the receipt, and moments that fall on another day than the record says.

        >>> [warning.field for warning in Case(received_on="2026-02-13", closed_on="2026-02-12").warnings()]
        ['closed_on']
        """
        return (*super().warnings(), *self._before_receipt(), *self._other_days())

    def _before_receipt(self) -> list[RecordWarning]:
        if self.received_on is None:
            return []
        what = Words(f"before the day of receipt, {self.received_on}", f"早于收件日{self.received_on}")
        later = ("materials_completed_on", "accepted_on", "decided_on", "sent_up_on", "closed_on", "delivered_on", "due_on")
        return [RecordWarning(name, what, _COMPARE) for name in later if (day := getattr(self, name)) and day < self.received_on]

    def _other_days(self) -> list[RecordWarning]:
        warnings = []
        for step in ("received", "accepted", "closed"):
            moment, day = getattr(self, f"{step}_at"), getattr(self, f"{step}_on")
            if moment and day and moment.date() != day:
                warnings.append(
                    RecordWarning(f"{step}_at", Words(f"not on the day recorded, {day}", f"与所记的日期{day}不是同一天"), _COMPARE)
                )
        return warnings


_COMPARE = Words("compare the dates with the file", "请与案卷核对日期")
