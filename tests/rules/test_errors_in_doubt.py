"""What cannot be worked out is refused only where it is sure to matter: while that is open, so is the answer, and it says what decides."""

import pytest

from govservice.errors import ConflictError, DecisionError

BOTH = """
  both:
    about: thing
    hit: unique
    outcomes: {both: {type: integer}}
    rules:
      - {id: one, when: b, then: 1}
      - {id: two, when: b, then: 2}
  way:
    about: thing
"""
GRANTS = "    outcomes: {way: {type: integer}}\n"


def ways(rules: str, more: str = "") -> str:
    return f"{BOTH}{more}    hit: first\n    rules:\n{rules}"


IN_DOUBT = {
    "behind and": ways("      - {when: b3 and both == 1, then: true}\n      - {then: false}\n"),
    "behind not or": ways("      - {when: not (not b3 or both == 1), then: true}\n      - {then: false}\n"),
    "among the branches of a condition": ways("      - {when: (both == 1) if b3 else b4, then: true}\n      - {then: false}\n"),
    "in what a conditional grants": ways("      - {then: =both if b3 else 0}\n", GRANTS),
    "in what a match grants": ways('      - {then: "=match(c, (\\"present\\", both), otherwise=0)"}\n', GRANTS),
    "in a rule behind one that is open": ways(
        "      - {when: b3, then: 1}\n      - {when: both == 1, then: 2}\n      - {then: 1}\n", GRANTS
    ),
    "in what an open rule grants": ways("      - {when: b3, then: =both}\n      - {then: 1}\n", GRANTS),
    "in what stands otherwise": ways("      - {when: b3, then: 1}\n", GRANTS) + "    otherwise: =both\n",
    "in a table that may not apply": ways("      - {when: both == 1, then: 1}\n      - {then: 2}\n", GRANTS + "    when: b3\n"),
    "in a list": ways("      - {when: 'n in [m, both]', then: true}\n      - {then: false}\n"),
}
SETTLED = {"b": True, "b4": False, "n": 3}
# what decides, told so that the conflict does not matter, and so that it does
DECIDING = {"in what a match grants": ("c", "lacking", "present"), "in a list": ("m", 3, 4)}
OTHERWISE = {"in a rule behind one that is open": ("b3", True, False), "in what stands otherwise": ("b3", True, False)}


@pytest.mark.parametrize("where", IN_DOUBT)
def test_a_conflict_that_may_not_matter_leaves_open(decide, where):
    name, aside, matters = {**DECIDING, **OTHERWISE}.get(where, ("b3", False, True))
    book = decide(IN_DOUBT[where])
    outcome = book.decide("way", SETTLED)
    assert outcome.open
    assert name in outcome.undecided
    assert not book.decide("way", SETTLED | {name: aside}).open
    with pytest.raises(ConflictError, match="the rules one and two both hold"):
        book.decide("way", SETTLED | {name: matters})


@pytest.mark.parametrize("facts", [{}, {"b3": True}, {"b3": False}])
def test_a_conflict_of_rules_that_are_all_read_is_told_at_once(decide, facts):
    book = decide(f"{BOTH}{GRANTS}    hit: any\n    rules: [{{when: both == 1, then: 1}}, {{when: b3, then: 1}}]\n    otherwise: 2\n")
    with pytest.raises(ConflictError, match="both hold"):
        book.decide("way", {"b": True} | facts)


def test_limits_that_cannot_be_compared_may_not_matter(decide):
    book = decide(ways("      - {when: b3 and limit < other_limit, then: true}\n      - {then: false}\n"))
    facts = {"limit": "5个工作日", "other_limit": "1个月"}
    outcome = book.decide("way", facts)
    assert (outcome.open, outcome.undecided) == (True, ("b3",))
    assert book.decide("way", facts | {"b3": False}).value("way") is False
    with pytest.raises(DecisionError):
        book.decide("way", facts | {"b3": True})


def test_what_an_outcome_beside_one_that_is_to_be_recorded_waits_for_is_named(decide):
    more = "    outcomes: {way: {type: integer}, more: {type: integer}}\n"
    book = decide(ways("      - {when: b, then: {more: =n}}\n      - {then: {way: 1, more: 2}}\n", more))
    outcome = book.decide("way", {"b": True})
    assert (outcome.open_outcomes, outcome.undecided) == (("more", "way"), ("n", "way"))
