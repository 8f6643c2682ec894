"""How a paper cites the clause that it rests on: the document by its full name, the article and its items as laws count them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from govservice.rules.language.spelling import folded

__all__ = ["cited", "in_chinese"]

_ARTICLE: Final = re.compile(r"(?P<name>.+?)\s+(?P<article>[1-9]\d{0,3})(?P<items>(?:\(\d{1,2}\))*)")
_MANY: Final = "零〇一二三四五六七八九十百千"
_PLACE: Final = rf"第 ?(?:\d{{1,4}}|[{_MANY}]+) ?[编章节条款项](?:之[{_MANY}]+)?(?:第?[（(](?:\d+|[{_MANY}]+)[）)]项?)*"
_BARE: Final = re.compile(rf"(?:{_PLACE})+(?:[、，,和及] ?(?:{_PLACE})+)*")
_COUNTED: Final = re.compile(r"第 ?(\d{1,4}) ?(?=[编章节条款项])")
_ITEM: Final = re.compile(r"\((\d{1,2})\)")
_YEAR: Final = re.compile(r"（\d{4}年[^（）]*）$")
_NUMBER: Final = re.compile(r"（[^（）]*〔\d{4}〕[^（）]*号）$")
_DIGITS: Final = "零一二三四五六七八九"
_LEAST: Final = 3  # characters of a short name that may stand for a longer one


def cited(clause: str, sources: Mapping[str, str], clauses: Mapping[str, str] = MappingProxyType({})) -> str | None:
    """The clause as a paper cites it, where the book names its document; None where it does not.

    A clause is the short name of one of the book's `sources`, an article, and its items in brackets: `行政许可法 32(4)`; or the number of a
    document that one of them bears. A short name is one whose characters stand in the title, in this order; one that fits two is none.
    A clause that names no document (`第8条`) is of the book's only source; where the book has several, of none.
    `clauses` are those that the book numbered itself, widths folded, with the title of the document: of these it is cited alone.

    >>> sources = {"law": "中华人民共和国行政许可法（2019年修正）", "opinion": "关于建立“好差评”制度的意见（国办发〔2019〕51号）"}
    >>> cited("行政许可法 32(4)", sources), cited("行政许可法 32(2)(3)", sources)
    ('《中华人民共和国行政许可法》第三十二条第（四）项', '《中华人民共和国行政许可法》第三十二条第（二）项、第（三）项')
    >>> cited("国办发〔2019〕51号", sources), cited("KS-4", sources)
    ('《关于建立“好差评”制度的意见》（国办发〔2019〕51号）', None)
    >>> cited("第8条第2款、第9条", {"rules": "白石桥中心办件办法"}), cited("第8条", sources)
    ('《白石桥中心办件办法》第八条第二款、第九条', None)
    >>> cited("KS-4(1)", {}, {"KS-4": "审批服务操作规程"})
    '《审批服务操作规程》'
    """
    number = folded(clause)
    own = clauses.get(number) or clauses.get(number.partition("(")[0].strip())
    if own is not None:
        return _as_cited(own) + (_as_counted(clause.strip()) if _BARE.fullmatch(clause.strip()) else "")
    if _BARE.fullmatch(clause.strip()):
        titles = set(sources.values())
        return _as_cited(titles.pop()) + _as_counted(clause.strip()) if len(titles) == 1 else None
    parts = _ARTICLE.fullmatch(clause.strip())
    document = _document(parts["name"] if parts is not None else clause.strip(), sources)
    if document is None:
        return None
    if parts is None:
        return document
    items = "、".join(f"第（{in_chinese(int(item))}）项" for item in _ITEM.findall(parts["items"]))
    return f"{document}第{in_chinese(int(parts['article']))}条{items}"


def _document(name: str, sources: Mapping[str, str]) -> str | None:
    """The document of that name among the sources, as it is cited."""
    titles = dict.fromkeys(sources.values())
    meant = [title for title in titles if name in title] or [title for title in titles if _stands_for(name, title)]
    if len(name) < _LEAST or len(meant) != 1:
        return None
    return _as_cited(meant[0])


def _as_cited(title: str) -> str:
    """A title between its brackets: the year of its last change left out, the number of the document behind."""
    title = _YEAR.sub("", title)
    number = _NUMBER.search(title)
    return f"《{title[: number.start()] if number is not None else title}》{number[0] if number is not None else ''}"


def _as_counted(clause: str) -> str:
    """A clause whose articles are counted as laws count them."""
    return _COUNTED.sub(lambda found: f"第{in_chinese(int(found[1]))}", clause)


def _stands_for(name: str, title: str) -> bool:
    rest = iter(title)
    return all(sign in rest for sign in name)


def in_chinese(number: int) -> str:
    """A number from 0 to 9999 as laws count articles.

    >>> [in_chinese(number) for number in (0, 4, 10, 12, 20, 31, 100, 101, 110, 203, 1_260, 2_004, 1_010)]
    ['零', '四', '十', '十二', '二十', '三十一', '一百', '一百零一', '一百一十', '二百零三', '一千二百六十', '二千零四', '一千零一十']
    """
    if number < 10:
        return _DIGITS[number]
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + name
        gap = not digit
    return text.removeprefix("一") if 10 <= number < 20 else text
