"""What has to be loaded is loaded while drawing, which hypothesis does not count: no test is the one that waits. Nothing here is timed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SLOW = ("holidays", "pydantic", "yaml", "numpy", "hypothesis.extra")
# each in a new python: the strategy is made, one value of it drawn, and then what a test would do with it
TRIED = {
    "limits": ("s.limits(max_value=30)", "deadline(v, datetime(2030, 11, 5, 9), rest_day_same_day='same').explain()"),
    "long limits": ("s.limits(units=['year'], min_value=60)", "deadline(v, date(2026, 3, 2))"),
    "days": ("s.days()", "deadline('20个工作日', v).official"),
    "workdays": ("s.workdays()", "china().add_workdays(v, 20)"),
    "boundary_days": ("s.boundary_days()", "china().day(v)"),
    "moments": ("s.moments(aware=True)", "deadline('20小时', v)"),
    "late days": ("s.days(min_date=date(2041, 1, 1), max_date=date(2044, 12, 31))", "china().is_workday(v)"),
    "calendars": ("s.calendars(provisional=True)", "deadline('5个工作日', date(2030, 3, 2), v)"),
    "calendars of elsewhere": ("s.calendars(swaps=False, provisional=False)", "deadline('5个工作日', date(2030, 3, 2), v)"),
    "office_hours": ("s.office_hours()", "deadline('5小时', datetime(2028, 3, 2, 9), hours=v)"),
    "pauses": ("s.pauses(date(2028, 3, 2))", "deadline('5个工作日', date(2028, 3, 2), pauses=v)"),
    "extensions": ("s.extensions()", "deadline('5个工作日', date(2028, 3, 2), extensions=v)"),
    "case_histories": ("s.case_histories(backward=None)", "v.deadline()"),
    "periods": ("s.periods()", "china().workdays_between(v.first, v.last) if v.last.year < 2031 else 0"),
    "facts_for a decision": ("s.facts_for(book, 'case_type')", "classify(v, book, on=DAY)"),
    "facts_for a rule": ("s.facts_for(book, 'case_type', rule='urgent', on=DAY)", "classify(v, book, on=DAY)"),
    "facts_for a clock": ("s.facts_for(book, 'promised')", "clocks(v, book, on=DAY, now=DAY)"),
    "records_for": ("s.records_for(book)", "[clocks(case, book, on=DAY, now=DAY) for case in v['cases'] or [{'received_on': DAY}]]"),
    "applications": ("s.applications()", "classify(v, book, on=DAY)"),
    "cases": ("s.cases()", "clocks(v, book, on=DAY, now=DAY)"),
    "items": ("s.items()", "v.facts()"),
}
CODE = """
import json, sys
from datetime import date, datetime
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from govservice import china, classify, clocks, deadline, load_rulebook, strategies as s
from govservice.errors import GovServiceError

DAY = date(2028, 11, 20)
book = load_rulebook("kunshan", settings={{"few_attachments": 2}})
strategy = {strategy}
asked, drawing, loaded = [], True, []

from govservice.calendars.lookup import Lookup
read = Lookup._year
def noted(self, year):
    if not drawing and year not in self._years:
        asked.append(year)
    return read(self, year)
Lookup._year = noted

@settings(database=None, derandomize=True, deadline=None, max_examples=1, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.data())
def once(data):
    global drawing
    drawing, v = True, data.draw(strategy)
    drawing, before = False, set(sys.modules)
    try:
        {verb}
    except GovServiceError as error:
        print(error, file=sys.stderr)
    loaded.extend(sorted(name for name in set(sys.modules) - before if name.startswith({slow!r})))
once()
print(json.dumps([asked, loaded]))
"""


@pytest.mark.parametrize("name", TRIED)
def test_a_test_loads_nothing_slow_and_reads_no_year_after_its_first_draw(name: str) -> None:
    strategy, verb = TRIED[name]
    code = CODE.format(strategy=strategy, verb=verb, slow=SLOW)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    years, loaded = json.loads(done.stdout.splitlines()[-1])
    assert (years, loaded) == ([], []), done.stderr
