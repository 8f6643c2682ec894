"""The four ways to read a table of rules: what settles it, what leaves it open, what it may still be, what is a conflict."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govservice import Rulebook
from govservice.errors import ConflictError, DateNeeded, DecisionError, GovServiceError


def table(hit, *rules, more=""):
    """One decision `way` about a thing, as YAML."""
    listed = "".join(f"      - {{{rule}}}\n" for rule in rules)
    return f"  way:\n    about: thing\n    hit: {hit}\n{more}    rules:\n{listed}"


def said(outcome):
    return outcome.value("way"), outcome.open, outcome.possible, outcome.undecided, outcome.rule


# first


FIRST = table("first", "id: joint, when: m >= 2, then: joint", "id: instant, when: b, then: instant", "id: promised, then: promised")


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({"m": 2}, ("joint", False, ("joint",), (), "joint")),  # later rules are not looked at
        ({"m": 1, "b": True}, ("instant", False, ("instant",), (), "instant")),
        ({"m": 1, "b": False}, ("promised", False, ("promised",), (), "promised")),
        ({"m": 1}, (None, True, ("instant", "promised"), ("b",), None)),
        ({"b": True}, (None, True, ("joint", "instant"), ("m",), None)),  # an unknown rule stops the table: no later one fires
        ({}, (None, True, ("joint", "instant", "promised"), ("b", "m"), None)),
    ],
)
def test_first_takes_the_first_rule_that_holds_and_stops_at_one_it_cannot_judge(decide, facts, wanted):
    assert said(decide(FIRST).decide("way", facts)) == wanted


def test_first_is_settled_where_every_rule_it_may_be_grants_the_same(decide):
    book = decide(table("first", "id: a, when: m >= 2, then: joint", "id: b, when: b, then: joint", "id: c, when: n > 0, then: other"))
    outcome = book.decide("way", {"b": True})
    assert said(outcome) == ("joint", False, ("joint",), (), None)
    assert outcome.rules == ("a", "b")
    assert outcome.steps[0].needs == ("m",)


def test_judging_is_rule_by_rule_not_by_trying_values(decide):
    # whichever m is, one of the two holds; yet neither rule can be judged, so the third stays possible
    book = decide(table("first", "id: a, when: m >= 2, then: x", "id: b, when: m < 2, then: x", "id: c, then: y"))
    assert said(book.decide("way", {})) == (None, True, ("x", "y"), ("m",), None)


def test_rules_that_may_hold_come_before_the_one_that_does_where_the_table_may_not_apply(decide):
    book = decide(table("first", "id: a, when: n > 1, then: x", "id: c, when: m > 1, then: y", more="    when: b\n"))
    assert said(book.decide("way", {"m": 2})) == (None, True, ("x", "y", None), ("b", "n"), None)


def test_no_rule_is_a_gap_unless_otherwise_says_what_then(decide):
    gap = decide(table("first", "id: a, when: b, then: x")).decide("way", {"b": False})
    assert (*said(gap), gap.gap, gap.applies) == (None, False, (None,), (), None, True, True)
    closed = decide(table("first", "id: a, when: b, then: x", more="    otherwise: y\n")).decide("way", {"b": False})
    assert (*said(closed), closed.gap) == ("y", False, ("y",), (), None, False)
    maybe = decide(table("first", "id: a, when: b, then: x")).decide("way", {})
    assert (*said(maybe), maybe.gap) == (None, True, ("x", None), ("b",), None, False)
    same = decide(table("first", "id: a, when: b, then: x", more="    otherwise: x\n")).decide("way", {})
    assert said(same) == ("x", False, ("x",), (), None)


# unique, any


@pytest.mark.parametrize("hit", ["unique", "any"])
def test_a_rule_that_holds_settles_whatever_is_unknown_beside_it(decide, hit):
    book = decide(table(hit, "id: a, when: m >= 2, then: x", "id: b, when: b, then: y"))
    assert said(book.decide("way", {"b": True})) == ("y", False, ("y",), (), "b")
    assert said(book.decide("way", {"b": False})) == (None, True, ("x", None), ("m",), None)
    assert said(book.decide("way", {})) == (None, True, ("x", "y", None), ("b", "m"), None)


def test_two_rules_of_a_unique_table_that_hold_are_a_conflict_even_where_they_agree(decide):
    book = decide(table("unique", "id: a, when: m >= 2, then: x", "id: b, when: b, then: x", "id: c, when: n > 0, then: x"))
    with pytest.raises(ConflictError) as caught:
        book.decide("way", {"m": 2, "b": True, "n": 0})
    assert (
        str(caught.value)
        == "way: the rules a and b both hold; way promises hit: unique; mend the conditions, or order the rules with hit: first"
    )
    assert caught.value.text("zh") == "way: 规则 a、b 同时成立；way 声明 hit: unique；修改条件，或用 hit: first 排定先后"


def test_rules_of_an_any_table_may_hold_together_where_they_agree(decide):
    book = decide(table("any", "id: a, when: m >= 2, then: x", "id: b, when: b, then: x", "id: c, when: n > 0, then: y"))
    assert said(book.decide("way", {"m": 2, "b": True, "n": 0})) == ("x", False, ("x",), (), "a")
    with pytest.raises(ConflictError, match=r"the rules b and c both hold"):
        book.decide("way", {"m": 1, "b": True, "n": 1})


def test_a_conflict_names_the_rules_that_disagree(decide):
    book = decide(table("any", "id: a, when: m >= 2, then: x", "id: b, when: b, then: x", "id: c, when: n > 0, then: y"))
    with pytest.raises(ConflictError) as caught:
        book.decide("way", {"m": 2, "b": True, "n": 1})
    assert "a" in caught.value.what.en
    assert "c" in caught.value.what.en


def test_rules_whose_values_are_not_known_do_not_disagree(decide):
    book = decide(table("any", "id: five, when: b, then: 5", "id: counted, when: b, then: =n"))
    assert book.decide("way", {"b": True, "n": 5}).value("way") == 5
    with pytest.raises(ConflictError):
        book.decide("way", {"b": True, "n": 6})
    book.decide("way", {"b": True})  # n may yet be 5


def test_rules_that_grant_different_outcomes_do_not_disagree(decide):
    book = decide(table("any", "id: a, when: b, then: {p: 1}", "id: c, when: n > 0, then: {q: 2}"))
    outcome = book.decide("way", {"b": True, "n": 1})
    assert (outcome.value("p"), outcome.value("q")) == (1, 2)


def test_no_conflict_is_raised_where_the_table_may_not_apply_at_all(decide):
    book = decide(table("unique", "id: a, when: b, then: x", "id: c, when: b, then: y", more="    when: n > 0\n"))
    assert book.decide("way", {"b": True, "n": 0}).applies is False
    with pytest.raises(ConflictError):
        book.decide("way", {"b": True, "n": 1})
    assert book.decide("way", {"b": True}).open


# collect

COLLECT = table("collect", "id: a, when: m >= 2, then: joint", "id: b, when: b, then: formal", "id: c, when: n > 0, then: joint")


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({"m": 2, "b": True, "n": 0}, (("joint", "formal"), False, ("joint", "formal"), (), None)),
        ({"m": 2, "b": False, "n": 1}, (("joint", "joint"), False, ("joint",), (), None)),
        ({"m": 1, "b": True, "n": 0}, (("formal",), False, ("formal",), (), "b")),
        ({"m": 1, "b": False, "n": 0}, ((), False, (), (), None)),  # the empty list is no gap
        ({"m": 2, "n": 0}, (None, True, ("joint", "formal"), ("b",), None)),  # open while any rule is unknown
    ],
)
def test_collect_lists_what_every_rule_that_holds_grants(decide, facts, wanted):
    outcome = decide(COLLECT).decide("way", facts)
    assert said(outcome) == wanted
    assert outcome.gap is False


def test_collect_may_still_be_otherwise(decide):
    book = decide(table("collect", "id: a, when: b, then: x", more="    otherwise: nothing\n"))
    assert book.decide("way", {"b": False}).value("way") == ("nothing",)
    assert set(book.decide("way", {}).possible) == {"x", "nothing"}


def test_a_list_with_a_member_that_is_not_known_waits_for_it(decide):
    book = decide(table("collect", "id: a, when: b, then: =t", "id: c, then: 规划局"))
    assert said(book.decide("way", {"b": True})) == (None, True, (), ("t",), None)
    assert book.decide("way", {"b": True, "t": "建设局"}).value("way") == ("建设局", "规划局")


def test_a_rule_that_adds_nothing_to_a_list_is_not_waited_for(decide):
    book = decide(table("collect", "id: a, when: b, then: {reason: 主件缺少}", "id: c, when: n > 0, then: {way: joint}"))
    outcome = book.decide("way", {"n": 1})
    assert (outcome.value("way"), outcome.open_outcomes) == (("joint",), ("reason",))
    assert book.decide("way", {"b": True}).open_outcomes == ("way",)


def test_what_was_collected_is_a_list_for_the_decisions_that_read_it(decide):
    book = decide(COLLECT + "  asked: {about: thing, hit: first, rules: [{when: \"'formal' in way\", then: yes}, {then: no}]}\n")
    assert book.decide("asked", {"m": 1, "b": True, "n": 0}).value("asked") == "yes"
    assert book.decide("asked", {"m": 2, "b": False, "n": 0}).value("asked") == "no"


def test_what_was_collected_cannot_be_compared_as_one_value(decide):
    from govservice.errors import RulebookError

    with pytest.raises(RulebookError):
        decide(COLLECT + '  asked: {about: thing, hit: first, rules: [{when: way == "formal", then: yes}, {then: no}]}\n')


# what a rule grants


def test_a_rule_may_set_some_outcomes_and_leave_the_others_open(decide):
    book = decide(table("first", "id: a, when: b, then: {way: returned, reason: 主件缺少}", "id: c, then: {way: promised}"))
    outcome = book.decide("way", {"b": False})
    assert (outcome.value("way"), outcome.value("reason"), outcome.open_outcomes, outcome.undecided) == (
        "promised",
        None,
        ("reason",),
        ("reason",),
    )
    half = book.decide("way", {})
    assert half.open_outcomes == ("way", "reason")
    with pytest.raises(DecisionError) as caught:
        outcome.value("reasons")
    assert str(caught.value) == "reasons: way has no outcome 'reasons'; it has: way, reason"


def test_one_outcome_may_be_settled_while_another_is_open(decide):
    book = decide(table("first", "id: a, when: b, then: {way: x, grade: 1}", "id: c, then: {way: x, grade: 2}"))
    outcome = book.decide("way", {})
    assert (outcome.value("way"), outcome.open, outcome.open_outcomes) == ("x", False, ("grade",))


def test_an_equals_sign_marks_an_expression_a_bare_text_is_itself(decide):
    book = decide(table("first", "id: a, when: b, then: {lead: =t, word: t, days: =n + 1}", "id: c, then: {lead: 中心, word: u, days: 3}"))
    outcome = book.decide("way", {"b": True, "t": "规划局", "n": 4})
    assert (outcome.value("lead"), outcome.value("word"), outcome.value("days")) == ("规划局", "t", 5)
    unsaid = book.decide("way", {"b": True})
    assert unsaid.open_outcomes == ("lead", "days")
    assert unsaid.rule == "a"


def test_an_expression_grants_a_choice_only_one_of_its_values(load):
    text = (
        "rulebook: t\ntables: {thing: {t: text, way: {type: choice, values: {joint: 联办, instant: 即办}}}}\n"
        "decisions: {way: {about: thing, hit: first, rules: [{then: =t}]}}\n"
    )
    try:
        book = load(text)
    except GovServiceError:
        return  # a text is not a choice: refused where it is written
    assert book.decide("way", {"t": "联办"}).value("way") == "joint"
    with pytest.raises(GovServiceError):
        book.decide("way", {"t": "无此类"})


def test_what_a_decision_grants_may_be_read_by_another_and_what_is_recorded_stands(decide):
    book = decide(FIRST + '  quick: {about: thing, hit: first, rules: [{when: way == "instant", then: true}, {then: false}]}\n')
    assert book.decide("quick", {"m": 1, "b": True}).value("quick") is True
    assert book.decide("quick", {"m": 1}).undecided == ("b",)
    assert book.decide("quick", {"m": 1, "b": True, "way": "joint"}).value("quick") is False


def test_a_let_of_the_table_is_seen_by_its_rules_and_by_their_lets(decide):
    more = "    let: {whole: n + m}\n"
    plain = decide(table("first", "id: a, when: whole > 2, then: =whole", more=more))
    assert plain.decide("way", {"n": 2, "m": 1}).value("way") == 3
    nested = decide(table("first", "id: a, let: {half: whole / 2}, when: half > 1, then: =half", more=more))
    assert nested.decide("way", {"n": 2, "m": 2}).value("way") == 2


def test_an_outcome_granted_by_a_let_keeps_its_type(decide):
    from govservice.errors import RulebookError

    doubled = table("first", "id: a, then: =k", more="    let: {k: n * 2}\n")
    assert (
        decide(doubled + "  e: {about: thing, hit: first, rules: [{when: way > 2, then: 1}, {then: 2}]}\n").decide("e", {"n": 2}).value("e")
        == 1
    )
    with pytest.raises(RulebookError):
        decide(doubled + "  e: {about: thing, hit: first, rules: [{when: way < 'abc', then: 1}, {then: 2}]}\n")


# when, from and until


@pytest.mark.parametrize(
    ("day", "applies"),
    [(date(2008, 4, 30), False), (date(2008, 5, 1), True), (date(2009, 12, 31), True), (date(2010, 1, 1), False)],
)
def test_a_decision_is_in_force_from_and_until_both_days_included(decide, day, applies):
    book = decide(table("first", "id: a, then: x", more="    from: 2008-05-01\n    until: 2009-12-31\n"))
    outcome = book.decide("way", {}, on=day)
    assert outcome.applies is applies
    assert outcome.value("way") == ("x" if applies else None)
    assert not outcome.open
    assert not outcome.gap


@pytest.mark.parametrize(
    ("day", "rule"), [(date(2019, 12, 31), "old"), (date(2020, 1, 1), "new"), (date(2021, 6, 30), "new"), (date(2021, 7, 1), None)]
)
def test_a_dated_rule_is_passed_over_outside_its_days(decide, day, rule):
    book = decide(table("first", "id: old, until: 2019-12-31, then: x", "id: new, from: 2020-01-01, until: 2021-06-30, then: x"))
    outcome = book.decide("way", {}, on=day)
    assert outcome.rule == rule
    assert outcome.gap is (rule is None)


def test_a_dated_book_asks_for_the_day_and_an_undated_one_does_not(decide):
    book = decide(table("first", "id: a, from: 2020-01-01, then: x"))
    with pytest.raises(DateNeeded) as caught:
        book.decide("way", {})
    assert str(caught.value) == "things: the rulebook has dated rules; say on which day: on=date(..)"
    assert caught.value.text("zh") == "things: 册里有带起止日期的规则；请用 on= 给出日期"
    assert decide(FIRST).decide("way", {"m": 2}).on is None


def test_when_narrows_a_table_and_not_applicable_is_not_unknown(decide):
    book = decide(table("first", "id: a, when: n > 0, then: x", more="    when: b\n    otherwise: y\n"))
    assert book.decide("way", {"b": True, "n": 1}).value("way") == "x"
    apart = book.decide("way", {"b": False})
    assert (apart.applies, apart.open, apart.gap, apart.value("way"), apart.possible) == (False, False, False, None, (None,))
    doubtful = book.decide("way", {"n": 1})
    assert (doubtful.applies, doubtful.open, doubtful.possible, doubtful.undecided, doubtful.rule) == (
        None,
        True,
        ("x", None),
        ("b",),
        None,
    )
    both = book.decide("way", {})
    assert (both.possible, both.undecided) == (("x", "y", None), ("b", "n"))


def test_a_setting_not_given_leaves_the_outcome_open_and_is_named(load):
    text = (
        "rulebook: t\nsettings: {few: {type: integer, label: 少数}}\ntables: {thing: {n: integer}}\n"
        "decisions:\n  way: {about: thing, hit: first, rules: [{when: n <= few, then: x}, {then: y}]}\n"
    )
    assert load(text).decide("way", {"n": 1}).undecided == ("few",)
    assert load(text).decide("way", {}).undecided == ("few", "n")
    assert load(text, settings={"few": 2}).decide("way", {"n": 2}).value("way") == "x"


def test_a_decision_that_is_not_there_is_named_with_those_that_are(decide):
    with pytest.raises(DecisionError, match=r"things has no decision 'e'; it has: .*\bway\b"):
        decide(FIRST).decide("e", {})


# by hypothesis: any table over four facts, read by hand


LITERALS = st.dictionaries(st.sampled_from(("b", "b2", "b3", "b4")), st.booleans(), max_size=3)
RULES = st.lists(st.tuples(LITERALS, st.sampled_from("xyz")), min_size=1, max_size=5)
PARTLY = st.dictionaries(st.sampled_from(("b", "b2", "b3", "b4")), st.booleans())


def written(hit, rules, otherwise):
    def one(index, literals, then):
        when = " and ".join(name if wanted else f"not {name}" for name, wanted in literals.items())
        return f"id: r{index}, {f'when: {when}, ' if when else ''}then: {then}"

    return table(hit, *(one(i, *rule) for i, rule in enumerate(rules)), more=f"    otherwise: {otherwise}\n" if otherwise else "")


def completions(facts):
    missing = [name for name in ("b", "b2", "b3", "b4") if name not in facts]
    return [facts | dict(zip(missing, values, strict=True)) for values in product((True, False), repeat=len(missing))]


def judged(literals, facts):
    """One rule by itself: a conjunction of different facts, so trying every completion says what Kleene says."""
    answers = {all(whole[name] is wanted for name, wanted in literals.items()) for whole in completions(facts)}
    return answers.pop() if len(answers) == 1 else None


MANY = settings(deadline=timedelta(seconds=5), max_examples=80, suppress_health_check=[HealthCheck.too_slow])


@MANY
@given(RULES, PARTLY, st.none() | st.sampled_from("xyz"))
def test_first_is_settled_where_every_rule_not_ruled_out_up_to_the_first_that_holds_agrees(decide, rules, facts, otherwise):
    book: Rulebook = decide(written("first", rules, otherwise))
    possible = []
    for literals, then in rules:
        answer = judged(literals, facts)
        if answer is not False:
            possible.append(then)
        if answer is True:
            break
    else:
        possible.append(otherwise)
    outcome = book.decide("way", facts)
    assert outcome.possible == tuple(dict.fromkeys(possible))
    assert outcome.open is (len(set(possible)) > 1)
    assert outcome.value("way") == (None if outcome.open else possible[0])
    # and whatever the missing facts turn out to be, the outcome is among the possible ones
    for whole in completions(facts):
        later = book.decide("way", whole)
        assert not later.open
        assert later.value("way") in outcome.possible
    # what would settle it was not given
    assert set(outcome.undecided).isdisjoint(facts)


@MANY
@given(RULES, PARTLY, st.sampled_from(("unique", "any")))
def test_unique_and_any_are_settled_by_a_rule_that_holds_and_never_choose(decide, rules, facts, hit):
    book: Rulebook = decide(written(hit, rules, None))
    holding = [(f"r{i}", then) for i, (literals, then) in enumerate(rules) if judged(literals, facts) is True]
    if len(holding) > 1 and (hit == "unique" or len({then for _, then in holding}) > 1):
        with pytest.raises(ConflictError) as caught:
            book.decide("way", facts)
        assert all(
            id in caught.value.what.en
            for id in {holding[0][0], next(id for id, then in holding[1:] if hit == "unique" or then != holding[0][1])}
        )
        return
    outcome = book.decide("way", facts)
    maybe = [then for literals, then in rules if judged(literals, facts) is None]
    if holding:
        assert said(outcome)[:3] == (holding[0][1], False, (holding[0][1],))
    else:
        assert set(outcome.possible) == {*maybe, None}
        assert outcome.open is bool(maybe)


@MANY
@given(RULES, PARTLY)
def test_collect_is_open_while_any_rule_is_unknown_and_else_lists_those_that_hold(decide, rules, facts):
    outcome = decide(written("collect", rules, None)).decide("way", facts)
    answers = [judged(literals, facts) for literals, _ in rules]
    assert outcome.open is (None in answers)
    if not outcome.open:
        assert outcome.value("way") == tuple(then for (_, then), answer in zip(rules, answers, strict=True) if answer)
    assert set(outcome.possible) == {then for (_, then), answer in zip(rules, answers, strict=True) if answer is not False}
