"""A payroll that a program sent, against who is insured."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from api.facts import Fault
from api.parsing.workforce import (
    PERSON_FIELDS,
    Unreadable,
    is_readable,
    read_person,
)
from aupolicy.models import GroupContract
from members.facts import Finding, Plan, Severity
from members.parsing.row_values import PayrollEntry
from members.queries.upload_reading import Said, describe_day
from members.queries.workforce import (
    Compared,
    WorkforceDraft,
    compare_workforce,
    draft_workforce,
)


class PeopleReader:
    """Reads people by the API's table of fields."""

    fields: Collection[str] = tuple(field.name for field in PERSON_FIELDS)

    def __init__(self, received: date) -> None:
        self._received = received

    def read(self, place: int, person: Any) -> PayrollEntry | Said:
        """The person, or what is wrong."""
        found = read_person(person, place, self._received)
        if isinstance(found, Unreadable):
            return _say_wrong(place, found.number, found.faults)
        return found

    def is_readable(self, name: str, value: Any) -> bool:
        """Whether a value may stand in a field."""
        return is_readable(name, value)

    def tell_twice(self, place: int, first: int, number: str) -> Said:
        """That a personnel number stands twice."""
        field = f"people/{place}/personnel_number"
        return _say_wrong(place, number, (Fault("NUMBER_TWICE", field, {"first": str(first)}),))

    def find_place(self, row: int | None, name: str) -> str:
        """How the field of a row is called in what is told about it."""
        if row is None:
            return ""
        return f"people/{row - 1}/{name}" if name else f"people/{row - 1}"


def _say_wrong(place: int, number: str, faults: Sequence[Fault]) -> Said:
    findings = tuple(Finding(Severity.ERROR, f.code, f.field, "", f.params) for f in faults)
    return Said(place + 1, number, "", (), findings)


class SentWorkforce:
    """A payroll of a day as it was received; compared when it is made, planned when asked."""

    def __init__(
        self, contract: GroupContract, people: Sequence[Any], effective: date, received_at: datetime
    ) -> None:
        self._contract = contract
        self._reader = PeopleReader(timezone.localtime(received_at).date())
        self.compared: Compared = compare_workforce(
            people,
            contract=contract,
            day=describe_day(contract, effective, received_at),
            reader=self._reader,
        )

    def draft(self, take: Callable[[Plan], object]) -> WorkforceDraft:
        """What it would do; `take` gets the plan in parts."""
        return draft_workforce(self._contract, self.compared, self._reader, take)
