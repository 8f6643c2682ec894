"""Pictures: the right figures beside each, valid, the same each time, sensible with nothing, with one row and with a thousand."""

from __future__ import annotations

import json
import pickle
import re
import sys
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from govservice import load_rulebook, score, what_if
from govservice.errors import DecisionError, GovServiceError, MissingPackage, RecordError
from govservice.run import run
from govservice.sample import centre_year
from govservice.show.charts import (
    Chart,
    charts_of,
    decision_diagram,
    due_load,
    due_load_change,
    flow,
    overdue,
    overdue_change,
    ranks,
    scores,
    shift_spread,
    shifts,
    waterfall,
)
from govservice.show.charts.look import FAMILY
from govservice.whatif import Comparison
from govservice.whatif.results import GradeChanged, ScoreChanged, Shifted, TypeChanged

BOOK = load_rulebook("kunshan")
CHANGES = {
    "clocks.promised.limit": "promised_limit * 2 / 3",
    "decisions.case_type.rules.joint.when": "departments >= 3",
    "schemes.window_month.parts.limits.items.overdue.points": "-4 * overdue_workdays",
}
YEAR = centre_year(cases=300, seed=1)
CHANGED = what_if(BOOK, BOOK.amend(CHANGES), YEAR, period="2025-05")
NOTHING = what_if(BOOK, BOOK, {"cases": []}, period="2025-05")
CARDS = score(BOOK, "window_month", YEAR, period="2025-05")
DAY = date(2026, 3, 2)


def comparison(**parts: Any) -> Comparison:
    """A comparison with these differences and no others."""
    given = {name: getattr(NOTHING, name) for name in Comparison.__dataclass_fields__}
    return Comparison(**(given | parts))


def move(before: str, after: str) -> TypeChanged:
    return TypeChanged("C", None, None, None, before, after, None, None, False, False)


def shift(days: int | None, department: str | None = "建设局", late: tuple[bool | None, bool | None] = (False, False)) -> Shifted:
    after = None if days is None else DAY + timedelta(days=days)
    return Shifted("C", "promised", None, department, DAY, after, *late)


def scored(subject: str, before: object, after: object, low: object = None, high: object = None) -> ScoreChanged:
    ends = [
        before if low is None else low,
        before if high is None else high,
        after if low is None else low,
        after if high is None else high,
    ]
    return ScoreChanged("window_month", subject, "2026-03", before, after, *ends)


def graded(subject: str, before: int | None, after: int | None, period: str = "2026") -> GradeChanged:
    return GradeChanged("outstanding", subject, period, None, None, before, after)


MANY = comparison(
    moves=tuple(move(f"类{at}", f"型{at}") for at in range(1_000) for _ in range(at % 7 + 1)),
    shifts=tuple(shift(at % 300 - 300, f"部门{at}", (False, True)) for at in range(1_000)),
    score_changes=tuple(scored(f"W{at}", 90, 90 - Decimal(at) / 100) for at in range(1, 1_001)),
    grade_changes=tuple(graded(f"W{at}", at, 1_001 - at) for at in range(1, 1_001)),
    all_scores={"window_month": ()},
)
ONE = comparison(
    moves=(move("joint", "promised"),),
    shifts=(shift(-3, late=(False, True)),),
    score_changes=(scored("W1", 90, 88),),
    grade_changes=(graded("W1", 1, 2),),
    all_scores={"window_month": (("W1", "2026-03", 90, 88),)},
)
LOADS = {
    "days": due_load([DAY, DAY]), "no days": due_load([]), "many days": due_load([DAY + timedelta(days=at) for at in range(4_000)]),
    "overdue": overdue([{"department": f"部门{at}", "late": at % 3 == 0} for at in range(1_000)]), "no cases": overdue([]),
    "one case": overdue([{"department": None, "late": None}]),
}  # fmt: skip
DIAGRAMS = {
    f"{book} {decision}": decision_diagram(book, decision) for book, decision in (("kunshan", "case_type"), ("haimen", "at_the_window"))
}
DRAWN: dict[str, Chart] = {
    **{f"changed {name}": chart for name, chart in charts_of(CHANGED).items()},
    **{f"english {name}": chart for name, chart in charts_of(CHANGED, lang="en").items()},
    **{f"nothing {name}": chart for name, chart in charts_of(NOTHING).items()},
    **{f"one {name}": chart for name, chart in charts_of(ONE).items()},
    **{f"many {name}": chart for name, chart in charts_of(MANY).items()},
    **{f"card {card.subject}": waterfall(card) for card in CARDS},
    **LOADS,
    **DIAGRAMS,
}
EACH = pytest.mark.parametrize("chart", DRAWN.values(), ids=DRAWN)


@EACH
def test_each_is_a_plain_value_with_a_title_and_rows_under_their_headings(chart: Chart) -> None:
    assert pickle.loads(pickle.dumps(chart)) == chart
    assert chart.title
    assert all(set(row) == set(chart.columns) for row in chart.table)
    assert repr(chart).startswith("Chart(")
    if chart.lang == "zh":
        assert re.search("[一-鿿]", chart.title)
        assert all(re.search("[一-鿿]", heading) for heading in chart.columns.values())
    else:
        assert not re.search("[一-鿿]", "".join(chart.columns.values()))


@EACH
def test_each_is_drawn_alike_every_time_in_fonts_that_have_chinese_and_fetches_nothing(chart: Chart) -> None:
    pytest.importorskip("vl_convert")
    from govservice.show.charts import drawing

    first = chart.to_svg()
    drawing.as_svg.cache_clear()
    assert chart.to_svg() == first
    assert FAMILY in first
    assert 'role="img"' in first
    assert re.findall(r"(?:href|src)=|url\((?!#)", first) == []
    assert set(re.findall(r"https?://[^\"' ]+", first)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    for said in chart.notes:
        assert re.sub(r"\s", "", said)[:12] in re.sub(r"\s", "", re.sub("<[^>]*>", "", first))


@EACH
def test_each_is_valid_for_altair_or_says_that_it_is_no_chart(chart: Chart) -> None:
    pytest.importorskip("altair")
    if not chart.spec:
        with pytest.raises(RecordError, match="is a diagram"):
            chart.to_altair()
        return
    made = chart.to_altair()
    assert made.to_dict()["title"]["text"] == chart.title


@pytest.mark.parametrize(
    "chart", [flow(NOTHING), shifts(NOTHING), shift_spread(NOTHING), due_load_change(NOTHING), overdue_change(NOTHING)]
)
def test_where_nothing_changes_it_says_so(chart: Chart) -> None:
    assert chart.table == ()
    assert "没有变化" in chart.spec


@pytest.mark.parametrize(
    ("chart", "said"),
    [
        (flow(MANY), "其余 990 类"), (shift_spread(MANY), "其余 980 项"), (overdue_change(MANY), "其余 980 个部门"),
        (scores(MANY, "window_month"), "其余 980 项"), (ranks(MANY, "outstanding"), "其余 980 项"), (LOADS["overdue"], "其余 980 个部门"),
        (LOADS["many days"], "其余 6 年"), (flow(MANY, lang="en"), "990 other types"),
    ],
)  # fmt: skip
def test_of_a_thousand_a_few_are_drawn_and_the_others_counted(chart: Chart, said: str) -> None:
    assert said in " ".join(chart.notes)
    assert said in chart.spec
    assert len(chart.table) >= 1_000
    assert len(chart.spec) < 260_000


def rows(chart: Chart) -> list[Mapping[str, Any]]:
    return [dict(row) for row in chart.table]


def test_the_flow_counts_the_moves() -> None:
    assert sum(row["count"] for row in rows(flow(CHANGED))) == CHANGED.moved_cases > 0
    assert rows(flow(ONE)) == [{"before": "联办件", "after": "承诺件", "count": 1}]


def test_an_open_type_and_no_rule_are_told_apart() -> None:
    moves = (move("joint", "x")._replace(after=None, open_after=True), move("joint", "x")._replace(after=None))
    assert {row["after"] for row in rows(flow(comparison(moves=moves)))} == {"（未定）", "（无规则适用）"}


def test_shifts_are_counted_by_day_and_those_without_a_day_in_the_notes() -> None:
    done = comparison(shifts=(shift(-3), shift(-3), shift(2), shift(None)))
    assert rows(shifts(done)) == [{"days": -3, "count": 2}, {"days": 2, "count": 1}]
    assert "另有 1 个" in shifts(done).notes[0]
    spread = rows(shift_spread(done, by="clock"))
    assert [(row["count"], row["least"], row["middle"], row["most"]) for row in spread] == [(3, -3, -3, 2)]


def test_where_days_appear_and_none_moves_it_does_not_say_that_nothing_changes() -> None:
    done = comparison(shifts=(shift(None), shift(None)))
    for chart in (shifts(done), shift_spread(done), shifts(done, lang="en")):
        assert chart.table == ()
        assert "没有变化" not in chart.spec
    assert "没有到期日移动；2 个只在一本规则下有到期日或未定。" in shifts(done).spec
    assert "No due day moves; 2 are there under one book only, or open." in shift_spread(done, lang="en").spec


@pytest.mark.parametrize(
    ("moved", "said"),
    [
        ([-3], "增加最多的一天是 2026-02-27（+1 件），减少最多的一天是 2026-03-02（−1 件）"),
        ([None], "没有一天增加，减少最多的一天是 2026-03-02（−1 件）"),
    ],
)
def test_a_load_that_only_falls_says_so(moved: list[int | None], said: str) -> None:
    assert said in due_load_change(comparison(shifts=tuple(map(shift, moved)))).spec


def test_a_load_that_only_grows_says_so() -> None:
    new = shift(None)._replace(before=None, after=DAY)
    spec = due_load_change(comparison(shifts=(new,))).spec
    assert "增加最多的一天是 2026-03-02（+1 件），没有一天减少" in spec
    assert "the most more on 2026-03-02 (+1), no day has fewer" in due_load_change(comparison(shifts=(new,)), lang="en").spec


@pytest.mark.parametrize("by", ["item", "Department"])
def test_shifts_are_grouped_by_what_there_is(by: Any) -> None:
    with pytest.raises(DecisionError, match="by= takes"):
        shift_spread(ONE, by=by)


def test_no_bar_of_shifts_holds_both_sides_of_zero() -> None:
    done = comparison(shifts=tuple(shift(days) for days in range(-200, 201) if days))
    bars = json.loads(shifts(done).spec)["layer"][0]["data"]["values"]
    assert len(bars) <= 62
    assert all(bar["to"] <= 0 or bar["from"] >= 0 for bar in bars)
    assert sum(bar["count"] for bar in bars) == 400


def test_the_change_of_load_is_what_arrives_less_what_leaves() -> None:
    done = comparison(shifts=(shift(-3), shift(-3), shift(None)))
    assert rows(due_load_change(done)) == [{"day": "2026-02-27", "count": 2}, {"day": "2026-03-02", "count": -3}]


def test_the_load_of_a_run_is_that_of_its_due_days_in_any_form() -> None:
    cases = run(BOOK, YEAR).cases
    days = [case.due.due_on for case in cases if case.due is not None and case.due.due_on is not None]
    import polars as pl

    frame = pl.DataFrame({"due_on": days})
    of_run, of_days, of_frame = due_load(cases), due_load(days), due_load(frame)
    assert of_run.table == of_days.table == of_frame.table
    assert sum(row["count"] for row in rows(of_run)) == len(days) > 0
    with pytest.raises(RecordError, match="rows must be a list"):
        due_load("2026-03-02")


def test_overdue_cases_are_counted_with_those_that_are_open() -> None:
    cases = run(BOOK, YEAR).cases
    table = rows(overdue(cases))
    assert sum(row["overdue"] for row in table) == sum(case.due is not None and case.due.late is True for case in cases)
    assert sum(row["overdue"] + row["others"] + row["open"] for row in table) == len(cases)
    changed = rows(
        overdue_change(comparison(shifts=(shift(1, "甲", (False, True)), shift(1, "甲", (True, False)), shift(1, None, (None, True)))))
    )
    assert changed == [{"department": "甲", "more": 1, "less": 1}, {"department": "（未记录）", "more": 1, "less": 0}]


def test_an_open_score_is_a_bar_with_its_two_numbers_and_one_without_bounds_is_said_to_be_open() -> None:
    done = comparison(
        score_changes=(scored("W1", None, None, 80, Fraction(181, 2)), scored("W2", None, 70)), all_scores={"window_month": ()}
    )
    values = json.loads(scores(done, "window_month").spec)["data"]["values"]
    assert {value["said"] for value in values} == {"未定：80 至 90.5", "未定", "70"}
    assert [(value["low"], value["high"], value["open"]) for value in values if value["name"].startswith("W1")] == [(80, 90.5, True)] * 2
    with pytest.raises(DecisionError, match=r"no scheme 'window_mont' was scored; did you mean"):
        scores(done, "window_mont")


def test_ranks_are_of_one_period_and_say_how_many_others_there_are() -> None:
    done = comparison(grade_changes=(graded("A", 1, 2), graded("B", 2, 1), graded("C", None, 3), graded("A", 1, 3, "2025")))
    chart = ranks(done, "outstanding")
    assert "2026" in chart.title
    assert chart.notes == ("另有 1 个期间见表",)
    assert len(chart.table) == 4
    kinds = {line["subject"]: line["kind"] for line in json.loads(chart.spec)["layer"][0]["data"]["values"]}
    assert kinds == {"A": "下降", "B": "上升", "C": "进入或退出排名"}
    assert "2025" in ranks(done, "outstanding", period="2025").title


@pytest.mark.parametrize("card", CARDS, ids=[card.subject for card in CARDS])
def test_the_steps_of_a_scorecard_come_to_its_total(card: Any) -> None:
    *steps, total = rows(waterfall(card))
    assert (total["low"], total["high"]) == (float(card.low), float(card.high))
    assert steps[-1]["total_low"] == pytest.approx(total["low"])
    assert steps[-1]["total_high"] == pytest.approx(total["high"])
    assert sum(step["low"] for step in steps) == pytest.approx(total["low"])


def test_names_of_strangers_cannot_reach_into_a_picture() -> None:
    nasty = "'\"</script><b>\\u0027+alert(1)&"
    pytest.importorskip("vl_convert")
    done = comparison(
        moves=(move(nasty, "promised"),), shifts=(shift(-1, nasty, (False, True)),), score_changes=(scored(nasty, 90, 80),),
        grade_changes=(graded(nasty, 1, 2),), all_scores={"window_month": ()},
    )  # fmt: skip
    for chart in charts_of(done).values():
        assert "<b>" not in chart.to_html()
        assert "<script" not in chart.to_html()


def test_a_diagram_shows_which_rule_decided() -> None:
    decided = BOOK.decide("case_type", {"departments": 3, "recognised_urgent": True}, on=DAY)
    svg = decision_diagram(BOOK, "case_type", decided=decided).to_svg()
    assert svg.count("✓") == 1
    assert "中心认定急办 = 是" in svg
    assert "✓" not in decision_diagram(BOOK, "case_type").to_svg()
    with pytest.raises(DecisionError, match="decided= is an outcome of case_type"):
        decision_diagram(BOOK, "green_channel", decided=decided)
    with pytest.raises(DecisionError, match="no decision 'case_tipe'; did you mean \"case_type\""):
        decision_diagram(BOOK, "case_tipe")


@pytest.mark.parametrize(
    "decision", [(id, name) for id in ("kunshan", "haimen", "standard", "licensing-law", "foshan") for name in load_rulebook(id).decisions]
)
def test_every_decision_of_the_shipped_books_has_its_diagram(decision: tuple[str, str]) -> None:
    book, name = decision
    entry = load_rulebook(book).decisions[name]
    chart = decision_diagram(book, name)
    assert len(chart.table) >= len(entry.rules)
    assert chart.to_svg().count("<rect") > min(len(entry.rules), 30)


@pytest.mark.parametrize(("ending", "begins"), [("svg", "<svg"), ("png", "\x89PNG"), ("html", "<!doctype html>"), ("SVG", "<svg")])
def test_a_picture_is_saved_by_the_name_of_its_file(ending: str, begins: str, tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    file = tmp_path / f"picture.{ending}"
    for chart in (shifts(ONE), DIAGRAMS["kunshan case_type"]):
        chart.save(file)
        assert file.read_bytes().startswith(begins.encode("latin-1"))
        first = file.read_bytes()
        chart.save(str(file))
        assert file.read_bytes() == first


def test_another_kind_of_file_is_refused_and_so_is_one_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"no picture is written as '\.jpg'; end the file's name in \.svg, \.png or \.html"):
        DIAGRAMS["kunshan case_type"].save(tmp_path / "picture.jpg")
    with pytest.raises(RecordError, match="the file cannot be written"):
        DIAGRAMS["kunshan case_type"].save(tmp_path / "no folder" / "picture.svg")


@pytest.mark.parametrize("show", [Chart.to_svg, Chart.to_png, Chart.to_html, Chart.to_altair, Chart._repr_html_])
def test_without_the_packages_the_figures_are_there_and_a_picture_says_what_to_install(
    show: Callable[[Chart], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    from govservice.show.charts import drawing

    drawing.as_svg.cache_clear()
    for package in ("vl_convert", "altair"):
        monkeypatch.setitem(sys.modules, package, None)
    chart = CHANGED.charts["shifts"]
    assert chart.table
    with pytest.raises(MissingPackage, match=r"\(the extra charts\)$") as raised:
        show(chart)
    assert isinstance(raised.value, GovServiceError)
    assert "需要" in raised.value.text("zh")


def test_a_notebook_sees_the_picture_and_the_first_rows() -> None:
    pytest.importorskip("vl_convert")
    shown = LOADS["many days"]._repr_html_()
    assert shown.count("<tr>") == 13
    assert f"其余 {4_000 - 12:,} 行" in shown
    assert "<style" not in shown
    assert LOADS["many days"].to_html().count("<tr>") == 4_001


def test_a_comparison_has_its_charts_by_name() -> None:
    names = list(CHANGED.charts)
    assert names[:5] == ["flow", "shifts", "shift_spread", "due_load", "overdue"]
    assert {f"scores.{scheme}" for scheme in CHANGED.all_scores} <= set(names)
    assert all(chart.name == name for name, chart in CHANGED.charts.items())
    assert CHANGED.charts is CHANGED.charts
