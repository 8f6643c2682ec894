"""The main job: cases see their application and item, every row comes out or is set aside, and nothing is guessed on the way."""

import pickle
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govservice import china, load_rulebook
from govservice.records import read_records
from govservice.run import Run, run
from govservice.run.figures import compression

KUNSHAN = load_rulebook("kunshan")
COMPLETE = "已带,0,0,否,否"
APPLICATIONS = (
    "申请编号,主件,非主体材料缺件数,附件缺件数,明显不符合政策,明显不符合总体规划,审批部门数,一般性事项,程序简便,可当天办结,需审核\n"
)
INSTANT = f"{COMPLETE},1,是,是,是,否"
PROMISED = f"{COMPLETE},1,是,否,否,是"


def ran(tmp_path: Path, files: dict[str, str], **options: object) -> Run:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return run(KUNSHAN, read_records(tmp_path, book=KUNSHAN), **options)  # type: ignore[arg-type]


def test_a_case_is_judged_by_its_applications_facts_and_its_items_limit(tmp_path: Path) -> None:
    done = ran(
        tmp_path,
        {
            "items.csv": "事项编码,承诺工作日数\nI1,5\n",
            "applications.csv": f"{APPLICATIONS}S1,{PROMISED}\n",
            "cases.csv": "办件编号,申请,事项,收件日,材料补齐日\nC1,S1,I1,2026年2月13日,2026年2月13日\n",
        },
    )
    (case,) = done.cases
    assert (case.what.case_type, case.what.rule, case.what.cite) == ("promised", "promised", "KS-3")
    assert case.due is not None
    assert (case.due.clock, case.due.due_on, case.due.official) == ("promised", date(2026, 2, 27), True)  # over the Spring Festival
    assert done.applications[0].on == date(2026, 2, 13)  # the day of its case
    assert done.applications[0].what == case.what
    assert pickle.loads(pickle.dumps(done)) == done


def test_what_the_rulebook_decides_is_not_taken_from_the_items_publication(tmp_path: Path) -> None:
    done = ran(
        tmp_path,
        {
            "items.csv": "事项编码,办件类型,承诺工作日数\nI1,承诺件,5\n",
            "applications.csv": f"{APPLICATIONS}S1,{INSTANT}\n",
            "cases.csv": "办件编号,申请,事项,收件日\nC1,S1,I1,2026-02-13\n",
        },
    )
    assert done.items[0].case_type == "promised"
    assert done.cases[0].what.case_type == "instant"
    assert done.cases[0].due is not None
    assert (done.cases[0].due.clock, done.cases[0].due.due_on) == ("instant", date(2026, 2, 13))


def test_the_cases_own_limit_comes_before_its_items(tmp_path: Path) -> None:
    done = ran(
        tmp_path,
        {
            "items.csv": "事项编码,承诺时限\nI1,20个工作日\n",
            "cases.csv": "办件编号,事项,收件日,材料补齐日,承诺工作日数,中心认定急办,审批部门数\nC1,I1,2026-02-13,2026-02-13,5,是,1\n",
        },
    )
    assert done.cases[0].due is not None
    assert done.cases[0].due.due_on == date(2026, 2, 27)


def test_a_case_whose_application_or_item_is_not_there_is_reported_and_still_run(tmp_path: Path) -> None:
    done = ran(
        tmp_path,
        {
            "items.csv": "事项编码\nI1\n",
            "applications.csv": f"{APPLICATIONS}S1,{INSTANT}\n",
            "cases.csv": "办件编号,申请,事项,收件日,中心认定急办\nC1,S9,I9,2026-02-13,是\nC2,,,2026-02-13,是\n",
        },
        on=date(2026, 2, 13),
    )
    assert done.cases[0].missing == ("application S9", "item I9")
    assert done.cases[1].missing == ()
    assert [case.what.case_type for case in done.cases] == ["urgent", "urgent"]
    assert done.summary()["cases"]["missing"] == 1


def test_an_open_case_type_says_what_would_settle_it_and_its_deadline_stays_open(tmp_path: Path) -> None:
    done = ran(
        tmp_path,
        {"cases.csv": "办件编号,收件日,材料补齐日,主件,附件缺件数,非主体材料缺件数,所缺影响审批\nC1,2026-03-02,2026-03-02,已带,2,0,否\n"},
    )
    (case,) = done.cases
    assert case.what.open
    assert "few_attachments" in case.what.undecided
    assert case.due is not None
    assert (case.due.applies, case.due.due_on) == (None, None)
    needs = {one["fact"]: one for one in done.summary()["cases"]["open_by_fact"]}
    assert needs["few_attachments"] == {"fact": "few_attachments", "label": "少数附件上限", "setting": True, "count": 1}


def test_without_a_day_for_dated_rules_a_row_is_set_aside_unless_the_caller_gives_one(tmp_path: Path) -> None:
    files = {"applications.csv": f"{APPLICATIONS}S1,{INSTANT}\n", "cases.csv": "办件编号,中心认定急办\nC1,是\n"}
    done = ran(tmp_path, files)
    assert [one.text() for one in done.set_aside] == [
        "cases.csv:2: C1: received_on: the rulebook has dated rules, and the day is unknown; the case has no received_on; "
        "give one day for all: --on DATE (on=)",
        "applications.csv:2: S1: the rulebook has dated rules, and the day is unknown; no case of this application gives a day; "
        "give one day for all: --on DATE (on=)",
    ]
    assert len(ran(tmp_path, files, on=date(2026, 3, 2)).applications) == 1


def test_a_day_outside_the_calendar_sets_the_row_aside(tmp_path: Path) -> None:
    done = ran(
        tmp_path,
        {
            "cases.csv": "办件编号,收件日,材料补齐日,承诺工作日数,中心认定急办,审批部门数\n"
            "C1,1850-01-02,1850-01-02,5,是,1\nC2,2099-12-30,2099-12-30,5,是,1\n"
        },
    )
    assert not done.cases
    assert [one.id for one in done.set_aside] == ["C1", "C2"]
    assert all("outside the calendar" in one.reason.en or "out of the calendar" in one.reason.en for one in done.set_aside)


def test_overdue_is_said_only_as_of_a_day_that_was_given(tmp_path: Path) -> None:
    files = {
        "cases.csv": "办件编号,收件日,材料补齐日,办结日,承诺工作日数,中心认定急办,审批部门数\n"
        "open,2026-03-02,2026-03-02,,5,是,1\nlate,2026-03-02,2026-03-02,2026-03-10,5,是,1\nintime,2026-03-02,2026-03-02,2026-03-09,5,是,1\n"
    }
    unasked = ran(tmp_path, files).summary()["due"]
    assert unasked["overdue"] is None
    assert (unasked["finished"], unasked["finished_late"]) == (2, 1)
    on_time = ran(tmp_path, files, now=date(2026, 3, 9)).summary()["due"]
    assert on_time["overdue"]["count"] == 0  # until midnight of the due day
    late = ran(tmp_path, files, now=date(2026, 3, 11)).summary()["due"]
    assert [one["id"] for one in late["overdue"]["listed"]] == ["open"]


def test_a_deadline_in_a_year_without_a_notice_is_provisional(tmp_path: Path) -> None:
    files = {"cases.csv": "办件编号,收件日,材料补齐日,承诺工作日数,中心认定急办,审批部门数\nC1,2026-12-28,2026-12-28,8,是,1\n"}
    done = ran(tmp_path, files, calendar=china(known_on=date(2026, 6, 1)))
    assert done.cases[0].due is not None
    assert done.cases[0].due.official is False
    assert done.cases[0].due.warning is not None
    assert [one["id"] for one in done.summary()["due"]["provisional_listed"]] == ["C1"]


def test_rows_in_are_rows_out_and_rows_set_aside(tmp_path: Path) -> None:
    done = ran(tmp_path, {"items.csv": "事项编码,承诺工作日数\nI1,5\nI2,x\n,5\nI1,5\nI3,\n"})
    (rows,) = done.summary()["rows"]
    assert (rows["in"], rows["out"], rows["set_aside"]) == (5, 2, 3)


@given(st.decimals("0.5", 500, places=1), st.decimals("0.5", 500, places=1))
def test_compression_is_exact_to_six_digits(promised: Decimal, statutory: Decimal) -> None:
    said = compression(promised, statutory)
    assert said is not None
    assert abs(Decimal(said) - (1 - promised / statutory)) <= Decimal("0.0000005")
    assert len(said.partition(".")[2]) == 6


def test_compression_of_nothing_is_unknown() -> None:
    assert compression(Decimal(0), Decimal(0)) is None


@pytest.mark.parametrize("accepted_on", [date(2026, 2, 13), date(2026, 9, 24)])
def test_items_as_if_accepted_on_a_day_see_every_holiday_and_makeup_day(tmp_path: Path, accepted_on: date) -> None:
    from govservice import TimeLimit, china, deadline

    (tmp_path / "book.yaml").write_text(
        "rulebook: plain\nconventions: {first_day: excluded}\nclocks:\n"
        "  promised: {about: cases, limit: promised_limit, starts: accepted_on, stops: closed_on}\n",
        encoding="utf-8",
    )
    (tmp_path / "items.csv").write_text("事项编码,承诺工作日数\n" + "".join(f"I{n},{n}\n" for n in range(1, 80, 7)), encoding="utf-8")
    book = load_rulebook(tmp_path / "book.yaml")
    done = run(book, read_records(tmp_path, book=book), accepted_on=accepted_on)
    assert [one.due.due_on for one in done.items if one.due is not None] == [
        deadline(TimeLimit(n, "workday"), accepted_on, china()).due_on for n in range(1, 80, 7)
    ]
