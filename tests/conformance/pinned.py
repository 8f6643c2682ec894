"""What engines refuse, as pinned in refused.yaml, and the page of engines that follows from it.

After a change `python3 tools/engines.py` runs every engine and writes both anew; the difference is reviewed like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from .corpus import Asked
from .engines import ENGINES, Refused
from .every import KINDS, groups

PINNED: Final = Path(__file__).parent / "refused.yaml"
PAGE: Final = Path(__file__).parents[2] / "docs" / "engines.md"


def pinned() -> dict[tuple[str, str], dict[str, str]]:
    """The messages by engine and group: of what is written, why it is refused."""
    listed: dict[tuple[str, str], dict[str, str]] = {}
    for entry in yaml.safe_load(PINNED.read_text(encoding="utf-8")) or []:
        for engine in entry["engines"]:
            for group, conditions in entry["conditions"].items():
                listed.setdefault((engine, group), {}).update(dict.fromkeys(conditions, entry["message"]))
    return listed


def refused(group: Asked, said: Mapping[str, list[Any] | Refused]) -> dict[str, str]:
    """What was refused of a group, as it is pinned."""
    return {group.written[decision]: str(answer) for decision, answer in said.items() if isinstance(answer, Refused)}


def pin(messages: Mapping[tuple[str, str], Mapping[str, str]]) -> None:
    """Write what was refused: one entry for what the same engines refuse in the same words."""
    of_what: dict[tuple[str, str, str], list[str]] = {}
    for (engine, group), why in messages.items():
        for written, message in why.items():
            of_what.setdefault((message, group, written), []).append(engine)
    entries: dict[tuple[str, tuple[str, ...]], dict[str, list[str]]] = {}
    for (message, group, written), engines in of_what.items():
        entries.setdefault((message, tuple(engines)), {}).setdefault(group, []).append(written)
    tree: list[dict[str, Any]] = [
        {"message": message, "engines": [*engines], "conditions": conditions} for (message, engines), conditions in sorted(entries.items())
    ]
    head = "# What engines refuse, and in which words: written by tools/engines.py, reviewed as a difference.\n"
    PINNED.write_text(head + yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=140), encoding="utf-8")


def page(messages: Mapping[tuple[str, str], Mapping[str, str]]) -> str:
    """The page that says which engine answers what."""
    every = [*groups().values()]
    rows = sum(len(answers) for group in every for answers in group.expected.values())
    lines = [
        "# Engines",
        "",
        "*Written by `python3 tools/engines.py` from a run of the corpus in `tests/conformance`: hostile conditions and tables of rules,",
        "limits, clocks and schemes over hostile rows, each asked of every engine. An engine gives the interpreter's answer in every row,",
        "or refuses the question by name before anything runs; there is nothing between. A test compares this page with the run.*",
        "",
        f"{sum(len(group.written) for group in every)} questions, {rows:,} answers. Of each group, how many are answered:",
        "",
    ]
    for kind in KINDS:
        lines += [f"## {kind.capitalize()}", "", *_table(messages, [group for group in every if group.kind == kind], kind), ""]
    lines += ["## What is refused", ""]
    lines += _reasons(messages) or ["Nothing: every engine answers all of it.", ""]
    return "\n".join(lines)


def _table(messages: Mapping[tuple[str, str], Mapping[str, str]], of: Sequence[Asked], kind: str) -> Iterator[str]:
    yield f"| engine | {' | '.join(group.name for group in of)} | all |"
    yield f"|---|{'---|' * (len(of) + 1)}"
    for engine in (engine for engine in ENGINES.values() if kind in engine.asks):
        counts = [(len(group.written) - len(messages.get((engine.name, group.name), {})), len(group.written)) for group in of]
        whole = sum(done for done, _ in counts), sum(asked for _, asked in counts)
        yield f"| {engine.name} | {' | '.join(_share(*count) for count in (*counts, whole))} |"


def _share(done: int, of: int) -> str:
    return f"all {of}" if done == of else f"{done} of {of}" if done else "refused"


def _reasons(messages: Mapping[tuple[str, str], Mapping[str, str]]) -> list[str]:
    by_message: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for (engine, _), why in messages.items():
        for written, message in why.items():
            engines, conditions = by_message.setdefault(_reason(message), ({}, {}))
            engines[engine] = conditions[written] = None
    lines = []
    for message, (engines, conditions) in sorted(by_message.items()):
        few = [*conditions][:3]
        more = f" and {len(conditions) - len(few)} more" if len(conditions) > len(few) else ""
        who = "; ".join(engine for engine in ENGINES if engine in engines)
        lines.append(f"| {message} | {', '.join(_code(written) for written in few)}{more} | {who} |")
    return ["| reason | of | engines |", "|---|---|---|", *lines, ""] if lines else []


def _code(written: str) -> str:
    return f"`{written}`".replace("|", "\\|")


def _reason(message: str) -> str:
    """Why, without the expression that it is said of and the hint."""
    return message.partition("; ")[0].rpartition(": ")[2]
