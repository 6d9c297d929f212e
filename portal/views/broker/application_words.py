"""What is missing or wrong in an application, with the step where it is put right."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from aupolicy.kernel.identifiers import UnableToReadIdentifier
from aupolicy.operations.offers import (
    AUTHORITY_FIELDS,
    CONTRACT_FIELDS,
    EMPLOYER_FIELDS,
    MANDATE_FIELDS,
    SIGNATURE_FIELDS,
)
from billing.words import describe_identifier

STEP_OF_FIELD = {
    **dict.fromkeys(EMPLOYER_FIELDS, "employer"),
    **dict.fromkeys(CONTRACT_FIELDS, "contract"),
    **dict.fromkeys((*MANDATE_FIELDS, *SIGNATURE_FIELDS), "mandate"),
    **dict.fromkeys(AUTHORITY_FIELDS, "authority"),
}
STEP_WORDS = {
    "employer": gettext_lazy("Arbeitgeber"),
    "contract": pgettext_lazy("Antrag", "Vertrag"),
    "mandate": gettext_lazy("SEPA-Mandat"),
    "authority": gettext_lazy("Vollmacht"),
}
_FIELD_WORDS = {
    "legal_name": gettext_lazy("Firma"),
    "street": gettext_lazy("Straße"),
    "postal_code": gettext_lazy("Postleitzahl"),
    "town": gettext_lazy("Ort"),
    "betriebsnummer": gettext_lazy("Betriebsnummer"),
    "contact_name": gettext_lazy("Ansprechperson"),
    "contact_email": gettext_lazy("E-Mail"),
    "start": gettext_lazy("Beginn"),
    "tariff_key": gettext_lazy("Tarif"),
    "account_holder": gettext_lazy("Kontoinhaber"),
    "iban": gettext_lazy("IBAN"),
    "scheme": gettext_lazy("Verfahren"),
    "mandate_signed_on": gettext_lazy("Unterschrieben am"),
    "signature_sha256": gettext_lazy("Unterschriebenes Mandat"),
    "gives_authority": gettext_lazy("Vollmacht für den Vermittler"),
}
# The field of the form where another field of the table is filled in.
_PLACES = {"signature_sha256": "signature"}


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing to be put right: step and field of the form, and a sentence."""

    step: str
    place: str
    label: Any
    text: str


def describe_problems(problems: Mapping[str, str]) -> list[Missing]:
    """What is missing or wrong, in the order of the steps."""
    order = list(STEP_OF_FIELD)
    return [
        Missing(
            step=STEP_OF_FIELD[name],
            place=_PLACES.get(name, name),
            label=_FIELD_WORDS.get(name, name),
            text=_describe(problems[name]),
        )
        for name in sorted(problems, key=order.index)
    ]


def _describe(code: str) -> str:
    texts = {
        "MISSING": _("fehlt noch."),
        "UNKNOWN_SCHEME": _("dieses Verfahren gibt es nicht."),
        "SIGNED_IN_FUTURE": _("dieser Tag liegt in der Zukunft."),
        "UNKNOWN_RIGHT": _("diesen Umfang gibt es nicht."),
        "UNKNOWN_TARIFF": _("diesen Tarif gibt es nicht mehr."),
        "TARIFF_NOT_IN_FORCE": _("dieser Tarif gilt an diesem Tag noch nicht."),
        "NOT_FIRST_OF_MONTH": _("der Vertrag beginnt mit dem Ersten eines Monats."),
        "START_TOO_EARLY": _("der Beginn liegt zu weit zurück."),
    }
    return texts.get(code) or describe_identifier(UnableToReadIdentifier(code))
