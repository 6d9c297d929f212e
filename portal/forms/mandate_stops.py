"""What a clerk says about a mandate: suspended, free again, revoked, confirmed by the bank."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms.fields import DayField


def _reason(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=300,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
        error_messages={"required": _("Nennen Sie den Grund.")},
    )


class SuspendForm(forms.Form):
    """Why a mandate is to carry no debits for now."""

    reason = _reason(_("Warum wird das Mandat ausgesetzt?"))


class LiftForm(forms.Form):
    """Why a suspended mandate may carry debits again."""

    reason = _reason(_("Was ist geklärt?"))


class RevokeForm(forms.Form):
    """When a revocation arrived, and how."""

    received_on = DayField(label=_("Widerruf eingegangen am"))
    reason = _reason(_("Wie hat der Kontoinhaber widerrufen?"))


class ConfirmForm(forms.Form):
    """On which day the debtor's bank confirmed."""

    confirmed_on = DayField(label=_("Von der Bank bestätigt am"))
