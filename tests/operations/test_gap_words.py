"""Every code of a gap calculation has words."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from aupolicy.facts.payroll import FigureKey, GapNote, InputKey
from aupolicy.queries.payroll import NoPayrollParameters
from aupolicy.rules import NotSubjectToInsurance
from aupolicy.words import describe_figure, describe_gap_note, describe_input, describe_no_gap


@pytest.fixture(autouse=True)
def _german() -> Iterator[None]:
    with translation.override("de"):
        yield


def test_figures_have_names_of_their_own() -> None:
    assert len({describe_figure(key) for key in FigureKey}) == len(FigureKey)


def test_inputs_have_names_of_their_own() -> None:
    assert len({describe_input(key) for key in InputKey}) == len(InputKey)


def test_notes_are_sentences() -> None:
    notes = {describe_gap_note(note) for note in GapNote}
    assert len(notes) == len(GapNote)
    assert all(note.endswith(".") for note in notes)


def test_refusals_name_limit_and_year() -> None:
    marginal = NotSubjectToInsurance(Decimal("500.00"), Decimal("603.00"))
    assert describe_no_gap(marginal).startswith("Bis 603,00 € im Monat")
    assert describe_no_gap(NoPayrollParameters(date(2031, 1, 1))) == (
        "Für 2031 fehlen die Werte von Steuer und Sozialversicherung. Es gibt: 2026."
    )
