"""What people of finance type about cases of arrears."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms.fields import TEXT, DayField


def _reason(*, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=_("Grund"),
        max_length=300,
        required=required,
        widget=forms.TextInput(attrs=TEXT),
        error_messages={"required": _("Nennen Sie den Grund.")},
    )


class StopForm(forms.Form):
    """Why a case is to be stopped, and through which day."""

    reason = _reason()
    until = DayField(
        label=_("Anhalten bis einschließlich"),
        help_text=_("Ohne Tag ruht der Fall, bis ihn jemand fortsetzt."),
        required=False,
    )


class ReasonForm(forms.Form):
    """Why a case goes on, or a contract ends; not needed."""

    reason = _reason(required=False)


class DeadlineForm(forms.Form):
    """A later last day to pay, and why."""

    deadline = DayField(label=_("Neue Frist bis"))
    reason = _reason()


class ReceiptForm(forms.Form):
    """The day on which the last letter was received."""

    received = DayField(label=_("Zugegangen am"))
