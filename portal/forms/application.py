"""What goes into an application, step by step. A draft may be kept with gaps, never with faults."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from aupolicy.kernel.identifiers import (
    UnableToReadIdentifier,
    parse_betriebsnummer,
    parse_iban,
)
from aupolicy.models import Application, Right
from aupolicy.parsing.signed_form import UnableToReadForm, check_signed_form
from billing.facts.debit import Scheme
from billing.words import describe_identifier
from portal.forms.broker import DAY_FORMATS, NO_DAY, SELECT, TEXT, tariff_choices

FORM_PROBLEMS = {
    "EMPTY": _("Die Datei ist leer."),
    "TOO_LARGE": _("Die Datei ist größer als 10 MB."),
    "NO_FORM": _("Das ist weder ein PDF noch ein Bild (PNG, JPEG). Bitte scannen Sie das Mandat."),
    "CUT_OFF": _("Die Datei ist unvollständig. Bitte laden Sie sie noch einmal hoch."),
}


class IdentifierField(forms.CharField):
    """A number with check digits, kept in its one stored form."""

    def __init__(self, *, parse: Callable[[str], str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._parse = parse

    def to_python(self, value: Any) -> str:
        """The number without spaces; empty where nothing was typed."""
        text = super().to_python(value)
        if not text:
            return ""
        try:
            return self._parse(text)
        except UnableToReadIdentifier as error:
            raise ValidationError(describe_identifier(error), code=error.code) from None


class DraftForm(forms.ModelForm[Application]):
    """A step of an application. Required fields are needed in the end, not to keep a draft."""

    def full_clean(self) -> None:
        """Check what is there; what is missing is told in the summary."""
        needed = [field for field in self.fields.values() if field.required]
        for field in needed:
            field.required = False
        super().full_clean()
        for field in needed:
            field.required = True

    def _post_clean(self) -> None:
        # The operation writes the draft; the model need not be valid before the last step.
        return


class EmployerStep(DraftForm):
    """Who takes out the contract."""

    betriebsnummer = IdentifierField(
        label=_("Betriebsnummer"),
        help_text=_("Acht Ziffern der Bundesagentur für Arbeit."),
        required=False,
        parse=parse_betriebsnummer,
        widget=forms.TextInput(attrs={**TEXT, "inputmode": "numeric"}),
    )

    class Meta:
        model = Application
        fields = (
            "legal_name",
            "street",
            "building_number",
            "postal_code",
            "town",
            "betriebsnummer",
            "contact_name",
            "contact_email",
            "contact_phone",
        )
        labels = {
            "legal_name": _("Firma"),
            "street": _("Straße"),
            "building_number": _("Hausnummer"),
            "postal_code": _("Postleitzahl"),
            "town": _("Ort"),
            "contact_name": _("Ansprechperson"),
            "contact_email": _("E-Mail"),
            "contact_phone": _("Telefon"),
        }
        widgets = {
            **dict.fromkeys(
                ("legal_name", "street", "building_number", "postal_code", "town", "contact_name"),
                forms.TextInput(attrs=TEXT),
            ),
            "contact_email": forms.EmailInput(attrs=TEXT),
            "contact_phone": forms.TextInput(attrs={**TEXT, "inputmode": "tel"}),
        }
        error_messages = {
            "contact_email": {"invalid": _("Das ist keine E-Mail-Adresse.")},
        }

    needed = ("legal_name", "street", "postal_code", "town", "contact_name", "contact_email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = name in self.needed


class ContractStep(DraftForm):
    """What is agreed."""

    start = forms.DateField(
        label=_("Beginn"),
        help_text=_("Der Erste eines Monats."),
        input_formats=DAY_FORMATS,
        widget=forms.TextInput(attrs=TEXT),
        error_messages={"invalid": NO_DAY},
    )
    tariff_key = forms.ChoiceField(label=_("Tarif"), widget=forms.Select(attrs=SELECT))
    co_insures_directors = forms.BooleanField(
        label=_("Geschäftsführung mitversichern"),
        help_text=_("Ohne das ist sie nicht versicherbar; der Beitrag steigt entsprechend."),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    class Meta:
        model = Application
        fields = ("start", "tariff_key", "co_insures_directors")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["tariff_key"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
        field.choices = tariff_choices()

    def clean_start(self) -> Any:
        """Cover begins with a month; the day itself is always known."""
        day = self.cleaned_data["start"]
        if day is None:
            raise ValidationError(NO_DAY)
        if day.day != 1:
            raise ValidationError(_("Der Vertrag beginnt mit dem Ersten eines Monats."))
        return day


class MandateStep(DraftForm):
    """The account, and the form that allows to collect from it."""

    iban = IdentifierField(
        label=_("IBAN"),
        parse=parse_iban,
        max_length=60,
        widget=forms.TextInput(attrs={**TEXT, "spellcheck": "false"}),
    )
    scheme = forms.ChoiceField(
        label=_("Verfahren"),
        help_text=_(
            "Eine Firmenlastschrift kann nicht zurückgegeben werden; die Bank des Arbeitgebers"
            " muss sie vor dem ersten Einzug bestätigen."
        ),
        choices=[
            (Scheme.CORE.value, _("Basislastschrift")),
            (Scheme.B2B.value, _("Firmenlastschrift")),
        ],
        widget=forms.Select(attrs=SELECT),
    )
    mandate_signed_on = forms.DateField(
        label=_("Unterschrieben am"),
        input_formats=DAY_FORMATS,
        widget=forms.TextInput(attrs=TEXT),
        error_messages={"invalid": NO_DAY},
    )
    signature = forms.FileField(
        label=_("Unterschriebenes Mandat"),
        help_text=_("PDF oder Bild (PNG, JPEG) bis 10 MB."),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".pdf,.png,.jpg,.jpeg"}),
        error_messages={"empty": FORM_PROBLEMS["EMPTY"]},
    )

    class Meta:
        model = Application
        fields = ("account_holder", "iban", "scheme", "mandate_signed_on")
        labels = {"account_holder": _("Kontoinhaber")}
        widgets = {"account_holder": forms.TextInput(attrs=TEXT)}

    def __init__(self, *args: Any, today: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        self.fields["account_holder"].required = True

    def clean_mandate_signed_on(self) -> Any:
        """Nobody has signed tomorrow."""
        day = self.cleaned_data["mandate_signed_on"]
        if day is not None and day > self._today:
            raise ValidationError(_("Dieser Tag liegt in der Zukunft."))
        return day

    def clean_signature(self) -> tuple[str, bytes] | None:
        """Name and content of the upload; what is no form is refused by its content."""
        file = self.cleaned_data["signature"]
        if not file:
            return None
        content = file.read()
        try:
            check_signed_form(content)
        except UnableToReadForm as error:
            raise ValidationError(FORM_PROBLEMS[error.code], code=error.code) from None
        return file.name, content


class AuthorityStep(DraftForm):
    """What the broker may do in the employer's name."""

    gives_authority = forms.ChoiceField(
        label=_("Vollmacht für den Vermittler"),
        required=False,
        choices=[
            (Right.EDIT.value, _("Einsehen und melden: Personen, Abrechnungen, Meldungen")),
            (Right.READ.value, _("Nur einsehen: Personen und Abrechnungen")),
            (Right.ADMIN.value, _("Verwalten: dazu Benutzer und Bankverbindung")),
            ("", _("Keine: nur Zahlen, keine Namen")),
        ],
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )

    class Meta:
        model = Application
        fields = ("gives_authority",)


class InviteForm(forms.Form):
    """Whom to invite to the employer's room."""

    email = forms.EmailField(
        label=_("E-Mail der Personalabteilung"),
        widget=forms.EmailInput(attrs=TEXT),
        error_messages={
            "required": _("Geben Sie eine E-Mail-Adresse an."),
            "invalid": _("Das ist keine E-Mail-Adresse."),
        },
    )
