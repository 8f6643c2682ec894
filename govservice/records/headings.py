"""What columns are called in exports, Chinese and English, beside the ids and labels of the facts: one table, used for drafts alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from govservice.records.vocabulary import Vocabulary

__all__ = ["ACTIVITIES", "TIMES", "UNITS", "facts_called", "plain", "step_fact"]

_HALF: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_ASIDE: Final = re.compile(r"[(（\[【].*?[)）\]】]")
_SIGNS: Final = re.compile(r"[\W_]+")

_CALLED: Final[Mapping[str, Mapping[str, str]]] = {
    "items": {
        "item": "事项编号 事项代码 实施编码 实施清单编码 事项id itemid itemcode id",
        "item_name": "事项名 itemname name 名称",
        "parent_name": "主项 父项名称 parentname",
        "department": "部门 部门名称 实施主体 所属部门 department dept departmentname orgname",
        "item_type": "权力类型 事项性质 itemtype powertype",
        "case_type": "casetype projecttype",
        "promised_days": "承诺办结天数 承诺天数 承诺办结工作日 promisedays promisedays promiseday",
        "statutory_days": "法定办结天数 法定天数 legaldays lawdays statutorydays",
        "promised_limit": "承诺办结时限 承诺期限",
        "statutory_limit": "法定办结时限 法定期限",
        "visits": "到办事现场次数 跑动次数 onsitetimes visits",
        "charged": "ischarge chargeflag",
        "channels": "办理形式 申请方式 handleform channels",
        "scope": "generalscope",
        "address": "windowaddress 办公地址",
        "office_hours": "officehours 办公时间",
        "conditions": "acceptcondition",
        "region": "区划代码 行政区划代码 regioncode",
        "materials": "材料名称 材料 materialname",
        "stages": "环节名称 步骤名称 stepname",
    },
    "applications": {"application": "申请号 申请流水号 applicationid", "applicant_name": "申请人名称 申请单位 applicant"},
    "cases": {
        "case": "办件号 办件流水号 业务流水号 申办流水号 流水号 受理编号 受理号 收件编号 案件编号 工单编号 caseid caseno casenumber",
        "item": "事项编码 事项编号 itemid itemcode",
        "application": "申请编号 applicationid",
        "received_at": "收件时间 收件日期 收件 申请时间 申请日期 接收时间 opendt opened received created startdate start",
        "accepted_at": "受理时间 受理日期 受理 accepted acceptedat",
        "closed_at": "办结时间 办结日期 办结 完成时间 closeddt closed closedat completed enddate end",
        "decided_on": "决定日期 决定时间 审批时间 审批日期 decided decidedat",
        "delivered_on": "送达日期 送达时间 delivered",
        "due_on": "应办结日期 承诺办结日期 承诺办结时间 到期日 到期日期 截止日期 截止时间 targetdt deadline duedate due",
        "materials_completed_on": "补齐日期 材料补正日期 补正时间",
        "department": "部门名称 承办部门 办理部门 department dept",
        "window": "受理窗口 窗口号 窗口名称",
        "staff": "经办人员 受理人 受理人员 办理人 responsible handler",
        "promised_days": "承诺天数 promisedays", "statutory_days": "法定天数 legaldays",
        "promised_limit": "承诺期限", "statutory_limit": "法定期限",
        "rating": "满意度 满意度评价 评价 评价结果 服务评价 rating",
        "case_type": "casetype",
    },
    "pauses": {
        "case": "办件编号 办件号 流水号 caseid", "kind": "中止原因 暂停原因 原因 事由 特别程序 特别程序种类 kind reason",
        "from": "中止日期 中止时间 暂停时间 开始日期 开始时间 开始 起始日期 begin start from",
        "to": "恢复日期 恢复时间 结束日期 结束时间 结束 截止日期 end to", "told": "书面告知 是否书面告知 是否告知 告知 told notified",
    },
    "extensions": {"case": "办件编号 办件号 流水号 caseid", "limit": "延长期限", "granted": "是否批准", "asked_on": "申请日期"},
}  # fmt: skip
ACTIVITIES: Final = frozenset((
    "activity", "conceptname", "环节", "环节名称", "步骤", "步骤名称", "节点", "节点名称", "活动", "操作", "step",
    "stepname", "task", "event",
))  # fmt: skip
TIMES: Final = frozenset((
    "timestamp", "timetimestamp", "time", "时间", "时刻", "操作时间", "办理时间", "发生时间", "完成时间", "处理时间",
    "eventtime", "datetime",
))  # fmt: skip
UNITS: Final = frozenset(("单位", "unit", "时限单位", "limitunit", "dayunit", "daysunit"))
_STEPS: Final[Mapping[str, str]] = {
    "received_at": "收件 收件登记 接件 登记 receipt received register confirmationofreceipt",
    "accepted_at": "受理 准予受理 accept accepted acceptance",
    "decided_on": "决定 审批决定 decide decision",
    "closed_at": "办结 结案 完成 归档办结 close closed complete completed",
    "delivered_on": "送达 发证 颁证与送达 deliver delivered",
}


def plain(heading: str) -> str:
    """A heading without its case, its signs and what stands in brackets.

    >>> plain("Case_ID"), plain("承诺时限（工作日）")
    ('caseid', '承诺时限')
    """
    narrow = _ASIDE.sub("", heading.translate(_HALF))
    return _SIGNS.sub("", narrow).lower() or _SIGNS.sub("", heading).lower()


def facts_called(heading: str, words: Vocabulary) -> tuple[str, ...]:
    """The facts that a column may hold by its heading: the one of that id or label, else those that go by such a name; "" matches none.

    >>> from govservice import load_rulebook
    >>> from govservice.records.vocabulary import vocabulary
    >>> tables = vocabulary(load_rulebook("standard").contents)
    >>> facts_called("受理时间", tables["cases"]), facts_called("办结日", tables["cases"]), facts_called("case_enddate", tables["cases"])
    (('accepted_at',), ('closed_on',), ('closed_at',))
    """
    exact = words.fact(heading.strip())
    if exact is not None:
        return (exact,)
    name = plain(heading)
    bare = name.removeprefix(words.records.removesuffix("s")) or name
    own = {fact for known, fact in (*((id, id) for id in words.types), *words.labels.items()) if plain(known) == name}
    if own:
        return tuple(sorted(own))
    table = _CALLED.get(words.records, {})
    return tuple(fact for fact, names in table.items() if fact in words.types and {name, bare} & set(names.split()))


def step_fact(activity: str) -> str | None:
    """The fact of a case that a step is, by its name.

    >>> step_fact("受理"), step_fact("内部会审")
    ('accepted_at', None)
    """
    return next((fact for fact, names in _STEPS.items() if plain(activity) in names.split()), None)
