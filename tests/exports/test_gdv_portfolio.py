"""A small portfolio as a file: byte for byte as it was checked, and by the rules of the tables."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from billing.exports.gdv import UnableToWriteRecord
from billing.exports.gdv.portfolio import (
    PortfolioFile,
    UnableToNumberContract,
    bare_number,
    split_name,
    write_street,
)
from billing.facts.debit import Scheme
from billing.facts.gdv import RECORD_LENGTH, GdvTotals
from billing.facts.portfolio import (
    BankAccount,
    EndCause,
    Policyholder,
    PortfolioContract,
    PortfolioPerson,
    PortfolioSettings,
    PortfolioStatement,
)
from billing.parsing.gdv import GdvReader, GdvRecord

GOLDEN = Path(__file__).parent / "golden"
SETTINGS = PortfolioSettings(
    insurer_number="9999",
    sender="Muster Krankenversicherung AG",
    line="030",
    tax_free=True,
    separator=b"\n",
)
SALON = PortfolioContract(
    number="BAU-100001",
    policyholder=Policyholder(
        number="17",
        legal_name="Haarschön & Söhne Friseurbetriebe Gesellschaft mit beschränkter Haftung",
        street="An der langen Straße zum alten Bahnhof",
        building_number="12 a",
        postal_code="04103",
        town="Leipzig",
        country="DE",
        email="personal@haarschoen.example",
        bank=BankAccount(
            holder="Bärbel Haarschön",
            iban="DE02120300000000202051",
            bic="BYLADEM1001",
            creditor_identifier="DE98ZZZ09999999999",
            mandate_reference="BAU-100001-1",
            signed_on=date(2025, 12, 2),
            scheme=Scheme.CORE,
        ),
    ),
    start=date(2026, 1, 1),
    expiry=date(2027, 1, 1),
    anniversary=date(2027, 1, 1),
    changed_on=date(2026, 7, 1),
    tariff_name="bAU-Gruppentarif 2016",
    product="bau-2016",
    premium=Decimal("32.10"),
    benefit_from=43,
    benefit_until=546,
)
PEOPLE = (
    PortfolioPerson(
        1, "1001", "Öhler", "Änne", date(1991, 2, 1), date(2026, 1, 1), None,
        Decimal("13.00"), Decimal("335.00"),
    ),
    PortfolioPerson(
        2, "A-7", "Čapek-von der Leyenhofen-Ostrowska", "Karel", date(1985, 12, 24),
        date(2026, 5, 1), date(2026, 12, 1), Decimal("19.10"), Decimal("500.00"),
    ),
)  # fmt: skip
STATEMENTS = (
    PortfolioStatement(
        "R-2026-000011", date(2026, 10, 1), date(2026, 10, 31), date(2026, 10, 2), Decimal("32.10")
    ),
    PortfolioStatement(
        "R-2026-000012", date(2026, 11, 1), date(2026, 11, 30), date(2026, 11, 3), Decimal("-6.10")
    ),
)
# Without authority: figures only; ended in the period.
FORMER = replace(
    SALON,
    number="BAU-100002",
    policyholder=Policyholder(
        "18", "Fahrspaß KG", "Ring", "1", "1010", "Wien", country="AT", email="", bank=None
    ),
    premium=Decimal("0.00"),
    expiry=date(2026, 11, 1),
    ended_on=date(2026, 11, 1),
    end_cause=EndCause.POLICYHOLDER,
)


def write(settings: PortfolioSettings = SETTINGS) -> tuple[bytes, GdvTotals]:
    file = io.BytesIO()
    out = PortfolioFile(file, settings=settings, agency="0815-47")
    out.begin(recipient="Nordmann Makler", since=date(2026, 10, 1), as_of=date(2026, 11, 22))
    out.add_contract(SALON)
    for person in PEOPLE:
        out.add_person(SALON, person)
    for statement in STATEMENTS:
        out.add_statement(SALON, statement)
    out.add_contract(FORMER)
    totals = out.end()
    return file.getvalue(), totals


def records(line: str = "030") -> dict[str, list[GdvRecord]]:
    """The file's records by their tables' names; it has no fault."""
    reader = GdvReader(io.BytesIO(write(replace(SETTINGS, line=line))[0]), general_line=line)
    found: dict[str, list[GdvRecord]] = {}
    for record in reader:
        assert record.table is not None
        found.setdefault(record.table.name, []).append(record)
    assert reader.faults == []
    return found


@pytest.mark.parametrize("line", ["020", "030", "209"])
def test_golden_file(line: str) -> None:
    content, _ = write(replace(SETTINGS, line=line))
    path = GOLDEN / f"portfolio-{line}.gdv"
    assert content == path.read_bytes()


def test_every_record_has_256_bytes_and_the_common_key() -> None:
    lines = write()[0].split(b"\n")
    assert lines.pop() == b""
    assert {len(line) for line in lines} == {RECORD_LENGTH}
    for line in lines[1:-1]:
        assert line[4:13] == b"9999  030"
        assert line[13:30] in (b"        BAU100001", b"        BAU100002")
        assert line[30:42] == b"010815-47   "


def test_totals_follow_the_rules() -> None:
    content, totals = write()
    trailer = content.splitlines()[-1].decode("latin-1")
    assert totals.record_count == len(content.splitlines()) - 2 == int(trailer[4:14])
    # The sum of positions 116 to 127 of all first parts of record 0200.
    premiums = sum(
        int(line[115:127])
        for line in content.splitlines()
        if line[:4] == b"0200" and line[255:] == b"1"
    )
    assert int(trailer[24:39]) == premiums == 3210
    assert trailer[39:54] == "00000000002600+"
    assert trailer[54:99] == "00000000000000+" * 3


def test_the_header_names_the_versions_of_what_follows() -> None:
    header = write()[0].splitlines()[0].decode("latin-1")
    versions = {place: header[place - 1 : place + 2] for place in (96, 99, 102, 129, 132, 213, 225)}
    assert versions == {
        96: "2.5", 99: "2.3", 102: "2.5", 129: "1.9", 132: "2.5", 213: "1.7", 225: "1.1",
    }  # fmt: skip
    # No claims (0500), no health (0210 and 0220 of line 020), no general records.
    assert header[221:224] == header[158:161] == header[161:164] == header[200:203] == "   "
    assert header[69:85] == "0110202622112026"
    assert header[236:238] == "12"


def test_address_with_bank_and_mandate() -> None:
    found = records()
    address = found["0100-1"][0].values
    assert [address[f"name_{n}"] for n in (1, 2, 3)] == [
        "Haarschön & Söhne", "Friseurbetriebe Gesellschaft", "mit beschränkter Haftung",
    ]  # fmt: skip
    assert address["street"] == "An der langen Straße zum 12 a"
    assert (address["country"], address["postal_code"]) == ("D", "04103")
    assert found["0100-2"][0].values["account_holder"] == "Bärbel Haarschön"
    assert found["0100-3"][0].values["contact_number_5"] == "personal@haarschoen.example"
    assert found["0100-4"][0].values["iban_1"] == "DE02120300000000202051"
    mandate = found["0100-5"][0].values
    assert mandate["mandate_reference"] == "BAU-100001-1"
    assert mandate["mandate_signed_on"] == date(2025, 12, 2)
    # The other contract's employer gave no authority.
    assert len(found["0100-4"]) == len(found["0100-5"]) == 1
    assert found["0100-1"][1].values["country"] == "A"


def test_contracts() -> None:
    first, former = records()["0200-1"]
    assert first.values["premium_net"] == Decimal("32.10")
    assert (first.values["payment_interval"], first.values["status"]) == ("8", "1")
    assert first.values["tax_free"] == "1"
    assert first.values["expiry"] == date(2027, 1, 1)
    assert (former.values["status"], former.values["end_reason"]) == ("4", "01")
    assert former.values["ended_on"] == date(2026, 11, 1)
    printed = records()["0200-2"][0].values
    assert printed["printed_policy_number"] == "BAU-100001"


def test_people_in_the_records_of_accident_insurance() -> None:
    found = records()
    first, second = (record.values for record in found["0220.030-1"])
    assert (first["last_name"], first["first_name"]) == ("Öhler", "Änne")
    assert second["last_name"] == "Capek-von der Leyenhofen-Ostro"
    assert second["excluded_on"] == date(2026, 12, 1)
    assert first["premium"] == Decimal("13.00")
    benefits = [record.values for record in found["0220.030-2"]]
    assert [b["daily_benefit_1"] for b in benefits] == [Decimal("11.2"), Decimal("16.7")]
    assert found["0220.030-2"][0].raw[90:93] == b"043"
    assert found["0220.030-3"][1].values["insurers_person_number"] == "A-7"
    assert sum(p.premium for p in PEOPLE) == found["0200-1"][0].values["premium_net"]


def test_people_in_the_records_of_health_insurance() -> None:
    found = records("020")
    assert found["0220.020-1"][0].values["last_name"] == "Öhler"
    tariff = found["0220.020-2"][0].values
    assert (tariff["benefit_from"], tariff["benefit_until"]) == ("043", "546")
    assert tariff["benefit_text"] == "335,00 EUR/Monat"


def test_people_in_the_general_records() -> None:
    found = records("209")
    assert found["0220.000-1"][0].values["sum_1"] == 335
    texts = found["0220.000-2"][0].values
    assert texts["description_1"] == "Öhler, Änne"
    assert texts["description_3"] == "335,00 EUR/Monat ab Tag 043"


def test_more_people_than_a_line_can_number_are_refused() -> None:
    out = PortfolioFile(io.BytesIO(), settings=replace(SETTINGS, line="020"), agency="1")
    with pytest.raises(UnableToWriteRecord) as caught:
        out.add_person(SALON, replace(PEOPLE[0], number=100))
    assert (caught.value.code, caught.value.params["field"]) == ("TOO_LONG", "person_number")


def test_numbers_that_are_equal_without_their_signs_are_refused() -> None:
    out = PortfolioFile(io.BytesIO(), settings=SETTINGS, agency="1")
    out.add_contract(SALON)
    with pytest.raises(UnableToNumberContract):
        out.add_contract(replace(FORMER, number="BAU-10000-1"))


def test_names_streets_and_numbers() -> None:
    assert bare_number("BÄU-10/1 b") == "BU101b"
    assert split_name("Kurz GmbH") == ["Kurz GmbH"]
    assert split_name("X" * 200) == ["X" * 30] * 3
    assert write_street("Weg", "") == "Weg"
    assert write_street("S" * 40, "1234-1240") == "S" * 20 + " 1234-1240"
