"""The day counter: every day is in it once, told by words and by a pattern of its own."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.etree import fromstring

from aupolicy.kernel.period import Period
from claims.exports.day_counter import (
    NARROW,
    WIDE,
    CounterWords,
    draw_both_widths,
    draw_day_counter,
    list_counter_rows,
    state_class,
)
from claims.exports.patterns import Box, draw_pattern
from claims.facts import DayState, InsuredSpan, Leave, Piece

SVG = "{http://www.w3.org/2000/svg}"
WORDS = CounterWords(
    title="Tageszähler",
    description="Was jeder Tag zählt",
    labels={state: f"W-{state.value.title()}" for state in DayState},
    reasons={state: f"weil {state.value}" for state in DayState},
    causes={"DEATH": "verstorben"},
    first_benefit="%(number)d. Tag: %(day)s",
    cover_ends="Schutz bis %(day)s",
    ends="bis %(day)s",
    stretch="%(first)s bis %(last)s",
    numbers="Tag %(first)d bis %(last)d",
    one_number="Tag %(first)d",
    write_day=lambda day: f"{day:%d.%m.%Y}",
    write_tick=lambda day: f"{day:%d.%m.}",
)


def _pieces(*stretches: tuple[DayState, int], first: date = date(2026, 1, 15)) -> tuple[Piece, ...]:
    """Pieces of so many days one after the other, counted but for gaps."""
    day, number, pieces = first, 1, []
    for state, days in stretches:
        last = day + timedelta(days=days - 1)
        counted = None if state is DayState.GAP else number
        percent = 100 if state in {DayState.PAID, DayState.REINTEGRATION} else 0
        percent = 50 if state is DayState.HELD else percent
        pieces.append(Piece(Period(day, last), state, counted, percent))
        day, number = last + timedelta(days=1), number + (days if counted else 0)
    return tuple(pieces)


LONG = _pieces(
    (DayState.DEFERRAL, 42), (DayState.PAID, 44), (DayState.GAP, 1), (DayState.HELD, 46),
    (DayState.REINTEGRATION, 76), (DayState.PAID, 226), (DayState.COVER_ENDED, 48),
)  # fmt: skip


def _leave(pieces: tuple[Piece, ...]) -> Leave:
    period = Period(pieces[0].period.first_day, pieces[-1].period.last_day)
    span = InsuredSpan(
        period=Period(date(2025, 1, 1)),
        benefit=Decimal("335.00"),
        pay=Decimal("2400.00"),
        band=4,
        tariff_key="bau-2016",
        tariff_from=date(2016, 8, 1),
    )
    return Leave((1,), period, 0, period.first_day, span, pieces)


def _texts(svg: Any, kind: str) -> list[str]:
    return [each.text or "" for each in svg.iter(f"{SVG}text") if each.get("class") == kind]


def test_the_picture_says_what_each_stretch_is_and_why() -> None:
    svg = fromstring(draw_day_counter(LONG, words=WORDS))
    titles = [each.text for each in svg.iter(f"{SVG}title")]
    assert titles[0] == "Tageszähler"
    assert "W-Deferral: 15.01.2026 bis 25.02.2026, Tag 1 bis 42. weil DEFERRAL" in titles
    assert "W-Gap: 11.04.2026. weil GAP" in titles, "days that are not counted have no number"
    assert "43. Tag: 26.02.2026" in _texts(svg, "value")
    assert "Schutz bis 25.03.2027" in _texts(svg, "value")
    assert "bis 12.05.2027" in _texts(svg, "value")


def test_causes_are_told_instead_of_the_reason_where_there_are_words() -> None:
    ended = Piece(Period(date(2026, 3, 1), date(2026, 3, 1)), DayState.COVER_ENDED, 50, 0, "DEATH")
    excluded = Piece(Period(date(2026, 3, 2), date(2026, 3, 9)), DayState.EXCLUDED, 51, 0, "X")
    text = draw_day_counter((ended, excluded), words=WORDS)
    assert "W-Cover_Ended: 01.03.2026, Tag 50. verstorben" in text
    assert "weil EXCLUDED" in text


def test_it_is_an_image_with_a_name_and_carries_neither_style_nor_script() -> None:
    text = draw_both_widths(LONG, words=WORDS, name="one")
    assert "style" not in text
    assert "<script" not in text
    assert len(set(re.findall(r'id="([^"]+)"', text))) == 4, "ids differ in both widths"
    for name in ("one-wide", "one-narrow"):
        assert f'aria-labelledby="{name}-title"' in text
    assert text.count('role="img"') == 2


def test_a_style_sheet_goes_into_it_where_none_of_the_page_reaches() -> None:
    text = draw_day_counter(LONG, words=WORDS, styles=".is-paid rect { fill: black }")
    assert "<style>.is-paid rect { fill: black }</style>" in text


def test_months_have_ticks_with_dates_and_each_line_its_year() -> None:
    svg = fromstring(draw_day_counter(LONG, words=WORDS))
    dates = _texts(svg, "date")
    assert dates[:2] == ["15.01.", "2026"]
    assert {"01.03.", "01.12.", "01.01."} <= set(dates)
    assert "2027" in dates
    narrow = fromstring(draw_day_counter(LONG, words=WORDS, width=NARROW))
    assert _texts(narrow, "date").count("2026") == 2, "more lines, each with its year"


def _box(*lengths: int) -> Box:
    x, y, width, height = map(Decimal, lengths)
    return Box(x, y, width, height)


def test_every_state_has_a_pattern_or_line_of_its_own() -> None:
    drawn = set()
    for state in DayState:
        band = Element("g")
        draw_pattern(band, state, _box(0, 0, 60, 30))
        drawn.add(tuple(path.get("d") for path in band if path.tag == "path"))
    plain = {DayState.DEFERRAL, DayState.PAID, DayState.GAP}
    assert len(drawn) == len(DayState) - len(plain) + 1
    # The three plain ones differ by ground: light, dark, none with a broken edge.
    assert len({state_class(state) for state in DayState}) == len(DayState)


def test_no_pieces_no_picture() -> None:
    assert draw_day_counter((), words=WORDS) == ""
    assert draw_both_widths((), words=WORDS) == ""


def test_the_table_shows_days_without_money_too() -> None:
    rows = list_counter_rows(_leave(LONG))
    deferral, paid, gap, held = rows[:4]
    assert (deferral.first_number, deferral.last_number, deferral.days) == (1, 42, 42)
    assert deferral.monthly == Decimal("0.00")
    assert (paid.first_number, paid.last_number) == (43, 86)
    assert paid.monthly == Decimal("335.00")
    assert (gap.first_number, gap.last_number, gap.days) == (None, None, 1)
    assert held.monthly == Decimal("167.50")
    assert rows[-1].state is DayState.COVER_ENDED
    assert sum(row.days for row in rows) == _leave(LONG).period.days


def test_it_pays_nothing_where_nothing_was_insured() -> None:
    pieces = _pieces((DayState.NOT_INSURED, 60))
    leave = Leave(
        (1,), Period(date(2026, 1, 15), date(2026, 3, 15)), 0, date(2026, 1, 15), None, pieces
    )
    assert list_counter_rows(leave)[0].monthly == Decimal("0.00")


# The machine may be busy with other things; how long a drawing takes is not asked here.
@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from(list(DayState)), st.integers(1, 200)), min_size=1, max_size=12
    ),
    st.dates(date(2024, 1, 1), date(2028, 1, 1)),
    st.sampled_from([WIDE, NARROW]),
)
def test_everything_lies_inside_the_picture(
    stretches: list[tuple[DayState, int]], first: date, width: int
) -> None:
    pieces = _pieces(*stretches, first=first)
    svg = fromstring(draw_day_counter(pieces, words=WORDS, width=width))
    height = float((svg.get("viewBox") or "").split()[3])
    for rect in svg.iter(f"{SVG}rect"):
        x, y, wide, high = (float(rect.get(name) or 0) for name in ("x", "y", "width", "height"))
        assert x >= -0.1
        assert x + wide <= width + 0.2
        assert y >= 0
        assert y + high <= height
    bands = [each for each in svg.iter(f"{SVG}g") if each.find(f"{SVG}title") is not None]
    assert {each.get("class") for each in bands} == {
        f"band {state_class(piece.state)}" for piece in pieces
    }


@pytest.mark.parametrize("kind", list(DayState))
def test_lines_of_a_pattern_end_at_its_edges(kind: DayState) -> None:
    band = Element("g")
    draw_pattern(band, kind, _box(13, 7, 31, 22))
    for path in band.iter("path"):
        for x, y in re.findall(r"([\d.]+) ([\d.]+)", path.get("d") or ""):
            assert 13 <= float(x) <= 44
            assert 7 <= float(y) <= 29
