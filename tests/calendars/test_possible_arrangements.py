"""The ways a holiday of an unannounced year may be arranged: as in past years of the same weekday and in the latest, in balance."""

from datetime import date
from itertools import combinations

import pytest

from govservice import china
from govservice.calendars import WorkCalendar
from govservice.calendars.notice import shipped_notices
from govservice.calendars.patterns import FORECAST, Arrangement, Pattern, _with_weekend, festivals, laid_over, past_patterns, possible
from govservice.calendars.rearranged import possible_arrangements, supposing
from govservice.calendars.statutory import law_for, statutory_days

KNOWN = china(known_on=date(2026, 6, 1))  # of 2027 nothing is announced
TOMB = "清明节"  # in 2027 it is Monday, 5 April
MONDAY = Pattern(0, (0, 1), (5,))  # Tuesday off too, made up on Saturday
THURSDAY, WEDNESDAY, FRIDAY, ALONE = (
    Pattern(3, (0, 1, 2, 3), (-4,)),
    Pattern(2, (0, 1, 2, 3, 4), ()),
    Pattern(4, (0, 1, 2), ()),
    Pattern(5, (0,), ()),
)
NEAREST = (3, 4, 10, 11)  # the weekend days of April next to 5 April


def april(rest: tuple[int, ...], worked: tuple[int, ...]) -> Arrangement:
    return Arrangement(frozenset(date(2027, 4, day) for day in rest), frozenset(date(2027, 4, day) for day in worked))


def ways_of(name: str, patterns: dict[str, tuple[Pattern, ...]], year: int = 2027) -> set[Arrangement]:
    law = law_for(year, None)
    names = [festival.name for festival in festivals(year, law)]
    return set(possible(year, law, patterns)[names.index(name)])


def test_a_holiday_is_arranged_as_in_past_years_of_its_weekday_and_as_in_the_two_latest() -> None:
    ways = ways_of(TOMB, {TOMB: (MONDAY, WEDNESDAY, THURSDAY, FRIDAY, ALONE)})
    as_friday = {april((6, 7), pair) for pair in combinations(NEAREST, 2)}  # the weekend days for two days more may be any of the nearest
    assert ways == {FORECAST, april((6,), (10,))} | as_friday


def test_where_no_past_year_has_its_weekday_it_is_arranged_as_in_all() -> None:
    ways = ways_of(TOMB, {TOMB: (THURSDAY, FRIDAY, ALONE)})
    as_thursday = {april((6, 7, 8), three) for three in combinations(NEAREST, 3)}
    assert ways == {FORECAST} | as_thursday | {april((6, 7), pair) for pair in combinations(NEAREST, 2)}


def test_nothing_is_made_up_within_another_holiday() -> None:
    on_labour_day = Pattern(0, (0, 1), (26,))
    assert ways_of(TOMB, {TOMB: (on_labour_day,)}) == {FORECAST} | {april((6,), (day,)) for day in NEAREST}


def test_a_holiday_without_past_years_stays_as_the_statute_says() -> None:
    assert ways_of(TOMB, {}) == ways_of("元旦", {TOMB: (MONDAY,)}) == {FORECAST}


def test_the_years_from_2008_on_are_looked_at_each_once() -> None:
    past, years = past_patterns(shipped_notices()), len({notice.year for notice in shipped_notices() if notice.year >= 2008})
    assert years >= 19
    assert {name: len(past[name]) for name in ("元旦", "春节", TOMB)} == {"元旦": years, "春节": years, TOMB: years}


@pytest.mark.parametrize("year", [2027, 2029, 2030, 2033, 2034])  # in 2028 and 2031 two holidays share a working day
def test_no_way_gives_a_working_day_away(year: int) -> None:
    law = law_for(year, None)
    statutory = {day for day, _ in statutory_days(year, law)}
    for festival, ways in zip(festivals(year, law), possible(year, law, past_patterns(shipped_notices())), strict=True):
        assert FORECAST in ways
        assert len(set(ways)) == len(ways)
        for way in ways:
            assert len(way.rest) == len(way.worked), (festival.name, way)
            assert all(day.weekday() < 5 for day in way.rest)
            assert not way.worked & (way.rest | statutory)
            assert all(abs((day - festival.first).days) <= 31 for day in way.rest | way.worked)


def test_more_made_up_than_off_is_fewer_made_up_or_a_longer_break() -> None:
    (tomb,) = [festival for festival in festivals(2027, law_for(2027, None)) if festival.name == TOMB]
    saturday = frozenset({date(2027, 4, 10)})
    assert list(laid_over(Pattern(0, (0,), (5,)), tomb)) == [
        (tomb.days, frozenset()),
        (tomb.days | {date(2027, 4, 6)}, saturday),
        (tomb.days | {date(2027, 4, 2)}, saturday),
    ]


def test_a_holiday_on_a_saturday_gives_the_working_day_after_or_before_it() -> None:
    instead = Arrangement(frozenset({date(2027, 12, 31)}), frozenset({date(2028, 1, 3)}))
    assert ways_of("元旦", {"元旦": (Pattern(2, (0,), ()),)}, 2028) == {FORECAST, instead}


def test_the_break_that_a_holiday_makes_by_itself_has_the_weekend_beside_it() -> None:
    def april_days(*days: int) -> list[int]:
        return [day.day for day in _with_weekend(date(2027, 4, day) for day in days)]

    assert april_days(5) == [5, 4, 3], "a Monday: Sunday and Saturday before it"
    assert april_days(9) == [9, 10, 11], "a Friday: Saturday and Sunday after it"
    assert april_days(7) == [7]
    assert sorted({*april_days(10)}) == [10, 11], "a Saturday"


def touched(first: date, last: date) -> set[date]:
    """The days that the arrangements between two days may change."""
    return {day for ways in possible_arrangements(KNOWN, first, last) for way in ways for day in way.rest | way.worked}


def test_only_holidays_of_provisional_years_may_be_arranged_otherwise() -> None:
    assert touched(date(2026, 3, 1), date(2026, 11, 30)) == set()
    assert min(touched(date(2026, 3, 1), date(2027, 1, 31))) > date(2026, 12, 20)
    assert possible_arrangements(WorkCalendar.of("US"), date(2031, 1, 1), date(2031, 12, 31)) == ()
    assert touched(date(2099, 11, 1), date(2099, 12, 31)) == set(), "no year follows the last"


def test_the_next_new_year_may_move_days_of_december() -> None:
    last_of_december = date(2027, 12, 31)  # New Year's Day of 2028 is a Saturday
    assert last_of_december in touched(date(2027, 11, 1), last_of_december)
    assert last_of_december in touched(last_of_december, last_of_december)


def test_a_supposed_year_says_of_each_changed_day_what_it_is_and_stays_provisional() -> None:
    (way,) = ways_of(TOMB, {TOMB: (MONDAY,)}) - {FORECAST}
    supposed = supposing(KNOWN, [way, Arrangement(frozenset(), frozenset({date(2027, 4, 5)}))])
    kinds = {day: supposed.day(date(2027, 4, day)).kind for day in (5, 6, 7, 10, 11)}
    assert kinds == {5: "workday", 6: "holiday", 7: "workday", 10: "makeup_workday", 11: "weekend"}
    assert (supposed.is_official(date(2026, 4, 6)), supposed.is_official(date(2027, 4, 6))) == (True, False)
    assert supposed.day(date(2026, 4, 6)) == KNOWN.day(date(2026, 4, 6))
    assert supposed.to_dict()["source"] == KNOWN.to_dict()["source"]
