"""Which column means what: known headings, programs, and what was remembered."""

import pytest

from members.facts import UploadKind
from members.parsing.headings import FIELDS, Columns, guess_mapping
from members.parsing.problems import UnableToReadTable
from members.parsing.profiles import PROFILES, Profile
from members.parsing.table import read_table


def guess(*headings: str, kind: UploadKind = UploadKind.FULL_LIST, **remembered: str) -> Columns:
    return guess_mapping(headings, kind=kind, remembered=remembered)


def test_what_is_known_is_mapped_and_the_rest_is_named() -> None:
    columns = guess("Personal-Nr.", "Schuhgröße", "Nachname", "", "Gehalt")
    assert columns.fields == {"personnel_number": 0, "last_name": 2, "pay": 4}
    assert columns.unmapped == ("Schuhgröße",)
    assert columns.to_dict() == {
        "Personal-Nr.": "personnel_number",
        "Nachname": "last_name",
        "Gehalt": "pay",
    }
    assert (columns.heading("pay"), columns.heading("birth_date")) == ("Gehalt", "Geburtsdatum")


def test_what_was_remembered_wins() -> None:
    columns = guess("Nr", "Name", "Gehalt", "Tarif", Nr="personnel_number", Tarif="pay", Gehalt="")
    assert columns.fields == {"personnel_number": 0, "pay": 3, "last_name": 1}
    assert columns.twice == ()
    assert columns.unmapped == ("Gehalt",)
    again = guess_mapping(
        columns.headings, kind=UploadKind.FULL_LIST, remembered=columns.to_dict() | {"Gehalt": ""}
    )
    assert again.fields == columns.fields


def test_what_was_remembered_finds_the_heading_of_a_file() -> None:
    content = b"Liste;;\nKennung;Verdienst;x\n17;2400;y\n"
    with pytest.raises(UnableToReadTable, match="NO_TABLE"):
        read_table(content)
    table = read_table(content, remembered={"Kennung": "personnel_number", "Verdienst": "pay"})
    assert table.headings == ("Kennung", "Verdienst", "x")


def test_two_columns_of_one_meaning_are_told_until_one_is_chosen() -> None:
    headings = ("Personalnummer", "Gehalt", "Bruttoentgelt")
    assert guess(*headings).twice == (("pay", "Gehalt", "Bruttoentgelt"),)
    assert guess(*headings, Bruttoentgelt="pay").twice == ()


def test_fields_of_the_other_kind_are_left_out() -> None:
    assert guess("Meldung", "Gehalt").fields == {"pay": 1}
    assert guess("Meldung", kind=UploadKind.CHANGES).fields == {"kind": 0}
    assert guess("Gehalt", Gehalt="nonsense").fields == {}


@pytest.mark.parametrize("found", PROFILES, ids=lambda profile: profile.name)
@pytest.mark.parametrize("kind", list(UploadKind))
def test_a_program_is_recognised_and_its_first_choice_taken(
    found: Profile, kind: UploadKind
) -> None:
    choices = {name: names for name, names in found.fields.items() if name in FIELDS[kind]}
    # Every heading the program may use at once, the preferred one last in the file.
    headings = list(dict.fromkeys(h for names in choices.values() for h in reversed(names)))
    columns = guess_mapping([*headings, *found.signs], kind=kind)
    assert columns.profile == found.name
    chosen = {name: columns.headings[index] for name, index in columns.fields.items()}
    assert {name: chosen[name] for name in choices} == {n: c[0] for n, c in choices.items()}
