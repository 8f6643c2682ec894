"""What a rulebook declares, as chapters of its document: conventions, settings, facts, events, lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from govservice.rules.book.conventions import BY_NAME, CONVENTIONS, Convention
from govservice.rules.book.entries import Column
from govservice.rules.language.values import reported
from govservice.show.book_shapes import Block, Chapter, Spoken, TableRow, cell
from govservice.show.book_words import Speaker
from govservice.show.values import shown

__all__ = ["conventions_of", "facts_of", "kinds_of", "lists_of", "settings_of"]


def conventions_of(say: Speaker, stated: Mapping[str, Any]) -> Chapter:
    """Every convention: what the book states of it (`stated`, as its file has it), with its clause; those left out say so."""
    rows = []
    for convention in CONVENTIONS:
        node = stated.get(convention.name)
        parts = node if isinstance(node, dict) else {"value": node} if node is not None else {}
        values = [_stated(say, convention, key, str(value)) for key, value in parts.items() if key != "cite"]
        said = say.listed(values) if values else say.word("not stated", "未写")
        settles = cell(Spoken(convention.settles.text(say.lang), convention.name))
        rows.append(TableRow(f"conventions.{convention.name}", (settles, cell(said)), cite=str(parts.get("cite") or "")))
    unknown = [name for name in stated if name not in BY_NAME and name != "cite"]
    rows += [TableRow(f"conventions.{name}", (cell(name), cell(str(stated[name])))) for name in unknown]
    heads = (say.word("what it settles", "约定的是"), say.word("as stated", "本册写的"))
    return Chapter("conventions", say.word("Conventions", "约定"), (Block("conventions", "", "", heads, tuple(rows)),))


def _stated(say: Speaker, convention: Convention, key: str, value: str) -> str:
    """The value of a convention, or of a part of one, as a file has it."""
    if key == "value":
        return say.stated(convention.name, convention.value_of(value))
    part = f"{convention.name}.{key}"
    return f"{say.word(key, say.settled(part))}{say.word(': ', '：')}{say.stated(part, value)}"


def settings_of(say: Speaker) -> Chapter:
    """Every setting with its value, or that its source leaves it open."""
    rows = [
        TableRow(
            f"settings.{setting.id}",
            (
                cell(say.called(setting.id, setting.label)),
                cell(say.type(setting.type, f"settings.{setting.id}")),
                cell(
                    say.word("left open: not given yet", "原文未定，待中心给出")
                    if setting.value is None
                    else say.value(setting.value, setting.type)
                ),
            ),
            cite=setting.cite or "",
        )
        for setting in say.contents.settings.values()
    ]
    heads = (say.word("setting", "设定"), say.word("type", "类型"), say.word("value", "值"))
    return Chapter("settings", say.word("Settings", "设定"), (Block("settings", "", "", heads, tuple(rows)),) if rows else ())


def facts_of(say: Speaker) -> Chapter:
    """Every table with its columns."""
    blocks = []
    for table in say.contents.tables.values():
        lines = cell(
            say.word(f"belongs to {say.listed(table.of)}", f"属于：{say.listed(map(say.table, table.of))}") if table.of else None,
            say.word(f"dated by {table.dated_by}", f"按“{_column(say, table.columns, table.dated_by)}”定日期") if table.dated_by else None,
            say.word(f"lasts from {table.lasts[0]} to {table.lasts[1]}", f"起止：{table.lasts[0]} 至 {table.lasts[1]}")
            if table.lasts
            else None,
        )
        rows = tuple(_fact_row(say, f"tables.{table.id}.{column.id}", column) for column in table.columns.values())
        place = f"tables.{table.id}"
        blocks.append(Block(place, table.label or table.id, table.id, _fact_heads(say), rows, say.clause(place), lines))
    return Chapter("tables", say.word("Facts", "事实"), tuple(blocks))


def kinds_of(say: Speaker) -> Chapter:
    """Every kind of event, with what it has beside every event."""
    rows: list[TableRow] = []
    for event in say.contents.events.values():
        marks = cell(
            say.word("counts where it is verified", "经查实才计") if event.verified else None,
            say.word("carries marks that were assessed", "带认定的分值") if event.assessed else None,
        )
        rows.append(TableRow(f"events.{event.id}", (cell(say.called(event.id, event.label)), marks), cite=event.cite or ""))
        rows += (_fact_row(say, f"events.{event.id}.has.{column.id}", column) for column in event.has.values())
    heads = (say.word("kind, and what it has", "种类及其所带事实"), say.word("type and values", "类型与取值"))
    return Chapter("events", say.word("Kinds of events", "事件"), (Block("events", "", "", heads, tuple(rows)),) if rows else ())


def lists_of(say: Speaker) -> Chapter:
    """Every list that the book writes out."""
    blocks = []
    for list_ in say.contents.lists.values():
        rows = tuple(
            TableRow(f"lists.{list_.id}.values.{value}", (cell(Spoken(label, value if value != label else "")),))
            for value, label in list_.values.items()
        )
        heads = (say.word("what stands in it", "所列"),)
        blocks.append(Block(f"lists.{list_.id}", list_.label or list_.id, list_.id, heads, rows, cite=list_.cite or ""))
    return Chapter("lists", say.word("Lists", "名单"), tuple(blocks))


def _fact_heads(say: Speaker) -> tuple[str, ...]:
    return say.word("fact", "事实"), say.word("type and values", "类型与取值")


def _fact_row(say: Speaker, place: str, column: Column) -> TableRow:
    return TableRow(place, (cell(say.called(column.id, column.label)), cell(*_of_fact(say, column, place))), cite=column.cite or "")


def _of_fact(say: Speaker, column: Column, place: str) -> Iterator[str | None]:
    yield say.type(column.type, place)
    if column.default is not None:
        default = say.value(column.default, column.type)
        yield say.word(f"taken as {default} where it is not recorded", f"没有记录的算作：{default}")
    if column.step is not None:
        step = shown(reported(column.step), say.lang)
        yield say.word(f"changes by {step}", f"最小变动 {step}")
    if column.also:
        yield say.word(f"elsewhere: {column.also}", f"通用名：{column.also}")


def _column(say: Speaker, columns: Mapping[str, Column], id: str) -> str:
    return say.named(id, columns[id].label if id in columns else None)
