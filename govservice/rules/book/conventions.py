"""The conventions, one row each: what regulations leave open and a book states once. Loader, schema, pages and checks read this table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from govservice.errors import Words

__all__ = ["BY_NAME", "CONVENTIONS", "Convention", "Conventions", "complete_schema"]

Conventions: TypeAlias = Mapping[str, str]
"""What a book states: each by its plain value; rounding as `rounding.digits`, `rounding.mode`, `rounding.at`."""


@dataclass(frozen=True, slots=True)
class Convention:
    """One convention: its name, the values that it takes, what it settles, and the entries that may override it.

    `written` are values as a file may also write them, each with the value meant. `parts` are the values of one with several parts,
    `gone` values that are taken no more, each with what to write instead. `chinese` is what each value means, in the order of `values`
    (of one with parts, of the values of all its parts).
    """

    name: str
    values: tuple[str, ...]
    settles: Words
    concerns: tuple[str, ...]
    written: tuple[tuple[object, str], ...] = ()
    parts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    gone: tuple[tuple[str, Words], ...] = ()
    chinese: tuple[str, ...] = ()

    def value_of(self, text: str) -> str:
        """The value that a text in a file means: `true` is yes where a file may say so.

        >>> BY_NAME["pause_needs_notice"].value_of("true"), BY_NAME["ties"].value_of("best")
        ('yes', 'best')
        """
        return next((value for written, value in self.written if str(written).lower() == text), text)

    def means(self, value: str, part: str = "") -> str | None:
        """What a value, or the value of a part, means in Chinese; None for what is no value of it, and for a number of digits.

        >>> BY_NAME["roll"].means("none"), BY_NAME["rounding"].means("down", "mode")
        ('不顺延', '舍去')
        """
        named = [(part, own) for part, values in self.parts for own in values] or [("", own) for own in self.values]
        return dict(zip(named, self.chinese, strict=True)).get((part, value))

    def schema(self) -> dict[str, Any]:
        """Its shape in a file: a value, or a value and its source."""
        text = {"$ref": "#/$defs/text"}
        if self.parts:
            shapes = {name: {"enum": list(values)} if values else {"$ref": "#/$defs/integer"} for name, values in self.parts}
            return {"type": "object", "properties": {**shapes, "cite": text, "value": text}, "additionalProperties": False}
        value: dict[str, Any] = {"enum": [*(written for written, _ in self.written), *self.values]}
        if self.gone:
            value["x-gone"] = {name: {"en": instead.en, "zh": instead.zh} for name, instead in self.gone}
        sourced = {"type": "object", "properties": {"value": value, "cite": text}, "additionalProperties": False, "required": ["value"]}
        return {"anyOf": [value, sourced]}


CONVENTIONS: Final = (
    Convention(
        "first_day",
        ("excluded", "included"),
        Words("whether the day a limit starts is counted", "起始日是否计入"),
        ("clock",),
        chinese=("不计入", "计入"),
    ),
    Convention(
        "roll",
        ("forward", "none", "backward"),
        Words(
            "whether a limit of natural days, months or years that ends on a rest day moves to the next working day;"
            " counted back, whether it moves to the one before",
            "按自然日、月、年计的时限末日为休息日时是否顺延至下一工作日；倒着算的，是否提前至上一工作日",
        ),
        ("clock",),
        chinese=("顺延至下一工作日", "不顺延", "提前至上一工作日"),
    ),
    Convention(
        "rest_day_same_day",
        ("same", "next"),
        Words("when a same-day limit ends that starts on a rest day", "休息日起算的当天时限何时届满"),
        ("clock",),
        chinese=("就在那个休息日", "下一个工作日"),
    ),
    Convention(
        "bare_day",
        ("workday", "natural_day"),
        Words("what 五日 or 30天 means", "“五日”“30天”指哪种日"),
        ("clock",),
        chinese=("工作日", "自然日"),
    ),
    Convention(
        "ends",
        ("day", "close", "same_time"),
        Words(
            "a day limit ends at 24:00, at closing time, or at the clock time of its start",
            "按日计的时限届满于24时、下班时刻还是起算的钟点",
        ),
        ("clock",),
        chinese=("24时", "下班时刻", "起算的钟点"),
    ),
    Convention(
        "pause_needs_notice",
        ("yes", "no"),
        Words("whether a pause counts only if it was told in writing", "中止是否须书面告知才算数"),
        ("clock",),
        written=((True, "yes"), (False, "no")),
        chinese=("须书面告知", "不须告知"),
    ),
    Convention(
        "pause_days",
        ("both", "first", "last", "neither"),
        Words(
            "which of its two end days a pause leaves uncounted; unstated: both", "中止的首末两日哪些不计入；不写：首末两日都不计入（both）"
        ),
        ("clock",),
        chinese=("首末两日都不计入", "首日不计入", "末日不计入", "首末两日都计入"),
    ),
    Convention(
        "extension_from",
        ("due", "unrolled"),
        Words(
            "whether an extension counts on from the due day, or from the day before it rolled; unstated: due",
            "延长自到期日还是自顺延前的末日接着算；不写：自到期日（due）",
        ),
        ("clock",),
        chinese=("自到期日", "自顺延前的末日"),
    ),
    Convention(
        "makeup_hours",
        ("weekday", "weekend", "none"),
        Words(
            "the office hours of a make-up workday: a working day's, those of the weekend day that it falls on, or none",
            "补班日的办公时间：按工作日、按该周末日，还是不办公",
        ),
        ("clock",),
        chinese=("按工作日的时间", "按那个周六、周日的时间", "不办公"),
    ),
    Convention(
        "rest_day_hours",
        ("counted", "not"),
        Words("whether office time that the hours give on a rest day counts", "休息日的办公时间是否计入"),
        ("clock",),
        chinese=("计入", "不计入"),
    ),
    Convention(
        "percent_alarms",
        ("day", "hour"),
        Words("an alarm at a share of the limit is raised on a day, or at the moment", "按比例的告警落在某日还是某时刻"),
        ("clock",),
        chinese=("落在某日", "落在某时刻"),
    ),
    Convention(
        "cleared_signals",
        ("counted", "not"),
        Words("whether a signal counts where the clock then stopped in time", "之后按时办结的信号是否计入"),
        ("scheme",),
        chinese=("计入", "不计入"),
    ),
    Convention(
        "part_floor",
        ("0", "none"),
        Words("whether a part of a score may fall below 0", "一项得分能否低于零"),
        ("scheme", "part"),
        written=((0, "0"),),
        chinese=("不低于零", "可以低于零"),
    ),
    Convention(
        "part_overflow",
        ("capped", "allowed"),
        Words("whether a part may exceed its full marks", "一项得分能否超过满分"),
        ("scheme", "part"),
        chinese=("以满分为限", "可以超过满分"),
    ),
    Convention(
        "same_occurrence",
        ("each", "harshest", "mildest", "report"),
        Words("what is priced where one occurrence has several rows", "同一件事有几行记录时怎么计"),
        ("scheme", "part", "item"),
        chinese=("每一行都计", "只计最重的一行", "只计最轻的一行", "不选，分数留作区间"),
    ),
    Convention(
        "unserved_periods",
        ("skip", "zero", "report"),
        Words("periods in which the subject was not in service", "未在岗的期间怎么计"),
        ("scheme",),
        chinese=("不算那一期", "那一期作0分", "不选，分数留作区间"),
    ),
    Convention(
        "same_day_order",
        ("report", "as_given"),
        Words(
            "in which order rows of one day are numbered, where that decides `nth`", "同一天的几行按什么次序编号（影响“第几次”即 nth 时）"
        ),
        ("scheme", "part", "item"),
        chinese=("不选，分数留作区间", "按记录的先后"),
    ),
    Convention(
        "part_served",
        ("full", "workdays", "days", "report"),
        Words(
            "whether the full marks shrink of a subject that served part of a period: by its share of working days, or of days",
            "只在岗一部分期间的，满分是否按工作日或日历日的比例缩减",
        ),
        ("scheme",),
        gone=(
            (
                "prorated",
                Words(
                    "write days or workdays, to shrink the full marks; or shrink the total: total: .. * served.days / period.days",
                    "写 days 或 workdays（缩减满分）；要缩减总分，写在 total 里：.. * served.days / period.days",
                ),
            ),
        ),
        chinese=("不缩减", "按工作日的比例缩减", "按日历日的比例缩减", "不选，分数留作区间"),
    ),
    Convention(
        "ineligible_periods",
        ("counted", "skip", "report"),
        Words("periods without eligibility, in an aggregate over a scheme", "统计某方案时不参评的期间怎么计"),
        ("scheme",),
        chinese=("照样计入", "不算那一期", "不选，分数留作区间"),
    ),
    Convention(
        "ties",
        ("best", "dense", "worst", "report"),
        Words("the rank of equals", "并列的名次"),
        ("scheme",),
        chinese=("同取最前的名次，后面空出", "同取最前的名次，后面不空", "同取最后的名次", "不选，名次留作区间"),
    ),
    Convention(
        "rounding",
        (),
        Words("how a score is rounded, and when", "分数怎么取整、何时取整"),
        ("scheme",),
        parts=(("digits", ()), ("mode", ("half_up", "half_even", "down", "up")), ("at", ("end", "each_scheme"))),
        chinese=("四舍五入", "五后面没有数的取成双数，其余四舍五入", "舍去", "进一", "只在最后", "每个方案算完就取"),
    ),
)
BY_NAME: Final[Mapping[str, Convention]] = {convention.name: convention for convention in CONVENTIONS}
_OVERRIDING: Final = ("decision", "item", "part", "scheme", "clock")  # entries that may write the bare key


def complete_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of the file format with every convention in its places."""
    defs = schema["$defs"]
    places = {name: {"$ref": f"#/$defs/convention.{name}"} for name in BY_NAME}
    defs |= {f"convention.{name}": convention.schema() for name, convention in BY_NAME.items()}
    defs["conventions"]["properties"] = places
    for entry in _OVERRIDING:
        defs[entry]["properties"] |= places
    defs["rank"]["properties"]["ties"] = places["ties"]
    return schema
