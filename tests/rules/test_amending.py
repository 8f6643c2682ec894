"""One book upon another: what is taken over, amended, given as a setting, in force on a day; and the digest that names it all."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from govservice import Rulebook, load_rulebook
from govservice.errors import DateNeeded, DecisionError, GovServiceError, RecordError, RulebookError
from govservice.rules import REMOVE, Outcome

Load = Callable[..., Rulebook]

BASE = """
rulebook: base
title: 底本
sources: {law: 法律, rules: 规程}
conventions: {first_day: included}
settings:
  few: {type: integer, label: 少数}
  share: {type: decimal, label: 比例, default: 0.5}
tables:
  thing:
    n: {type: integer, label: 件数}
    b: {type: boolean, label: 正式}
    c: {type: choice, label: 类别, values: {x: 甲, y: 乙}}
events:
  late: {label: 迟到}
decisions:
  way:
    about: thing
    hit: first
    rules:
      - {id: small, when: n <= few, then: instant, cite: B-1}
      - {id: formal, when: b, then: joint, cite: B-2}
      - {id: rest, then: promised, cite: B-3}
  level: {about: thing, hit: first, rules: [{id: high, when: n > 10, then: high}, {id: low, then: low}]}
measures:
  twice: 1 + 1
"""


@pytest.fixture(scope="module")
def base(load: Load) -> Rulebook:
    return load(BASE)


# extends


def extended(load: Load, text: str, **options: object) -> Rulebook:
    return load(f"rulebook: own\nextends: [base.yaml]\n{text}", files={"base.yaml": BASE}, **options)


def test_a_book_takes_over_everything_but_the_conventions(load):
    book = extended(load, "")
    assert book.id == "own"
    assert book.title is None
    assert book.conventions == {}
    assert book.decide("way", {"n": 5, "b": True}).possible == ("instant", "joint")
    assert {"few", "share"} <= set(book.settings)
    assert "late" in book.contents.events
    assert "twice" in book.contents.measures
    assert book.contents.sources["law"] == "法律"


def test_an_own_entry_wins_by_id_whole(load):
    book = extended(load, "decisions:\n  way: {about: thing, hit: first, rules: [{id: only, then: own}]}\n")
    assert book.decide("way", {}).value("way") == "own"
    assert len(book.decisions["way"].rules) == 1
    assert book.decide("level", {"n": 11}).value("level") == "high"


def test_columns_of_a_table_are_joined_one_by_one(load):
    book = extended(load, "tables:\n  thing:\n    n: {type: decimal, label: 数量}\n    extra: text\n")
    columns = book.contents.tables["thing"].columns
    assert set(columns) == {"n", "b", "c", "extra"}
    assert columns["n"].type.kind == "decimal"
    assert book.decide("level", {"数量": "10.5"}).value("level") == "high"


def test_a_bare_value_gives_a_setting_that_was_taken_over(load):
    book = extended(load, "settings: {few: 2}\n")
    assert book.settings["few"].value == 2
    assert book.settings["few"].label == "少数"
    assert book.decide("way", {"n": 2}).value("way") == "instant"


def test_two_books_that_say_different_things_of_one_id_are_refused_until_this_one_settles_it(load):
    other = "rulebook: other\nmeasures: {twice: 3 + 3}\n"
    with pytest.raises(RulebookError) as caught:
        load("rulebook: own\nextends: [base.yaml, other.yaml]\n", files={"base.yaml": BASE, "other.yaml": other})
    assert str(caught.value) == (
        "book.yaml:1: measures.twice: base.yaml and other.yaml both have measures.twice, and differ; write measures.twice here"
    )
    book = load("rulebook: own\nextends: [base.yaml, other.yaml]\nmeasures: {twice: 4}\n", files={"base.yaml": BASE, "other.yaml": other})
    assert "twice" in book.contents.measures


@pytest.mark.parametrize("order", ["base.yaml, other.yaml", "other.yaml, base.yaml"])
def test_what_both_took_over_unchanged_from_one_book_is_no_difference_and_never_undoes_a_change(load, order):
    root = "rulebook: root\nmeasures: {twice: 1 + 1}\n"
    files = {
        "root.yaml": root,
        "base.yaml": "rulebook: base\nextends: [root.yaml]\n",
        "other.yaml": "rulebook: other\nextends: [root.yaml]\nmeasures: {twice: 3 + 3}\n",
    }
    book = load(f"rulebook: own\nextends: [{order}]\n", files=files)
    assert book.contents.measures["twice"].text == "3 + 3"


def test_two_books_that_declare_one_column_differently_are_refused_too(load):
    other = "rulebook: other\ntables: {thing: {n: decimal, more: text}}\n"
    with pytest.raises(RulebookError) as caught:
        load("rulebook: own\nextends: [base.yaml, other.yaml]\n", files={"base.yaml": BASE, "other.yaml": other})
    assert [one.id for one in caught.value.faults] == ["tables.thing.n"]
    assert "base.yaml and other.yaml both have tables.thing.n, and differ" in str(caught.value)


def test_a_fault_in_what_was_taken_over_names_the_file_that_wrote_it(load):
    files = {
        "root.yaml": "rulebook: root\ntables: {thing: {n: integer}}\nmeasures: {one: 1}\n",
        "base.yaml": (
            "rulebook: base\nextends: [root.yaml]\ndecisions:\n  way: {about: thing, hit: first, rules: [{when: n > 1, then: x}]}\n"
        ),
    }
    with pytest.raises(RulebookError) as caught:
        load("rulebook: own\nextends: [root.yaml, base.yaml]\ntables:\n  thing: {n: text}\nmeasures: {one: nobody}\n", files=files)
    assert [(one.file, one.line, one.id) for one in caught.value.faults] == [
        ("base.yaml", 4, "decisions.way.rules.1.when"),
        ("book.yaml", 5, "measures.one"),
    ]


@pytest.mark.parametrize("order", ["plain.yaml, licensing-law", "licensing-law, plain.yaml"])
def test_a_book_of_ones_own_stands_beside_the_law_in_either_order(load, order):
    law = load_rulebook("licensing-law")
    book = load(f"rulebook: own\nextends: [{order}]\n", files={"plain.yaml": "rulebook: plain\nmeasures: {two: 2}\n"})
    assert set(law.contents.clocks) == set(book.contents.clocks)
    assert {id: str(clock.limit) for id, clock in law.contents.clocks.items()} == {
        id: str(clock.limit) for id, clock in book.contents.clocks.items()
    }


# amends


def amended(load: Load, text: str, **options: object) -> Rulebook:
    return load(f"amends: base.yaml\n{text}", files={"base.yaml": BASE}, **options)


def test_an_amending_file_changes_single_places_and_keeps_all_others(load, base):
    book = amended(
        load,
        "settings: {few: 3}\ndecisions:\n  way:\n    rules:\n      - {id: formal, then: special}\n      - {id: small, when: n < few}\n",
    )
    assert (book.id, book.title, book.conventions["first_day"]) == ("base", "底本", "included")
    assert book.decide("way", {"n": 5, "b": True}).value("way") == "special"
    assert book.decide("way", {"n": 5, "b": True}).cite == "B-2"
    assert book.decide("way", {"n": 3, "b": False}).value("way") == "promised"
    assert [rule.id for rule in book.decisions["way"].rules] == ["small", "formal", "rest"]
    assert base.decide("way", {"n": 5, "b": True}).open  # the original is untouched


def test_an_amending_file_must_name_what_is_there_or_write_a_whole_entry(load):
    with pytest.raises(RulebookError, match="'hit' is missing"):
        amended(load, "decisions:\n  wya:\n    rules:\n      - {id: formal, then: special}\n")
    with pytest.raises(RulebookError, match="'then' is missing"):
        amended(load, "decisions:\n  way:\n    rules:\n      - {id: frmal, when: b}\n")
    book = amended(load, "decisions:\n  more: {about: thing, hit: first, rules: [{then: yes}]}\n")
    assert book.decide("more", {}).value("more") == "yes"


# amend


def test_amend_gives_a_new_book_and_leaves_the_original_alone(base):
    before = base.digest
    after = base.amend({"decisions.way.rules.small.when": "n <= 1", "decisions.way.rules.formal.then": "escalated"})
    assert after.decide("way", {"n": 2, "b": True}).value("way") == "escalated"
    assert base.digest == before != after.digest
    assert base.decisions["way"].rules[0].text == "n <= few"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (
            "decisions.wya.rules.small.when",
            "b",
            "decisions.wya.rules.small.when: the path decisions.wya.rules.small.when leads nowhere at 'wya'; did you mean \"way\"?",
        ),
        (
            "decisions.way.rules.smal.when",
            "b",
            "decisions.way.rules.smal.when: the path decisions.way.rules.smal.when leads nowhere at 'smal'; did you mean \"small\"?",
        ),
        ("", "b", None),
        (".", "b", None),
        ("decisions.way.rules.small.when.deeper", "b", None),
        ("measures.twise", "3", "measures.twise: the path measures.twise leads nowhere at 'twise'; did you mean \"twice\"?"),
        ("settings.fw", 3, None),
        ("settings.share", Fraction(1, 3), None),
        ("settings.share", float("inf"), None),
        ("decisions.way.rules.small", None, None),
        ("decisions.way.rules.small.when", object(), None),
    ],
    ids=["decision", "rule", "empty", "dot", "below-a-text", "measure", "setting", "third", "infinite", "none", "object"],
)
def test_a_path_that_leads_nowhere_or_a_value_no_file_holds_is_named(base, path, value, said):
    with pytest.raises(DecisionError) as caught:
        base.amend({path: value})
    assert said is None or str(caught.value) == said


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("decisions.way.rules.small.when", 21),
        ("decisions.way.rules.small.until", 21),
        ("decisions.way.label", 17),
        ("decisions.way.rules.none.when", 20),
        ("measures.twice.value", 26),
        ("decisions.none", None),
    ],
)
def test_what_is_not_written_stands_where_it_would_be_written(base, place, line):
    assert base.place(place) == (None if line is None else ("book.yaml", line))


def test_of_many_entries_the_first_twelve_are_named(base):
    book = base.amend({f"tables.thing.n{number:02}": "integer" for number in range(1, 11)})
    with pytest.raises(DecisionError) as caught:
        book.amend({"tables.thing.altogether.label": "合计"})
    assert caught.value.text("en") == (
        "tables.thing.altogether.label: the path tables.thing.altogether.label leads nowhere at 'altogether'; "
        "there is: n, b, c, n01, n02, n03, n04, n05, n06, n07, n08, n09"
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"decisions.way.rules.small.whem": "b"}, "unknown key 'whem'"),
        ({"decisions.way.hit": "sometimes"}, "'sometimes' cannot stand here"),
        ({"decisions.way.rules.small.when": "nn > 1"}, 'unknown fact "nn"'),
        ({"decisions.way.rules": []}, "empty list"),
        ({"decisions.way.rules": "n > 1"}, "decisions.way.rules: a list must stand here, this is one value"),
        ({"decisions.way": "n > 1"}, "decisions.way: a mapping must stand here, this is one value"),
        ({"decisions.way": {"about": "thing", "rules": [{"id": "a", "whem": "b"}]}}, "rules.a: the key 'then' is missing"),
        ({"decisions.way.rules.extra": {"when": "b"}}, "'then' is missing"),
        ({"tables.thing.n": "text"}, "text and integer do not compare|number"),
    ],
    ids=["key", "hit", "fact", "no-rules", "rules-in-a-text", "decision-in-a-text", "half-a-decision", "half-a-rule", "type"],
)
def test_an_amendment_with_faults_is_refused_whole(base, change, said):
    with pytest.raises(RulebookError, match=said):
        base.amend(change)


@pytest.mark.parametrize(
    "rules",
    [
        [{"id": "one", "when": "n > 1", "then": "a"}, {"then": "b"}],
        ({"id": "one", "when": "n > 1", "then": "a"}, {"id": "two", "then": "b"}),
    ],
    ids=["list", "tuple"],
)
def test_a_whole_list_of_rules_or_a_whole_decision_may_be_given_as_a_file_writes_it(base, rules):
    book = base.amend({"decisions.way.rules": rules})
    assert book.decide("way", {"n": 2}).value("way") == "a"
    assert book.decide("way", {"n": 2}).rule == "one"
    added = base.amend({"decisions.more": {"about": "thing", "hit": "first", "rules": rules}})
    assert added.decide("more", {"n": 0}).value("more") == "b"


def test_a_whole_new_entry_is_a_mapping_and_a_new_rule_takes_the_id_of_its_path(base):
    book = base.amend(
        {
            "measures.thrice": {"value": "3"},
            "decisions.way.rules": [{"id": "rest", "then": "promised"}],
            "decisions.way.rules.rest.then": "other",
            "decisions.way.rules.late": {"when": "n > 1", "then": "late"},
            "conventions.roll": "forward",
        }
    )
    assert book.contents.measures["thrice"].text == "3"
    assert [rule.id for rule in book.decisions["way"].rules] == ["rest", "late"]
    assert book.decide("way", {}).value("way") == "other"
    assert book.conventions["roll"] == "forward"
    assert pickle.loads(pickle.dumps(book)) == book == book.amend({"decisions.way.rules.late.when": "n > 1"})


@pytest.mark.parametrize(
    "changes",
    [
        {"measures": {"twice": "2 * 2"}},
        {"measures": {"thrice": "3 * 1"}},
        {"measures": {"twice": {"label": "两倍"}}},
        {"measures": {"named": "2 * 2"}},
        {"measures": {"named": {"cite": "B-5"}}},
        {"settings": {"few": 3}},
        {"settings": {"many": {"type": "integer", "default": 9}}},
        {"tables": {"thing": {"m": "integer"}}},
        {"events": {"rude": {"label": "态度"}}},
        {"decisions": {"way": {"rules": [{"id": "rest", "then": "other"}, {"id": "new", "then": "newer"}]}}},
        {"decisions": {"level": {"label": "等级"}}},
    ],
)
def test_a_section_is_amended_entry_by_entry_as_an_amending_file_does(load: Load, changes: dict[str, object]):
    text = BASE + "  named: {value: 1 + 2, label: 三, cite: B-4}\n"
    in_python = load(text).amend(changes)
    in_a_file = load(f"amends: base.yaml\n{json.dumps(changes, ensure_ascii=False)[1:-1]}", files={"base.yaml": text})
    assert in_python == in_a_file
    assert {"twice", "named"} <= set(in_python.contents.measures)
    assert in_python.contents.measures["named"].label == "三"


def test_an_amended_value_may_be_any_plain_value(base):
    book = base.amend(
        {
            "settings.share": Decimal("0.25"),
            "settings.few": 3,
            "decisions.level.rules.high.from": date(2020, 1, 1),
            "tables.thing.b": {"type": "boolean", "default": True},
        }
    )
    assert (book.settings["share"].value, book.settings["few"].value) == (Fraction(1, 4), 3)
    assert book.decide("level", {"n": 11}, on=date(2019, 12, 31)).value("level") == "low"
    assert book.decide("way", {"n": 4}, on=date(2020, 1, 1)).value("way") == "joint"


def test_an_amendment_of_an_amendment_goes_on_from_it(base):
    twice = base.amend({"settings.few": 1}).amend({"decisions.way.rules.rest.then": "other"})
    assert twice.decide("way", {"n": 2, "b": False}).value("way") == "other"
    assert twice == base.amend({"decisions.way.rules.rest.then": "other", "settings.few": 1})


# settings


def test_a_setting_is_open_until_it_is_given_and_the_outcome_names_it(base, load):
    assert base.settings["few"].value is None
    assert base.decide("way", {"n": 2, "b": False}).undecided == ("few",)
    for book in (
        base.given({"few": 2}),
        load(BASE, settings={"few": "２"}),
        base.amend({"settings.few": 2}),
        amended(load, "settings: {few: 2}\n"),
    ):
        assert book.settings["few"].value == 2
        assert book.decide("way", {"n": 2}).value("way") == "instant"
        assert book.digest != base.digest


@pytest.mark.parametrize("value", [Decimal("0.1"), 0.1, "0.1", Fraction(1, 10), "０．１"])
def test_a_setting_is_exact_however_it_is_given(base, value):
    assert base.given({"share": value}).settings["share"].value == Fraction(1, 10)


@pytest.mark.parametrize("value", [Decimal("1E-7"), 1e-7, Fraction(1, 8), 1e10, Decimal("1E+3")])
def test_a_number_is_taken_whichever_way_python_prints_it(base, value):
    assert base.given({"share": value}).settings["share"].value == Fraction(value if not isinstance(value, float) else str(value))


@pytest.mark.parametrize("value", ["many", 2.5, None, "", True, float("nan"), [2], {"value": 2}, "2; 3"])
def test_a_setting_of_the_wrong_type_is_refused(base, value):
    with pytest.raises(GovServiceError):
        base.given({"few": value})


def test_an_unknown_setting_is_refused_with_those_there_are(load):
    with pytest.raises(DecisionError) as caught:
        load(BASE, settings={"fw": 2})
    assert "base has no setting 'fw'; it has: " in str(caught.value)
    assert "few, share" in str(caught.value)


def test_a_fact_of_the_wrong_type_is_refused_by_name(base):
    with pytest.raises(RecordError, match="n must be an integer"):
        base.decide("level", {"n": "many"})
    with pytest.raises(RecordError, match="given twice"):
        base.decide("level", {"n": 1, "件数": 2})


# on a day

DATED = """
rulebook: dated
tables: {thing: {n: integer}}
events: {late: {label: 迟到}}
decisions:
  way:
    about: thing
    hit: first
    rules:
      - {id: old, until: 2019-12-31, then: old}
      - {id: new, from: 2020-01-01, then: new}
  later: {about: thing, hit: first, from: 2021-01-01, rules: [{then: true}]}
clocks:
  answer: {about: cases, limit: 5 工作日, starts: received_on, stops: closed_on, from: 2021-01-01}
notices:
  told: {title: 告知书, when: closed, from: 2021-01-01}
schemes:
  month:
    scores: staff
    period: month
    parts: {all: {items: [{id: a, for: late, points: -1, until: 2020-12-31}, {id: b, for: late, points: -2, from: 2021-01-01}]}}
"""


@pytest.mark.parametrize(
    ("day", "way", "later"), [(date(2019, 12, 31), "old", None), (date(2020, 1, 1), "new", None), (date(2021, 1, 1), "new", True)]
)
def test_a_book_as_of_a_day_decides_as_the_book_does_on_that_day(load, day, way, later):
    book = load(DATED)
    then = book.on(day)
    assert then.decide("way", {}).value("way") == way == book.decide("way", {}, on=day).value("way")
    assert then.decide("later", {}).value("later") is later
    assert then.decide("later", {}).applies is (later is not None)
    assert not then.dated
    assert book.dated
    with pytest.raises(DateNeeded):
        book.decide("way", {})


def test_a_book_as_of_a_day_holds_nothing_of_another_day(load):
    early, late = load(DATED).on(date(2020, 6, 1)), load(DATED).on(date(2022, 6, 1))
    assert "answer" in late.contents.clocks
    assert "answer" not in early.contents.clocks
    assert "told" not in early.contents.notices
    assert [item.id for item in early.contents.schemes["month"].parts["all"].items] == ["a"]
    assert [item.id for item in late.contents.schemes["month"].parts["all"].items] == ["b"]


def test_what_is_in_force_on_a_day_stays_so_whatever_day_is_asked_about(load):
    then = load(DATED).on(date(2020, 6, 1))
    assert not [one for one in then.contents.entries() if one.from_ or one.until if one.id != "later"]
    assert then.amend({"decisions.way.rules.new.then": "newer"}).decide("way", {}).value("way") == "newer"
    with pytest.raises(DecisionError, match="on= takes a date, not 20200601"):
        load(DATED).on(20200601)
    assert load(DATED).on("2020-06-01").digest == then.digest


def test_a_clock_not_in_force_has_no_due_day_for_those_who_read_it(load):
    asked = "{when: answer.overdue, then: late}, {when: known(answer.due), then: due}, {then: free}"
    text = DATED.replace("clocks:", f"  asked: {{about: cases, hit: first, rules: [{asked}]}}\nclocks:")
    assert load(text).on(date(2020, 6, 1)).decide("asked", {}).value("asked") == "free"
    assert load(text).on(date(2021, 6, 1)).decide("asked", {}).open


def test_a_book_as_of_a_day_is_not_asked_about_another(load):
    with pytest.raises(GovServiceError):
        load(DATED).on(date(2019, 1, 1)).decide("way", {}, on=date(2020, 1, 1))


# digest


def test_the_digest_does_not_depend_on_comments_blanks_or_the_order_of_keys(load, base):
    again = BASE.replace("settings:\n", "# 设定\nsettings:\n\n").replace(
        "{id: small, when: n <= few, then: instant, cite: B-1}", "{cite: B-1, then: instant, id: small, when: n <= few}"
    )
    lines = again.split("measures:")
    moved = f"measures:{lines[1]}{lines[0]}"
    assert load(moved).digest == base.digest
    assert load(moved) == base
    assert hash(load(moved)) == hash(base)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("n <= few", "n < few"),
        ("then: joint", "then: other"),
        ("cite: B-1", "cite: B-9"),
        ("first_day: included", "first_day: excluded"),
        ("default: 0.5", "default: 0.6"),
        ("title: 底本", "title: 别本"),
        ("twice: 1 + 1", "twice: 1 + 2"),
        ("hit: first\n    rules", "hit: unique\n    rules"),
    ],
)
def test_the_digest_changes_with_what_the_book_says(load, base, old, new):
    assert old in BASE
    assert load(BASE.replace(old, new)).digest != base.digest


def test_the_digest_changes_with_the_order_of_the_rules_for_the_first_that_holds_wins(load, base):
    lines = BASE.split("\n")
    formal = next(i for i, line in enumerate(lines) if "id: formal" in line)
    lines[formal], lines[formal - 1] = lines[formal - 1], lines[formal]
    other = load("\n".join(lines), settings={"few": 5})
    same = base.given({"few": 5})
    facts = {"n": 1, "b": True}
    assert other.decide("way", facts).value("way") != same.decide("way", facts).value("way")
    assert other.digest != same.digest


def test_the_digest_of_a_book_as_of_a_day_is_another_and_every_outcome_carries_it(load):
    book = load(DATED)
    assert len({book.digest, book.on(date(2020, 1, 1)).digest, book.on(date(2019, 1, 1)).digest}) == 3
    assert book.decide("way", {}, on=date(2020, 1, 1)).digest == book.digest


# pickles and JSON


@pytest.mark.parametrize("name", ["kunshan", "licensing-law"])
def test_a_book_comes_back_from_a_pickle(name):
    book = load_rulebook(name)
    again = pickle.loads(pickle.dumps(book))
    assert again == book
    assert again.contents == book.contents
    assert pickle.loads(pickle.dumps(book.on(date(2020, 1, 1)))) == book.on(date(2020, 1, 1))


OUTCOMES = """
rulebook: outcomes
tables:
  thing:
    n: {type: integer, label: 件数}
    d: {type: decimal, label: 金额}
    on_day: {type: date, label: 日期}
    at: {type: moment, label: 时刻}
    limit: {type: limit, label: 时限}
    l: {type: list, label: 材料}
    b: boolean
decisions:
  all:
    about: thing
    hit: first
    rules:
      - id: one
        when: b
        then: {all: =d / 3, on_it: =on_day, at_it: =at, within: =limit, listed: =l, word: 是, flag: true, number: 2}
        cite: 一
  some: {about: thing, hit: collect, rules: [{id: one, when: b, then: x}, {id: two, when: n > 1, then: y}]}
  dated: {about: thing, hit: first, from: 2020-01-01, rules: [{then: 1}]}
"""


@pytest.mark.parametrize("decision", ["all", "some", "dated"])
@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"b": True},
        {"b": False, "n": 2},
        {"b": True, "n": 1, "d": "0.1", "on_day": "2026-02-13", "at": "2026-02-13T10:30:00+08:00", "limit": "5个工作日", "l": ["甲", "乙"]},
    ],
    ids=["nothing", "open", "gap", "settled"],
)
def test_an_outcome_comes_back_from_json_and_from_a_pickle(load, decision, facts):
    outcome = load(OUTCOMES).decide(decision, facts, on=date(2026, 1, 1))
    assert Outcome.from_dict(json.loads(json.dumps(outcome.to_dict(), ensure_ascii=False))) == outcome
    assert pickle.loads(pickle.dumps(outcome)) == outcome
    for lang in ("en", "zh"):
        assert Outcome.from_dict(outcome.to_dict()).explain(lang) == outcome.explain(lang) != ""


def test_an_outcome_is_frozen_and_so_is_what_it_holds(base):
    outcome = base.decide("level", {"n": 11})
    with pytest.raises(AttributeError):
        outcome.rule = "other"
    for held in (outcome.values, outcome.facts, outcome.labels):
        for change in (lambda held=held: held.__setitem__("level", "x"), lambda held=held: held.update(level="x"), held.clear):
            with pytest.raises(TypeError):
                change()
    assert json.dumps(outcome.values) == '{"level": "high"}'


@pytest.mark.parametrize("facts", [None, [1], "n", 3])
def test_facts_that_are_no_mapping_are_refused_in_words(base, facts):
    with pytest.raises((GovServiceError, TypeError)):
        base.decide("level", facts)


# taking out


def test_an_entry_is_taken_out_by_path_and_the_original_keeps_it(base):
    book = base.amend({"decisions.way.rules.formal": REMOVE, "conventions.first_day": REMOVE})
    assert [rule.id for rule in book.decisions["way"].rules] == ["small", "rest"]
    assert "first_day" not in book.conventions
    assert [rule.id for rule in base.decisions["way"].rules] == ["small", "formal", "rest"]
    assert book.digest != base.digest


def test_what_others_use_cannot_be_taken_out_from_under_them(base):
    with pytest.raises(RulebookError, match='unknown fact "few"'):
        base.amend({"settings.few": REMOVE})
    with pytest.raises(RulebookError, match="'rules' is missing"):
        base.amend({"decisions.way.rules": REMOVE})
    with pytest.raises(DecisionError, match='did you mean "formal"'):
        base.amend({"decisions.way.rules.fomal": REMOVE})


def test_an_amending_file_takes_out_first_and_then_puts_in(load):
    book = amended(load, "remove: [decisions.way.rules.formal, measures]\ndecisions:\n  way:\n    rules: [{id: formal, then: own}]\n")
    assert [rule.id for rule in book.decisions["way"].rules] == ["small", "rest", "formal"]
    assert book.decisions["way"].rules[-1].cite is None
    assert "twice" not in book.contents.measures


@pytest.mark.parametrize("order", ["base.yaml, less.yaml", "less.yaml, base.yaml"])
def test_what_one_book_took_out_does_not_come_back_by_another_that_never_changed_it(load, order):
    files = {"base.yaml": BASE, "less.yaml": "amends: base.yaml\nremove: [measures.twice, decisions.actual_days, tables.thing.c]\n"}
    book = load(f"rulebook: own\nextends: [{order}]\n", files=files)
    assert "twice" not in book.contents.measures
    assert "actual_days" not in book.decisions
    assert "c" not in book.contents.tables["thing"].columns


def test_an_amendment_may_begin_a_section(base):
    month = {"scores": "staff", "period": "month", "total": "90"}
    assert base.amend({"schemes.month": month}).contents.schemes.keys() == {"month"}
    assert base.amend({"clocks.c": {"about": "thing", "starts": 'date("2026-03-02")', "limit": "5 工作日"}}).contents.clocks["c"].id == "c"
    assert base.amend({"conventions.first_day": REMOVE}).amend({"conventions.roll": "none"}).conventions == {"roll": "none"}
