"""A picture of figures that are given: its title, the figures as rows, and how it shows and saves itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Final, TypeAlias

from govservice.doors import PATH, takes
from govservice.errors import Lang, RecordError, Words
from govservice.frozen import freeze
from govservice.plain_files import system_says, write_plain
from govservice.show.charts.drawing import as_altair, as_png, as_svg
from govservice.show.charts.look import rest
from govservice.show.grid import FONT, INK

__all__ = ["Cell", "Chart", "Row", "cell"]

Cell: TypeAlias = str | int | float | bool | None
Row: TypeAlias = Mapping[str, Cell]
_FORMATS: Final = re.compile(r' xmlns(:\w+)?="[^"]*"')
SHOWN: Final = 12  # rows under a picture in a notebook
_PAGE: Final = (
    "@page{size:A4;margin:14mm}body{margin:0;padding:16px;background:#fff}figure{margin:0}table{border-collapse:collapse;margin-top:12px}"
    "tr{break-inside:avoid}thead{display:table-header-group}.wide{overflow-x:auto}"
)
_CELL: Final = "padding:3px 12px 3px 0;border-bottom:1px solid #dde2ea;vertical-align:top;overflow-wrap:anywhere"


@dataclass(frozen=True, slots=True, repr=False)
class Chart:
    """A picture and the figures that it shows.

    `table` are its figures as rows, a mapping each, `columns` the heading of each of their keys; `notes` say what else must be known, such
    as what was left out. A picture of Vega-Lite's has its `spec` (JSON text), one that is drawn outright its SVG in `drawn`. It is a plain
    value: nothing is drawn until it is shown or saved, which needs the extra `charts`; without, those raise MissingPackage
    (a GovServiceError), and `title` and `table` are there all the same.

    >>> from govservice.show.charts import due_load
    >>> from datetime import date
    >>> chart = due_load([date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 6)])
    >>> chart.title, [dict(row) for row in chart.table]
    ('到期量日历', [{'day': '2026-03-02', 'count': 2}, {'day': '2026-03-06', 'count': 1}])
    """

    name: str
    title: str
    columns: Mapping[str, str]
    table: tuple[Row, ...]
    spec: str = ""
    drawn: str = ""
    notes: tuple[str, ...] = ()
    lang: Lang = "zh"

    def __post_init__(self) -> None:
        freeze(self)

    def __repr__(self) -> str:
        return f"Chart({self.name!r}, {self.title!r}, {len(self.table)} rows)"

    def to_svg(self) -> str:
        """The picture as SVG text, the same each time. Raises MissingPackage."""
        return self.drawn or as_svg(self.spec, self.title, self.lang)

    def inline(self) -> str:
        """The picture as a piece of an HTML page, where SVG needs no names of its formats. Raises MissingPackage."""
        return _FORMATS.sub("", self.to_svg())

    def to_png(self, *, scale: float = 2) -> bytes:
        """The picture as PNG; `scale` is how many pixels a point has. Raises MissingPackage."""
        return as_png(self.to_svg(), scale)

    def to_altair(self) -> Any:
        """The picture as a chart of Altair's, to go on with. Raises MissingPackage, RecordError for one that Vega-Lite has no form for."""
        if not self.spec:
            raise RecordError(Words(f"{self.name} is a diagram, no chart", f"{self.name} 是示意图，不是统计图"), id=self.name)
        return as_altair(self.spec)

    def to_html(self) -> str:
        """The picture and its whole table as one page that needs no other file and no network. Raises MissingPackage."""
        language = "zh-CN" if self.lang == "zh" else "en"
        return (
            f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{escape(self.title)}</title><style>{_PAGE}</style></head><body>{self._figure(len(self.table))}</body></html>\n"
        )

    @takes(RecordError, path=PATH)
    def save(self, path: str | Path) -> None:
        """Write the picture, over what is there: .svg, .png or .html (with its table), by the file's name.

        Raises MissingPackage, RecordError for another kind of file or where it cannot be written.
        """
        path = Path(path)
        match path.suffix.lower():
            case ".svg":
                content = self.to_svg().encode()
            case ".png":
                content = self.to_png()
            case ".html":
                content = self.to_html().encode()
            case other:
                raise RecordError(
                    Words(f"no picture is written as {other or path.name!r}", f"不能写成 {other or path.name}"),
                    hint=Words("end the file's name in .svg, .png or .html", "文件名应以 .svg、.png 或 .html 结尾"),
                    file=str(path),
                )
        try:
            write_plain(path, content, over=True)
        except (OSError, ValueError) as error:
            raise RecordError(Words("the file cannot be written", "文件无法写入"), why=system_says(error), file=str(path)) from None

    def _repr_html_(self) -> str:
        return self._figure(SHOWN)

    def _figure(self, most: int) -> str:
        language = "zh-CN" if self.lang == "zh" else "en"
        return (
            f'<figure lang="{language}" style="{FONT};background:#ffffff;color:{INK};font-size:13px;margin:0">'
            f'<div class="wide" style="overflow-x:auto">{self.inline()}</div>{self.table_html(most)}</figure>'
        )

    def table_html(self, most: int) -> str:
        """The figures as an HTML table, the first `most` rows of it; empty where there are none."""
        if not self.table:
            return ""
        sides = {name: "right" if any(type(row[name]) in (int, float) for row in self.table) else "left" for name in self.columns}
        head = "".join(f'<th style="{_CELL};text-align:{sides[name]}">{escape(text)}</th>' for name, text in self.columns.items())
        body = "".join(
            "<tr>"
            + "".join(f'<td style="{_CELL};text-align:{sides[name]}">{escape(cell(row[name], self.lang))}</td>' for name in self.columns)
            + "</tr>"
            for row in self.table[:most]
        )
        left = len(self.table) - most
        more = f'<p style="margin:4px 0">{rest(left, self.lang, Words("more rows", "行"))}</p>' if left > 0 else ""
        style = "border-collapse:collapse;margin-top:8px;font-size:13px"
        table = f'<table style="{style}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
        return f'<div class="wide" style="overflow-x:auto">{table}</div>{more}'


def cell(value: Cell, lang: Lang) -> str:
    """A figure as a table shows it.

    >>> cell(1234.5, "zh"), cell(None, "zh"), cell(True, "en"), cell(-0.25, "zh")
    ('1,234.5', '–', 'yes', '-0.25')
    """
    match value:
        case None:
            return "–"
        case bool():
            return Words("yes" if value else "no", "是" if value else "否").text(lang)
        case float():
            text = f"{value:,.2f}"
            return text.rstrip("0").rstrip(".")
        case int():
            return f"{value:,}"
        case _:
            return value
