"""The models, the standard vocabulary and the page that lists them say the same."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import pytest
import yaml
from pydantic.fields import FieldInfo

from govservice.limits import TimeLimit
from govservice.models import Application, Case, Centre, Department, Event, Item, Material, Notice, Record, Staff, Stage, Window, choices

TABLES: dict[str, type[Record]] = {
    "application": Application,
    "item": Item,
    "cases": Case,
    "events": Event,
    "window": Window,
    "staff": Staff,
    "department": Department,
    "centre": Centre,
}
NOT_COLUMNS = {"of", "dated_by", "stands_for", "label", "cite"}
NAMES = {
    str: "text",
    bool: "boolean",
    int: "integer",
    Decimal: "decimal",
    date: "date",
    datetime: "moment",
    TimeLimit: "limit",
    tuple: "list",
}
DOCS = Path(__file__).resolve().parents[2] / "docs" / "models.md"


@cache
def standard() -> Any:
    """The file as a rulebook reads it: every scalar is text."""
    text = files("govservice.centres").joinpath("standard.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)


def columns(table: str) -> dict[str, Any]:
    return {name: column for name, column in standard()["tables"][table].items() if name not in NOT_COLUMNS}


def facts(model: type[Record]) -> dict[str, FieldInfo]:
    return {name: field for name, field in model.model_fields.items() if name != "local"}


def members(annotation: Any) -> list[Any]:
    """The types of a union, without None and without what pydantic knows about them."""
    while hasattr(annotation, "__metadata__"):
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, UnionType):
        return [one for part in get_args(annotation) for one in members(part)]
    return [] if annotation is type(None) else [annotation]


def type_of(field: FieldInfo) -> str:
    first = members(field.annotation)[0]
    return "choice" if get_origin(first) is Literal else NAMES[get_origin(first) or first]


@pytest.mark.parametrize("table", TABLES)
def test_a_model_and_its_table_have_the_same_facts_labels_and_types(table: str) -> None:
    declared = {name: (column["label"], column["type"]) for name, column in columns(table).items()}
    modelled = {name: (field.title, type_of(field)) for name, field in facts(TABLES[table]).items()}
    assert modelled == declared


@pytest.mark.parametrize("table", TABLES)
def test_a_model_and_its_table_offer_the_same_values_labels_and_codes(table: str) -> None:
    by_values = {tuple(known): known for known in vars(choices).values() if isinstance(known, dict)}
    for name, column in columns(table).items():
        if column["type"] != "choice":
            continue
        known = by_values[get_args(members(TABLES[table].model_fields[name].annotation)[0])]
        assert {value: (choice.label, choice.code) for value, choice in known.items()} == dict(written(column["values"]))


def written(values: dict[str, Any]) -> Iterator[tuple[str, tuple[str, int | None]]]:
    for value, said in values.items():
        if isinstance(said, str):
            yield value, (said, None)
        else:
            yield value, (said["label"], int(said["code"]) if "code" in said else None)


@pytest.mark.parametrize("table", standard()["tables"])
def test_no_two_facts_of_a_table_share_a_label_and_labels_may_stand_in_expressions(table: str) -> None:
    labels = [column["label"] for column in columns(table).values()]
    assert len(set(labels)) == len(labels)
    assert all(label.isidentifier() for label in labels)


@pytest.mark.parametrize("table", standard()["tables"])
def test_rows_belong_to_tables_that_exist_by_a_column_that_names_them(table: str) -> None:
    parents = standard()["tables"][table].get("of", [])
    for parent in [parents] if isinstance(parents, str) else parents:
        assert parent in standard()["tables"]
        assert {"cases": "case"}.get(parent, parent) in columns(table)
    if (dated_by := standard()["tables"][table].get("dated_by")) is not None:
        assert columns(table)[dated_by]["type"] == "date"


def test_tables_kinds_of_event_and_derived_facts_have_names_of_their_own() -> None:
    names = [*standard()["tables"], *standard()["events"], *standard()["decisions"], *standard()["clocks"]]
    assert len(set(names)) == len(names)


def test_nothing_in_the_standard_vocabulary_has_a_default_but_what_counts_only_once_it_is_said() -> None:
    """An event of a kind that must be verified counts only where its row says so: what is not said is stated to be false."""
    with_default = [name for table in standard()["tables"] for name, column in columns(table).items() if "default" in column]
    assert with_default == ["verified"]
    assert columns("events")["verified"]["default"] == "false"


@pytest.mark.parametrize("decision", standard()["decisions"])
def test_a_derived_fact_reads_only_declared_facts_and_other_derived_facts(decision: str) -> None:
    entry = standard()["decisions"][decision]
    if decision not in ("due_on", "materials_completed_on"):
        assert decision not in columns(entry["about"]), "a derived fact is no column, save two days: what is recorded of them stands"
    seen = {*columns(entry["about"]), *standard()["decisions"], *standard()["clocks"], "as_of", *entry.get("let", {})}
    functions = {"known", "workdays", "max"}
    for expression in expressions(entry):
        names = {node.id for node in ast.walk(ast.parse(expression, mode="eval")) if isinstance(node, ast.Name)}
        assert names <= seen | functions


def expressions(entry: dict[str, Any]) -> Iterator[str]:
    for rule in [entry, *entry["rules"]]:
        if "when" in rule:
            yield rule["when"]
        if rule.get("then", "").startswith("="):
            yield rule["then"].removeprefix("=")


# The page --------------------------------------------------------------------------------------------------------------------------


@cache
def page() -> dict[str, list[list[str]]]:
    """The rows of every table of the page, by the heading that they stand under."""
    rows: dict[str, list[list[str]]] = {}
    heading = ""
    for line in DOCS.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading = line.strip("# ")
        elif line.startswith("| `"):
            rows.setdefault(heading, []).append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def listed(heading: str) -> dict[str, tuple[str, str, str]]:
    (found,) = [rows for title, rows in page().items() if title.startswith(heading)]
    return {row[0].strip("`"): (row[1], row[2].split(":")[0], row[3]) for row in found}


@pytest.mark.parametrize("model", [*TABLES.values(), Material, Stage, Notice], ids=lambda model: model.__name__)
def test_the_page_lists_every_fact_of_a_model_with_label_type_and_unit(model: type[Record]) -> None:
    def unit(field: FieldInfo) -> str:
        extra = field.json_schema_extra
        return str(extra.get("unit", "")) if isinstance(extra, dict) else ""

    def kind(name: str, field: FieldInfo) -> str:
        return "mapping" if (model, name) == (Notice, "fields") else type_of(field)

    assert listed(f"{model.__name__} ") == {name: (field.title, kind(name, field), unit(field)) for name, field in facts(model).items()}


@pytest.mark.parametrize("table", ["pauses", "extensions"])
def test_the_page_lists_the_tables_that_have_no_model(table: str) -> None:
    assert listed(f"`{table}`") == {name: (column["label"], column["type"], "") for name, column in columns(table).items()}


def test_the_page_lists_every_derived_fact() -> None:
    derived = {name: (label, about) for name, (label, about, _) in listed("What follows").items()}
    assert derived == {name: (entry["label"], entry["about"]) for name, entry in standard()["decisions"].items()}


@pytest.mark.parametrize("table", TABLES)
def test_the_page_names_every_value_of_a_choice(table: str) -> None:
    (rows,) = [rows for title, rows in page().items() if title.startswith(f"{TABLES[table].__name__} ")]
    said = {row[0].strip("`"): row[2] for row in rows}
    for name, column in columns(table).items():
        for value, (label, code) in written(column.get("values", {})):
            assert f"`{value}` {label}{'' if code is None else f' {code}'}" in said[name]
