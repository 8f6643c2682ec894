"""Books that the tests of strategies draw for: a clock of each kind, words for none, anchored periods, a deep table."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from govservice import load_rulebook
from govservice.rules import Rulebook

__all__ = ["shown_book"]

TEXT = """
rulebook: drawn_for
extends: [standard]
conventions: {first_day: excluded, roll: forward, ends: day, pause_needs_notice: no, percent_alarms: day, bare_day: natural_day,
  part_floor: none, part_overflow: allowed, same_occurrence: each, unserved_periods: zero, part_served: full, ties: best,
  rounding: {digits: 2, mode: half_up, at: end}}
tables:
  cases:
    asked_on: date
    answered_on: date
    hearing_on: date
    told_on: date
    officers: integer
    fee: {type: integer, none: [无]}
    renewed_on: {type: date, none: [不再延续]}
    difficult: boolean
  staff: {role: text}
  repairs: {of: cases, case: text, begun_at: moment, ended_at: moment}
events: {late: {has: {minutes: integer}}}
clocks:
  reply:
    label: 答复时限
    about: cases
    limit: 8 工作日
    starts: received_on
    stops: closed_on
    pauses:
      - {from: asked_on, to: answered_on, when: difficult}
      - hearing
    extension: {limit: as_granted, at_most: 10 工作日, times: 1, by: head}
    alarms: [{signal: yellow, before: 2 工作日, when: fee > 40}]
  notice:
    about: cases
    backward: true
    limit: 7 工作日
    starts: hearing_on
    stops: told_on
  repair:
    about: repairs
    when: difficult
    limit: 30 小时
    starts: begun_at
    stops: ended_at
decisions:
  paid:
    about: cases
    hit: first
    rules:
      - {id: free, when: is_none(fee), then: free}
      - {id: dear, when: fee > 500, then: dear}
      - {id: cheap, then: cheap}
  deep:
    about: cases
    hit: first
    rules:
      - {id: one, when: fee > 10 and difficult, then: 1}
      - {id: two, when: "fee in [3, 4, 5] and not difficult", then: 2}
      - id: three
        when: paid == "cheap" and difficult and days(received_on, closed_on) > 20 and asked_on > received_on and officers == 3
        then: 3
      - {id: four, when: not known(asked_on) and is_none(renewed_on), then: 4}
      - {id: five, then: 5}
  counted: {about: staff, hit: first, rules: [{id: many, when: count(late) > 1, then: many}, {id: few, then: few}], period: month}
schemes:
  anchored_score:
    scores: staff
    period: {month_from: 26}
    parts: {conduct: {items: [{id: late, for: late, points: -1}]}}
    total: sum(parts)
"""


@cache
def shown_book() -> Rulebook:
    """The book, loaded."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "drawn_for.yaml")
        path.write_text(TEXT, encoding="utf-8")
        return load_rulebook(path)
