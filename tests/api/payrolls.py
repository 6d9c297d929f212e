"""Payrolls of the constructed insurer, as programs send them."""

from datetime import date
from typing import Any

from aupolicy.models import GroupContract
from members.queries.full_list import list_on_record
from tests.api.conftest import Programs

Person = dict[str, Any]


def list_people(contract: GroupContract, day: date) -> list[Person]:
    """The payroll that says what is on record."""
    found = [
        {
            "personnel_number": one.personnel_number,
            "first_name": one.first_name,
            "last_name": one.last_name,
            "birth_date": one.birth_date.isoformat(),
            "pay": str(one.pay),
        }
        for one in list_on_record(contract, day).values()
        if one.pay is not None
    ]
    return sorted(found, key=lambda one: int(one["personnel_number"]))


def new_person(number: str, **more: Any) -> Person:
    """Somebody nobody knows yet."""
    return {
        "personnel_number": number,
        "first_name": "Ada",
        "last_name": "Probst",
        "birth_date": "1990-05-17",
        "pay": "3200.00",
        **more,
    }


def change_some(people: list[Person]) -> list[Person]:
    """A raise, a new name, somebody new, and two who are gone: five notices."""
    changed = [dict(one) for one in people[2:]]
    changed[0]["pay"] = "9999.99"
    changed[1]["last_name"] = "Neuname"
    changed.append(new_person("W-1", reference="k1"))
    return changed


def put(programs: Programs, people: list[Any], query: str = "", **headers: str) -> Any:
    """PUT workforce of today."""
    sent = {"as_of": programs.today.isoformat(), "people": people}
    return programs.employer.put(f"workforce{query}", sent, **headers)
