"""The closed sets of words that records use: case types, item types, units, ratings; each with its Chinese label and national code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from govservice.reading import CodedLabel

__all__ = [
    "APPLICANT_CLASSES",
    "CASE_TYPES",
    "ITEM_KINDS",
    "ITEM_TYPES",
    "LIMIT_UNITS",
    "MAIN_DOCUMENTS",
    "MATERIAL_SOURCES",
    "PLACEMENTS",
    "PROJECT_KINDS",
    "RATINGS",
    "SUBJECTS",
    "WINDOW_KINDS",
    "ApplicantClass",
    "CaseType",
    "ItemKind",
    "ItemType",
    "LimitUnit",
    "MainDocument",
    "MaterialSource",
    "Placement",
    "ProjectKind",
    "Rating",
    "Subject",
    "WindowKind",
]

CaseType = Literal["instant", "promised", "joint", "escalated", "special", "supplement", "returned", "urgent", "other"]
"""Which course a case takes; a rulebook may have others, and says to which of these they belong (`canonical`)."""
CASE_TYPES: Mapping[CaseType, CodedLabel] = {
    "instant": CodedLabel("即办件", 1),
    "promised": CodedLabel("承诺件", 2),
    "joint": CodedLabel("联办件"),
    "escalated": CodedLabel("报批件"),
    "special": CodedLabel("特办件"),
    "supplement": CodedLabel("补办件"),
    "returned": CodedLabel("退回件"),
    "urgent": CodedLabel("急办件"),
    "other": CodedLabel("其他", 9),
}
"""Codes of GB/T 39046-2020, which knows three; the types without a code are local."""

ItemType = Literal[
    "licence",
    "penalty",
    "coercion",
    "levy",
    "payment",
    "inspection",
    "confirmation",
    "reward",
    "adjudication",
    "other",
    "public_service",
]
"""What kind of act an item is in law."""
ITEM_TYPES: Mapping[ItemType, CodedLabel] = {
    "licence": CodedLabel("行政许可", 1),
    "penalty": CodedLabel("行政处罚", 2),
    "coercion": CodedLabel("行政强制", 3),
    "levy": CodedLabel("行政征收", 4),
    "payment": CodedLabel("行政给付", 5),
    "inspection": CodedLabel("行政检查", 6),
    "confirmation": CodedLabel("行政确认", 7),
    "reward": CodedLabel("行政奖励", 8),
    "adjudication": CodedLabel("行政裁决", 9),
    "other": CodedLabel("其他行政权力", 10),
    "public_service": CodedLabel("公共服务", 20),
}
"""Codes of GB/T 39046-2020, written there with two digits: 01 to 10, and 20."""

LimitUnit = Literal["workday", "natural_day", "hour", "minute", "month"]
"""What portals count a limit in."""
LIMIT_UNITS: Mapping[LimitUnit, CodedLabel] = {
    "workday": CodedLabel("工作日", 1),
    "natural_day": CodedLabel("自然日", 2),
    "hour": CodedLabel("小时", 3),
    "minute": CodedLabel("分钟", 4),
    "month": CodedLabel("月", 5),
}
"""The units of GB/T 39046-2020; `TimeLimit` has three more, and reads the portals' own codes."""

Rating = Literal["very_satisfied", "satisfied", "basically_satisfied", "dissatisfied", "very_dissatisfied"]
"""What an applicant says of the service."""
RATINGS: Mapping[Rating, CodedLabel] = {
    "very_satisfied": CodedLabel("非常满意", 1),
    "satisfied": CodedLabel("满意", 2),
    "basically_satisfied": CodedLabel("基本满意", 3),
    "dissatisfied": CodedLabel("不满意", 4),
    "very_dissatisfied": CodedLabel("非常不满意", 5),
}
"""The five levels of 好差评; the last two are bad ratings."""

ItemKind = Literal["approval", "public_service"]
ITEM_KINDS: Mapping[ItemKind, CodedLabel] = {"approval": CodedLabel("行政审批"), "public_service": CodedLabel("公共服务")}

Placement = Literal["centre", "branch", "township", "own_premises"]
PLACEMENTS: Mapping[Placement, CodedLabel] = {
    "centre": CodedLabel("进驻中心"),
    "branch": CodedLabel("进驻分中心"),
    "township": CodedLabel("下放乡镇"),
    "own_premises": CodedLabel("部门自办"),
}

MainDocument = Literal["present", "not_brought", "lacking"]
MAIN_DOCUMENTS: Mapping[MainDocument, CodedLabel] = {
    "present": CodedLabel("已带"),
    "not_brought": CodedLabel("有而未带"),
    "lacking": CodedLabel("缺少"),
}

Subject = Literal["construction", "real_estate", "renovation", "utilities", "sole_trader", "other"]
SUBJECTS: Mapping[Subject, CodedLabel] = {
    "construction": CodedLabel("基建"),
    "real_estate": CodedLabel("房地产"),
    "renovation": CodedLabel("技术改造"),
    "utilities": CodedLabel("城市公用事业"),
    "sole_trader": CodedLabel("个体商贸业"),
    "other": CodedLabel("其他"),
}

ProjectKind = Literal["enterprise", "building", "other"]
PROJECT_KINDS: Mapping[ProjectKind, CodedLabel] = {
    "enterprise": CodedLabel("企业设立或增资"),
    "building": CodedLabel("基本建设"),
    "other": CodedLabel("其他"),
}

ApplicantClass = Literal["unemployed", "disabled", "demobilised", "graduate", "returned_student", "other"]
APPLICANT_CLASSES: Mapping[ApplicantClass, CodedLabel] = {
    "unemployed": CodedLabel("登记失业人员"),
    "disabled": CodedLabel("残疾人"),
    "demobilised": CodedLabel("退役士兵"),
    "graduate": CodedLabel("毕业两年内高校毕业生"),
    "returned_student": CodedLabel("留学回国人员"),
    "other": CodedLabel("其他"),
}

WindowKind = Literal["department", "permanent", "general", "disclosure", "fees"]
WINDOW_KINDS: Mapping[WindowKind, CodedLabel] = {
    "department": CodedLabel("部门窗口"),
    "permanent": CodedLabel("常设窗口"),
    "general": CodedLabel("综合窗口"),
    "disclosure": CodedLabel("信息公开窗口"),
    "fees": CodedLabel("收费窗口"),
}

MaterialSource = Literal["applicant", "department", "other"]
MATERIAL_SOURCES: Mapping[MaterialSource, CodedLabel] = {
    "applicant": CodedLabel("申请人自备", 10),
    "department": CodedLabel("政府部门核发", 20),
    "other": CodedLabel("其他", 99),
}
"""Where a material comes from, with the portals' codes."""
