"""Pictures of results, each with its figures as a table: drawn by Vega-Lite, for a notebook, a page, a file. Needs govservice[charts]."""

from __future__ import annotations

from govservice.show.charts.calendar_load import due_load, due_load_change
from govservice.show.charts.chart import Chart
from govservice.show.charts.comparison import charts_of
from govservice.show.charts.decision import decision_diagram
from govservice.show.charts.flow import flow
from govservice.show.charts.overdue import overdue, overdue_change
from govservice.show.charts.ranks import ranks
from govservice.show.charts.scores import scores
from govservice.show.charts.shifts import shift_spread, shifts
from govservice.show.charts.waterfall import waterfall

__all__ = [
    "Chart",
    "charts_of",
    "decision_diagram",
    "due_load",
    "due_load_change",
    "flow",
    "overdue",
    "overdue_change",
    "ranks",
    "scores",
    "shift_spread",
    "shifts",
    "waterfall",
]
