"""What a text in Chinese may hold of Latin letters: ids that have no label, ids in brackets beside their label, what a reader types."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from govservice.records import TABLES
from govservice.rules.book.contents import Contents
from govservice.rules.book.conventions import CONVENTIONS
from govservice.rules.book.entries import parts_of
from govservice.rules.language.functions import FUNCTIONS, TOTALS
from govservice.rules.proofs.findings import KINDS

WORD = re.compile(r"[A-Za-z]+(?:[_-]?[A-Za-z0-9]+)+")
FORMATS = frozenset(
    {"CSV", "JSON", "HTML", "PDF", "Markdown", "UTF-8", "iCalendar", "YAML", "govservice", "CN", "csv", "json", "xlsx", "holidays"}
)
_NUMBER = re.compile(r"[A-Z]{1,2}-?\d+")  # of a case, a window, a clause, a period: BJ20260001, W11, KS-4, H2
OF_FILES = r"csv|json|html|yaml|md|txt|xlsx|ics|pdf|parquet"
SECTIONS = r"decisions|schemes|clocks|measures|settings|conventions|tables|events|notices|lists"
_TYPED = re.compile(
    rf"(?<![\w/])[\w./*-]+\.(?:{OF_FILES})(?!\w)"  # files
    r"|(?<![\w-])--[a-z][a-z-]*"  # options
    rf"|(?<![\w.])(?:{SECTIONS})\.[\w.-]+"  # places in a book
    rf"|\b(?:{'|'.join(one.name for one in CONVENTIONS)})\b(?:: [\w |\\]+)?|\b(?:{SECTIONS})(?= 里)"  # conventions, and how one is written
    r"|是不是“[^”]+”|(?:^|(?<=：))[\w.-]+: (?=[^\n]*[\u4e00-\u9fff])"  # what is meant, and where an error is
    rf"|\b(?:{'|'.join((*FUNCTIONS, *TOTALS, 'discretion', 'limit', 'match', 'in_list'))})(?=\()"  # functions of the language
    r"|(?<=[(,\[ ])\w+=(?!=)"  # arguments of its functions
    r"|\bhit: \w+|\b[0-9a-f]{12}(?:[0-9a-f]{52})?\b",
    re.MULTILINE,
)
"""What is typed, or is no word: files, options, places in a book, conventions, digests."""


def labelled(contents: Contents) -> dict[str, set[str]]:
    """The labels of every id of a book that has one: entries, tables, columns, values, rules, parts, items."""
    found: dict[str, set[str]] = {}
    for id, label in _labels(contents):
        if label and label != id:
            found.setdefault(id, set()).add(label)
    for name, table in TABLES.items():
        found.setdefault(name, set()).add(table.label.zh)
    for convention in CONVENTIONS:
        for part, values in convention.parts or (("", convention.values),):
            for value in values:
                found.setdefault(value, set()).add(convention.means(value, part) or value)
    for kind, (_, called) in KINDS.items():
        found.setdefault(kind, set()).add(called.zh)
    return found


def _labels(contents: Contents) -> Iterator[tuple[str, str | None]]:
    for table in contents.tables.values():
        yield table.id, table.label
        for column in table.columns.values():
            yield column.id, column.label
            yield from ((choice.name, choice.label) for choice in column.type.choices)
    for event in contents.events.values():
        yield event.id, event.label
        yield from ((column.id, column.label) for column in event.has.values())
    for decision in contents.decisions.values():
        yield decision.id, decision.label
        yield from ((name, dict(decision.labels).get(name)) for name, _ in decision.outcomes)
        yield from ((choice.name, choice.label) for _, kind in decision.outcomes for choice in kind.choices)
        yield from ((entry.id, entry.label) for entry in (*decision.rules, *decision.examples))
    for scheme in contents.schemes.values():
        yield scheme.id, scheme.title
        yield from ((path, part.label) for path, part in parts_of(scheme))
        yield from ((item.id, item.label) for item in scheme.items)
    for section in (contents.clocks, contents.measures, contents.settings, contents.lists):
        yield from ((id, entry.label) for id, entry in section.items())
    for listed in contents.lists.values():
        yield from listed.values.items()
    for notice in contents.notices.values():
        yield notice.id, notice.title


def ids(contents: Contents) -> set[str]:
    """Every id of a book."""
    return {contents.id, *contents.sources, *(id for id, _ in _labels(contents))}


def foreign(text: str, contents: Contents, *more: str) -> dict[str, list[str]]:
    """The words in Latin letters that a Chinese text may not hold, line by line; `more` are words that it may."""
    labels = labelled(contents)
    allowed = FORMATS | {*more} | (ids(contents) - labels.keys()) | {contents.id}

    def beside(found: re.Match[str]) -> str:
        """The label alone, of an id in brackets behind it or before it, or in the cell beside it: both are told."""
        id, label = (found["id"], found["before"]) if found["id"] else (found["first"] or found["cell"], found["label"] or found["next"])
        return label if any(label.endswith((own, f"{own}表")) if found["id"] else label == own for own in labels.get(id, ())) else found[0]

    plain = _BESIDE.sub(beside, _TYPED.sub("", text))
    words = {
        line.strip(): [word for word in WORD.findall(line) if word not in allowed and not _NUMBER.fullmatch(word)]
        for line in plain.splitlines()
    }
    return {line: found for line, found in words.items() if found}


_BESIDE = re.compile(
    r"(?P<before>[^\n（）|；。]*)（(?P<id>[A-Za-z][\w-]*)）|(?P<first>[A-Za-z][\w-]*)（(?P<label>[^（）]+)）"
    r"|(?<=\| )(?P<cell>[A-Za-z][\w-]*) \| (?P<next>[^|]*)(?= \|)"
)


class _Page(HTMLParser):
    """What is read of a page: its text, and what is said of pictures and pieces that are pointed at."""

    def __init__(self) -> None:
        super().__init__()
        self.unread = 0
        self.lines: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unread += tag in ("style", "script")
        self.lines += [value for name, value in attrs if name in ("title", "alt", "aria-label", "placeholder") and value]

    def handle_endtag(self, tag: str) -> None:
        self.unread -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.lines.append(data)


def read(page: str) -> str:
    """What a reader sees of an HTML page."""
    reader = _Page()
    reader.feed(page)
    return "\n".join(reader.lines)
