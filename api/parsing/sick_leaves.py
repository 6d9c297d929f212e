"""Reports of incapacity as programs send them: who and which days. No field tells an illness."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from api.facts import Fault, Problem
from api.parsing.fields import Field, Reader, choice, day, flag, personnel_number, text
from aupolicy.kernel.period import Period
from claims.facts import CertificateSource

# PORTAL is what insured people take pictures of.
SOURCES: Final = (CertificateSource.EAU, CertificateSource.PAPER)
LEAVE_FIELDS: Final[tuple[Field, ...]] = (
    text(
        "contract",
        "Number or id of a contract of the employer; may be left out where there is one employer.",
        longest=36,
        example="BAU-100001",
    ),
    personnel_number("Your personnel number of the person."),
    day("first_day", "First day of incapacity.", required=True),
    day("expected_last_day", "How long it will last, where that is known."),
    flag("new_illness", "It begins during another leave, and is another illness."),
    text("reference", "Your own key of this leave; it is used once.", longest=70),
)
CERTIFICATE_FIELDS: Final[tuple[Field, ...]] = (
    day("first_day", "First certified day.", required=True),
    day("last_day", "Last certified day.", required=True),
    choice(
        "source",
        "What it was taken from: the electronic certificate (EAU) or PAPER; EAU unless said.",
        [source.value for source in SOURCES],
    ),
)


@dataclass(frozen=True, slots=True)
class ReportedDays:
    """A report as it was sent; `contract` "" where none is named."""

    contract: str
    personnel_number: str
    first_day: date
    expected_last_day: date | None
    certificate: Period | None
    source: CertificateSource
    new_illness: bool
    reference: str


def read_report(body: Any) -> ReportedDays:
    """The report of a body. Raises Problem (422)."""
    rest, told = body, None
    if type(body) is dict and "certificate" in body:
        told = body["certificate"]
        rest = {name: value for name, value in body.items() if name != "certificate"}
    found, faults = Reader(LEAVE_FIELDS).read(rest)
    paper: dict[str, Any] = {}
    if rest is not body:
        paper, more = Reader(CERTIFICATE_FIELDS).read(told, "certificate")
        faults += more
        if not more and paper["last_day"] < paper["first_day"]:
            faults.append(Fault("LAST_BEFORE_FIRST", "certificate/last_day"))
    if faults:
        raise Problem(422, "INVALID_BODY", faults=tuple(faults))
    return ReportedDays(
        contract=found.get("contract", ""),
        personnel_number=found["personnel_number"],
        first_day=found["first_day"],
        expected_last_day=found.get("expected_last_day"),
        certificate=Period(paper["first_day"], paper["last_day"]) if paper else None,
        source=CertificateSource(paper.get("source", CertificateSource.EAU)),
        new_illness=found.get("new_illness", False),
        reference=found.get("reference", ""),
    )
