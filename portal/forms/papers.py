"""Marking confirmations as signed and filed."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from documents.models import Document
from portal.forms.fields import DayField


class FilingForm(forms.Form):
    """Which papers came back signed, and the day of the signature."""

    signed_on = DayField(label=_("Unterschrieben am"))

    def __init__(self, *args: Any, copies: QuerySet[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["papers"] = forms.ModelMultipleChoiceField(
            queryset=copies,
            error_messages={
                "required": _("Wählen Sie mindestens eine Bestätigung aus."),
                "invalid_choice": _(
                    "Diese Bestätigung gibt es nicht mehr. Laden Sie die Seite neu."
                ),
            },
        )
