"""Reads of applications: what is missing or wrong in one, and who else the employer may be."""

from datetime import date

from django.db.models import Q

from aupolicy.kernel.identifiers import (
    UnableToReadIdentifier,
    parse_betriebsnummer,
    parse_iban,
)
from aupolicy.kernel.month import Month
from aupolicy.models import Application, Employer, Right
from aupolicy.queries import UnknownTariff, get_tariff
from billing.facts.debit import Scheme

# What a contract and its mandate cannot do without.
_NEEDED = (
    "legal_name",
    "street",
    "postal_code",
    "town",
    "contact_name",
    "contact_email",
    "account_holder",
    "iban",
    "mandate_signed_on",
    "signature_sha256",
)


def list_problems(application: Application, today: date) -> dict[str, str]:
    """What is wrong by field: code of the fault, empty when the application can be accepted.

    Codes: MISSING, those of IBAN and Betriebsnummer, UNKNOWN_SCHEME, SIGNED_IN_FUTURE,
    UNKNOWN_RIGHT, and of tariff and start UNKNOWN_TARIFF, TARIFF_NOT_IN_FORCE,
    NOT_FIRST_OF_MONTH, START_TOO_EARLY.
    """
    problems = {name: "MISSING" for name in _NEEDED if not getattr(application, name)}
    problems |= _identifier_problems(application)
    if application.scheme not in {scheme.value for scheme in Scheme}:
        problems["scheme"] = "UNKNOWN_SCHEME"
    signed_on = application.mandate_signed_on
    if signed_on is not None and signed_on > today:
        problems["mandate_signed_on"] = "SIGNED_IN_FUTURE"
    if application.gives_authority and application.gives_authority not in Right.values:
        problems["gives_authority"] = "UNKNOWN_RIGHT"
    return problems | _start_problems(application, today)


def _identifier_problems(application: Application) -> dict[str, str]:
    problems = {}
    for name, parse in (("iban", parse_iban), ("betriebsnummer", parse_betriebsnummer)):
        text = getattr(application, name)
        if text:
            try:
                parse(text)
            except UnableToReadIdentifier as error:
                problems[name] = error.code
    return problems


def _start_problems(application: Application, today: date) -> dict[str, str]:
    """Cover cannot begin further back than notices may reach."""
    try:
        version = get_tariff(application.tariff_key).version_on(application.start)
    except UnknownTariff:
        return {"tariff_key": "UNKNOWN_TARIFF"}
    if version is None:
        return {"tariff_key": "TARIFF_NOT_IN_FORCE"}
    if application.start.day != 1:
        return {"start": "NOT_FIRST_OF_MONTH"}
    earliest = Month.of(today).plus(-version.parameters.retro_months).first_day
    return {"start": "START_TOO_EARLY"} if application.start < earliest else {}


def list_known_employers(application: Application) -> list[Employer]:
    """Employers that may be the applicant already: same Betriebsnummer, or same name."""
    same = Q(legal_name__iexact=application.legal_name.strip())
    if application.betriebsnummer:
        same |= Q(betriebsnummer=application.betriebsnummer)
    return list(Employer.objects.filter(same).order_by("legal_name", "pk"))
