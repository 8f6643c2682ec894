"""The sentences of the summary page, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from govservice.errors import Words

__all__ = ["TEXTS"]

TEXTS: Mapping[str, Words] = {
    "html_lang": Words("en", "zh-CN"),
    "summary": Words("Summary of items, applications and cases", "事项与办件运行摘要"),
    "under": Words("rulebook {id}", "规则册 {id}"),
    "now": Words("as of {day}", "截至 {day}"),
    "on": Words("rules of {day}", "按 {day} 的规则"),
    "accepted_on": Words("items as if accepted on {day}", "事项按 {day} 受理推算"),
    # cards
    "items": Words("items", "事项"),
    "applications": Words("applications", "申请"),
    "cases": Words("cases", "办件"),
    "open": Words("case type still open", "办件类型未定"),
    "overdue": Words("overdue", "已超期未办结"),
    "speed_up": Words("shorter than the law", "承诺比法定缩短"),
    "set_aside": Words("rows set aside", "搁置的行"),
    # case types
    "types_of": Words("Case types of the {what}", "{what}的办件类型"),
    "open_type": Words("open", "未定"),
    "no_rule": Words("no rule fits", "没有规则适用"),
    "untyped": Words("not published", "未公布类型"),
    "type": Words("case type", "办件类型"),
    "code": Words("national code", "国家编码"),
    "count": Words("count", "件数"),
    "share": Words("share", "占比"),
    "none_open": Words("Every case type is settled.", "办件类型均已确定。"),
    "open_head": Words("{count} open: what would settle them", "{count} 件类型未定：还缺什么"),
    "fact": Words("what is not known", "所缺情况"),
    "waits": Words("rows that wait for it", "因此未定的件数"),
    "setting": Words("for the centre to set", "由中心设定"),
    "open_hint": Words(
        "Nothing is guessed: a fact that was not recorded leaves the type open. One row may wait for several facts.",
        "没有记录的情况一律不推定，类型保持未定。一件可能同时缺几项。",
    ),
    # deadlines
    "due_head": Words("Deadlines", "办理期限"),
    "running": Words("{running} cases are running, {dated} of them with a due day.", "在办 {running} 件，其中 {dated} 件期限已可算出。"),
    "by_clock": Words("They are due by these clocks: {clocks}.", "到期日所据的时限：{clocks}。"),
    "finished": Words("{finished} are finished, {late} of them late.", "已办结 {finished} 件，其中逾期 {late} 件。"),
    "no_now": Words(
        "No day was given as today (--now), so nothing is called overdue.", "没有给出“今天”是哪一天（--now），因此不判定是否超期。"
    ),
    "overdue_head": Words("Overdue: {count}", "已超期：{count} 件"),
    "nearest_head": Words("Due next", "最近到期"),
    "earliest_head": Words("First to be due", "最早到期"),
    "provisional_head": Words("Provisional: {count}", "暂定期限：{count} 件"),
    "provisional": Words("provisional", "暂定"),
    "provisional_hint": Words(
        "Holidays are announced through {day}; these days may still move when the next notice is published.",
        "放假安排目前公布至 {day}；以上日期须待下一份通知公布后才能确定。",
    ),
    "no_due_head": Words("{count} running cases without a due day", "在办而没有到期日：{count} 件"),
    "not_started": Words(
        "{count} have a clock that begins only after {now}, the first on {first}.", "{count} 件截至 {now} 尚未起算，最早 {first} 起算。"
    ),
    "stopped": Words("{count} have a clock that has stopped.", "{count} 件的时限已停止。"),
    "no_clock_running": Words("{count} have no clock that runs on them.", "{count} 件没有适用的时限。"),
    "undated_head": Words("{count} without a due day: what is missing", "{count} 件期限算不出：还缺什么"),
    "cases_waiting": Words("cases", "件数"),
    "signals_head": Words("Signals on running cases", "在办件上的告警"),
    "signal": Words("signal", "信号"),
    "moved": Words("{paused} cases were paused, {extended} extended.", "中止过的 {paused} 件，延长过的 {extended} 件。"),
    "unheard": Words(
        "Pauses of kinds that stop no clock of this rulebook: {kinds}", "事由不停止任何时限的中止：{kinds}（规则册的时限未列这种事由）"
    ),
    "case": Words("case", "办件"),
    "due_on": Words("due on", "应办结日"),
    "listed": Words("{listed} of {count} are shown; all are in the table.", "共 {count} 件，列出 {listed} 件，其余见明细表。"),
    # rates
    "rates_head": Words("Rates of the centre", "中心的各项比率"),
    "rates_as_of": Words("Of all cases on record, as of {day}.", "就全部在册办件统计，截至 {day}。"),
    "measure": Words("measure", "指标"),
    "value": Words("value", "数值"),
    "rate_between": Words("{low} to {high}", "{low} 至 {high}"),
    "rate_of_nothing": Words("nothing to divide by", "没有可以相除的数"),
    "rate_open": Words("open: ", "未定，尚缺："),
    # groups
    "groups_head": Words("Cases by department, window and item", "按部门、窗口、事项统计的办件"),
    "window": Words("window", "窗口"),
    "unnamed": Words("not named", "未写明"),
    "running_short": Words("running", "在办"),
    "overdue_short": Words("overdue", "超期未结"),
    "late_short": Words("finished late", "逾期办结"),
    "listed_groups": Words("{listed} of {count} are shown.", "共 {count} 个，列出 {listed} 个。"),
    # items
    "items_head": Words("Items as published", "事项公布情况"),
    "item": Words("item", "事项"),
    "lacking_head": Words("Items that lack", "公布内容有缺的事项"),
    "lacking_names": Words("Among them: ", "如："),
    "comma": Words(", ", "、"),
    "items_lacking": Words("items", "事项数"),
    "speed_head": Words("Promised against statutory limits", "承诺时限与法定时限"),
    "law_days": Words("statutory: {days} workdays", "法定合计 {days} 个工作日"),
    "speed_said": Words(
        "{items} items promise {promised} workdays in all, {share} shorter than the law.",
        "{items} 项事项承诺合计 {promised} 个工作日，比法定缩短 {share}。",
    ),
    "exact": Words("(1 - promised/statutory = {figure})", "（1 − 承诺/法定 = {figure}）"),
    "departments": Words("Departments with most items", "事项最多的部门"),
    "department": Words("department", "部门"),
    "items_due_head": Words("If everything were accepted on one day", "若同日受理"),
    "items_due": Words(
        "Accepted on {day}, items are due from {earliest} to {latest}.", "{day} 受理的，最早 {earliest}、最晚 {latest} 到期。"
    ),
    "items_provisional": Words("{count} of these days are provisional.", "其中 {count} 项日期为暂定。"),
    # records
    "records_head": Words("Where the figures come from", "数据来源"),
    "file": Words("file", "文件"),
    "encoding": Words("read as", "读取方式"),
    "handed_over": Words("rows handed over", "直接传入"),
    "rows_in": Words("rows in", "读入行数"),
    "rows_out": Words("rows used", "采用行数"),
    "rows_aside": Words("set aside", "搁置行数"),
    "aside_head": Words("Rows set aside", "搁置的行"),
    "place": Words("where", "位置"),
    "id": Words("id", "编号"),
    "reason": Words("why", "原因"),
    "aside_hint": Words(
        "A row with a value that cannot be read is not used and not lost: set_aside.csv holds it with the reason.",
        "含有读不懂的值的行不采用、也不丢弃，全部列在 set_aside.csv。",
    ),
    "missing": Words(
        "{count} cases refer to an application or item that the records do not hold; they were judged by what is known.",
        "{count} 件办件所指的申请或事项不在记录中，按已知情况办理。",
    ),
    "not_read": Words("Files not read, since no table goes by that name: {files}", "未读取的文件（没有同名的表）：{files}"),
    "unread": Words("Columns not used, since no fact goes by that name:", "未采用的列（没有同名的事实）："),
    # foot
    "foot_book": Words("Rulebook {id}, digest {digest}", "规则册 {id}，摘要 {digest}"),
    "foot_settings": Words("Settings given: {settings}", "已给出的设定：{settings}"),
    "foot_open": Words("Settings that the centre has not given: {settings}", "中心尚未给出的设定：{settings}"),
    "foot_calendar": Words("Calendar {name}, official through {day}", "日历 {name}，放假安排公布至 {day}"),
    "foot_version": Words("Made by govservice {version}", "由 govservice {version} 生成"),
}
