"""The closed sets of words that records use: case types, item types, units, ratings; each with its Chinese label and national code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from govservice.reading import Choice

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
CASE_TYPES: Mapping[CaseType, Choice] = {
    "instant": Choice("即办件", 1),
    "promised": Choice("承诺件", 2),
    "joint": Choice("联办件"),
    "escalated": Choice("报批件"),
    "special": Choice("特办件"),
    "supplement": Choice("补办件"),
    "returned": Choice("退回件"),
    "urgent": Choice("急办件"),
    "other": Choice("其他", 9),
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
ITEM_TYPES: Mapping[ItemType, Choice] = {
    "licence": Choice("行政许可", 1),
    "penalty": Choice("行政处罚", 2),
    "coercion": Choice("行政强制", 3),
    "levy": Choice("行政征收", 4),
    "payment": Choice("行政给付", 5),
    "inspection": Choice("行政检查", 6),
    "confirmation": Choice("行政确认", 7),
    "reward": Choice("行政奖励", 8),
    "adjudication": Choice("行政裁决", 9),
    "other": Choice("其他行政权力", 10),
    "public_service": Choice("公共服务", 20),
}
"""Codes of GB/T 39046-2020, written there with two digits: 01 to 10, and 20."""

LimitUnit = Literal["workday", "natural_day", "hour", "minute", "month"]
LIMIT_UNITS: Mapping[LimitUnit, Choice] = {
    "workday": Choice("工作日", 1),
    "natural_day": Choice("自然日", 2),
    "hour": Choice("小时", 3),
    "minute": Choice("分钟", 4),
    "month": Choice("月", 5),
}
"""The units of GB/T 39046-2020; `TimeLimit` has three more, and reads the portals' own codes."""

Rating = Literal["very_satisfied", "satisfied", "basically_satisfied", "dissatisfied", "very_dissatisfied"]
RATINGS: Mapping[Rating, Choice] = {
    "very_satisfied": Choice("非常满意", 1),
    "satisfied": Choice("满意", 2),
    "basically_satisfied": Choice("基本满意", 3),
    "dissatisfied": Choice("不满意", 4),
    "very_dissatisfied": Choice("非常不满意", 5),
}
"""The five levels of 好差评; the last two are bad ratings."""

ItemKind = Literal["approval", "public_service"]
ITEM_KINDS: Mapping[ItemKind, Choice] = {"approval": Choice("行政审批"), "public_service": Choice("公共服务")}

Placement = Literal["centre", "branch", "township", "own_premises"]
PLACEMENTS: Mapping[Placement, Choice] = {
    "centre": Choice("进驻中心"),
    "branch": Choice("进驻分中心"),
    "township": Choice("下放乡镇"),
    "own_premises": Choice("部门自办"),
}

MainDocument = Literal["present", "not_brought", "lacking"]
MAIN_DOCUMENTS: Mapping[MainDocument, Choice] = {
    "present": Choice("已带"),
    "not_brought": Choice("有而未带"),
    "lacking": Choice("缺少"),
}

Subject = Literal["construction", "real_estate", "renovation", "utilities", "sole_trader", "other"]
SUBJECTS: Mapping[Subject, Choice] = {
    "construction": Choice("基建"),
    "real_estate": Choice("房地产"),
    "renovation": Choice("技术改造"),
    "utilities": Choice("城市公用事业"),
    "sole_trader": Choice("个体商贸业"),
    "other": Choice("其他"),
}

ProjectKind = Literal["enterprise", "building", "other"]
PROJECT_KINDS: Mapping[ProjectKind, Choice] = {
    "enterprise": Choice("企业设立或增资"),
    "building": Choice("基本建设"),
    "other": Choice("其他"),
}

ApplicantClass = Literal["unemployed", "disabled", "demobilised", "graduate", "returned_student", "other"]
APPLICANT_CLASSES: Mapping[ApplicantClass, Choice] = {
    "unemployed": Choice("登记失业人员"),
    "disabled": Choice("残疾人"),
    "demobilised": Choice("退役士兵"),
    "graduate": Choice("毕业两年内高校毕业生"),
    "returned_student": Choice("留学回国人员"),
    "other": Choice("其他"),
}

WindowKind = Literal["department", "permanent", "general", "disclosure", "fees"]
WINDOW_KINDS: Mapping[WindowKind, Choice] = {
    "department": Choice("部门窗口"),
    "permanent": Choice("常设窗口"),
    "general": Choice("综合窗口"),
    "disclosure": Choice("信息公开窗口"),
    "fees": Choice("收费窗口"),
}

MaterialSource = Literal["applicant", "department", "other"]
MATERIAL_SOURCES: Mapping[MaterialSource, Choice] = {
    "applicant": Choice("申请人自备", 10),
    "department": Choice("政府部门核发", 20),
    "other": Choice("其他", 99),
}
"""Where a material comes from, with the portals' codes."""
