"""What examiners type about assistance: cases, orders, providers."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.facts import AssistanceKind
from claims.models import Provider
from portal.forms.fields import TEXT, DayField
from portal.words import ASSISTANCE_KINDS, ASSISTANCE_OUTCOMES

_CHECK = {"class": "form-check-input"}
_SELECT = {"class": "form-select"}
_KIND_CHOICES = [(kind.value, ASSISTANCE_KINDS[kind][0]) for kind in AssistanceKind]


class CostField(forms.DecimalField):
    """EUR with a comma or a point."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(
            label=label,
            min_value=Decimal(0),
            max_digits=10,
            decimal_places=2,
            localize=True,
            widget=forms.TextInput(attrs={**TEXT, "inputmode": "decimal"}),
            error_messages={
                "required": _("Geben Sie die Kosten an, zum Beispiel 25,00."),
                "invalid": _("Geben Sie die Kosten als Zahl an, zum Beispiel 25,00."),
                "min_value": _("Kosten sind nie kleiner als null."),
            },
            **kwargs,
        )


class _CheckedText(forms.Form):
    """A form with a text that may tell nothing of an illness."""

    confirmed = forms.BooleanField(
        label=_("Der Text enthält keine Gesundheitsdaten."),
        required=False,
        widget=forms.CheckboxInput(attrs=_CHECK),
    )


class CaseForm(_CheckedText):
    """Help that somebody asked for by telephone or letter."""

    kind = forms.ChoiceField(
        label=_("Leistung"), choices=_KIND_CHOICES, widget=forms.Select(attrs=_SELECT)
    )
    wish = forms.CharField(
        label=_("Wunsch"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
    )
    field_order = ("kind", "wish", "confirmed")


class OrderForm(_CheckedText):
    """An order to one of the providers that do such things."""

    provider = forms.ModelChoiceField(
        queryset=Provider.objects.none(),
        label=_("Dienstleister"),
        widget=forms.Select(attrs=_SELECT),
        error_messages={"required": _("Wählen Sie einen Dienstleister.")},
    )
    service_on = DayField(label=_("Tag der Leistung"))
    what = forms.CharField(
        label=_("Auftrag"),
        max_length=200,
        help_text=_("Das liest der Dienstleister. Nichts über die Krankheit."),
        widget=forms.TextInput(attrs=TEXT),
        error_messages={"required": _("Sagen Sie, was zu tun ist.")},
    )
    agreed_cost = CostField(_("Vereinbarte Kosten, €"))
    field_order = ("provider", "service_on", "what", "agreed_cost", "confirmed")

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["provider"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- declared above
        able = Provider.objects.filter(active=True, kinds__contains=[kind])
        field.queryset = able.order_by("name")


class FinishForm(forms.Form):
    """That an order was carried out, and what it cost."""

    done_on = DayField(label=_("Erbracht am"))
    cost = CostField(_("Abgerechnet, €"))


class CloseForm(forms.Form):
    """How a case ended."""

    outcome = forms.ChoiceField(
        label=_("Ergebnis"),
        choices=list(ASSISTANCE_OUTCOMES.items()),
        widget=forms.Select(attrs=_SELECT),
    )


class ProviderForm(forms.Form):
    """Somebody who does the work."""

    name = forms.CharField(
        label=_("Name"),
        max_length=140,
        widget=forms.TextInput(attrs=TEXT),
        error_messages={"required": _("Geben Sie den Namen an.")},
    )
    kinds = forms.MultipleChoiceField(
        label=_("Leistungen"),
        choices=_KIND_CHOICES,
        widget=forms.CheckboxSelectMultiple(attrs=_CHECK),
        error_messages={"required": _("Wählen Sie mindestens eine Leistung.")},
    )
    region = forms.CharField(
        label=_("Gebiet"), max_length=140, required=False, widget=forms.TextInput(attrs=TEXT)
    )
    phone = forms.CharField(
        label=_("Telefon"), max_length=40, required=False, widget=forms.TextInput(attrs=TEXT)
    )
    email = forms.EmailField(label=_("E-Mail"), required=False, widget=forms.EmailInput(attrs=TEXT))
    active = forms.BooleanField(
        label=_("nimmt Aufträge an"),
        required=False,
        initial=True,
        widget=forms.CheckboxInput(attrs=_CHECK),
    )
