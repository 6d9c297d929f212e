"""Payrolls that are to be priced, as programs send them: pays and how many people have each."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from api.facts import Fault, Problem
from api.parsing.fields import Field, Reader, amount, count, day, text
from aupolicy.facts.offer import MOST_PEOPLE

MOST_LINES: Final = 10_000
QUOTE_FIELDS: Final[tuple[Field, ...]] = (
    text("tariff", "Key of the tariff.", longest=40, required=True, example="bau-2016"),
    day("start", "First day of cover; the first of the next month unless said."),
    text("employer_name", "Whom the quote is for; a broker must say it.", longest=140,
         example="Beispiel GmbH"),
    amount("hours_week", "Hours one person works in a week; 40 unless said."),
)  # fmt: skip
LINE_FIELDS: Final[tuple[Field, ...]] = (
    amount("pay", "Monthly gross pay in EUR.", required=True),
    count("count", "How many people have this pay; one unless said.", least=1, most=MOST_PEOPLE),
)
_HOURS_OF_A_WEEK: Final = Decimal(168)
_FULL_TIME: Final = Decimal(40)


@dataclass(frozen=True, slots=True)
class WantedQuote:
    """What is to be priced; `start` None and `employer_name` "" where they are not said."""

    tariff: str
    start: date | None
    employer_name: str
    hours_week: Decimal
    payroll: Mapping[Decimal, int]


def read_wanted_quote(body: Any) -> WantedQuote:
    """The quote that a body asks for. Raises Problem (422)."""
    if type(body) is not dict or "payroll" not in body:
        raise Problem(422, "INVALID_BODY", faults=(Fault("MISSING", "payroll"),))
    rest = {name: value for name, value in body.items() if name != "payroll"}
    found, faults = Reader(QUOTE_FIELDS).read(rest)
    hours = found.get("hours_week", _FULL_TIME)
    if not 0 < hours <= _HOURS_OF_A_WEEK:
        faults.append(Fault("HOURS_OUT_OF_RANGE", "hours_week"))
    payroll, more = _read_payroll(body["payroll"])
    if faults or more:
        raise Problem(422, "INVALID_BODY", faults=(*faults, *more))
    name = found.get("employer_name", "")
    return WantedQuote(found["tariff"], found.get("start"), name, hours, payroll)


def _read_payroll(lines: Any) -> tuple[Mapping[Decimal, int], list[Fault]]:
    if type(lines) is not list:
        return {}, [Fault("NOT_A_LIST", "payroll")]
    if not lines:
        return {}, [Fault("EMPTY", "payroll")]
    if len(lines) > MOST_LINES:
        return {}, [Fault("TOO_MANY", "payroll", {"most": str(MOST_LINES)})]
    reader, faults, counted = Reader(LINE_FIELDS), list[Fault](), Counter[Decimal]()
    for place, line in enumerate(lines):
        found, wrong = reader.read(line, f"payroll/{place}")
        faults += wrong
        if not wrong:
            counted[found["pay"]] += found.get("count", 1)
    if counted.total() > MOST_PEOPLE:
        faults.append(Fault("TOO_MANY", "payroll", {"most": str(MOST_PEOPLE)}))
    return counted, faults
