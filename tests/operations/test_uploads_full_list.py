"""Complete payrolls: what is found in them, and what is left alone."""

from collections import Counter
from datetime import date

import pytest

from aupolicy.models import GroupContract
from billing.operations.uploads import check_upload
from members.facts import UploadKind
from members.models import NoticeRecord, Upload
from members.operations.uploads import apply_upload, receive_upload, release_upload
from members.queries.uploads import describe_row, list_rows
from tests.laws.world import agree, at, notice, settle, tell

pytestmark = pytest.mark.django_db
JAN, MARCH = date(2026, 1, 1), date(2026, 3, 1)
NOW = at(date(2026, 3, 10))
HEAD = "Personalnummer;Nachname;Vorname;Geburtsdatum;Gehalt;Beschäftigungsart;Eintritt;Austritt"
People = dict[str, list[str]]


def employ(count: int, *, start: date = JAN) -> tuple[GroupContract, People]:
    """So many people insured since the contract began, and the payroll that says so."""
    contract = agree(start=start)
    numbers = [str(1000 + number) for number in range(count)]
    tell(contract, *[notice("JOIN", number, start, str(2000 + int(number))) for number in numbers])
    rows = {
        n: [n, f"Müller {n}", "Zoë", "24.12.1990", f"{2000 + int(n)},00", "Angestellte", "", ""]
        for n in numbers
    }
    return contract, rows


def hand_in(contract: GroupContract, rows: People, *, effective: date = MARCH) -> Upload:
    upload = receive_upload(
        contract=contract,
        kind=UploadKind.FULL_LIST,
        file_name="lohnliste.csv",
        content="\n".join([HEAD, *map(";".join, rows.values())]).encode(),
        effective=effective,
        sender=None,
        now=NOW,
    )
    check_upload(upload_id=upload.pk, now=NOW)
    upload.refresh_from_db()
    return upload


def found(upload: Upload) -> set[tuple[str, str, str, str]]:
    """(outcome, kind, personnel number, day) of all rows."""
    rows = upload.rows.values_list("outcome", "kind", "personnel_number", "effective")
    return {(outcome, kind, number, str(day)) for outcome, kind, number, day in rows}


def take(upload: Upload, *, skip: bool = False) -> None:
    release_upload(upload=upload, skips_failed_rows=skip, by=None, now=NOW)
    assert apply_upload(upload_id=upload.pk, now=NOW)
    settle()


def test_forty_changes_hidden_among_five_thousand_people_are_found() -> None:
    contract, rows = employ(5_000)
    numbers = list(rows)
    expected: set[tuple[str, str, str, str]] = set()
    for number in numbers[10:2010:200]:
        rows[number][4] = "2.999,99"
        expected.add(("apply", "PAY_CHANGE", number, "2026-03-01"))
    for number in numbers[20:2020:200]:
        rows[number][1] = "Neuname"
        expected.add(("apply", "NAME_CHANGE", number, "2026-03-01"))
    for number in numbers[30:1230:200]:
        del rows[number]
        expected.add(("apply", "LEAVE", number, "2026-02-28"))
    for number in numbers[40:840:200]:
        rows[number][7] = "31.03.2026"
        expected.add(("apply", "LEAVE", number, "2026-03-31"))
    for number in (f"N{index}" for index in range(1, 11)):
        rows[number] = [number, "Neu", f"V{number}", "01.02.1991", "2500", "", "", ""]
        expected.add(("apply", "JOIN", number, "2026-03-01"))
    # What is no change: other spelling of a name, and somebody nobody can insure.
    rows[numbers[50]][1] = rows[numbers[50]][1].upper()
    rows["M1"] = ["M1", "Mini", "Job", "01.02.1991", "500", "Minijob", "", ""]
    upload = hand_in(contract, rows)
    assert len(expected) == 40
    assert found(upload) == expected | {("none", "", "M1", "None")}
    assert upload.summary["outcomes"] == {
        "apply": 40, "clerk": 0, "known": 0, "none": 4_971, "failed": 0,
    }  # fmt: skip
    take(upload)
    assert Counter(NoticeRecord.objects.filter(upload=upload).values_list("status", flat=True)) == {
        "APPLIED": 40
    }
    rows["M1"][4] = "510"
    again = hand_in(contract, rows)
    assert found(again) == {("none", "", "M1", "None")}


def test_a_row_that_cannot_be_read_does_not_make_its_person_a_leaver() -> None:
    contract, rows = employ(3)
    rows["1000"][3] = "30.02.1990"
    assert found(hand_in(contract, rows)) == {("failed", "", "1000", "None")}
    # Without a personnel number it may be anybody.
    rows["1000"][0] = ""
    del rows["1001"]
    upload = hand_in(contract, rows)
    assert {(row.outcome, row.personnel_number) for row in upload.rows.all()} == {
        ("failed", ""), ("failed", "1000"), ("failed", "1001"),
    }  # fmt: skip
    assert upload.summary["errors"]["MAYBE_UNREAD"] == 2


def test_somebody_else_under_a_known_number_is_no_new_name() -> None:
    contract, rows = employ(2)
    rows["1000"][1], rows["1000"][3] = "Schmidt", "01.01.1980"
    rows["1001"][3] = "25.12.1990"
    upload = hand_in(contract, rows)
    assert [(r.personnel_number, r.outcome) for r in upload.rows.order_by("row")] == [
        ("1000", "failed"), ("1001", "none"),
    ]  # fmt: skip
    assert (upload.summary["errors"], upload.summary["warnings"]) == (
        {"OTHER_PERSON": 1}, {"BIRTH_DATE_DIFFERS": 1},
    )  # fmt: skip


def test_people_on_parental_leave_return_when_they_are_paid() -> None:
    contract, rows = employ(2)
    for number in rows:
        tell(contract, notice("PARENTAL_LEAVE", number, date(2026, 2, 1)))
    rows["1000"][4] = "0"
    assert found(hand_in(contract, rows)) == {
        ("none", "", "1000", "None"), ("apply", "RETURN", "1001", "2026-03-01"),
    }  # fmt: skip


def test_whoever_becomes_a_minijobber_is_insured_no_longer() -> None:
    contract, rows = employ(1)
    rows["1000"][5] = "Minijob"
    upload = hand_in(contract, rows)
    assert found(upload) == {("apply", "LEAVE", "1000", "2026-02-28")}
    assert upload.summary["warnings"] == {"MARGINAL_NOW": 1}


def test_days_of_entry_and_exit() -> None:
    contract, rows = employ(1, start=date(2024, 1, 1))
    rows["1000"][7] = "31.12.2030"
    for number, entry, exit_day in (
        ("2", "15.02.2026", ""),
        ("3", "01.05.2019", ""),
        ("4", "01.04.2026", ""),
        ("5", "01.02.2026", "15.02.2026"),
        ("6", "01.03.2026", "31.05.2026"),
    ):
        rows[number] = [number, f"N{number}", "V", "01.02.1991", "2500", "", entry, exit_day]
    upload = hand_in(contract, rows)
    assert found(upload) == {
        ("none", "", "1000", "None"),
        ("apply", "JOIN", "2", "2026-02-15"),
        ("apply", "JOIN", "3", "2026-03-01"),
        ("apply", "JOIN", "4", "2026-04-01"),
        ("apply", "JOIN", "6", "2026-03-01"),
        ("apply", "LEAVE", "6", "2026-05-31"),
    }
    assert upload.summary["warnings"] == {"ENTRY_LONG_AGO": 1}
    take(upload)
    rows["2"][2] = "v"
    assert found(hand_in(contract, rows)) == {("none", "", "1000", "None")}


def test_when_many_leave_at_once_the_list_may_be_a_part() -> None:
    contract, rows = employ(60)
    for number in list(rows)[:12]:
        del rows[number]
    assert "MASS_LEAVE" not in hand_in(contract, rows).summary["warnings"]
    del rows[next(iter(rows))]
    upload = hand_in(contract, rows)
    assert upload.summary["warnings"] == {"MASS_LEAVE": 1, "LEAVE_WITHOUT_DAY": 13}
    leaver = next(iter(list_rows(upload, "apply")))
    assert describe_row(leaver) == (
        "Abgang Personalnummer 1000 zum 28.02.2026: Die Datei nennt keinen letzten Tag;"
        " angenommen ist der Stichtag oder der Tag davor."
    )
