"""A label beside a choice means that choice's value, wherever it stands: in conditionals, in lists, on either side; a typo is refused."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govservice.errors import ExpressionError, RulebookError
from govservice.rules.language.spelling import MoreSpellings, Spellings

VALUES = {"present": "已带", "not_brought": "有而未带", "lacking": "缺少"}
# A written text with the value it means for given facts; conditionals nest.
TEXTS = st.recursive(
    st.sampled_from(sorted(VALUES.items())).flatmap(lambda of: st.sampled_from(of).map(lambda text: (f'"{text}"', lambda _facts: of[0])))
    | st.just(("c", lambda facts: facts["c"])),
    lambda inner: st.tuples(inner, st.sampled_from(["b", "b2", "b3"]), inner).map(
        lambda of: (f"({of[0][0]} if {of[1]} else {of[2][0]})", lambda facts: of[0][1](facts) if facts[of[1]] else of[2][1](facts))
    ),
    max_leaves=5,
)
FACTS = st.fixed_dictionaries({"c": st.sampled_from(sorted(VALUES))} | dict.fromkeys(("b", "b2", "b3"), st.booleans()))


def of_the_choice(text: str) -> bool:
    return "c" in text.replace("lacking", "").replace("not_brought", "")


@given(left=TEXTS, right=TEXTS, facts=FACTS)
def test_texts_beside_a_choice_are_compared_by_the_values_they_mean(things, left, right, facts):
    if not of_the_choice(left[0]) and not of_the_choice(right[0]):
        return
    same = left[1](facts) == right[1](facts)
    assert things.worth(f"{left[0]} == {right[0]}", **facts) is same
    assert things.worth(f"{left[0]} != {right[0]}", **facts) is not same
    assert things.worth(f"{left[0]} in [{right[0]}]", **facts) is same


@given(item=TEXTS, options=st.lists(TEXTS, min_size=1, max_size=4), others=st.lists(TEXTS, min_size=1, max_size=2), facts=FACTS)
def test_a_list_holds_what_its_texts_mean(things, item, options, others, facts):
    written = [f"[{', '.join(text for text, _ in listed)}]" for listed in (options, others)]
    if not of_the_choice(item[0]):
        return
    inside = [item[1](facts) in [means(facts) for _, means in listed] for listed in (options, others)]
    assert things.worth(f"{item[0]} in {written[0]}", **facts) is inside[0]
    assert things.worth(f"{item[0]} not in {written[0]}", **facts) is not inside[0]
    assert things.worth(f"{item[0]} in ({written[0]} if b else {written[1]})", **facts) is inside[0 if facts["b"] else 1]


@pytest.mark.parametrize(
    "text",
    [
        'c == ("有" if b else "缺少")',
        '("有" if b else "缺少") == c',
        'c != ("已带" if b else ("有" if b2 else "缺少"))',
        'c in ["已带", ("缺少" if b else "有")]',
        'c in (["已带"] if b else ["有"])',
        '("有" if b else "已带") in [c]',
        '("有" if b else c) == "已带"',
        '"有" == (c if b else "已带")',
        '(c if b else c) == "有"',
    ],
)
def test_a_text_that_is_no_value_is_refused_wherever_it_stands(things, text):
    with pytest.raises(ExpressionError, match='"有" is none of its values'):
        things.parse(text)


def test_a_let_is_read_as_if_it_were_written_out(load):
    book = load(
        """
rulebook: lets
tables: {thing: {c: {type: choice, values: {a: 甲, b: 乙}}, x: boolean}}
decisions:
  d:
    about: thing
    hit: first
    let: {wanted: '"甲" if x else "乙"', some: '["甲"]'}
    rules: [{when: c == wanted, then: same}, {when: c in some, then: listed}, {then: other}]
"""
    )
    found = {(c, x): book.decide("d", {"c": c, "x": x}).value("d") for c in "ab" for x in (True, False)}
    assert found == {("a", True): "same", ("a", False): "listed", ("b", True): "other", ("b", False): "same"}


def test_names_given_in_chinese_stand_beside_others_without_a_blank(load):
    book = load("""
rulebook: lets
tables: {thing: {n: integer, b: {type: boolean, label: 正式}}}
decisions:
  d:
    about: thing
    hit: first
    let: {涉及多个部门且办理过程特别复杂的重大建设事项: n > 2, 大件: n > 1}
    rules:
      - {when: 涉及多个部门且办理过程特别复杂的重大建设事项且正式, then: both}
      - {when: 正式且大件且非涉及多个部门且办理过程特别复杂的重大建设事项, then: large}
      - {then: other}
""")
    found = {(n, b): book.decide("d", {"n": n, "b": b}).value("d") for n in (1, 2, 3) for b in (True, False)}
    assert found == {(1, True): "other", (2, True): "large", (3, True): "both"} | dict.fromkeys(((n, False) for n in (1, 2, 3)), "other")


def test_a_name_that_a_let_takes_over_is_in_sight_once():
    sight = MoreSpellings(["甲", "乙"], Spellings(["乙", "丙丁"]))
    assert (list(sight), len(sight), sight.lengths, "丙丁" in sight) == (["甲", "乙", "丙丁"], 3, {1, 2}, True)


@pytest.mark.parametrize("listed", ["[c]", "[c, c2]", "[c2, c, c]", "[c, c2, other]", "[c, c2] if b else [c2]"])
def test_a_text_among_choices_is_compared_with_each_of_them(load, listed):
    values = "values: {present: 已带, lacking: 缺少, spare: 备件}"
    book = load(f"""
rulebook: among
tables:
  thing: {{t: text, b: boolean, c: {{type: choice, {values}}}, c2: {{type: choice, {values}}}, other: {{type: choice, {values}}}}}
decisions: {{d: {{about: thing, hit: first, rules: [{{when: 't in ({listed})', then: true}}, {{then: false}}]}}}}
""")
    names = {"已带": "present", "缺少": "lacking", "备件": "spare"}
    for text, b in product(("present", "缺少", "spare", "乙"), (True, False)):
        facts = {"c": "present", "c2": "lacking", "other": "spare"}
        chosen = {facts[name] for name in re.findall(r"c2|other|c", listed if b or " if " not in listed else "[c2]")}
        assert book.decide("d", {"t": text, "b": b, **facts}).value("d") == (names.get(text, text) in chosen), (text, b)


def test_a_measure_of_labels_is_read_as_if_it_were_written_out(load):
    text = """
rulebook: measured
measures: {{wanted: '{wanted}', deeper: wanted}}
tables: {{thing: {{c: {{type: choice, values: {{a: 甲, b: 乙}}}}}}}}
decisions: {{d: {{about: thing, hit: first, rules: [{{when: '{when}', then: true}}, {{then: false}}]}}}}
"""
    for when in ("c == wanted", "deeper == c", "c in [wanted]", 'c == (deeper if 1 == 1 else "乙")'):
        book = load(text.format(wanted='"甲" if 1 == 1 else "乙"', when=when))
        assert [book.decide("d", {"c": c}).value("d") for c in "ab"] == [True, False], when
        with pytest.raises(RulebookError, match='"丙" is none of its values'):
            load(text.format(wanted='"甲" if 1 == 1 else "丙"', when=when))


def test_a_label_of_two_values_is_refused(load):
    text = """
rulebook: twice
tables: {{thing: {{c: {{type: choice, values: {{a: 甲, b: 乙}}}}, e: {{type: choice, values: {{b: 甲, a: 乙}}}}, x: boolean}}}}
decisions: {{d: {{about: thing, hit: first, rules: [{{when: '(c if x else e) == "{value}"', then: true}}, {{then: false}}]}}}}
"""
    with pytest.raises(RulebookError, match='"甲" is the label of several values: a, b'):
        load(text.format(value="甲"))
    assert load(text.format(value="a")).decide("d", {"c": "a", "e": "b", "x": True}).value("d") is True


CHOICES = """
rulebook: choices
settings:
  given: {type: text, label: 设定, value: 甲}
tables:
  application:
    ok: {type: boolean, label: 合格}
    kind: {type: choice, label: 类别, values: {a: 甲, b: 乙}}
    words: {type: text, label: 文}
    listed: {type: list, label: 列}
decisions:
  chosen:
    about: application
    hit: first
    outcomes: {chosen: {type: choice, values: {p: 普, q: 其}}}
    rules:
      - {id: only, then: "=@GRANTED@"}
  met:
    about: application
    hit: first
    let: {pick: '"甲" if ok else "乙"'}
    rules:
      - {id: yes, when: '@WHEN@', then: true}
      - {id: no, then: false}
"""


def choices(load, when="ok", granted="'普' if ok else '其'"):
    return load(CHOICES.replace("@WHEN@", when.replace("'", "''")).replace("@GRANTED@", granted))


@pytest.mark.parametrize(
    "when",
    [
        '类别 == ("甲" if ok else "乙")',
        '("甲" if ok else "乙") == 类别',
        "kind == pick",
        'kind in ["甲" if ok else "乙"]',
        'kind in [pick, "乙"]',
        "kind == given",
        "kind == words",
        "words == kind",
        "kind in listed",
        "contains(listed, kind)",
        'contains(["甲"], kind)',
        'not kind != ("甲" if ok else "乙")',
        '(kind if ok else "乙") == "甲"',
        'chosen == "普" and kind == "甲"',
    ],
)
def test_a_label_stands_for_its_value_wherever_a_choice_is_compared(load, when):
    book = choices(load, when)
    for kind in ("a", "甲"):
        facts = {"ok": True, "kind": kind, "words": "甲", "listed": ["甲"]}
        assert book.decide("met", facts).value("met") is True
    assert book.decide("met", {"ok": True, "kind": "b", "words": "甲", "listed": ["甲"]}).value("met") is (when == 'kind in [pick, "乙"]')


@pytest.mark.parametrize(
    "when",
    [
        'kind == ("甲" if ok else "丙")',
        '(kind if ok else "丙") == kind',
        'contains(["丙"], kind)',
        'kind in [pick, "丙"]',
        'known(kind == "丙")',
    ],
)
def test_a_text_that_is_no_value_is_a_fault_wherever_a_choice_is_compared(load, when):
    with pytest.raises(RulebookError, match="is none of its values"):
        choices(load, when)


def test_labels_are_granted_as_the_values_that_they_name(load):
    book = choices(load)
    assert [book.decide("chosen", {"ok": ok}).value("chosen") for ok in (True, False)] == ["p", "q"]
    with pytest.raises(RulebookError, match='did you mean "其"'):
        choices(load, granted="'普' if ok else '其他'")
