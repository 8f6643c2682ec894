"""What is found in a book: a finding with its witness, said in both languages with the labels of the facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from govservice.as_json import AsJson
from govservice.decimals import shortest
from govservice.errors import NOTHING, Lang, Words, known_lang
from govservice.frozen import Frozen, freeze
from govservice.nothing import Nothing
from govservice.rules.book.contents import Contents
from govservice.rules.book.remedies import SAID, SAID_OF_CLOCKS
from govservice.rules.language.labelled import in_labels, named_in
from govservice.rules.proofs.questions import Witness

__all__ = ["KINDS", "Checked", "Finding", "Gravity", "NotAnalysed", "by_labels", "page_of", "said", "said_of", "spelt", "spelt_facts"]

Gravity: TypeAlias = Literal["error", "warning", "note"]
"""How grave a finding is: a promise that is broken, something that is probably a slip, something to know."""

KINDS: Final[Mapping[str, tuple[Gravity, Words]]] = Frozen(
    {
        "overlap": ("error", Words("two rules hold at once", "两条规则同时成立")),
        "gap": ("warning", Words("no rule fits", "没有规则管到")),
        "unreachable": ("warning", Words("a rule never fires", "规则永远用不上")),
        "hidden_gap": ("warning", Words("a catch-all takes a value that the rules miss", "兜底的规则盖住了漏写的值")),
        "time_gap": ("warning", Words("for a time no rule is in force", "有一段时间没有规则")),
        "time_overlap": ("warning", Words("two versions are in force at once", "新旧两条同时有效")),
        "cap": ("warning", Words("a cap that cannot be reached", "封顶永远达不到")),
        "bonus": ("warning", Words("a bonus that is never felt", "加分永远加不上")),
        "steps": ("warning", Words("steps out of order", "分档次序不对")),
        "unused_setting": ("warning", Words("a setting that nobody uses", "没有用到的设定")),
        "unsupplied": ("warning", Words("an outcome that nothing grants", "没有规则给出的结果")),
        "clock_unread": ("warning", Words("a clock whose expiry nothing reads", "到期无人过问的时限")),
        "convention": ("warning", Words("a convention that will be needed", "要用到而没有写的约定")),
        "unused_acceptance": ("warning", Words("nothing is found of what is accepted", "认可的问题并没有发现")),
        "order": ("note", Words("decided by order only", "仅凭次序决定")),
        "unused_fact": ("note", Words("a fact that nothing reads", "没有用到的事实")),
    }
)
"""The kinds of findings, each with how grave it is and what it says."""


def page_of(kind: str) -> str:
    """Where a kind of finding is explained, within the documentation.

    >>> page_of("hidden_gap")
    'findings.md#hidden_gap'
    """
    return f"findings.md#{kind}"


@dataclass(frozen=True, slots=True, repr=False)
class Finding(AsJson):
    """One finding: its `kind` (a key of `KINDS`), the `entry` that it is of (`decisions.case_type`), the ids of the `rules` involved.

    `witness` is a complete record in base facts that shows it, tried by the interpreter; None where there is nothing to show. `settings`
    are those that had to be given for it, `counted` what would have to be counted from other records; `on` is the day, where the book is
    dated; `file` and `line` are where it stands, as far as known. `telling` are the names of what matters in the witness: of a gap the rest
    may be anything. `accepted` is why the book takes it as meant so; None where it does not.
    """

    kind: str
    entry: str
    rules: tuple[str, ...]
    said: Words
    hint: Words = NOTHING
    witness: Mapping[str, object] | None = None
    settings: Mapping[str, object] = field(default_factory=Frozen)
    counted: Mapping[str, object] = field(default_factory=Frozen)
    on: date | None = None
    file: str | None = None
    line: int | None = None
    telling: tuple[str, ...] = ()
    accepted: str | None = None

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def decision(self) -> str | None:
        """The decision that it is of; None where it is of something else."""
        section, _, id = self.entry.partition(".")
        return id if section == "decisions" else None

    @property
    def gravity(self) -> Gravity:
        """How grave it is."""
        return KINDS[self.kind][0]

    @property
    def called(self) -> Words:
        """What its kind is called: as `accepted:` names it, in Chinese behind what it says."""
        return Words(self.kind, f"{KINDS[self.kind][1].zh}（{self.kind}）")

    @property
    def page(self) -> str:
        """Where its kind is explained, within the documentation: what, why, bad and good, how to accept it."""
        return page_of(self.kind)

    @property
    def message(self) -> str:
        """What is found, in English; `text("zh")` says it in Chinese."""
        return self.said.en

    def text(self, lang: Lang = "en") -> str:
        """The finding as a line: where, what, and what to do."""
        lang = known_lang(lang)
        stop = "；" if lang == "zh" else "; "
        return f"{self.entry}: {stop.join(part for part in (self.said.text(lang), self.hint.text(lang)) if part)}"


@dataclass(frozen=True, slots=True, repr=False)
class NotAnalysed(AsJson):
    """What no proof covers: of which entry, what, and why; `called` is what it is called in Chinese, where that is something else."""

    entry: str
    what: str
    why: Words
    called: str | None = None

    @property
    def decision(self) -> str | None:
        """The decision that it is of; None where it is of something else."""
        section, _, id = self.entry.partition(".")
        return id if section == "decisions" else None

    def text(self, lang: Lang = "en") -> str:
        """One line."""
        said = self.why.text(known_lang(lang))
        return f"{self.entry}: {self.called or self.what}：{said}" if lang == "zh" else f"{self.entry}: {self.what}: {said}"


@dataclass(frozen=True, slots=True, repr=False)
class Checked(AsJson):
    """What a check of a book came to: its findings, the gravest first, what was not analysed, and findings that the book accepts."""

    book: str
    findings: tuple[Finding, ...]
    not_analysed: tuple[NotAnalysed, ...]
    accepted: tuple[Finding, ...] = ()

    def of(self, *kinds: str) -> tuple[Finding, ...]:
        """The findings of some kinds."""
        return tuple(finding for finding in self.findings if finding.kind in kinds)


def spelt(witness: Witness, contents: Contents, table: str, lang: Lang, telling: Iterable[str] | None = None) -> str:
    """A witness in words: in Chinese by the labels of its facts and values; of its facts only those that matter, where that is said."""
    shown = witness.shown
    return spelt_facts(shown if telling is None else {name: shown[name] for name in telling if name in shown}, contents, table, lang)


def spelt_facts(facts: Mapping[str, object], contents: Contents, table: str, lang: Lang) -> str:
    """Facts in words.

    >>> from govservice import load_rulebook
    >>> spelt_facts({"departments": 2, "formal": True}, load_rulebook("standard").contents, "application", "zh")
    '审批部门数 2，正式申请 是'
    """
    return ("，" if lang == "zh" else ", ").join(_pairs(facts.items(), contents, table, lang))


def _pairs(pairs: Iterable[tuple[str, object]], contents: Contents, table: str, lang: Lang) -> Iterator[str]:
    for name, value in pairs:
        column = contents.column(table, name)
        label = column.label if column is not None else contents.called.get(name)
        kind = column.type if column is not None else None
        if name in contents.settings:
            label, kind = contents.settings[name].label, contents.settings[name].type
        chosen = kind.choice(value) if kind is not None and isinstance(value, str) and kind.choices else None
        if lang == "zh":
            label = label or (name if column is not None else _counted(name, contents, table))
            yield f"{label} {chosen.label if chosen is not None else said(value, lang)}"
        else:
            yield f"{name} {said(value, lang)}"


def by_labels(text: str, contents: Contents, table: str) -> str:
    """An expression about rows of a table as it is written, in Chinese by the labels of these and of the rows that it counts."""
    named = named_in(text)
    labels = {**contents.called_with_titles, **contents.labels_about(table)}
    for other in contents.chains:
        if other in named:
            labels |= contents.labels_about(other)
    return in_labels(text, labels)


def _counted(name: str, contents: Contents, table: str) -> str:
    """What a witness says that is no fact with a label: what is counted from other records, or read of a clock or a score."""
    owner, dot, fact = name.partition(".")
    if "(" in name or not dot:
        return SAID.get(name) or by_labels(name, contents, table)
    return f"{contents.labels_about(table).get(owner, owner)}{SAID_OF_CLOCKS.get(fact, f'.{fact}')}"


def said_of(value: object, outcome: str, contents: Contents, decision: str, lang: Lang) -> str:
    """A value of an outcome in words."""
    kind = dict(contents.decisions[decision].outcomes).get(outcome)
    chosen = kind.choice(value) if kind is not None and isinstance(value, str) and kind.choices else None
    return chosen.label if chosen is not None and lang == "zh" else said(value, lang)


def said(value: object, lang: Lang) -> str:
    """A value in words.

    >>> said(True, "zh"), said(Decimal("0.50"), "en"), said(None, "zh")
    ('是', '0.5', '无结果')
    """
    if isinstance(value, bool):
        return ("是" if value else "否") if lang == "zh" else str(value).lower()
    if value is None:
        return "无结果" if lang == "zh" else "no outcome"
    if isinstance(value, Nothing):
        return "无" if lang == "zh" else "none"
    if isinstance(value, Decimal):
        return shortest(value)
    if isinstance(value, tuple):
        return ("、" if lang == "zh" else ", ").join(map(str, value)) or ("空" if lang == "zh" else "nothing")
    return str(value)
