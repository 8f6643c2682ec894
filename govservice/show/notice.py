"""A notice as Chinese text to print."""

from __future__ import annotations

from datetime import date, datetime

from govservice.errors import NoticeError, Words
from govservice.notices import NoticeOwed, Stated
from govservice.show.values import needed, shown

__all__ = ["text"]


def text(notice: NoticeOwed, number: str | None, issued_on: date | None) -> str:
    """See `NoticeOwed.to_text`."""
    if notice.lacks:
        raise NoticeError(
            Words(
                f"{notice.kind} lacks what it must state: {', '.join(notice.lacks)}",
                f"{notice.title}缺少必须写明的内容：{'、'.join(notice.lacks)}",
            ),
            hint=Words("give these facts first", "请先补上这些事实"),
            id=notice.kind,
        )
    if notice.open_copies:
        en = ", ".join(f"{copy.to} ({needed(copy.needs, 'en')})" for copy in notice.open_copies)
        zh = "、".join(f"{copy.to}（{needed(copy.needs, 'zh')}）" for copy in notice.open_copies)
        raise NoticeError(
            Words(f"{notice.kind}: it is open who gets a copy: {en}", f"{notice.title}：是否送达尚未确定：{zh}"),
            hint=Words("give these facts first", "请先补上这些事实"),
            id=notice.kind,
        )
    day = f"{issued_on.year}年{issued_on.month}月{issued_on.day}日" if issued_on is not None else "____年__月__日"
    lines = [notice.title, f"编号：{number or '__________'}", f"日期：{day}", ""]
    for stated in notice.fields:
        lines.extend(_field(stated))
    if notice.earlier is not None:
        again = f"此前已于{notice.earlier}告知" + (f"，本次增列：{'、'.join(notice.added)}" if notice.added else "")
        lines.append(again)
    copies = "；".join(copy.to + (f"（{copy.within}送达）" if copy.within else "") for copy in notice.copies)
    lines.append("") if notice.fields else None
    lines += [f"一式{len(notice.copies)}份：{copies}"] if notice.copies else []
    lines.append(f"依据：{notice.cite}（{notice.book}）" if notice.cite else f"依据：{notice.book}")
    return "\n".join(lines)


def _field(stated: Stated) -> list[str]:
    if isinstance(stated.value, tuple):
        return [f"{stated.label}：", *(f"  {index}. {text}" for index, text in enumerate(stated.value, 1))]
    if isinstance(stated.value, date):
        clock = stated.value.strftime(" %H:%M") if isinstance(stated.value, datetime) else ""
        return [f"{stated.label}：{stated.value.year}年{stated.value.month}月{stated.value.day}日{clock}"]
    return [f"{stated.label}：{shown(stated.value, 'zh')}"]
