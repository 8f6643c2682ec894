"""The sentences of a holiday notice that name no day: its title, number and addressee, its reasons and its reminders.

A closed list: a sentence that is not here may change a day, and is refused.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["ADDRESSEE", "ADJUSTED", "ANNOUNCED", "EXTENDED", "LAID_DOWN", "NUMBER", "SIGNED", "YEARLY", "no_day_named"]

YEARLY: Final = re.compile(r"国务院办公厅关于(?P<year>[0-9]{4})年部分节假日安排的通知")
ADJUSTED: Final = re.compile(r"国务院办公厅关于调整(?P<year>[0-9]{4})年(?P<holiday>[^0-9。，：]{2,12})假期安排的通知")
EXTENDED: Final = re.compile(r"国务院办公厅关于延长(?P<year>[0-9]{4})年(?P<holiday>[^0-9。，：]{2,12})假期的通知")
LAID_DOWN: Final = re.compile(r"国务院关于(?P<holiday>[^。，：]{2,60})调休放假的通知")
NUMBER: Final = re.compile(r"国(?:办)?发(?:明电)?〔(?P<year>[0-9]{4})〕[0-9]{1,3}号")
ADDRESSEE: Final = "各省、自治区、直辖市人民政府，国务院各部委、各直属机构："
SIGNED: Final = ("国务院办公厅", "国务院")

_LAW: Final = (
    r"(?:根据(?:《国务院关于修改[〈《]全国年节及纪念日放假办法[〉》]的决定》|国务院《关于修改[〈《]全国年节及纪念日放假办法[〉》]的决定》"
    r"|《全国年节及纪念日放假办法》)，)?"
)
_REASON: Final = r"(?:为便于各地区、各部门及早合理安排节假日旅游、交通运输、生产经营等有关工作，)?"
_APPROVED: Final = r"经(?:党中央、)?国务院批准，"
ANNOUNCED: Final = re.compile(
    rf"{_LAW}{_REASON}(?:{_APPROVED}|按照上述原则，)现将(?P<year>[0-9]{{4}})年(?P<holidays>[^0-9。，：]{{2,60}}?)"
    r"放假调休日期(?:的)?具体安排通知如下[。：]"
)
_REMINDED: Final = (
    r"(?:(?:节假日|调休放假|劳动节|春节|国庆节)期间，)?(?:各地区、各部门)?要妥善安排好值班和安全、?保卫(?:、疫情防控)?等工作，"
    r"遇有重大突发事件(?:发生)?，要按规定及时报告并妥善处置，"
    r"确保(?:人民群众(?:祥和平安度过节日假期|度过欢乐祥和的节日假期)|有关纪念活动顺利进行)"
    r"(?:；不得铺张浪费，不得借机组织公款旅游活动)?。"
)
_PRINCIPLE: Final = (
    r"经(?:党中央、)?国务院批准，根据[0-9]{4}年[0-9]{1,2}月修订的《全国年节及纪念日放假办法》，自[0-9]{4}年1月1日起，"
    r"全体公民放假的假日增加[0-9]天，其中春节、劳动节各增加[0-9]天。",
    r"据此对放假调休原则作进一步优化完善，除个别特殊情形外，春节自农历除夕起放假调休8天，国庆节自10月1日起放假调休7天，劳动节放假调休5天，"
    r"元旦、清明节、端午节、中秋节分别放假调休或连休3天（如逢周三则只在当日放假），国庆节放假如逢中秋节则合并放假8天。",
)
_OTHERS: Final = (
    r"鼓励单位和个人结合落实带薪年休假等制度，实际形成较长假期，推动错峰出行。",
    r"经国务院批准，现将调整[0-9]{4}年[^0-9。，：]{2,12}放假安排通知如下。",
    r"各地区、各部门要抓紧做好本地区、本领域的[^0-9。，：]{2,12}假期调整落实工作，采取有效措施，保障交通运力，加强旅游服务，丰富产品供给，强化综合调控，"
    r"确保平稳运行。",
    r"经国务院批准，为加强新型冠状病毒感染的肺炎疫情防控工作，有效减少人员聚集，阻断疫情传播，更好保障人民群众生命安全和身体健康，"
    r"现将延长[0-9]{4}年[^0-9。，：]{2,12}假期的具体安排通知如下。",
    r"各地大专院校、中小学、幼儿园推迟开学，具体时间由教育部门另行通知。",
    r"因疫情防控不能休假的职工，应根据《中华人民共和国劳动法》规定安排补休，未休假期的工资报酬应按照有关政策保障落实。",
    r"[0-9]{4}年是中国人民抗日战争暨世界反法西斯战争胜利[0-9]{1,3}周年。",
)
_KNOWN: Final = re.compile("|".join(f"(?:{pattern})" for pattern in (_REMINDED, *_PRINCIPLE, *_OTHERS)))


def no_day_named(sentence: str) -> bool:
    """Is this a known sentence that leaves every day as it is?

    >>> no_day_named("鼓励单位和个人结合落实带薪年休假等制度，实际形成较长假期，推动错峰出行。"), no_day_named("春节提前放假。")
    (True, False)
    """
    return _KNOWN.fullmatch(sentence) is not None
