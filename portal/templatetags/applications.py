"""The words of applications: where they stand, what is wrong, what the broker may do."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from aupolicy.models import Application, Right

register = template.Library()

_STATUS = "portal/parts/status.html"
_STATUSES = {
    Application.Status.DRAFT: ("waiting", gettext_lazy("in Arbeit")),
    Application.Status.HANDED_OVER: ("attention", gettext_lazy("zu entscheiden")),
    Application.Status.ACCEPTED: ("done", gettext_lazy("angenommen")),
    Application.Status.DECLINED: ("off", gettext_lazy("abgelehnt")),
}
_RIGHTS = {
    Right.READ: gettext_lazy("einsehen"),
    Right.EDIT: gettext_lazy("einsehen und melden"),
    Right.ADMIN: pgettext_lazy("Vollmacht", "verwalten"),
}


@register.inclusion_tag(_STATUS)
def application_status(value: str) -> dict[str, Any]:
    """Where an application stands, as the insurer sees it."""
    mark, word = _STATUSES[Application.Status(value)]
    return {"mark": mark, "word": word}


@register.simple_tag
def authority_word(right: str) -> Any:
    """What a broker may do for an employer."""
    return _RIGHTS[Right(right)] if right in Right.values else _("keine")


@register.inclusion_tag(_STATUS)
def check(problems: Mapping[str, str], names: str) -> dict[str, Any]:
    """Whether some fields (names with spaces between) are in order."""
    faulty = any(name in problems for name in names.split())
    return {
        "mark": "attention" if faulty else "done",
        "word": _("zu klären") if faulty else _("in Ordnung"),
    }


@register.simple_tag
def problems_of(problems: Mapping[str, str], names: str) -> SafeString:
    """What is wrong with some fields, each in a line of its own."""
    found = [(name, problems[name]) for name in names.split() if name in problems]
    return format_html_join(
        "", "<small>{}: {}</small>", ((_field(name), _fault(code)) for name, code in found)
    )


def _field(name: str) -> str:
    return {
        "legal_name": _("Firma"),
        "street": _("Straße"),
        "postal_code": _("Postleitzahl"),
        "town": _("Ort"),
        "betriebsnummer": _("Betriebsnummer"),
        "contact_name": _("Ansprechperson"),
        "contact_email": _("E-Mail"),
        "account_holder": _("Kontoinhaber"),
        "iban": "IBAN",
        "scheme": _("Verfahren"),
        "mandate_signed_on": _("unterschrieben"),
        "signature_sha256": _("unterschriebenes Formular"),
        "gives_authority": _("Vollmacht"),
        "tariff_key": _("Tarif"),
        "start": _("Beginn"),
    }[name]


def _fault(code: str) -> str:
    return {
        "MISSING": _("fehlt"),
        "UNKNOWN_SCHEME": _("dieses Verfahren gibt es nicht"),
        "SIGNED_IN_FUTURE": _("liegt in der Zukunft"),
        "UNKNOWN_RIGHT": _("diesen Umfang gibt es nicht"),
        "UNKNOWN_TARIFF": _("diesen Tarif gibt es nicht"),
        "TARIFF_NOT_IN_FORCE": _("am Beginn noch nicht in Kraft"),
        "NOT_FIRST_OF_MONTH": _("ist nicht der Erste eines Monats"),
        "START_TOO_EARLY": _("liegt weiter zurück, als Meldungen reichen dürfen"),
    }.get(code, _("die Prüfziffer stimmt nicht oder die Form ist falsch"))
