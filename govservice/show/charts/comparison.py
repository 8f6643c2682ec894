"""Every chart of a comparison, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from govservice.doors import LANGUAGE, takes
from govservice.errors import DecisionError, Lang
from govservice.frozen import Frozen
from govservice.show.charts.calendar_load import due_load_change
from govservice.show.charts.chart import Chart
from govservice.show.charts.flow import flow
from govservice.show.charts.overdue import overdue_change
from govservice.show.charts.ranks import ranked, ranks
from govservice.show.charts.scores import scores
from govservice.show.charts.shifts import shift_spread, shifts

__all__ = ["charts_of"]


@takes(DecisionError, lang=LANGUAGE)
def charts_of(done: Any, *, lang: Lang = "zh") -> Mapping[str, Chart]:
    """The charts of a comparison by name: `flow`, `shifts`, `shift_spread`, `due_load`, `overdue`, `scores.SCHEME` of each scheme, and
    `ranks.DECISION` of each decision under which somebody changes places. Those to which nothing changes say so.

    >>> from govservice import load_rulebook, what_if
    >>> book = load_rulebook("kunshan")
    >>> list(charts_of(what_if(book, book, {"cases": []})))
    ['flow', 'shifts', 'shift_spread', 'due_load', 'overdue']
    """
    made = [verb(done, lang=lang) for verb in (flow, shifts, shift_spread, due_load_change, overdue_change)]
    made += [scores(done, scheme, lang=lang) for scheme in done.all_scores]
    made += [ranks(done, decision, lang=lang) for decision in ranked(done)]
    return Frozen({chart.name: chart for chart in made})
