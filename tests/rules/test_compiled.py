"""Generated Python says what the interpreter says: of every decision of every shipped book, of drawn books, of rows of every kind."""

from __future__ import annotations

import copy
import io
import pickle
import tokenize
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from govservice import NONE, classify, load_rulebook
from govservice.errors import ConflictError, GovServiceError
from govservice.rules import Rulebook
from govservice.rules.book.files import shipped_books
from govservice.rules.meaning import outcomes, quick, subjects
from govservice.rules.meaning.outcomes import Outcome, answer_of
from govservice.rules.meaning.plan import plan_of
from govservice.rules.meaning.python import written_out
from govservice.rules.meaning.subjects import Subject, Surroundings
from govservice.strategies import facts_for

DAY = date(2026, 11, 20)
BY_RULES = {  # a decision that several books share is tried in one of them
    (decision, entry.rules, entry.when, entry.otherwise): (id, decision)
    for id in shipped_books()
    for decision, entry in load_rulebook(id).decisions.items()
}
ODD: list[Any] = [
    None, "", " ", NONE, "无", "是", "否", "yes", 0, 1, -1, True, False, 3, 2.5, float("nan"), "3", "3个工作日", "2026-03-02", DAY, 10**40,
    Fraction(1, 3), [], ["a"], {}, object, "promised", " promised ", "承诺件", "x" * 5,
]  # fmt: skip


@pytest.fixture(autouse=True)
def compiled_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick, "_AFTER", 0)


def said(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except GovServiceError as error:
        return type(error), str(error), error.text("zh")


def interpreted(book: Rulebook, decision: str, facts: Any, on: date | None = DAY) -> Any:
    """What the interpreter says: the outcome, with its labels."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subjects, "compiled_for", lambda *_: None)
        outcome = said(lambda: book.outcome(decision, book.subject(book.decisions[decision].about, facts, on=on)))
        return (outcome, outcome.labels) if isinstance(outcome, Outcome) else outcome


def decided(book: Rulebook, decision: str, facts: Any, on: date | None = DAY) -> Any:
    outcome = said(lambda: book.decide(decision, facts, on=on))
    return (outcome, outcome.labels) if isinstance(outcome, Outcome) else outcome


def through_a_subject(book: Rulebook, decision: str, facts: Any, on: date | None = DAY) -> Any:
    outcome = said(lambda: book.outcome(decision, book.subject(book.decisions[decision].about, facts, on=on)))
    return (outcome, outcome.labels) if isinstance(outcome, Outcome) else outcome


def in_short(book: Rulebook, decision: str, facts: Any, on: date | None = DAY) -> Any:
    """What the interpreter says, as an answer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subjects, "compiled_for", lambda *_: None)
        try:
            about = book.decisions[decision].about
            return said(lambda: answer_of(Subject(book.contents, about, facts, Surroundings(on)).verdict(decision)))
        except ConflictError:
            raise AssertionError from None


def agree(book: Rulebook, decision: str, facts: Any, on: date | None = DAY) -> None:
    wanted = interpreted(book, decision, facts, on)
    assert decided(book, decision, facts, on) == wanted
    assert through_a_subject(book, decision, facts, on) == wanted
    short = in_short(book, decision, facts, on)
    if isinstance(short, tuple) and short[0] is ConflictError:
        short = outcomes.CONFLICT
    assert said(lambda: book.compiled(decision, on=on)(facts)) == short


def given_settings(book: str, random: Random) -> Rulebook:
    """A shipped book, some of its numbers given."""
    loaded = load_rulebook(book)
    numbers = {"integer": 2, "decimal": "2.5", "boolean": True}
    return loaded.given(
        {id: numbers[one.type.kind] for id, one in loaded.settings.items() if one.type.kind in numbers and random.random() < 0.7}
    )


@pytest.mark.parametrize(("id", "decision"), BY_RULES.values(), ids=str)
def test_every_shipped_decision_is_read_as_the_interpreter_reads_it(id: str, decision: str) -> None:
    book = given_settings(id, Random(decision))
    names = sorted(book.contents.sight(book.decisions[decision].about)[0])
    labels = {name: label for label, name in book.contents.sight(book.decisions[decision].about)[1].items()}

    @settings(max_examples=15, deadline=None, derandomize=True, database=None)
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        missing = data.draw(st.sampled_from([0.0, 0.0, 0.1, 0.5]))
        facts = data.draw(facts_for(book, decision, missing=missing, none=data.draw(st.sampled_from([0.0, 0.2]))))
        agree(book, decision, facts)
        if facts:
            name = data.draw(st.sampled_from(sorted(facts)))
            agree(book, decision, {**facts, name: data.draw(st.sampled_from(ODD))})
            agree(book, decision, {labels.get(key, key): value for key, value in facts.items()})
        agree(book, decision, {**facts, data.draw(st.sampled_from([*names, "nobody", "无此事实"])): data.draw(st.sampled_from(ODD))})

    tried()


TYPES = {
    "b": "boolean", "c": "boolean", "i": "integer", "j": "{type: integer, default: 2}", "d": "decimal", "t": "text", "l": "list",
    "m": "moment", "on": "date", "to": "date", "w": "{type: choice, values: {red: 红, green: 绿, blue: blue}}",
    "n": "{type: integer, none: [无], min: 0}", "lim": "limit",
}  # fmt: skip
VALUES: dict[str, list[Any]] = {
    "b": [True, False, "是", 1], "c": [True, False], "i": [-3, 0, 1, 2, 5, "2", 2.0], "j": [0, 2, 7],
    "d": [0, 1, "2.5", 2.5, Fraction(1, 3), 7],
    "t": ["红", "red", "green", "abc", " abc", "a"], "l": [["a", "red"], "a、b", []], "m": ["2026-03-02T10:00", "2026-03-02T23:59+00:00"],
    "on": [date(2026, 3, 2), "2026-03-01", date(2026, 2, 28)], "to": [date(2026, 3, 2), date(2026, 3, 31), "2026年3月2日"],
    "w": ["red", "green", "红", "blue", "no colour"], "n": [0, 1, 9, "无", -1], "lim": ["5个工作日", "3天"],
}  # fmt: skip

COLOURS = ["'red'", "'green'", "w", "t", "'红'"]
DATED = 'date("2026-03-02")'
TEXTS = ["w", "t", "'abc'", "'红'"]


class Grammar:
    """Conditions and sums over these facts, drawn by chance; those that the language refuses are passed over."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def truth(self, depth: int) -> str:
        pick, inner = self.random.choice, depth - 1
        if depth <= 0:
            return pick(["b", "c", "flag", "known(i)", "is_none(n)", "first_of == 'one'", "m_b"])
        return pick(
            [
                lambda: f"({self.truth(inner)} and {self.truth(inner)})",
                lambda: f"({self.truth(inner)} or {self.truth(inner)} or {self.truth(inner)})",
                lambda: f"not ({self.truth(inner)})",
                lambda: f"{self.number(inner)} {pick(['==', '!=', '<', '<=', '>', '>='])} {self.number(inner)}",
                lambda: f"{pick(['on', 'to', DATED])} {pick(['==', '<', '>='])} {pick(['on', 'to', 'add_days(on, i)'])}",
                lambda: f"w {pick(['==', '!='])} {pick(COLOURS)}",
                lambda: f"t {pick(['==', '!='])} {pick(TEXTS)}",
                lambda: f"w in [{pick(COLOURS[:2])}, 'blue']",
                lambda: f"i in [1, 2, {pick(['3', 'j'])}]",
                lambda: f"in_list(colours, {pick(['w', 't'])})",
                lambda: f"contains({pick(['l', 't'])}, {pick(['t', 'w'])})",
                lambda: "starts_with(t, w)",
                lambda: f"known({pick(['b', 'd', 'w', 'on', 'first_of', 'm_n'])})",
                lambda: f"is_none({pick(['n', 'd', 'first_of', 'm_n'])})",
                lambda: self.truth(inner),
            ]
        )()

    def number(self, depth: int) -> str:
        pick, inner = self.random.choice, depth - 1
        if depth <= 0:
            return pick(["i", "j", "d", "n", "s_n", "m_n", "3", "0.5", "open_n"])
        return pick(
            [
                lambda: f"({self.number(inner)} {pick(['+', '-', '*', '/', '//', '%'])} {self.number(inner)})",
                lambda: f"{pick(['abs', 'floor', 'ceil', 'round'])}({self.number(inner)})",
                lambda: f"{pick(['min', 'max'])}({self.number(inner)}, {self.number(inner)})",
                lambda: f"({self.number(inner)} if {self.truth(inner)} else {self.number(inner)})",
                lambda: f"match(w, ('red', {self.number(inner)}), ('green', 2), otherwise=3)",
                lambda: f"step({self.number(inner)}, (1, 5), (3, 7))",
                lambda: f"days(on, to{pick([', both=true', ''])})",
                lambda: f"-{self.number(inner)}",
            ]
        )()


def drawn_book(random: Random, tmp_path: Any) -> Rulebook | None:
    grammar = Grammar(random)
    hit = random.choice(["first", "first", "unique", "any", "collect"])

    def rules(grants: Callable[[int], object]) -> list[dict[str, Any]]:
        return [{"id": f"r{n}", "when": grammar.truth(random.randrange(4)), "then": grants(n)} for n in range(random.randrange(1, 5))]

    asked: dict[str, Any] = {"about": "thing", "hit": hit, "rules": rules(lambda n: random.choice([f"o{n}", f"o{n}", "o1"]))}
    if random.random() < 0.3:
        asked["when"] = grammar.truth(1)
    if random.random() < 0.3 and hit in ("first", "collect"):
        asked["rules"].append({"id": "last", "then": "o9"})
    worked = {
        "about": "thing",
        "hit": "first",
        "outcomes": {"amount": "decimal", "note": "text"},
        "rules": [
            {"id": f"w{n}", "when": grammar.truth(2), "then": {"amount": f"={grammar.number(2)}", "note": random.choice(["a", "b"])}}
            for n in range(3)
        ],
    }
    flag = [
        {"id": "f1", "when": random.choice(["b", "i > 1", "w == 'red'", "c and b"]), "then": True},
        {"id": "f2", "when": random.choice(["c", "n > 1", "t == 'abc'", "not b"]), "then": False},
        *random.choice([[], [{"id": "f3", "then": False}]]),
    ]
    first_of = [{"id": "g1", "when": "i == 1 or flag", "then": "one"}, {"id": "g2", "then": "two"}]
    tree: dict[str, Any] = {
        "rulebook": "compared",
        "settings": {"s_n": {"type": "integer", "value": 2}, "open_n": {"type": "integer"}},
        "lists": {"colours": {"values": ["红", "green"]}},
        "tables": {"thing": {name: yaml.safe_load(kind) for name, kind in TYPES.items()}},
        "measures": {"m_n": "s_n * 2 + 1", "m_b": "s_n > 1"},
        "decisions": {
            "flag": {"about": "thing", "hit": "first", "outcomes": {"flag": "boolean"}, "rules": flag},
            "first_of": {
                "about": "thing",
                "hit": "first",
                "when": random.choice(["b or c", "known(b)", "i < 3"]),
                "rules": first_of,
            },
            "asked": asked,
            "worked": worked,
        },
    }
    path = tmp_path / "compared.yaml"
    path.write_text(yaml.dump(tree, allow_unicode=True), encoding="utf-8")
    try:
        return load_rulebook(path)
    except GovServiceError:
        return None


def _told_of_unread_names(book: Rulebook, decision: str) -> Callable[[Any], Any]:
    """The generated code, where a name that it takes for read and has not read is no reason to ask the interpreter."""
    code = written_out(plan_of(book.contents, "thing", decision, None))
    if code is None:
        return lambda _: None
    assert "except Exception: pass" in code.source
    loud = code.source.replace("    except Exception: pass", "    except NameError: raise\n    except Exception: pass")
    return code._replace(source=loud).made()


@pytest.mark.parametrize("seed", range(24))
def test_drawn_rules_are_read_as_the_interpreter_reads_them(seed: int, tmp_path: Any) -> None:
    random = Random(seed)
    book = next(book for _ in range(200) if (book := drawn_book(random, tmp_path)) is not None)
    plainly = 0
    asked = {decision: _told_of_unread_names(book, decision) for decision in ("asked", "worked", "first_of")}
    for _ in range(60):
        missing = random.choice([0.0, 0.0, 0.3])
        facts = {
            name: random.choice(values[: random.choice([2, len(values)])]) for name, values in VALUES.items() if random.random() >= missing
        }
        if random.random() < 0.3:
            facts[random.choice([*TYPES, "flag", "first_of", "m_n", "asked", "note"])] = random.choice(ODD)
        for run in asked.values():
            run(facts)
        for decision in book.decisions:
            agree(book, decision, facts)
            made = quick.compiled_for(book.contents, "thing", decision, None)
            plainly += made is not None and made.answered(facts) is not None
    assert plainly, "no row was read by generated code: nothing was compared"


# -- what the code is made of

WORDS = {
    "def", "decided",
    "F", "U", "A", "P", "C", "N", "O", "L", "G", "try", "except", "Exception", "pass", "return", "if", "else", "not", "and",
    "or", "is", "in", "True", "False", "None", "get", "date", "held", "__class__", "int", "dict",
}  # fmt: skip


def of_our_making(source: str) -> bool:
    """Whether the source is made of numbered names, operators, brackets and these words alone."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME and token.string not in WORDS and not (token.string[0] in "vkt" and token.string[1:].isdigit()):
            return False
        if token.type in (tokenize.STRING, tokenize.COMMENT, tokenize.ERRORTOKEN):
            return False
        if token.type == tokenize.NUMBER and source.splitlines()[token.start[0] - 1].strip() != "held = 0":
            return False
    return True


def test_no_text_of_a_rulebook_becomes_code(tmp_path: Any) -> None:
    sources = []
    for id, decision in BY_RULES.values():
        book = load_rulebook(id)
        code = written_out(plan_of(book.contents, book.decisions[decision].about, decision, DAY))
        sources += [] if code is None else [code.source]
    random = Random(7)
    for book in filter(None, (drawn_book(random, tmp_path) for _ in range(40))):
        code = written_out(plan_of(book.contents, "thing", "asked", None))
        sources += [] if code is None else [code.source]
    assert len(sources) > 100
    assert [source for source in sources if not of_our_making(source)] == []


@pytest.mark.parametrize("source", ["x = v1", "v1 == 'text'", "held |= 3", "v1.real", "vx", "k1 # k2"])
def test_what_is_not_of_our_making_is_seen(source: str) -> None:
    assert not of_our_making(source)


# -- what a caller sees

FACTS: dict[str, Any] = {"recognised_urgent": False, "main_document": "not_brought", "所缺材料": ["验资报告"]}


def test_an_outcome_at_once_is_a_result_like_any_other() -> None:
    book = load_rulebook("kunshan")
    outcome = book.decide("case_type", {"main_document": "not_brought", "formal": True, "extra": 1}, on=DAY)
    assert outcome.rule == "supplement/main-not-brought"
    assert outcome.facts == {"recognised_urgent": False, "main_document": "not_brought"}
    assert outcome.unused == ("extra",)
    assert type(outcome).from_json(outcome.to_json()) == outcome == pickle.loads(pickle.dumps(outcome)) == copy.deepcopy(outcome)
    assert repr(outcome) == repr(type(outcome).from_json(outcome.to_json()))
    for change in (lambda: setattr(outcome, "rule", "x"), lambda: outcome.facts.update(a=1)):
        with pytest.raises((AttributeError, TypeError)):
            change()


def test_outcomes_of_one_kind_are_of_their_own_day_and_facts() -> None:
    book = load_rulebook("kunshan")
    first = book.decide("case_type", {"recognised_urgent": True}, on=date(2026, 1, 5))
    second = book.decide("case_type", {"recognised_urgent": True, "other": 2}, on=DAY)
    assert (first.on, first.unused, second.on, second.unused) == (date(2026, 1, 5), (), DAY, ("other",))


def test_a_fact_given_twice_is_refused_however_it_is_asked() -> None:
    book = load_rulebook("kunshan")
    both = {"recognised_urgent": True, "中心认定急办": False}
    for ask in (lambda: book.decide("case_type", both, on=DAY), lambda: book.compiled("case_type", on=DAY)(both)):
        with pytest.raises(GovServiceError, match="given twice"):
            ask()


def test_a_book_that_was_compiled_still_pickles_and_copies() -> None:
    book = load_rulebook("kunshan")
    book.decide("case_type", {"recognised_urgent": True}, on=DAY)
    assert book.contents.kept
    assert pickle.loads(pickle.dumps(book)) == book
    assert not copy.deepcopy(book.contents.kept)


def test_a_setting_given_later_is_the_one_that_is_read() -> None:
    facts = {
        "recognised_urgent": False, "main_document": "present", "formal": True, "nonmain_missing": 0, "attachments_missing": 2,
        "missing_affects_approval": False,
    }  # fmt: skip
    given = load_rulebook("kunshan", settings={"few_attachments": 2})
    assert given.compiled("case_type", on=DAY)(facts)[:2] == ("settled", "supplement/few-attachments")
    assert given.given({"few_attachments": 1}).compiled("case_type", on=DAY)(facts).state == "open"
    assert load_rulebook("kunshan").compiled("case_type", on=DAY)(facts).state == "open"


def test_dated_rules_are_those_of_the_day() -> None:
    book = load_rulebook("kunshan")
    project = {"key_project": True}
    assert book.compiled("green_channel", on=date(2008, 4, 30))(project).state == "none"
    assert book.compiled("green_channel", on=DAY)(project).state == "settled"


def test_many_decisions_are_kept_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick, "_MOST", 3)
    book = load_rulebook("kunshan")
    for decision in book.decisions:
        said(lambda decision=decision: book.decide(decision, {"recognised_urgent": True}, on=DAY))
    assert len(book.contents.kept) <= 5


def test_classify_says_the_same_compiled_or_not() -> None:
    book = load_rulebook("kunshan", settings={"few_attachments": 2})
    compiled = [classify(facts, book, on=DAY) for facts in (FACTS, {}, {"departments": 2, "meets_conditions": True})]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subjects, "compiled_for", lambda *_: None)
        assert [classify(facts, book, on=DAY) for facts in (FACTS, {}, {"departments": 2, "meets_conditions": True})] == compiled


@pytest.mark.parametrize(
    "condition",
    [
        "(i if b else i + 1) > 2",
        "match(w, ('red', i), ('green', i + 1), otherwise=i - 1) > 1",
        "(b and i > 1) or (c and i < 5)",
        "(b or i > 1) and (c or i > 0)",
        "j > 1",  # its column has a default
        "stands == 'off'",  # no rule of that decision fits: what it says otherwise
    ],
)
def test_plain_rows_are_read_by_generated_code_whichever_way_they_go(condition: str, tmp_path: Any) -> None:
    decisions = f"""
decisions:
  stands: {{about: thing, hit: first, rules: [{{id: on, when: b and c, then: "on"}}], otherwise: "off"}}
  asked: {{about: thing, hit: first, rules: [{{id: yes, when: "{condition}", then: a}}, {{id: no, then: z}}]}}
"""
    tables = yaml.dump({"rulebook": "plain", "tables": {"thing": {name: yaml.safe_load(kind) for name, kind in TYPES.items()}}})
    (tmp_path / "plain.yaml").write_text(tables + decisions, encoding="utf-8")
    book = load_rulebook(tmp_path / "plain.yaml")
    made = quick.compiled_for(book.contents, "thing", "asked", None, at_once=True)
    for b, c, i, w in product((True, False), (True, False), (0, 2, 3), ("red", "green", "blue")):
        facts = {"b": b, "c": c, "i": i, "w": w}
        assert made is not None
        assert made.answered(facts) is not None
        agree(book, "asked", facts)


def small_book(path: Any, decisions: str) -> Rulebook:
    tables = "tables: {thing: {i: {type: integer, label: 件数}, j: {type: integer, label: 部门数, default: 2}, t: text}}"
    (path / "small.yaml").write_text(f"rulebook: small\n{tables}\ndecisions:\n{decisions}", encoding="utf-8")
    return load_rulebook(path / "small.yaml")


@pytest.mark.parametrize("hit", ["first", "any", "unique", "collect"])
@pytest.mark.parametrize("grants", ["a", "=t"])
def test_a_fact_that_goes_by_its_label_stands_before_the_default_of_its_column(tmp_path: Any, hit: str, grants: str) -> None:
    rules = f"[{{id: many, when: j > 1, then: {grants}}}, {{id: few, when: j <= 1, then: z}}]"
    book = small_book(tmp_path, f"  asked: {{about: thing, hit: {hit}, rules: {rules}}}\n")
    for facts in ({"部门数": 1, "t": "x"}, {"部门数": 3, "t": "x"}, {"t": "x"}, {"j": 1}):
        agree(book, "asked", facts)


@pytest.mark.parametrize(
    "decision",
    [
        'hit: first, rules: [{when: "step(i, (j, 5), (9, j)) > 2", then: a}, {then: z}]',
        "hit: first, outcomes: {asked: text}, rules: [{when: i > 1, then: a}], otherwise: =t",
        "hit: first, outcomes: {asked: text}, when: i > 0, rules: [{when: i > 1, then: a}], otherwise: =t",
        "hit: collect, outcomes: {asked: text}, rules: [{when: i > 1, then: =t}, {when: j > 1, then: z}]",
        "hit: any, outcomes: {asked: text}, rules: [{when: i > 1, then: =t}, {when: j > 1, then: x}]",
    ],
)
def test_what_is_not_written_out_is_worked_out_or_left_to_the_interpreter(tmp_path: Any, decision: str) -> None:
    book = small_book(tmp_path, f"  asked: {{about: thing, {decision}}}\n")
    for i, j, t in product((0, 1, 3, 9, None), (1, 3, None), ("x", None)):
        agree(book, "asked", {"i": i, "j": j, "t": t})


@pytest.mark.parametrize(("levels", "is_written"), [(4, True), (11, False)])
def test_what_would_come_to_too_much_code_is_left_to_the_interpreter(tmp_path: Any, levels: int, is_written: bool) -> None:
    rules = "rules: [{{when: 'd{below} if n > {level} else not d{below}', then: true}}, {{then: false}}]"
    above = "".join(f"  d{n}: {{about: thing, hit: first, {rules.format(level=n, below=n + 1)}}}\n" for n in range(levels))
    last = f"  d{levels}: {{about: thing, hit: first, rules: [{{when: n > 3, then: true}}, {{then: false}}]}}\n"
    path = tmp_path / "twice.yaml"
    path.write_text(f"rulebook: twice\ntables: {{thing: {{n: integer}}}}\ndecisions:\n{above}{last}", encoding="utf-8")
    book = load_rulebook(path)
    assert (written_out(plan_of(book.contents, "thing", "d0", None)) is not None) == is_written
    for n in range(20):
        turned = sum(n <= level for level in range(levels)) % 2 == 1
        assert book.decide("d0", {"n": n}).value("d0") == ((n > 3) != turned)
