"""Good books spoilt by seeded slips and by malice: they load and mean what they say, or are refused by an error of the library's own, soon."""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from govservice import classify, clocks, load_rulebook
from govservice.errors import GovServiceError, RulebookError
from govservice.examples import failed_examples
from govservice.rules import REMOVE, Rulebook
from govservice.rules.book.merging import as_file
from govservice.scoring import score

from . import odd
from .spoken import broken_error, broken_result, foreign

__all__ = ["broken_by", "broken_by_change", "spoilt"]

_HOME: Final = Path(__file__).resolve().parents[2]
_ODD: Final = (
    "\x00", "\x1b[31m", "\u202e", "\ufeff", "\t", "，", "：", "“", "”", "{", "}", "[", "]", "&a ", "*a", "<<: ", "!!python/object", "|", ">", "- ", "? ", "%", "@",
    "`", "'", '"', "#", "\n", "\n\n", " " * 50, "~", "null", "9" * 400, "1e999", "-1", "0", "2026-02-30", "9999-12-31", "0001-01-01", "24:00", "至" * 100, "x" * 5_000,
    "\ud800", "\U0001f600", "=", "=1/0", "=" + "-(" * 60 + "1" + ")" * 60, "otherwise", "true", "count(cases)", "sum(all, x)", "known(x)", "previous(x)",
    "1 if 1 else", "x in [", "not " * 80 + "true", "= 1 + " * 90, "10**10**10", "__import__('os')", "99999999个工作日", "5 天", "半个月",
    "streak(true) >= 2", "=limit(\"5个工作日\") * 2 / 3", "{share: 20%, of: ranked}", "{share: -1%}", "{kind: hearing, when: complex, limit: 30 自然日}", "{from: received_on, to: closed_on}",
    "as_granted", "REMOVE", "{month_from: 26}", "{month_from: 0}", "{year_from: 02-30}", "rolling 0 months", "rolling 99999 months", "ever", "nth(over=year)", "backward", "[{otherwise: 全天}]",
    "{given: {}, then: open}", "{given: {x: [1]}, then: none, on: 2026-02-30}", "count(x, each=on, of=all)", "=due(received_on, limit(\"5日\"))", "08:60", "min: 5", "part_floor: none", "{<<: *a}", "*id001",
)  # fmt: skip
_SMALL: Final = """rulebook: small
conventions: {first_day: excluded, roll: forward, ends: day, ties: best, part_floor: "0", part_overflow: capped, part_served: full, same_occurrence: each}
settings: {few: {type: integer, value: 2}, hours: {type: text, value: "08:30-17:00"}}
tables:
  application: {area: {type: decimal, label: 面积, min: 0, none: 无}, at: moment, kind: {type: choice, values: {a: 甲, b: {label: 乙, canonical: promised, code: 2}}}}
  staff: {post: text}
  cases: {supplement_asked_on: date, supplemented_on: date}
events: {late: {label: 迟到, has: {minutes: integer}}}
measures: {late_days: "count(late, each=on)"}
decisions:
  visit:
    about: application
    hit: unique
    let: {large: 面积 >= 200}
    rules: [{id: l, when: large or kind == "乙", then: on_site, cite: 第5条}, {id: s, when: not large and kind != "乙", then: on_paper}]
    examples: [{id: e, given: {面积: 350, kind: a}, then: on_site}, {given: {}, then: open}]
  star: {about: month, hit: first, rules: [{when: streak(total >= 9) >= 2, quota: {share: 20%, of: ranked, rounding: up, within: post}, then: 星}, {then: 无}]}
schemes:
  month:
    scores: staff
    period: month
    parts: {a: {full: 10, items: [{id: late, for: late, each: on, points: "-1 if nth(over=year) <= 3 else -2", at_least: -8}]}}
    rank: {by: [total]}
    examples: [{given: {staff: [{staff: A}], events: [{kind: 迟到, staff: A, on: 2026-11-03}]}, subject: A, period: 2026-11, then: {total: 9}}]
clocks:
  reply: {about: cases, limit: 'limit("20 工作日") * 2 / 3 if complex else limit("20 工作日")', starts: received_on, stops: [closed_on], pauses: [hearing, {kind: expert_review, when: complex, limit: 30 自然日}, {from: supplement_asked_on, to: supplemented_on}], extension: {limit: as_granted, at_most: 10 工作日, times: 2}, alarms: [{signal: red, after: 0, when: not known(decided_on)}]}
  notice: {about: cases, backward: true, limit: 7 自然日, starts: decided_on, stops: closed_on}
notices: {n: {title: 通知书, when: reply.overdue, copies: [窗口, {to: 甲, within: 当天}], states: [closed_on]}}
"""
_SMALLER: Final = (
    "amends: licensing-law\nremove: [clocks.decision_limit]\nconventions: {roll: none}\ndecisions: {x: {about: cases, hit: first, rules: [{when: complex, then: true}]}}\n",
    "rulebook: t\nextends: [plain.yaml, other.yaml]\ntables: {cases: {supplement_asked_on: date}}\n",
    "rulebook: t\ndecisions:\n  d: {about: cases, hit: any, rules: [{when: {all: [{name: complex, operator: is_true, value: ''}, {any: [{name: departments, operator: greater_than, value: 1}]}]}, then: true}]}\n",
    "rulebook: t\nevents: {late: {label: 迟到}}\nschemes:\n  s: {scores: staff, period: {month_from: 26}, full: 10, parts: {p: {full: 10, parts: {q: {full: 10, items: [{id: i, for: late, of: window, points: -1}]}}}}}\n",
    "rulebook: t\nclocks:\n  c: {about: cases, limit: 24 小时, starts: received_at, stops: closed_at, hours: [{\"05-01..09-30\": \"08:30-12:00\"}, {otherwise: 全天}], makeup_hours: weekday, rest_day_hours: not}\n",
)  # fmt: skip


@cache
def _books() -> tuple[str, ...]:
    """Small books many times, those of real centres once: a slip in a short text meets more."""
    good = [path.read_text(encoding="utf-8") for path in sorted((_HOME / "tests/books/good").glob("*.yaml"))]
    shipped = [path.read_text(encoding="utf-8") for path in sorted((_HOME / "govservice/centres").glob("*.yaml"))]
    return (*good * 4, *shipped, *(_SMALL,) * 30, *_SMALLER * 8)


def _inserted(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(_ODD) + text[at:]


def _cut(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + text[at + chance.choice((1, 1, 2, 10, 200)) :]


def _line(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    match chance.randrange(5):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[chance.randrange(len(lines))])
        case 2:
            lines[at] = chance.choice((" ", "  ", "    ")) + lines[at]
        case 3:
            lines[at] = lines[at][1:]
        case _:
            lines[at:at] = lines[at : at + 3] * chance.choice((1, 5, 50))
    return "\n".join(lines)


def _value(text: str, chance: random.Random) -> str:
    """What stands behind a key becomes something else."""
    keyed = list(re.finditer(r"(?<=: )(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s,{}\[\]][^,{}\[\]\n]*)", text))
    if not keyed:
        return text
    place = chance.choice(keyed)
    other = chance.choice(
        (chance.choice(_ODD), chance.choice(keyed).group(), chance.choice(keyed).group(), "[]", "{}", "", odd.text(chance))
    )
    return text[: place.start()] + other + text[place.end() :]


def _word(text: str, chance: random.Random) -> str:
    """One word stands where another stood."""
    words = re.split(r"(\W+)", text)
    words[chance.randrange(len(words))] = chance.choice(words)
    return "".join(words)


def _moved(text: str, chance: random.Random) -> str:
    return odd.moved(text, chance)


def _chained(_: str, chance: random.Random) -> str:
    """Entries that build on each other, in either order, each nested."""
    shape = chance.choice(("{} + 1", "1 + ({})", "-({})", "max({}, 0)", "({} if 1 == 1 else 0)", "step({}, (1, 1))", "round({}, 2)"))
    entries = []
    levels, times = chance.choice((2, 7, 20, 49, 300)), chance.choice((0, 1, 5, 30, 90))
    for level in range(levels):
        text = f"d{level + 1}" if level + 1 < levels else "promised_days"
        for _time in range(times):
            if len(text) > 1_900:
                break
            text = shape.format(text)
        entries.append(f"  d{level}: {{about: cases, hit: first, rules: [{{then: '={text}'}}]}}\n")
    if chance.random() < 0.5:
        entries.reverse()
    return "rulebook: t\ntitle: t\ndecisions:\n" + "".join(entries)


def _aliased(text: str, chance: random.Random) -> str:
    """Mappings of unknown keys behind aliases."""
    keys = "".join(f"  key{number}: x\n" for number in range(chance.choice((1, 30, 300))))
    return f"rulebook: t\nx: &a\n{keys}decisions:\n" + "".join(f"  d{number}: *a\n" for number in range(chance.choice((3, 100, 1_000))))


def _misspelt(_: str, chance: random.Random) -> str:
    """A book full of facts that it does not declare."""
    rules = "".join(f"    - {{when: fact_{chance.randrange(10**6)} == 1, then: x}}\n" for _ in range(chance.choice((10, 300, 1_500))))
    return f"rulebook: t\ndecisions:\n  d:\n    about: cases\n    hit: first\n    rules:\n{rules}"


_SPOILERS: Final[tuple[tuple[Callable[[str, random.Random], str], float], ...]] = (
    (_inserted, 30), (_cut, 15), (_line, 25), (_value, 60), (_word, 40), (_moved, 30), (_chained, 0.3), (_aliased, 0.1), (_misspelt, 0.1),
)  # fmt: skip


def spoilt(chance: random.Random) -> str:
    """A good book after one to four slips."""
    text = chance.choice(_books())
    spoilers, weights = zip(*_SPOILERS, strict=True)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        text = chance.choices(spoilers, weights)[0](text, chance)
    return text


def broken_by(text: str, folder: Path) -> str | None:
    """What a book breaks: None where it loads, answers and is the same once written out, or is refused in words."""
    file = folder / "book.yaml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    if not (folder / "plain.yaml").exists():
        for name in ("plain.yaml", "other.yaml"):
            (folder / name).write_text((_HOME / "tests/books/good/plain.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    try:
        book = load_rulebook(file)
    except RulebookError as error:
        return broken_error(error, whole_file="book.yaml")
    except GovServiceError as error:
        return broken_error(error)
    return _answers(book) or (_written_out(book, folder) if len(text) % 3 == 0 else None)


def _answers(book: Rulebook) -> str | None:
    """Every verb answers under the book, or refuses in words."""
    case = {"case": "C1", "received_on": date(2026, 3, 2), "accepted_on": date(2026, 3, 2), "promised_days": 5}
    late = {"staff": [{"staff": "S1"}], "events": [{"kind": next(iter(book.contents.events), "x"), "staff": "S1", "on": date(2026, 3, 9)}]}
    asked: tuple[Callable[[], Any], ...] = (
        lambda: [classify(case, book, on=date(2026, 3, 2))],
        lambda: clocks(case, book, on=date(2026, 3, 2), now=date(2026, 3, 9)),
        lambda: [card for scheme in list(book.schemes)[:2] for card in score(book, scheme, late, period="2026-03")],
        lambda: failed_examples(book)[:3],
    )
    for ask in asked:
        try:
            broken = next((said for answer in list(ask())[:3] if (said := broken_result(answer)) is not None), None)
        except GovServiceError as error:
            broken = broken_error(error)
        except Exception as error:
            broken = f"under a book that loads: {foreign(error)}"
        if broken is not None:
            return broken
    return None


def _written_out(book: Rulebook, folder: Path) -> str | None:
    """Written out by another program, what the book says is the same."""
    whole = as_file(book._tree)
    whole.pop("extends", None)
    try:
        written = yaml.dump(whole, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=10**6)
        (folder / "again.yaml").write_text(written, encoding="utf-8")
    except (UnicodeError, yaml.YAMLError):
        return None
    try:
        again = load_rulebook(folder / "again.yaml")
    except GovServiceError as error:
        return f"written out, it is refused: {error.what.en[:120]}"
    return (
        None
        if again.contents.decisions == book.contents.decisions and again.contents.clocks == book.contents.clocks
        else "written out, it says something else"
    )


_DUMPER: Final[Any] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


@cache
def _small() -> Rulebook:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "small.yaml").write_text(_SMALL, encoding="utf-8")
        return load_rulebook(Path(folder) / "small.yaml")


def _paths(node: Any, path: str = "") -> list[str]:
    below = (
        [step for key, child in node.items() for step in _paths(child, f"{path}.{key}" if path else key)] if isinstance(node, dict) else []
    )
    return [*([path] if path else []), *below]


@cache
def _changeable() -> tuple[str, ...]:
    return tuple(path for path in _paths(_small()._tree) if not path.startswith("tables.") or path.count(".") > 2 or "application" in path)


def broken_by_change(chance: random.Random) -> str | None:
    """What amending a book in Python breaks, by paths and values that slips and malice have been at."""
    book, paths = _small(), _changeable()
    changes: dict[str, Any] = {}
    for _ in range(chance.choice((1, 1, 2))):
        path = chance.choice(paths)
        path = odd.moved(path, chance) if chance.random() < 0.1 else path
        changes[path] = chance.choice(
            (
                REMOVE,
                odd.value(chance),
                chance.choice(_ODD),
                {chance.choice(("when", "then", "x", "label")): odd.value(chance)},
                chance.choice(_ODD),
            )
        )
    try:
        amended = book.amend(changes)
    except GovServiceError as error:
        return broken_error(error)
    except Exception as error:
        return f"amend: {foreign(error)}"
    return _answers(amended)
