"""A rulebook, loaded: decide under it, see it as of a day, amend it, name it by its digest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from govservice.doors import CALENDAR, DATE, FLAG, LANGUAGE, MAPPING, NAMES, PATH, TEXT, Kind, optional, takes
from govservice.errors import ConflictError, DateNeeded, DecisionError, Lang, RulebookError, Words, few_hints
from govservice.frozen import Frozen
from govservice.plain import digest_of
from govservice.reading import as_day, is_missing, shown
from govservice.rules.book.contents import Contents
from govservice.rules.book.entries import Decision, Example, Scheme
from govservice.rules.book.example_files import with_examples_of
from govservice.rules.book.extending import entries
from govservice.rules.book.files import is_frozen, read_files, shipped_books
from govservice.rules.book.loading import build
from govservice.rules.book.marks import Faults, Marks, Node
from govservice.rules.book.merging import REMOVE, amended, as_file, reshaped
from govservice.rules.book.reforms import Reform, is_reform, read_reform
from govservice.rules.book.remedies import it_has, label_meant, labels_of
from govservice.rules.book.table_reader import build_setting
from govservice.rules.book.writing import as_written, fingerprint
from govservice.rules.language.day_functions import Days
from govservice.rules.language.facts import read_fact
from govservice.rules.listing import (
    ListedClock,
    ListedFact,
    ListedNotice,
    ListedScheme,
    clocks_of,
    facts_of,
    notices_of,
    schemes_of,
)
from govservice.rules.meaning.lists import looked_into, refuse_others
from govservice.rules.meaning.outcomes import CONFLICT, Answer, Outcome, answer_of, compiled_answers, outcome_at_once, outcome_of
from govservice.rules.meaning.quick import compiled_for
from govservice.rules.meaning.subjects import Subject, Surroundings
from govservice.rules.proofs.rebuilding import with_entries
from govservice.upward import machinery

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.rules.proofs.comparing import BooksCompared, Changes
    from govservice.rules.proofs.covering import Coverage
    from govservice.rules.proofs.findings import Checked

__all__ = ["AnyBook", "Reform", "Rulebook", "book_of", "is_reform", "load_rulebook", "reform_of"]


NAMED: Final = Kind(
    lambda value: isinstance(value, Mapping) and all(isinstance(name, str) for name in value),
    Words("a mapping by names", "以名称为键的对应"),
)

NAMES_OR_TYPES: Final = Kind(lambda value: NAMED.holds(value) or NAMES.holds(value), Words("a list of columns", "列名的列表"))

_BOUND: Final = frozenset(
    ("boolean", "integer", "decimal", "date", "moment", "time", "limit")
)  # settings that no loading makes anything of


class Rulebook:
    """A centre's regulations, ready to run; made by `load_rulebook`, never changed.

    >>> book = load_rulebook("kunshan")
    >>> book.id, book.decisions["case_type"].label
    ('kunshan', '办件分类')
    """

    def __init__(self, tree: dict[str, Node], faults: Faults, *, as_of_day: date | None = None, lang: Lang = "en") -> None:
        self._tree = tree
        self._marks = faults.marks
        self._day = as_of_day
        self._lang: Lang = lang
        contents = build(tree, faults, lang)
        self._contents = contents if as_of_day is None else contents.on(as_of_day)

    # -- what it holds

    @property
    def contents(self) -> Contents:
        """Every entry as a shape: what the layers above read."""
        return self._contents

    @property
    def id(self) -> str:
        """The book's id."""
        return self._contents.id

    @property
    def title(self) -> str | None:
        """The Chinese title."""
        return self._contents.title

    @property
    def decisions(self) -> Mapping[str, Any]:
        """Its decisions by id."""
        return self._contents.decisions

    @property
    def settings(self) -> Mapping[str, Any]:
        """Its settings by id; `.value` is None where the centre has not given one."""
        return self._contents.settings

    @cached_property
    def facts(self) -> Mapping[str, ListedFact]:
        """The facts that records may carry, by `table.fact` (of a kind of event: `kind.fact`).

        >>> fact = load_rulebook("kunshan").facts["cases.received_on"]
        >>> fact.label, fact.type
        ('收件日', 'date')
        """
        return Frozen(facts_of(self._contents))

    @cached_property
    def clocks(self) -> Mapping[str, ListedClock]:
        """Its clocks by id.

        >>> load_rulebook("kunshan").clocks["promised"].label
        '承诺时限'
        """
        return Frozen(clocks_of(self._contents))

    @cached_property
    def notices(self) -> Mapping[str, ListedNotice]:
        """The notices that it may owe, by id."""
        return Frozen(notices_of(self._contents))

    @cached_property
    def schemes(self) -> Mapping[str, ListedScheme]:
        """Its scoring schemes by id.

        >>> load_rulebook("kunshan").schemes["window_month"].title
        '窗口成员单位月度考核'
        """
        return Frozen(schemes_of(self._contents))

    @property
    def examples(self) -> tuple[tuple[str, Example], ...]:
        """Its own test cases, each with the entry that it is of (`decisions.fee`); `govservice.examples.failed_examples` tries them."""
        entries: dict[str, Decision | Scheme] = {f"decisions.{id}": decision for id, decision in self._contents.decisions.items()}
        entries |= {f"schemes.{id}": scheme for id, scheme in self._contents.schemes.items()}
        return tuple((place, example) for place, entry in entries.items() for example in entry.examples)

    @property
    def conventions(self) -> Mapping[str, str]:
        """What the book states of the conventions."""
        return self._contents.conventions

    @cached_property
    def dated(self) -> bool:
        """Whether anything in it is in force only from or until a day; then calls need `on=`."""
        return self._day is None and any(entry.from_ is not None or entry.until is not None for entry in self._contents.entries())

    @cached_property
    def digest(self) -> str:
        """A hash of everything in force: two books with one digest decide alike. The order of rules counts, that of keys does not."""
        content = {"book": self.as_file(), "on": self._day.isoformat() if self._day else None}
        return digest_of(content)

    @property
    def written(self) -> Mapping[str, Any]:
        """The book as one file would have it, what it took over included: texts, lists and mappings; entries of a list name themselves.

        >>> load_rulebook("kunshan").written["decisions"]["complaint_answer"]["rules"][0]["when"]
        'complaint_form == "verbal"'
        """
        return as_file(self._tree)

    @property
    def as_of_day(self) -> date | None:
        """The day as of which it is seen, where `on` gave it; else None."""
        return self._day

    @cached_property
    def fingerprints(self) -> Mapping[str, str]:
        """A short hash of every entry by its path (`decisions.case_type`): which entries of two books differ, with one of them at hand.

        >>> book = load_rulebook("kunshan")
        >>> dearer = book.amend({"settings.red_flags.value": 2})
        >>> [path for path, print in dearer.fingerprints.items() if book.fingerprints.get(path) != print]
        ['settings.red_flags']
        """
        return Frozen({".".join(path): fingerprint(node) for path, node in entries(self._tree).items()})

    @takes(path=PATH, calendar=optional(CALENDAR), force=FLAG)
    def freeze(self, path: str | Path, *, calendar: WorkCalendar | None = None, force: bool = False) -> Path:
        """Write the book as one file that stands alone, `<name>.frozen.json`: all that it extends, its settings, and a calendar.

        `load_rulebook` reads it, whatever has become of the book and of what it extends; `govservice.audit.thaw` gives the calendar too. A
        file that is there already is kept unless `force`.
        Raises RulebookError for a name with another ending, and where the file cannot be written.

        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     file = load_rulebook("kunshan").freeze(f"{folder}/kunshan.frozen.json")
        ...     load_rulebook(file) == load_rulebook("kunshan")
        True
        """
        return cast("Path", machinery("rules.freezing:freeze")(self, self._tree, Path(path), calendar=calendar, force=force))

    def as_file(self) -> dict[str, Node]:
        """The whole book, what it took over included, as one file would hold it: plain texts, lists and mappings.

        >>> load_rulebook("kunshan").as_file()["extends"]
        ['licensing-law']
        """
        return as_file(self._tree)

    # -- what it does

    @takes(decision=TEXT, on=optional(DATE), as_of=optional(DATE), calendar=optional(CALENDAR), records=optional(MAPPING))
    def decide(
        self,
        decision: str,
        facts: Mapping[str, Any],
        *,
        on: date | str | None = None,
        as_of: date | str | None = None,
        calendar: Days | None = None,
        records: Mapping[str, Any] | None = None,
    ) -> Outcome:
        """Take one decision for one subject from a mapping of facts (by id or label; missing ones are unknown).

        `on` is the day that dated rules are held against; it may be left out only where nothing in the book is dated. `as_of` is the day
        that counts as today for what is still open. `calendar` counts working days (default: China's official one). `records` are the
        tables that `in_list` looks into; one that was not supplied is unknown.
        Raises DecisionError for an unknown decision, DateNeeded, ConflictError, and RecordError for a fact of the wrong type, or a table
        that nothing looks into.

        >>> load_rulebook("kunshan").decide("leave_approval", {"leave_days": "0.5"}, on=date(2026, 11, 20)).value("approves")
        '督查科'
        """
        about = self._entry(decision).about
        if records is None and as_of is None and calendar is None and type(facts) is dict:
            outcome = self._at_once(decision, facts, self.day(on))
            if outcome is not None:
                return outcome
        others, lists = looked_into(self._contents, records)
        refuse_others(others, self._contents)
        subject = self.subject(about, facts, on=on, as_of=as_of, calendar=calendar, lists=lists)
        return outcome_of(subject.verdict(decision), subject, self.digest, kept=True)

    def _at_once(self, decision: str, facts: dict[str, Any], on: date | None) -> Outcome | None:
        quick = compiled_for(self._contents, self._contents.decisions[decision].about, decision, on)
        return None if quick is None else outcome_at_once(quick, self._contents, facts, on, self.digest)

    @takes(decision=TEXT, on=optional(DATE))
    def compiled(self, decision: str, *, on: date | str | None = None) -> Callable[[Mapping[str, Any]], Answer]:
        """One decision on one day as a function of facts, for many rows: what `decide` says, without why.

        It gives `(state, rule, value)`, see `Answer`: `settled`, `none`, `gap`, `open` or `conflict`. Facts go by id or label, as in
        `decide`; a row that says all plainly (booleans, whole numbers, days, a choice by its name) takes generated Python, any other is
        read by the interpreter. Working days are China's, no list of the records is supplied, and no day counts as today. The function is
        no value: it does not pickle.
        Raises DecisionError for an unknown decision and DateNeeded; the function RecordError for a fact of the wrong type.

        >>> case_type = load_rulebook("kunshan").compiled("case_type", on="2026-11-20")
        >>> case_type({"recognised_urgent": True})
        Answer(state='settled', rule='urgent', value='urgent')
        >>> case_type({"中心认定急办": False}).state
        'open'
        """
        entry = self._entry(decision)
        day = self.day(on)
        contents = self._contents

        def asked(facts: Mapping[str, Any]) -> Answer:
            try:
                return answer_of(Subject(contents, entry.about, facts, Surroundings(day)).verdict(decision))
            except ConflictError:
                return CONFLICT

        return compiled_answers(contents, decision, day, asked) or asked

    def no_decision(self, decision: str) -> DecisionError:
        """The error that says which decisions there are."""
        return DecisionError(
            Words(f"{self.id} has no decision {shown(decision)}", f"{self.id} 没有“{decision}”这个决定"),
            hint=label_meant(decision, labels_of(self._contents.decisions)) or it_has(self._contents.decisions),
        )

    @takes(decision=TEXT, dialect=TEXT, table=TEXT, columns=optional(NAMES_OR_TYPES), on=optional(DATE))
    def to_sql(
        self,
        decision: str,
        *,
        dialect: str = "duckdb",
        table: str,
        columns: Iterable[str] | Mapping[str, str] | None = None,
        on: date | str | None = None,
    ) -> str:
        """One decision as one SELECT: every column of a table, then the outcomes, `<id>_rule` and `<id>_state`.

        `dialect` is "duckdb", "postgres", "mysql" (MariaDB too) or "spark". `columns` are those of the table, facts by id or label: others
        are unknown; as a mapping with what each holds where that is not what its fact does ("integer", "real", "decimal(18,2)", "text").
        Without it the table is taken to have every fact that the decision reads and that no rule decides; MySQL needs it. `table` may name
        its schema before a point. The conditions of rules stand with their ids. See `decide_frame` for the columns that are added.
        Raises DecisionError for what has no form in SQL, DateNeeded.

        >>> print(load_rulebook("kunshan").to_sql("lead_department", table="cases", on="2026-11-20").splitlines()[-1])
        FROM "step_8"
        """
        return cast("str", machinery("framing.to_sql:as_sql")(self, decision, dialect=dialect, table=table, columns=columns, on=on))

    def asking(self, more: Mapping[str, Decision]) -> Rulebook:
        """This book and decisions beside its own that no rule of it reads, for the layers above: what they decide is asked by their ids."""
        return self.holding(replace(self._contents, decisions={**self._contents.decisions, **more}))

    def holding(self, contents: Contents) -> Rulebook:
        """This book with other contents, for the layers above: what is asked of it is asked of these. It keeps its digest."""
        book = object.__new__(type(self))
        book._tree, book._marks, book._day, book._lang = self._tree, self._marks, self._day, self._lang
        book._contents = contents
        return book

    def subject(
        self,
        table: str,
        facts: Mapping[str, Any],
        *,
        on: date | str | None = None,
        as_of: date | str | None = None,
        calendar: Days | None = None,
        **more: Any,
    ) -> Subject:
        """One row of a table under this book, for the layers above: several decisions on it share their work."""
        return Subject(self._contents, table, facts, Surroundings(self.day(on), as_day(as_of), calendar, **more))

    def _entry(self, decision: str) -> Decision:
        entry = self._contents.decisions.get(decision)
        if entry is None:
            raise self.no_decision(decision)
        return entry

    def outcome(self, decision: str, subject: Subject) -> Outcome:
        """The outcome of a decision for a subject of this book."""
        return outcome_of(subject.verdict(decision), subject, self.digest)

    def day(self, on: date | str | None) -> date | None:
        """The day that dated rules are held against. Raises DateNeeded where the book needs one and none is given."""
        on = None if on is None else _as_day(on)
        if self._day is not None:
            if on not in (None, self._day):
                what = Words(f"this is {self.id} as of {self._day}, not of {on}", f"这是 {self.id} 在 {self._day} 的样子，不是 {on} 的")
                raise DecisionError(what, hint=Words("ask the book itself, with on=", "请用原书并给出 on="), id=self.id)
            return self._day
        if on is None and self.dated:
            raise DateNeeded(
                Words("the rulebook has dated rules", "册里有带起止日期的规则"),
                hint=Words("say on which day: on=date(..)", "请用 on= 给出日期"),
                id=self.id,
            )
        return on

    def on(self, day: date | str) -> Rulebook:
        """The book as it is in force on a day: calls need no `on=` any more, whatever day they are about.

        Rules, parts, items, clocks, alarms and notices that are not in force are not in it. Decisions and schemes all are, for others may
        be about them: one not in force does not apply.

        >>> "green_channel" in load_rulebook("kunshan").on(date(2008, 4, 30)).decisions
        True
        >>> load_rulebook("kunshan").on(date(2008, 4, 30)).decide("green_channel", {"key_project": True}).applies
        False
        """
        return Rulebook(self._tree, Faults(self._marks), as_of_day=_as_day(day), lang=self._lang)

    @takes(changes=NAMED)
    def amend(self, changes: Mapping[str, object]) -> Rulebook:
        """A new book with some places changed; this one stays as it is. Paths go through ids.

        A value is what a file would hold there: a text, a number, a date, a list of rules, a mapping for a whole entry, new or old;
        `govservice.rules.REMOVE` takes out what stands there.
        Raises DecisionError for a path that leads nowhere, RulebookError where the amended book has faults.

        >>> book = load_rulebook("kunshan")
        >>> dearer = book.amend({"schemes.window_month.parts.limits.items.overdue.points": "-4 * overdue_workdays"})
        >>> dearer.digest == book.digest
        False
        """
        tree = self._tree
        for path, value in changes.items():
            tree = amended(tree, path, value)
        return Rulebook(*reshaped(tree, self._marks_beside(changes)), as_of_day=self._day, lang=self._lang)

    @takes(settings=NAMED)
    def given(self, settings: Mapping[str, object]) -> Rulebook:
        """A new book with settings given. Raises DecisionError for an unknown one, RecordError for a value of the wrong type."""
        for name, value in settings.items():
            if name not in self._contents.settings:
                raise DecisionError(
                    Words(f"{self.id} has no setting {shown(name)}", f"{self.id} 没有“{name}”这个设定"),
                    hint=label_meant(name, labels_of(self._contents.settings)) or it_has(self._contents.settings),
                    id=name,
                )
            read_fact(name, value if not isinstance(value, Mapping) else None, self._contents.settings[name].type)
        written = {f"settings.{name}.value": as_written(value) for name, value in settings.items()}
        return self._bound(settings, written) or self.amend(written)

    def _bound(self, settings: Iterable[str], written: Mapping[str, Node]) -> Rulebook | None:
        """The book with other values of settings of which nothing is made while it is loaded; None where one may be read as it is."""
        if any(self._contents.settings[name].type.kind not in _BOUND for name in settings):
            return None
        tree = self._tree
        for path, value in written.items():
            if not isinstance(value, str):
                return None
            tree = amended(tree, path, value)
        faults = Faults({})
        bound = {name: build_setting(name, tree["settings"][name], faults) for name in settings}  # type: ignore[index, call-overload]
        if faults.noted or None in bound.values():
            return None
        book = self.holding(with_entries(self._contents, settings=Frozen({**self._contents.settings, **bound})))
        book._tree = tree
        book._marks = self._marks_beside(written)
        return book

    def _marks_beside(self, changes: Iterable[str]) -> Marks:
        """Where everything stands but what was changed."""
        return {path: mark for path, mark in self._marks.items() if not any(_lies_under(path, changed) for changed in changes)}

    def reform(self, reform: Reform | Mapping[str, object] | str | Path) -> Rulebook:
        """The book with a reform in force: paths to what shall stand there, or the file that holds them.

        As `amend`, but that a setting goes by its name (`settings.NAME`) and its value is checked. When the reform begins is no matter of
        the book: `what_if` keeps to it. Raises DecisionError for a path that leads nowhere, with the closest, RecordError for a value of
        the wrong type, RulebookError for faults of the file or of the book that it gives.

        >>> load_rulebook("kunshan").reform({"settings.few_attachments": 3}).settings["few_attachments"].value
        3
        """
        given, changed = _parted(reform_of(reform).changes)
        book = self.amend(changed) if changed else self
        return book.given(given) if given else book

    def tested_by(self, path: str | Path) -> Rulebook:
        """The book with the examples of a file of tests in place of its own; the file names the book (`tests: <id>`).

        Raises RulebookError with every fault of the file.

        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     file = Path(folder) / "complaints.yaml"
        ...     _ = file.write_text("tests: kunshan\\ndecisions: {complaint_answer: [{given: {投诉形式: 口头}, then: 口头为主}]}", "utf-8")
        ...     [(place, example.id) for place, example in load_rulebook("kunshan").tested_by(file).examples]
        [('decisions.complaint_answer', '1')]
        """
        with few_hints():
            try:
                tree, marks, found = with_examples_of(Path(path), self.id, self._tree, self._marks)
            except RulebookError as error:
                raise RulebookError(error.faults, lang=self._lang) from None
            tree, faults = reshaped(tree, marks)
            faults.include(found)
            return Rulebook(tree, faults, as_of_day=self._day, lang=self._lang)

    # -- to read

    @takes(lang=LANGUAGE, findings=FLAG, inherited=FLAG)
    def to_html(self, lang: Lang = "zh", *, findings: bool = True, inherited: bool = False) -> str:
        """The whole book as one page to read, discuss, print on A4 and sign; it needs nothing from outside.

        Every entry of every section is in it, by its label, with its clause, where it was taken over from, and a column for remarks by
        hand. What `check` finds stands beside what it is of; with `inherited` that of entries taken over too, without `findings` none.

        >>> "承诺时限" in load_rulebook("standard").to_html(findings=False)
        True
        """
        checked = self.check(inherited=inherited) if findings else None
        return cast("str", machinery("show.book_page:page")(self, lang, checked))

    @takes(lang=LANGUAGE, findings=FLAG, inherited=FLAG)
    def to_markdown(self, lang: Lang = "zh", *, findings: bool = True, inherited: bool = False) -> str:
        """The same document as Markdown.

        >>> load_rulebook("kunshan").to_markdown(findings=False).splitlines()[0]
        '# 昆山市行政审批服务中心'
        """
        checked = self.check(inherited=inherited) if findings else None
        return cast("str", machinery("show.book_markdown:markdown")(self, lang, checked))

    # -- what can be proved of it

    @takes(calendar=optional(CALENDAR))
    def check(self, *, inherited: bool = False, steps: int = 400_000, calendar: Days | None = None) -> Checked:
        """What is wrong, or worth knowing, of its rules before any record is at hand; `findings` are the gravest first.

        Each has a `kind`, a `decision`, the `rules` involved, a `witness` (a complete record in base facts, tried by the interpreter) and a
        `message`. `not_analysed` names what no proof covers. `steps` bounds the search in each decision; one that runs out says so. What
        the book took over from others as it is, is checked with them, and here only with `inherited`.

        >>> found = load_rulebook("kunshan").check().of("overlap")
        >>> [(finding.decision, finding.rules) for finding in found]
        [('leave_approval', ('up-to-one-day', 'from-one-day'))]
        """
        own = (lambda _: True) if inherited else self.is_own
        check = machinery("rules.proofs.checking:check_contents")
        return cast("Checked", check(self._contents, steps=steps, calendar=calendar, own=own, place=self.place))

    @takes(calendar=optional(CALENDAR))
    def compare(self, other: Rulebook, *, steps: int = 400_000, calendar: Days | None = None) -> BooksCompared:
        """How another book decides beside this one, over complete records: `relation` by outcome, and the `changes` that show it.

        "equal" is a proof; "stricter" is said of a boolean that is true of fewer records, and of a number or limit that is never larger;
        "laxer" the other way round, else "different". "not analysed" where nothing could be proved. A decision's own outcome goes by the
        decision's id, others by `decision.outcome`.

        >>> book = load_rulebook("kunshan")
        >>> stricter = book.amend({"decisions.green_channel.rules.building.when": "false"})
        >>> book.compare(stricter).relation["green_channel"]
        'stricter'
        """
        compare = machinery("rules.proofs.comparing:compare_contents")
        return cast("BooksCompared", compare(self._contents, _book(other).contents, steps=steps, calendar=calendar))

    def diff(self, other: Rulebook, *, steps: int = 400_000, calendar: Days | None = None) -> Changes:
        """What changes from this book to another: a sequence of changes, each with a record that the two decide differently.

        `listed` are amounts, limits, points and alarms that are written differently; `not_analysed` is what no proof covers. Where all are
        empty that is a proof of equality.

        >>> book = load_rulebook("kunshan")
        >>> len(book.diff(book))
        0
        """
        return self.compare(other, steps=steps, calendar=calendar).changes

    def coverage(
        self,
        cases: Iterable[Mapping[str, Any]],
        *,
        decisions: Iterable[str] = (),
        on: date | str | None = None,
        steps: int = 400_000,
        calendar: Days | None = None,
    ) -> Coverage:
        """How good test cases are: which rules they do not reach, and which changes of the rules they would not notice.

        Each case is a mapping: `decision`, `facts`, `expect` (outcomes by name), perhaps `on`. Of the decisions that they name, and of
        `decisions` that none names (on the day `on`), every small change is tried; `mutants` are how many, `killed` those that a case
        notices, `equivalent` those that are proved to change nothing, `survivors` the others. `offered` are cases to add. Raises
        DecisionError for a case that names no decision or does not hold.

        >>> book = load_rulebook("kunshan")
        >>> verbal = {"facts": {"complaint_form": "verbal"}, "expect": {"complaint_answer": "口头为主"}, "on": "2026-11-20"}
        >>> book.coverage([{"decision": "complaint_answer", **verbal}]).unreached
        ('complaint_answer.written',)
        """
        days = {id: self.day(on) for id in decisions if self._entry(id)}
        return cast("Coverage", machinery("rules.proofs.covering:coverage")(self, cases, days=days, steps=steps, calendar=calendar))

    def is_own(self, place: str) -> bool:
        """Whether an entry stands in the book's own file, rather than in one that it extends.

        >>> book = load_rulebook("kunshan")
        >>> book.is_own("decisions.case_type"), book.is_own("decisions.materials_complete")
        (True, False)
        """
        stands, root = self.place(place), self.place("rulebook")
        return stands is None or root is None or stands[0] == root[0]

    def place(self, place: str) -> tuple[str, int] | None:
        """The file and line of an entry, by its path; of what it stands in, where it has none of its own; None where neither has one.

        >>> load_rulebook("kunshan").place("decisions.materials_complete")[0]
        'standard.yaml'
        """
        steps = tuple(place.split("."))
        mark = next((self._marks[steps[:end]] for end in range(len(steps), min(len(steps), 2) - 1, -1) if steps[:end] in self._marks), None)
        return None if mark is None else (mark.file, mark.line)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rulebook) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        day = f", on={self._day.isoformat()}" if self._day else ""
        return f"<Rulebook {self.id}{day} {self.digest[:12]}>"

    def _repr_html_(self) -> str:
        return cast("str", machinery("show.book_shown:book_html")(self, "zh"))

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self._tree, self._marks, self._day, self._lang)


def _book(other: object) -> Rulebook:
    if not isinstance(other, Rulebook):
        raise DecisionError(
            Words(f"a rulebook is compared with a rulebook, not {shown(other)}", f"规则册只能与规则册比较，不能是 {shown(other)}"),
            hint=Words("load_rulebook(..) loads one", "用 load_rulebook(..) 读入"),
        )
    return other


def _restored(tree: dict[str, Node], marks: Marks, day: date | None, lang: Lang) -> Rulebook:
    return Rulebook(tree, Faults(marks), as_of_day=day, lang=lang)


def reform_of(reform: Reform | Mapping[str, object] | str | Path) -> Reform:
    """A reform as it was given: as it is, its changes by path, or its file. Raises RulebookError, DecisionError."""
    if isinstance(reform, Reform):
        return reform
    if NAMED.holds(reform):
        return Reform(cast("Mapping[str, object]", reform))
    if isinstance(reform, (str, Path)):
        return read_reform(reform)
    raise DecisionError(
        Words(
            f"a reform is a mapping from paths to values, or a file, not {shown(reform)}",
            f"改革应为路径到值的对应或文件，不能是 {shown(reform)}",
        ),
        hint=Words(
            'such as {"clocks.promised.limit": "promised_limit * 2 / 3"}', '例如 {"clocks.promised.limit": "promised_limit * 2 / 3"}'
        ),
    )


def _parted(changes: Mapping[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """The settings that are given, by name, and the other places that are changed."""
    given: dict[str, object] = {}
    changed: dict[str, object] = {}
    for path, value in changes.items():
        section, _, name = path.partition(".")
        name = name.removesuffix(".value")
        if section == "settings" and "." not in name and not isinstance(value, Mapping) and value is not REMOVE:
            given[name] = value
        else:
            changed[path] = value
    return given, changed


def _as_day(on: date | str) -> date:
    on = cast("date", as_day(on))
    if not isinstance(on, date) or is_missing(on):
        raise DecisionError(Words(f"on= takes a date, not {shown(on)}", f"on= 要给日期，不能是 {shown(on)}"))
    return on.date() if isinstance(on, datetime) else on


def _lies_under(path: tuple[str, ...], changed: str) -> bool:
    steps = tuple(changed.split("."))
    return path[: len(steps)] == steps


@takes(settings=optional(NAMED), lang=LANGUAGE)
def load_rulebook(source: str | Path, *, settings: Mapping[str, object] | None = None, lang: Lang = "en") -> Rulebook:
    """A rulebook from its shipped id ("kunshan") or a YAML file's path; `settings` gives the numbers its source leaves open.

    Nothing of it is executed; files are read under the book's own folder only. A path that ends in `.frozen.json` is a book that
    `Rulebook.freeze` wrote. `lang` is the language of faults.
    Raises RulebookError with every fault of the file at once.

    >>> load_rulebook("kunshan", settings={"few_attachments": 2}).settings["few_attachments"].value
    2
    """
    with few_hints():
        if is_frozen(source):
            book = cast("Rulebook", machinery("rules.freezing:thaw")(source, lang=lang).book)
            return book.given(settings) if settings else book
        try:
            tree, faults = read_files(source)
        except RulebookError as error:
            raise RulebookError(error.faults, lang=lang) from None
        book = Rulebook(tree, faults, lang=lang)
        return book.given(settings) if settings else book


AnyBook: TypeAlias = Rulebook | str | Path
"""What every verb takes as its book: one that is loaded, a shipped id, or a file's path."""


def book_of(book: AnyBook) -> Rulebook:
    """The rulebook that a verb was given: as it is, or loaded by its shipped id (once) or its path (each time: the file may change).

    >>> book_of("kunshan") is book_of("kunshan")
    True
    """
    if isinstance(book, Rulebook):
        return book
    return _shipped_book(book) if isinstance(book, str) and book in shipped_books() else load_rulebook(book)


@cache
def _shipped_book(id: str) -> Rulebook:
    return load_rulebook(id)
