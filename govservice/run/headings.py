"""What the columns of a run's tables are called: by their ids in English, by their Chinese names in Chinese."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from govservice.errors import Lang
from govservice.run.results import Run

__all__ = ["headings"]

_CHINESE: Final[Mapping[str, str]] = {
    "id": "编号", "item_name": "事项名称", "application": "申请", "item": "事项", "department": "部门", "window": "窗口", "on": "日期",
    "case_type": "办件类型", "label": "办件类型名称", "national_code": "国家编码", "rule": "所依规则", "cite": "依据条款", "open": "未定",
    "possible": "可能的类型", "undecided": "还缺", "notices": "应出的通知书", "promised_days": "承诺工作日数",
    "statutory_days": "法定工作日数", "lacks": "算不出期限还缺",
    "due_on": "应办结日", "due_clock": "到期日所据时限", "due_official": "放假安排已公布", "due_earliest": "最早到期",
    "due_latest": "最晚到期", "due_late": "已超期", "due_warning": "到期日提示", "due_undecided": "到期日还缺",
    "due_notes": "未计入的中止和延长", "used": "已用", "left": "剩余",
    "overdue_by": "超出", "signals": "告警", "closed_on": "办结日", "missing": "缺少的记录",
    "clocks.case": "办件", "clocks.clock": "时限编号", "clocks.label": "时限名称", "clocks.row": "所在的行", "clocks.applies": "适用",
    "clocks.started": "起算", "clocks.limit": "时限", "clocks.paused": "中止", "clocks.extended": "延长", "clocks.due": "到期",
    "clocks.official": "放假安排已公布", "clocks.earliest": "最早到期", "clocks.latest": "最晚到期", "clocks.stopped": "停止",
    "clocks.late": "已超期", "clocks.warning": "提示", "clocks.notes": "说明", "set_aside.table": "表", "set_aside.file": "文件",
    "set_aside.line": "行号", "set_aside.field": "列", "set_aside.reason": "原因", "set_aside.row": "原来的一行",
}  # fmt: skip


def headings(run: Run, table: str, columns: Sequence[str], lang: Lang) -> tuple[str, ...]:
    """The heading of each column of a table: in Chinese its name here, or the book's label of an outcome; the id where it has none.

    Two columns that would be called alike have their ids behind.
    """
    if lang == "en":
        return tuple(columns)
    named = [_CHINESE.get(f"{table}.{name}") or _CHINESE.get(name) or _outcome(run, name) for name in columns]
    often = Counter(named)
    return tuple(f"{label}（{name}）" if often[label] > 1 else label for label, name in zip(named, columns, strict=True))


def _outcome(run: Run, name: str) -> str:
    called = run.ran.labels
    return called.get(name) or called.get(name.removeprefix("decided_")) or name
