"""Every public result shows itself well and small in a notebook: a piece of HTML of bounded size in which nothing that it holds acts."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govservice import china, classify, clocks, deadline, load_rulebook, what_if
from govservice.as_json import AsJson
from govservice.run import run
from govservice.sample import centre_year
from govservice.whatif import sweep
from tests.results import drawn, result_classes

CLASSES = result_classes()
KUNSHAN = load_rulebook("kunshan")
DAY = date(2026, 3, 2)
MOST = 60_000  # characters; a picture of a year of days is the largest
BAD = "<script>alert(1)</script>\x1b[2J\u202e<img src=x onerror=alert(1)>"
CASE = {"case_type": "promised", "received_on": DAY, "materials_completed_on": DAY, "promised_limit": "5个工作日"}


def said(html: str) -> str:
    """What a reader sees."""
    return re.sub(r"\s+", " ", re.sub(r"<style.*?</style>|<[^>]+>", " ", html, flags=re.S))


def harmless(html: str) -> bool:
    tags = {tag.lower() for tag in re.findall(r"<\s*([a-zA-Z!][\w-]*)", html)}
    return not tags & {"script", "img", "iframe", "object", "link", "meta", "title", "body", "html", "!doctype"}


WHOLE = ("Comparison", "Run")  # what they hold belongs together: shown below as real calls make them
PARTS = [kind for kind in CLASSES if kind.__name__ not in WHOLE]


@pytest.mark.parametrize("kind", PARTS, ids=[kind.__name__ for kind in PARTS])
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_result_is_shown_small_and_harmless(kind: type[AsJson], data: st.DataObject) -> None:
    html = data.draw(drawn(kind))._repr_html_()
    assert harmless(html)
    assert len(html) <= MOST
    assert html.count("<div") == html.count("</div>")


@cache
def larger() -> dict[str, Any]:
    """Results of real calls, those beside the classes of results too."""
    amended = KUNSHAN.amend({"decisions.green_channel.rules.building.when": "false"})
    case = {
        "facts": {"complaint_form": "verbal"},
        "expect": {"complaint_answer": "口头为主"},
        "on": "2026-11-20",
        "decision": "complaint_answer",
    }
    return {
        "book": KUNSHAN,
        "calendar": china(),
        "local calendar": china().amend(rest_days=[date(2026, 3, 3)], source=BAD),
        "classification": classify({"正式申请": True, "主件": "有而未带"}, KUNSHAN, on=DAY),
        "open classification": classify({}, KUNSHAN, on=DAY),
        "clock": next(one for one in clocks(CASE, KUNSHAN, on=DAY, now=date(2026, 3, 20)) if one.clock == "promised"),
        "deadline": deadline("5个工作日", DAY),
        "check": KUNSHAN.check(),
        "diff": KUNSHAN.diff(amended),
        "equal": KUNSHAN.diff(KUNSHAN),
        "compare": KUNSHAN.compare(amended),
        "coverage": KUNSHAN.coverage([case]),
        "sweep": sweep(KUNSHAN, {"settings.few_attachments": range(1, 31)}, centre_year(cases=20), period="2025-01"),
        "fact": KUNSHAN.facts["cases.rating"],
        "run": run(KUNSHAN, {"cases": ({**CASE, "case": f"{BAD}{n}", "window": BAD} for n in range(300))}, on=DAY, now=date(2026, 3, 20)),
        "what if": what_if(KUNSHAN, amended, centre_year(cases=300), period="2025-01"),
    }


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("book", ["昆山市行政审批服务中心", "决定", "few_attachments"]),
        ("calendar", ["日历", "2026-12-31"]),
        ("local calendar", ["地方通知", "alert(1)"]),
        ("classification", ["办件分类", "补办件", "已定", "KS-4(1)", "主件", "有而未带", "应发文书", "补办件通知书"]),
        ("open classification", ["未定", "还需要知道", "主件"]),
        ("clock", ["承诺时限", "2026-03-09", "超期", "已用"]),
        ("deadline", ["2026-03-09"]),
        ("check", ["错误", "两条规则同时成立", "leave_approval"]),
        ("diff", ["处变化", "green_channel", "收紧"]),
        ("equal", ["相同"]),
        ("compare", ["不变", "收紧", "green_channel"]),
        ("coverage", ["试过的改动", "complaint_answer.written"]),
        ("sweep", ["30 种取值", "settings.few_attachments", "moved_cases", "另有 10 项"]),
        ("fact", ["rating", "满意"]),
        ("run", ["超期", "300"]),
        ("what if", ["规则改了什么"]),
    ],
)
def test_a_result_says_what_a_reader_looks_for(name: str, says: list[str]) -> None:
    html = larger()[name]._repr_html_()
    assert [one for one in says if one not in said(html)] == []
    assert harmless(html)
    assert len(html) <= MOST


def test_every_label_and_value_of_a_book_is_text(tmp_path: Any) -> None:
    file = tmp_path / "b.yaml"
    file.write_text(
        "rulebook: b\ntitle: <b>标题</b>\ntables: {application: {f: {type: text, label: '<i>事实</i>'}}}\n"
        "decisions: {d: {about: application, label: '<u>决定</u>', hit: first,\n"
        "    rules: [{id: r, when: f == \"<s>\", then: '<em>值</em>'}]}}\n",
        encoding="utf-8",
    )
    book = load_rulebook(file)
    for shown in (book, book.decide("d", {"f": "<s>"}), book.decide("d", {}), book.facts["application.f"]):
        html = shown._repr_html_()
        assert not re.search(r"<(b|i|u|s|em)>", html)
        assert "&lt;" in html
