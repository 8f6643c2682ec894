"""Three answers: what is unknown stays unknown, by Kleene's tables, and says what would settle it; none is another thing."""

from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govservice.rules.language.functions import missing
from govservice.rules.language.values import Interval, Unknown

# An expression as a pair: in our language, and in Python for an oracle of its own (`F` is Fraction, `half_up` rounds).
Pair = tuple[str, str]

BOOLEANS = ("b", "b2", "b3", "b4")
NUMBERS = ("n", "m", "d", "e")
VALUES = ("present", "not_brought", "lacking")
FACTS = st.fixed_dictionaries(
    dict.fromkeys(BOOLEANS, st.booleans())
    | dict.fromkeys(("n", "m"), st.integers(-3, 3))
    | dict.fromkeys(("d", "e"), st.sampled_from([Fraction(i, 10) for i in range(-12, 13)]))
    | {"c": st.sampled_from(VALUES)}
)


def half_up(number, digits=0):
    scaled = abs(Fraction(number)) * 10**digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if number >= 0 else -whole, 10**digits)


def python(text, facts):
    """The oracle: Python itself on fractions."""
    names = {"F": Fraction, "half_up": half_up, "floor": lambda x: x // 1, "ceil": lambda x: -(-x // 1), "min": min, "max": max, "abs": abs}
    return eval(text, {"__builtins__": {}}, names | facts)


def joined(parts, sign) -> Pair:
    return tuple(f"({f' {sign} '.join(one[side] for one in parts)})" for side in (0, 1))  # type: ignore[return-value]


def numbers(smaller_conditions) -> st.SearchStrategy[Pair]:
    leaf = st.sampled_from(NUMBERS).map(lambda name: (name, name)) | st.sampled_from(["0", "1", "2", "0.1", "2.5"]).map(
        lambda one: (one, f'F("{one}")')
    )

    def larger(inner):
        two = st.tuples(inner, inner)
        return st.one_of(
            st.tuples(two, st.sampled_from("+-*")).map(lambda of: joined(of[0], of[1])),
            st.tuples(inner, st.sampled_from(["/", "//", "%"]), st.sampled_from(["2", "-3", "0.3"])).map(
                lambda of: (f"({of[0][0]} {of[1]} ({of[2]}))", f'({of[0][1]} {of[1]} F("{of[2]}"))')
            ),
            st.tuples(st.sampled_from(["floor", "ceil", "abs"]), inner).map(lambda of: (f"{of[0]}({of[1][0]})", f"{of[0]}({of[1][1]})")),
            st.tuples(inner, st.integers(0, 1)).map(lambda of: (f"round({of[0][0]}, {of[1]})", f"half_up({of[0][1]}, {of[1]})")),
            st.tuples(st.sampled_from(["min", "max"]), two).map(lambda of: tuple(f"{of[0]}({of[1][0][i]}, {of[1][1][i]})" for i in (0, 1))),
            st.tuples(inner, smaller_conditions, inner).map(
                lambda of: tuple(f"({of[0][i]} if {of[1][i]} else {of[2][i]})" for i in (0, 1))
            ),
        )

    return st.recursive(leaf, larger, max_leaves=4)


def conditions() -> st.SearchStrategy[Pair]:
    facts = st.sampled_from(BOOLEANS).map(lambda name: (name, name)) | st.booleans().map(lambda one: (str(one).lower(), str(one)))
    choice = st.tuples(st.sampled_from(["==", "!="]), st.sampled_from(VALUES)).map(lambda of: (f'c {of[0]} "{of[1]}"',) * 2)
    among = st.tuples(st.sampled_from(["in", "not in"]), st.lists(st.sampled_from(VALUES), max_size=3)).map(
        lambda of: (f"(c {of[0]} {of[1]})",) * 2
    )
    plain = facts | choice.map(lambda pair: tuple(f"({one})" for one in pair)) | among  # type: ignore[arg-type]
    sign = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
    compared = st.tuples(numbers(plain), sign, numbers(plain)).map(lambda of: joined((of[0], of[2]), of[1]))
    chained = st.tuples(numbers(plain), sign, numbers(plain), sign, numbers(plain)).map(
        lambda of: tuple(f"({of[0][i]} {of[1]} {of[2][i]} {of[3]} {of[4][i]})" for i in (0, 1))
    )

    def larger(inner):
        several = st.lists(inner, min_size=2, max_size=3)
        return st.one_of(
            st.tuples(several, st.sampled_from(["and", "or"])).map(lambda of: joined(of[0], of[1])),
            inner.map(lambda one: (f"(not {one[0]})", f"(not {one[1]})")),
            st.tuples(inner, inner, inner).map(lambda of: tuple(f"({of[0][i]} if {of[1][i]} else {of[2][i]})" for i in (0, 1))),
        )

    return st.recursive(plain | compared | chained, larger, max_leaves=6)  # type: ignore[arg-type]


QUICK = settings(deadline=timedelta(seconds=5), max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
HIDDEN = st.sets(st.sampled_from((*BOOLEANS, *NUMBERS, "c")))


def without(facts, hidden):
    return {name: value for name, value in facts.items() if name not in hidden}


@QUICK
@given(conditions() | numbers(st.just(("b", "b"))), FACTS)
def test_with_every_fact_given_an_expression_is_worth_what_python_says(things, pair, facts):
    found = things.worth(pair[0], **facts)
    assert found == python(pair[1], facts)


@QUICK
@given(conditions() | numbers(st.just(("b", "b"))), FACTS, HIDDEN)
def test_what_is_settled_stays_settled_whatever_else_becomes_known(things, pair, facts, hidden):
    early = things.worth(pair[0], **without(facts, hidden))
    if not isinstance(early, Unknown):
        assert early == things.worth(pair[0], **facts)


@QUICK
@given(conditions() | numbers(st.just(("b", "b"))), FACTS, HIDDEN)
def test_what_is_needed_was_not_given_and_giving_it_settles_in_the_end(things, pair, facts, hidden):
    given_now = without(facts, hidden)
    answer = things.worth(pair[0], **given_now)
    while isinstance(answer, Unknown):
        assert answer.needs  # there is nothing here to divide by zero
        assert answer.needs <= facts.keys() - given_now.keys()
        given_now |= {name: facts[name] for name in answer.needs}
        answer = things.worth(pair[0], **given_now)
    assert answer == things.worth(pair[0], **facts)


@QUICK
@given(conditions(), conditions(), FACTS, HIDDEN)
def test_de_morgan_and_double_negation_hold_with_facts_missing(things, one, other, facts, hidden):
    held = without(facts, hidden)
    a, b = one[0], other[0]
    assert things.worth(f"not ({a} and {b})", **held) == things.worth(f"not {a} or not {b}", **held)
    assert things.worth(f"not ({a} or {b})", **held) == things.worth(f"not {a} and not {b}", **held)
    assert things.worth(f"not not {a}", **held) == things.worth(a, **held)


@QUICK
@given(conditions(), conditions(), FACTS, HIDDEN)
def test_and_and_or_do_not_depend_on_the_order_of_their_parts(things, one, other, facts, hidden):
    held = without(facts, hidden)
    for sign in ("and", "or"):
        assert things.worth(f"{one[0]} {sign} {other[0]}", **held) == things.worth(f"{other[0]} {sign} {one[0]}", **held)


@QUICK
@given(conditions(), FACTS, HIDDEN)
def test_known_is_never_unknown_and_sees_exactly_what_is(things, pair, facts, hidden):
    held = without(facts, hidden)
    assert things.worth(f"known({pair[0]})", **held) is not isinstance(things.worth(pair[0], **held), Unknown)


TABLE = {  # Kleene's: answers of `b` and `b2`; None is unknown
    (True, None): {"and": None, "or": True}, (None, True): {"and": None, "or": True}, (False, None): {"and": False, "or": None},
    (None, False): {"and": False, "or": None}, (None, None): {"and": None, "or": None},
}  # fmt: skip


@pytest.mark.parametrize(("left", "right"), TABLE)
@pytest.mark.parametrize("sign", ["and", "or"])
def test_the_tables_of_kleene(things, left, right, sign):
    found = things.worth(f"b {sign} b2", b=left, b2=right)
    wanted = TABLE[left, right][sign]
    assert (found if not isinstance(found, Unknown) else None) is wanted
    if wanted is None:
        assert found == Unknown(frozenset({name for name, value in (("b", left), ("b2", right)) if value is None}))


@pytest.mark.parametrize(
    ("text", "facts", "needs"),
    [
        ("n + 1 > 0", {}, {"n"}),
        ("n * 0 == 0", {}, {"n"}),
        ("n == n", {}, {"n"}),
        ("b or not b", {}, {"b"}),
        ("n > 1 and m > 1", {"n": 2}, {"m"}),
        ("c in ['present', 'lacking']", {}, {"c"}),
        ("n in [1, m]", {"n": 2}, {"m"}),
        ("n if b else m", {"n": 1, "m": 2}, {"b"}),
        ("min(n, m)", {"n": 1}, {"m"}),
        ("step(n, (1, 1), (m, 2))", {"n": 1}, {"m"}),
        ('contains(t, "x")', {}, {"t"}),
        ('contains([t], "x")', {}, {"t"}),
        ("days(received_on, closed_on)", {"closed_on": "2026-01-01"}, {"received_on"}),
        ("limit < other_limit", {"limit": "5个工作日"}, {"other_limit"}),
        ("count(thing) > 1", {}, {"thing"}),  # no records were supplied
        ("as_of > closed_on", {"closed_on": "2026-01-01"}, {"as_of"}),
    ],
)
def test_a_missing_fact_is_unknown_and_named(things, text, facts, needs):
    assert things.worth(text, **facts) == Unknown(frozenset(needs))


@pytest.mark.parametrize("given_as", [None, "", "  "])
def test_a_fact_given_as_nothing_is_missing(things, given_as):
    assert things.worth("n == 0", n=given_as) == Unknown(frozenset({"n"}))
    assert things.worth('t == ""', t=given_as) == Unknown(frozenset({"t"}))


@pytest.mark.parametrize(
    ("text", "facts", "worth"),
    [
        ("n if b else m", {"n": 1, "m": 1}, 1),  # either way
        ("n in [1, m]", {"n": 1}, True),
        ("n > 1 and m > 1", {"n": 1}, False),
        ("n > 1 or m > 1", {"n": 2}, True),
        ("known(n)", {}, False),
        ("known(n) and n > 1", {}, False),
        ("not known(n) or n > 1", {}, True),
        ("agreed", {}, False),  # the author said so: default: false
        ("known(agreed)", {}, True),
        ("agreed", {"agreed": True}, True),
    ],
)
def test_what_is_settled_without_the_missing_fact(things, text, facts, worth):
    assert things.worth(text, **facts) == worth


NOT_APPLICABLE = """
  share:
    about: thing
    when: b
    hit: first
    rules: [{id: all, then: =n}]
  gap:
    about: thing
    hit: first
    rules: [{id: positive, when: n > 0, then: yes}]
"""


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("share > 1", False),
        ("share <= 1", False),
        ("share == n", False),
        ("share != n", True),
        ("not share == n", True),
        ("share == share", False),
        ("share in [1, 2, 3]", False),
        ("known(share)", False),
        ("share + 1 > 0", False),
        ("max(share, 5) > 0", False),
        ("known(share + 1)", False),
        ("(share if b2 else share) > 0", False),
        ("share > 1 or n == 3", True),
    ],
)
def test_not_applicable_does_not_hold_equals_nothing_and_is_not_known(decide, condition, holds):
    book = decide(
        NOT_APPLICABLE + f"  asked: {{about: thing, hit: first, rules: [{{id: held, when: '{condition}', then: true}}, {{then: false}}]}}\n"
    )
    assert book.decide("asked", {"b": False, "n": 3, "b2": True}).value("asked") is holds


def test_not_applicable_is_not_unknown_nor_is_a_gap(decide):
    book = decide(NOT_APPLICABLE)
    apart = book.decide("share", {"b": False})
    assert (apart.value("share"), apart.applies, apart.gap, apart.open, apart.undecided) == (None, False, False, False, ())
    doubtful = book.decide("share", {"n": 2})
    assert (doubtful.applies, doubtful.open, doubtful.possible, doubtful.undecided) == (None, True, (2, None), ("b",))
    gap = book.decide("gap", {"n": 0})
    assert (gap.value("gap"), gap.applies, gap.gap, gap.open) == (None, True, True, False)


def test_a_list_outcome_with_an_unknown_member_is_open(decide):
    book = decide("  named: {about: thing, hit: first, rules: [{id: one, then: '=[t]'}]}\n")
    outcome = book.decide("named", {})
    assert outcome.open
    assert outcome.undecided == ("t",)
    assert book.decide("named", {"t": "规划局"}).value("named") == ("规划局",)


def test_a_chain_of_decisions_passes_on_what_is_needed(decide):
    book = decide(
        "  first_one: {about: thing, hit: first, rules: [{when: n > 1, then: true}, {then: false}]}\n"
        "  second_one: {about: thing, hit: first, rules: [{when: first_one, then: high}, {then: low}]}\n"
    )
    outcome = book.decide("second_one", {})
    assert (outcome.open, outcome.possible, outcome.undecided) == (True, ("high", "low"), ("n",))
    assert book.decide("second_one", {"first_one": False}).value("second_one") == "low"  # what is recorded stands


def test_whether_a_table_applies_is_named_even_where_its_outcome_is_settled(decide):
    book = decide(
        "  first_one: {about: thing, hit: any, when: n > 1, rules: [{then: a}]}\n"
        "  second_one: {about: thing, hit: any, when: b, rules: [{then: =first_one}]}\n"
    )
    outcome = book.decide("second_one", {"n": 0})
    assert (outcome.open, outcome.value("second_one"), outcome.applies, outcome.undecided) == (False, None, None, ("b",))
    assert book.decide("second_one", {"n": 0, "b": True}).applies


def test_a_rule_that_cannot_be_judged_is_waited_for_where_it_would_settle_what_one_that_holds_leaves_open(decide):
    book = decide(
        "  first_one: {about: thing, hit: first, outcomes: {first_one: {type: text}}, rules: [{then: {}}]}\n"
        "  second_one: {about: thing, hit: any, outcomes: {second_one: {type: text}}, rules: [{then: =first_one}, {when: b, then: x}]}\n"
    )
    assert book.decide("second_one", {}).undecided == ("b", "first_one")
    assert book.decide("second_one", {"b": True}).value("second_one") == "x"
    assert book.decide("second_one", {"b": False, "first_one": "y"}).value("second_one") == "y"


def test_what_lacks_a_value_beside_a_number_that_is_not_fixed_waits_for_both():
    assert missing([Interval(1, 2, frozenset({"marks"})), Unknown(frozenset({"n"}))]) == Unknown(frozenset({"marks", "n"}))


@pytest.mark.parametrize("length", [30, 300])
@pytest.mark.parametrize("worth", ["when", "then"])
def test_a_long_chain_of_decisions_is_taken_or_refused_never_a_crash(load, length, worth):
    from govservice import GovServiceError

    links = pairwise(range(length))
    rule = {"when": "rules: [{{when: d{0}, then: true}}, {{then: false}}]", "then": "rules: [{{then: =d{0}}}]"}[worth]
    chain = "".join(f"  d{after}: {{about: thing, hit: first, {rule.format(before)}}}\n" for before, after in links)
    text = f"rulebook: t\ntables: {{thing: {{b: boolean}}}}\ndecisions:\n  d0: {{about: thing, hit: first, rules: [{{then: =b}}]}}\n{chain}"
    try:
        found = load(text).decide(f"d{length - 1}", {"b": True})
    except GovServiceError:
        assert length > 100
        return
    assert found.value(f"d{length - 1}") is True
