"""A service item, its materials and its stages, as a centre publishes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import ConfigDict

from govservice.models.choices import (
    CASE_TYPES,
    ITEM_KINDS,
    ITEM_TYPES,
    MATERIAL_SOURCES,
    PLACEMENTS,
    CaseType,
    ItemKind,
    ItemType,
    MaterialSource,
    Placement,
)
from govservice.models.record import Amount, Count, Limit, Record, Text, Texts, Truth, chosen, fact, given, several

__all__ = ["Item", "Material", "Stage"]


class Material(Record):
    """One material that an item asks for (申请材料). `material_type` and `form` are the portal's own codes, kept as text.

    >>> Material.read({"材料名称": "申请书", "source": "10", "required": "1", "originals": 1, "copies": 0}).facts()
    {'material_name': '申请书', 'source': 'applicant', 'required': True, 'originals': 1, 'copies': 0}
    """

    model_config = ConfigDict(title="申请材料")

    material: Text = fact("材料编号", "Number of the material.")
    material_name: Text = fact("材料名称", "Name of the material.")
    material_type: Text = fact("材料类型", "Type of material, a code of the portal.")
    source: Annotated[MaterialSource | None, chosen(MATERIAL_SOURCES)] = fact(
        "来源渠道", "Who provides it: the applicant, a government department, another."
    )
    required: Truth = fact("是否必要", "Whether the item cannot be accepted without it.")
    form: Text = fact("材料形式", "Paper or electronic, a code of the portal.")
    originals: Count = fact("原件份数", "How many originals.", unit="份")
    copies: Count = fact("复印件份数", "How many copies.", unit="份")
    paper: Text = fact("纸质规格", "Size of the paper, as published.")
    needs_signature: Truth = fact("需签章", "Whether it must be signed or sealed.")
    exempt: Truth = fact("免提交", "Whether the applicant is exempt from handing it in.")
    shareable: Truth = fact("可共享", "Whether it may be had from another department's data.")


class Stage(Record):
    """One stage of an item's procedure (办理环节): its own limit, and the post and the person who answer for it.

    >>> print(Stage(stage="受理", limit="1个工作日").limit)
    1个工作日
    """

    model_config = ConfigDict(title="办理环节")

    stage: Text = fact("环节", "Name of the stage.")
    limit: Limit = fact("环节时限", "Limit of the stage.")
    post: Text = fact("岗位", "Post that the stage is assigned to.")
    person: Text = fact("经办人", "Person that the stage is assigned to.")


class Item(Record):
    """One service item (事项). Days are working days; `statutory_days` and `promised_days` are what portals give without a unit.

    Codes of case and item types are read (1 is 即办件, "01" 行政许可). A limit is text ("5个工作日") or a TimeLimit.

    >>> item = Item.read({"事项名称": "光船租赁登记", "办件类型": "承诺件", "promised_limit": "7个工作日", "item_type": "07"})
    >>> item.case_type, str(item.promised_limit), item.item_type
    ('promised', '7个工作日', 'confirmation')
    """

    model_config = ConfigDict(title="事项")
    nested: ClassVar[Mapping[str, type[Record]]] = {"materials": Material, "stages": Stage}

    item: Text = fact("事项编码", "Code of the item.")
    item_name: Text = fact("事项名称", "Name of the item.")
    parent_name: Text = fact("主项名称", "Name of the item that this one is part of.")
    department: Text = fact("实施部门", "Department that the item belongs to.")
    centre: Text = fact("所在中心", "Centre that the item belongs to, where there are several.")
    kind: Annotated[ItemKind | None, chosen(ITEM_KINDS)] = fact("事项类别", "Administrative approval or public service.")
    item_type: Annotated[ItemType | None, chosen(ITEM_TYPES)] = fact("事项类型", "Item type of the national standard.")
    placement: Annotated[Placement | None, chosen(PLACEMENTS)] = fact("进驻方式", "Where the item is handled.")
    case_type: Annotated[CaseType | None, chosen(CASE_TYPES)] = fact("办件类型", "Case type that the item is published with.")
    statutory_limit: Limit = fact("法定时限", "Limit that the law sets.")
    promised_limit: Limit = fact("承诺时限", "Limit that the centre promises.")
    agreed_limit: Limit = fact("约定时限", "Limit that the units of a joint case agreed on.")
    statutory_days: Amount = fact("法定工作日数", "Limit that the law sets, in working days.", unit="工作日")
    promised_days: Amount = fact("承诺工作日数", "Limit that the centre promises, in working days.", unit="工作日")

    fee: Text = fact("收费标准", "Fee standard, as published.")
    charged: Truth = fact("是否收费", "Whether a fee is charged.")
    legal_basis: Texts = fact("设定依据", "Provisions that the item rests on.")
    conditions: Text = fact("受理条件", "Conditions of acceptance, as published.")
    materials: Annotated[tuple[Material, ...] | None, given(several)] = fact("申请材料", "Materials that the item asks for.")
    procedure: Text = fact("办理流程", "Procedure, as published.")
    stages: Annotated[tuple[Stage, ...] | None, given(several)] = fact("办理环节", "Stages of the procedure, in order.")
    person_responsible: Text = fact("责任人", "Person responsible for the item.")
    complaint_phone: Text = fact("投诉电话", "Telephone number for complaints.")
    disclosed: Texts = fact("已公开内容", "Which particulars of the item are disclosed.")

    region: Text = fact("行政区划", "Code of the administrative region.")
    scope: Text = fact("通办范围", "Where else the item may be applied for, as published.")
    channels: Texts = fact("办理渠道", "Ways to apply: window, online, post, machine.")
    visits: Count = fact("到现场次数", "How often the applicant must come.", unit="次")
    address: Text = fact("办理地点", "Where the window is.")
    office_hours: Text = fact("办理时间", "When the window is open, as published.")
