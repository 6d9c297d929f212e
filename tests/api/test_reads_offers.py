"""Sick leaves reported by programs; tariffs, and payrolls priced by them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from aupolicy.models import Quote, Right
from aupolicy.queries import get_tariff, list_tariffs
from aupolicy.rules import compute_quote
from claims.facts import Channel
from claims.models import Certificate, SickLeave
from claims.operations.leaves import report_leave, withdraw_leave
from members.models import Person
from tests.api.conftest import Programs
from tests.api.described import read_as_described
from tests.api.test_reads_money import authorize


def report(programs: Programs, number: str = "1015", **more: Any) -> dict[str, Any]:
    first_day = programs.today - timedelta(days=4)
    return {"personnel_number": number, "first_day": first_day.isoformat(), **more}


def test_a_leave_is_reported_once_and_read_back(programs: Programs) -> None:
    today = programs.today
    paper = {"first_day": str(today - timedelta(days=4)), "last_day": str(today)}
    body = report(programs, certificate=paper, reference="AU/7")
    told = read_as_described("report_sick_leave", programs.employer.post("sick-leaves", body))
    assert told["is_new"]
    leave = SickLeave.objects.get(public_id=told["id"])
    assert (leave.channel, leave.reported_by) == (Channel.API.value, None)
    more = body | {"expected_last_day": str(today + timedelta(days=9))}
    again = programs.employer.post("sick-leaves", more).json()
    assert again == {"id": told["id"], "is_new": False}
    assert SickLeave.objects.filter(person=leave.person).count() == 1
    assert Certificate.objects.filter(sick_leave=leave).count() == 1
    for name in (told["id"], "AU/7"):
        shown = read_as_described("get_sick_leave", programs.employer.get(f"sick-leaves/{name}"))
        assert shown["expected_last_day"] == more["expected_last_day"]
        assert shown["certificates"] == [paper | {"source": "EAU"}]
        assert programs.other.get(f"sick-leaves/{name}").status_code == 404
        assert programs.broker.get(f"sick-leaves/{name}").status_code == 404


def test_what_insured_people_tell_is_not_told_to_programs(programs: Programs) -> None:
    person = Person.objects.get(employer=programs.world.contract.employer, personnel_number="1006")
    first_day = programs.today - timedelta(days=4)
    known = report_leave(
        person=person, first_day=first_day, expected_last_day=programs.today,
        channel=Channel.PERSON, user=None, now=timezone.now(),
    ).sick_leave  # fmt: skip
    assert programs.employer.get(f"sick-leaves/{known.public_id}").status_code == 404
    told = programs.employer.post("sick-leaves", report(programs, "1006")).json()
    assert told == {"id": str(known.public_id), "is_new": True}
    shown = programs.employer.get(f"sick-leaves/{known.public_id}").json()
    assert (shown["expected_last_day"], shown["certificates"]) == (None, [])


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"first_day": "2190-01-01"}, "LEAVE_IN_FUTURE", "first_day"),
        ({"expected_last_day": "2020-01-01"}, "LEAVE_ENDS_BEFORE_START", "expected_last_day"),
        ({"personnel_number": "none"}, "UNKNOWN_PERSON", "personnel_number"),
        ({"diagnosis": "J06.9"}, "UNKNOWN_FIELD", "diagnosis"),
        ({"note": "Grippe"}, "UNKNOWN_FIELD", "note"),
        ({"certificate": {"first_day": "2026-01-02"}}, "MISSING", "certificate/last_day"),
        ({"certificate": None}, "NOT_AN_OBJECT", "certificate"),
        (
            {"certificate": {"first_day": "2026-01-02", "last_day": "2026-01-01"}},
            "LAST_BEFORE_FIRST",
            "certificate/last_day",
        ),
        (
            {"certificate": {"first_day": "2001-01-01", "last_day": "2001-01-09"}},
            "LEAVE_BEFORE_LEAVE",
            "certificate/first_day",
        ),
        (
            {"certificate": {"first_day": "2190-01-01", "last_day": "2195-01-09"}},
            "LEAVE_TOO_LONG",
            "certificate/last_day",
        ),
        ({"new_illness": "yes"}, "NOT_TRUE_OR_FALSE", "new_illness"),
    ],
)
def test_what_cannot_be_reported_is_named_in_both_languages_and_leaves_nothing(
    programs: Programs, more: dict[str, Any], code: str, field: str
) -> None:
    before = SickLeave.objects.count()
    refused = programs.employer.post("sick-leaves", report(programs, "1007") | more)
    body = read_as_described("report_sick_leave", refused)
    (error,) = body["errors"]
    assert (refused.status_code, error["code"], error["field"]) == (422, code, field)
    assert "%(" not in error["message_de"] + error["message_en"]
    assert SickLeave.objects.count() == before


def test_who_was_never_insured_has_no_leave(programs: Programs) -> None:
    employer = programs.world.contract.employer
    Person.objects.create(
        employer=employer, personnel_number="X-1", birth_date=date(1990, 1, 1),
        first_name="Ada", last_name="Probst",
    )  # fmt: skip
    refused = programs.employer.post("sick-leaves", report(programs, "X-1")).json()
    assert [error["code"] for error in refused["errors"]] == ["LEAVE_NOT_A_MEMBER"]


def test_a_leave_within_another_has_to_be_another_illness(programs: Programs) -> None:
    until = (programs.today + timedelta(days=3)).isoformat()
    body = report(programs, "1008", expected_last_day=until, reference="a")
    assert programs.employer.post("sick-leaves", body).status_code == 200
    within = report(programs, "1008") | {"first_day": programs.today.isoformat()}
    refused = programs.employer.post("sick-leaves", within).json()
    assert [error["code"] for error in refused["errors"]] == ["LEAVE_WITHIN_OTHER"]
    other = programs.employer.post("sick-leaves", within | {"new_illness": True})
    assert other.json()["is_new"]
    used = programs.employer.post("sick-leaves", report(programs, "1009", reference="a")).json()
    assert [error["code"] for error in used["errors"]] == ["LEAVE_REFERENCE_USED"]
    leave = SickLeave.objects.get(reference="a")
    withdraw_leave(sick_leave=leave, channel=Channel.API, user=None, now=leave.reported_at)
    assert programs.employer.get("sick-leaves/a").json()["withdrawn"]


def test_only_who_may_report_reports_leaves(programs: Programs) -> None:
    body = report(programs, contract=programs.number)
    assert programs.other.post("sick-leaves", body).status_code == 404
    assert programs.broker.post("sick-leaves", body).status_code == 403
    assert programs.reader.post("sick-leaves", body).json()["code"] == "SCOPE_MISSING"
    authorize(programs, Right.EDIT)
    told = programs.broker.post("sick-leaves", body)
    assert told.status_code == 200
    assert programs.employer.get(f"sick-leaves/{told.json()['id']}").status_code == 200


def test_tariffs_are_told_with_all_their_prices(programs: Programs) -> None:
    told = read_as_described("list_tariffs", programs.reader.get("tariffs"))["items"]
    assert [one["key"] for one in told] == [tariff.key for tariff in list_tariffs()]
    for one, tariff in zip(told, list_tariffs(), strict=True):
        for said, version in zip(one["versions"], tariff.versions, strict=True):
            assert [band["premium"] for band in said["bands"]] == [
                str(band.premium) for band in version.bands
            ]
            assert len(said["exclusions"]) == len(version.exclusions)
            assert (said["premium_percent"] is None) is (version.rate is None)
    first = programs.reader.get("tariffs?limit=1").json()
    second = programs.reader.get(f"tariffs?limit=1&cursor={first['next']}").json()
    assert (first["items"] + second["items"]) == told[:2]


# The worked example of the product: 15 people at 48,750.00 cost 249.00.
PAYROLL: list[dict[str, Any]] = [
    {"pay": "2100.00", "count": 2}, {"pay": "2600.00", "count": 3}, {"pay": "3100", "count": 4},
    {"pay": "3600.00", "count": 2}, {"pay": "4300.00", "count": 3}, {"pay": "4250.00"},
]  # fmt: skip


def test_a_payroll_is_priced_and_a_brokers_quote_is_kept(programs: Programs) -> None:
    body = {"tariff": "bau-2016", "payroll": PAYROLL}
    told = read_as_described("make_quote", programs.employer.post("quotes", body))
    version = get_tariff("bau-2016").version_on(programs.today)
    counts = {Decimal(line["pay"]): int(line.get("count", 1)) for line in PAYROLL}
    assert version is not None
    priced = compute_quote(version, counts)
    assert (told["number"], told["insured"]) == (None, 15)
    assert (told["premium"], told["payroll"]) == (str(priced.premium), str(priced.payroll))
    assert told["percent_of_payroll"] == str(priced.rate_percent)
    assert sum(Decimal(band["total_premium"]) for band in told["bands"]) == priced.premium
    assert Quote.objects.count() == 0
    percent = read_as_described(
        "make_quote", programs.employer.post("quotes", body | {"tariff": "percent-2026"})
    )
    assert [band["number"] for band in percent["bands"]] == [None]

    named = body | {"employer_name": "Beispiel GmbH", "start": "2027-03-01", "hours_week": "38.5"}
    kept = read_as_described("make_quote", programs.broker.post("quotes", named))
    quote = Quote.objects.get()
    assert (kept["number"], kept["premium"]) == (quote.number, told["premium"])
    assert (quote.maker, quote.created_by) == ("Lohnprogramm", None)
    assert quote.employer_name == "Beispiel GmbH"
    assert (str(quote.start), quote.broker) == ("2027-03-01", programs.world.contract.broker)


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"tariff": "none"}, "UNKNOWN_TARIFF", "tariff"),
        ({"start": "1990-01-01"}, "NO_TARIFF_YET", "start"),
        ({"payroll": []}, "EMPTY", "payroll"),
        ({"payroll": {}}, "NOT_A_LIST", "payroll"),
        ({"payroll": [{"pay": 3200}]}, "NO_AMOUNT", "payroll/0/pay"),
        ({"payroll": [{"pay": "1", "name": "Ada"}]}, "UNKNOWN_FIELD", "payroll/0/name"),
        ({"payroll": [{"pay": "1", "count": 0}]}, "NOT_A_WHOLE_NUMBER", "payroll/0/count"),
        ({"payroll": [{"pay": "1", "count": 999_999}, {"pay": "2", "count": 2}]}, "TOO_MANY",
         "payroll"),
        ({"hours_week": "0"}, "HOURS_OUT_OF_RANGE", "hours_week"),
        ({"employer_name": ""}, "MISSING", "employer_name"),
    ],
)  # fmt: skip
def test_what_cannot_be_priced_is_named_and_nothing_is_kept(
    programs: Programs, more: dict[str, Any], code: str, field: str
) -> None:
    body = {"tariff": "bau-2016", "payroll": PAYROLL, "employer_name": "Beispiel GmbH"} | more
    refused = programs.broker.post("quotes", body)
    (error,) = read_as_described("make_quote", refused)["errors"]
    assert (refused.status_code, error["code"], error["field"]) == (422, code, field)
    assert "%(" not in error["message_de"] + error["message_en"]
    assert Quote.objects.count() == 0
