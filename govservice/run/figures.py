"""The figures of a run's summary, as plain JSON values: one reading of the results, used by the page and by summary.json."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from govservice.decimals import half_up, shortest, total
from govservice.errors import Lang
from govservice.records import TABLES
from govservice.run.due_figures import LISTED, due_cases, iso, named, standing
from govservice.run.groups import groups
from govservice.run.results import Classified, ItemResult, Rate, Run
from govservice.run.tally import tally, tally_applications

__all__ = ["compression", "figures"]


def figures(run: Run, lang: Lang) -> dict[str, Any]:
    """Everything the summary says; counts are of rows, days are working days."""
    return {
        "rulebook": {
            "id": run.ran.book,
            "title": run.ran.title,
            "digest": run.ran.digest,
            "settings": dict(run.ran.settings),
            "labels": {id: label for id in run.ran.settings if (label := run.ran.labels.get(id))},
            "settings_open": dict(run.ran.settings_open),
        },
        "calendar": {
            "name": run.ran.calendar,
            "digest": run.ran.calendar_digest,
            "official_through": run.ran.official_through.isoformat(),
        },
        "asked": {name: iso(getattr(run.ran, name)) for name in ("on", "accepted_on", "now")},
        "version": run.ran.version,
        "rows": _rows(run, lang),
        "applications": _classified(run, tally_applications(run, _classes), lang),
        "cases": _classified(run, _alone(tally(run, {"what": _classes})), lang) | {"missing": tally(run, {"missing": bool})[True,]},
        "items": _items(run),
        "due": due_cases(run, lang),
        "by": groups(run),
        "rates": _rates(run),
        "course": {
            "unheard": dict(run.unheard),
            "labels": {kind: label for kind in run.unheard if (label := run.ran.labels.get(f"kinds.{kind}"))},
        },
        "set_aside": _set_aside(run, lang),
        "unread": {table: dict(columns) for table, columns in run.unread.items()},
        "not_read": list(run.not_read),
        "not_ended": [source.file for source in run.sources if not source.ended],
    }


def _rates(run: Run) -> dict[str, Any]:
    """The measures of each centre, department and window, rounded half up to six digits."""
    by: dict[str, list[dict[str, Any]]] = {"centre": [], "department": [], "window": []}
    for each in run.rates:
        by[each.about].append({"id": each.id, "cases": each.cases, "rates": [_rate(run, rate) for rate in each.rates]})
    return {"as_of": iso(run.rates_as_of), **by}


def _rate(run: Run, rate: Rate) -> dict[str, Any]:
    return {
        "measure": rate.measure,
        "label": rate.label,
        "value": _rounded(rate.value),
        "low": _rounded(rate.low),
        "high": _rounded(rate.high),
        "undecided": [{"fact": fact, "label": run.ran.labels.get(fact)} for fact in rate.undecided],
        "cite": rate.cite,
        "why": None if rate.why is None else {"en": rate.why.en, "zh": rate.why.zh},
    }


def _rounded(value: object) -> object:
    return _number(half_up(value, 6)) if isinstance(value, Decimal) else _plain(value)


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _label(run: Run, table: str, lang: Lang) -> str:
    """What a table is called: the words of the records where they have any, else the book's own label."""
    known = TABLES.get(table)
    return known.label.text(lang) if known else table if lang == "en" else run.ran.labels.get(table, table)


def _rows(run: Run, lang: Lang) -> list[dict[str, Any]]:
    out = {"items": len(run.items), "applications": tally_applications(run, bool).total(), "cases": tally(run, {}).total()}
    aside = Counter(row.table for row in run.set_aside)
    return [
        {
            "table": source.table,
            "file": source.file,
            "encoding": source.encoding,
            "in": source.rows,
            "label": _label(run, source.table, lang),
            "out": out.get(source.table, source.rows - aside[source.table]),
            "set_aside": aside[source.table],
        }
        for source in run.sources
    ]


class _Class(NamedTuple):
    """What the figures tell of what a row is."""

    case_type: str | None
    label: str | None
    code: int | None
    open: bool
    undecided: tuple[str, ...]


def _classes(what: Classified) -> _Class:
    return _Class(what.case_type, what.label, what.national_code, what.open, what.undecided if what.open else ())


def _alone(counted: Counter[Any]) -> Counter[Any]:
    return Counter({what: count for (what,), count in counted.items()})


def _classified(run: Run, rows: Counter[Any], lang: Lang) -> dict[str, Any]:
    types, needs = Counter[tuple[str, str | None, int | None]](), Counter[str]()
    for row, count in rows.items():
        if row.case_type is not None:
            types[row.case_type, row.label, row.code] += count
        for name in row.undecided:
            needs[name] += count
    return {
        "total": rows.total(),
        "case_types": [
            {"case_type": name, "label": label, "national_code": code, "count": count} for (name, label, code), count in types.most_common()
        ],
        "open": sum(count for row, count in rows.items() if row.open),
        "no_rule": sum(count for row, count in rows.items() if row.case_type is None and not row.open),
        "open_by_fact": named(run, needs, lang),
    }


# -- items


def _items(run: Run) -> dict[str, Any]:
    types = Counter((item.case_type, item.label, item.national_code) for item in run.items if item.case_type is not None)
    lacking = Counter(name for item in run.items for name in item.lacks)
    return {
        "total": len(run.items),
        "case_types": [
            {"case_type": name, "label": label, "national_code": code, "count": count} for (name, label, code), count in types.most_common()
        ],
        "lacking": [{"fact": name, "label": run.ran.labels.get(name), "count": count} for name, count in lacking.most_common()],
        "lacking_items": [{"id": item.id, "name": item.name, "lacks": list(item.lacks)} for item in run.items if item.lacks][:LISTED],
        "speed_up": _speed_up(run.items),
        "departments": _departments(run.items),
        "due": _due_items(run),
    }


def compression(promised: Decimal, statutory: Decimal) -> str | None:
    """1 - promised/statutory of pooled days, exact and then rounded half up to six digits; None where there is nothing to divide by.

    >>> compression(Decimal(5217), Decimal(15950))
    '0.672915'
    """
    if not statutory:
        return None
    share = Fraction(1) - Fraction(promised) / Fraction(statutory)
    return f"{half_up(share, 6):f}"


def _speed_up(items: Iterable[ItemResult]) -> dict[str, Any]:
    """Promised against statutory days, over the items that have both."""
    both = [
        (item.promised_days, item.statutory_days) for item in items if item.promised_days is not None and item.statutory_days is not None
    ]
    promised, statutory = total(days for days, _ in both), total(days for _, days in both)
    return {
        "items": len(both),
        "promised_days": _number(promised),
        "statutory_days": _number(statutory),
        "compression": compression(promised, statutory),
        "longer_than_the_law": sum(promised > statutory for promised, statutory in both),
    }


def _number(amount: Decimal) -> int | str:
    return int(amount) if amount == amount.to_integral_value() else shortest(amount)


def _departments(items: Iterable[ItemResult]) -> list[dict[str, Any]]:
    """The departments with most items, each with its own speed-up."""
    groups: dict[str, list[ItemResult]] = {}
    for item in items:
        if item.department is not None:
            groups.setdefault(item.department, []).append(item)
    largest = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))[:LISTED]
    return [{"department": name, "all_items": len(own)} | _speed_up(own) for name, own in largest]


def _due_items(run: Run) -> dict[str, Any] | None:
    if run.ran.accepted_on is None:
        return None
    dated = [(item.due.due_on, item) for item in run.items if item.due is not None and item.due.due_on is not None]
    days = [day for day, _ in dated]
    provisional = [item for _, item in dated if item.due is not None and item.due.official is False]
    longest = sorted(dated, key=lambda entry: (entry[0], entry[1].id), reverse=True)[:5]
    return {
        "accepted_on": run.ran.accepted_on.isoformat(),
        "dated": len(dated),
        "undated": len(run.items) - len(dated),
        "earliest": iso(min(days, default=None)),
        "latest": iso(max(days, default=None)),
        "provisional": len(provisional),
        "longest": [{"id": item.id, "name": item.name, "due_on": day.isoformat()} | standing(item.due) for day, item in longest],
    }


def _set_aside(run: Run, lang: Lang) -> list[dict[str, Any]]:
    return [
        {"table": row.table, "file": row.file, "line": row.line, "id": row.id, "field": row.field, "reason": row.reason.text(lang)}
        for row in run.set_aside[:LISTED]
    ]
