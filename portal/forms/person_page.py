"""What the insured person types or photographs on its own page."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from aupolicy.kernel.period import Period
from claims.facts import AssistanceKind
from claims.models import MedicalDocument
from portal.forms.fields import TEXT, DayField, IbanField
from portal.words import ASSISTANCE_KINDS, MEDICAL_DOCUMENT_KINDS

MOST_FILES = 10
_FEWEST_DIGITS, _MOST_DIGITS = 6, 12
_CHECK = {"class": "form-check-input"}
_SELECT = {"class": "form-select"}
_DIGITS = {**TEXT, "inputmode": "numeric", "pattern": "[0-9]*"}
# HEIC is what iPhones take.
_ACCEPTED = "application/pdf,image/jpeg,image/png,image/heic,image/heif,.pdf,.jpg,.jpeg,.png,.heic"
_EMPTY = _("Die Datei ist leer. Nehmen Sie das Foto noch einmal auf.")
_PLAIN_KINDS = (
    MedicalDocument.Kind.CERTIFICATE,
    MedicalDocument.Kind.HOSPITAL,
    MedicalDocument.Kind.PLAN,
    MedicalDocument.Kind.EVIDENCE,
    MedicalDocument.Kind.OTHER,
)


class EnterPinForm(forms.Form):
    """The PIN that was set before."""

    pin = forms.CharField(
        label=_("Ihre PIN"),
        max_length=_MOST_DIGITS,
        widget=forms.PasswordInput(attrs={**_DIGITS, "autocomplete": "current-password"}),
        error_messages={"required": _("Geben Sie Ihre PIN ein.")},
    )


class NewPinForm(forms.Form):
    """A PIN of one's own, typed twice."""

    pin = forms.CharField(
        label=_("Neue PIN"),
        min_length=_FEWEST_DIGITS,
        max_length=_MOST_DIGITS,
        help_text=_("Mindestens 6 Ziffern, nicht Ihr Geburtstag und keine einfache Reihe."),
        widget=forms.PasswordInput(attrs={**_DIGITS, "autocomplete": "new-password"}),
        error_messages={
            "required": _("Wählen Sie eine PIN aus mindestens 6 Ziffern."),
            "min_length": _("Die PIN ist zu kurz. Nehmen Sie mindestens 6 Ziffern."),
        },
    )
    again = forms.CharField(
        label=_("PIN noch einmal"),
        max_length=_MOST_DIGITS,
        widget=forms.PasswordInput(attrs={**_DIGITS, "autocomplete": "new-password"}),
        error_messages={"required": _("Geben Sie die PIN noch einmal ein.")},
    )

    def clean_pin(self) -> str:
        """Digits alone: they are quick to type on a phone."""
        pin: str = self.cleaned_data["pin"].strip()
        if not (pin.isascii() and pin.isdigit()):
            raise forms.ValidationError(_("Die PIN besteht nur aus Ziffern."))
        return pin

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        pin, again = self.cleaned_data.get("pin"), self.cleaned_data.get("again")
        if pin and again and pin != again.strip():
            self.add_error("again", _("Die beiden PINs sind verschieden. Tippen Sie noch einmal."))
        return self.cleaned_data


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """One or several files."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each of them as one file."""
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("Das sind zu viele Dateien auf einmal: höchstens 10."))
        found = [super(_FilesField, self).clean(each, initial) for each in files or [None]]
        return [each for each in found if each]


class UploadForm(forms.Form):
    """Papers with what they are and, for a certificate, the days it certifies."""

    kind = forms.ChoiceField(
        label=_("Was laden Sie hoch?"),
        choices=[(kind.value, MEDICAL_DOCUMENT_KINDS[kind]) for kind in _PLAIN_KINDS],
        widget=forms.Select(attrs=_SELECT),
    )
    photo = forms.FileField(
        label=_("Foto aufnehmen"),
        required=False,
        help_text=_("Die ganze Seite im Bild, gut lesbar."),
        # With `capture` a phone opens its camera at once, and nothing else can be chosen.
        widget=forms.ClearableFileInput(
            attrs={"class": "form-control", "accept": "image/*", "capture": "environment"}
        ),
        error_messages={"empty": _EMPTY},
    )
    papers = _FilesField(
        label=_("Oder Dateien auswählen"),
        required=False,
        help_text=_("Fotos oder PDF, auch mehrere auf einmal."),
        widget=_ManyFiles(attrs={"class": "form-control", "accept": _ACCEPTED}),
        error_messages={"empty": _EMPTY},
    )
    first_day = DayField(label=_("Arbeitsunfähig von"), required=False)
    last_day = DayField(
        label=_("Arbeitsunfähig bis"),
        required=False,
        help_text=_("So steht es auf der Bescheinigung („voraussichtlich bis einschließlich“)."),
    )
    is_follow_up = forms.BooleanField(
        label=_("Es ist eine Folgebescheinigung"),
        required=False,
        widget=forms.CheckboxInput(attrs=_CHECK),
    )

    def clean(self) -> dict[str, Any]:
        """At least one file; both days or none, in their order."""
        has_file = self.cleaned_data.get("photo") or self.cleaned_data.get("papers")
        if not has_file and not self.errors:
            self.add_error("photo", _("Nehmen Sie ein Foto auf oder wählen Sie eine Datei aus."))
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        if first is not None and last is not None and last < first:
            self.add_error(
                "last_day", _("Der letzte Tag liegt vor dem ersten. Prüfen Sie beide Tage.")
            )
        elif (first is None) != (last is None) and not self.errors:
            missing = "last_day" if last is None else "first_day"
            self.add_error(missing, _("Geben Sie auch diesen Tag an, oder lassen Sie beide frei."))
        return self.cleaned_data

    @property
    def uploads(self) -> list[UploadedFile[bytes]]:
        """The files, at least one."""
        photo, files = self.cleaned_data["photo"], self.cleaned_data["papers"]
        return [*([photo] if photo else []), *files]

    @property
    def period(self) -> Period | None:
        """The certified days, None where they were left out or it is no certificate."""
        data = self.cleaned_data
        if data["kind"] != MedicalDocument.Kind.CERTIFICATE or data["first_day"] is None:
            return None
        return Period(data["first_day"], data["last_day"])


class AccountForm(forms.Form):
    """The account that benefit is paid to."""

    holder = forms.CharField(
        label=_("Kontoinhaber"),
        max_length=70,
        help_text=_("Genau so, wie Ihre Bank den Namen führt."),
        widget=forms.TextInput(attrs={**TEXT, "autocomplete": "name"}),
        error_messages={"required": _("Geben Sie an, auf wen das Konto lautet.")},
    )
    iban = IbanField(label=_("IBAN"), help_text=_("Leerzeichen dürfen bleiben."))
    is_person = forms.BooleanField(
        label=_("Das Konto lautet auf mich selbst."),
        required=False,
        widget=forms.CheckboxInput(attrs=_CHECK),
    )
    reason = forms.CharField(
        label=_("Warum soll an jemand anderen gezahlt werden?"),
        max_length=200,
        required=False,
        help_text=_("Zum Beispiel: gemeinsames Konto, Betreuung."),
        widget=forms.TextInput(attrs=TEXT),
    )

    def clean(self) -> dict[str, Any]:
        """Paying to somebody else needs a reason."""
        data = self.cleaned_data
        if not data.get("is_person") and not data.get("reason", "").strip():
            self.add_error("reason", _("Sagen Sie kurz, warum das Konto jemand anderem gehört."))
        return data


class ConsentForm(forms.Form):
    """A declaration: its kind, the version that was read, and who gives it."""

    kind = forms.CharField(max_length=30, widget=forms.HiddenInput())
    version = forms.CharField(max_length=20, widget=forms.HiddenInput())
    name = forms.CharField(
        label=_("Ihr Vor- und Nachname"),
        max_length=142,
        widget=forms.TextInput(attrs={**TEXT, "autocomplete": "name"}),
        error_messages={"required": _("Geben Sie Ihren Vor- und Nachnamen an.")},
    )
    agrees = forms.BooleanField(
        label=_("Ich habe den Text gelesen und stimme zu."),
        widget=forms.CheckboxInput(attrs=_CHECK),
        error_messages={"required": _("Setzen Sie das Häkchen, wenn Sie zustimmen.")},
    )


def _contact_text(label: Any, length: int, complete: str, missing: Any = None) -> forms.CharField:
    """A line of the address; browsers fill it by `complete`. Without `missing` it is optional."""
    return forms.CharField(
        label=label,
        max_length=length,
        required=missing is not None,
        widget=forms.TextInput(attrs={**TEXT, "autocomplete": complete}),
        error_messages={"required": missing} if missing is not None else None,
    )


class ContactForm(forms.Form):
    """Where the person is reached."""

    street = _contact_text(
        _("Straße und Hausnummer"),
        70,
        "street-address",
        _("Geben Sie Straße und Hausnummer an."),
    )
    postal_code = _contact_text(
        _("Postleitzahl"), 10, "postal-code", _("Geben Sie die Postleitzahl an.")
    )
    town = _contact_text(_("Ort"), 70, "address-level2", _("Geben Sie den Ort an."))
    country = _contact_text(
        _("Land (Kürzel, zum Beispiel DE)"), 2, "country", _("Geben Sie das Land an.")
    )
    phone = _contact_text(_("Telefon"), 40, "tel")
    email = forms.EmailField(
        label=_("E-Mail"),
        required=False,
        widget=forms.EmailInput(attrs={**TEXT, "autocomplete": "email"}),
        error_messages={
            "invalid": _("Diese Adresse stimmt nicht. Erwartet wird etwas wie name@beispiel.de.")
        },
    )

    def clean_country(self) -> str:
        """Two capital letters."""
        country: str = self.cleaned_data["country"].strip().upper()
        if len(country) != len("DE") or not (country.isascii() and country.isalpha()):
            raise forms.ValidationError(_("Zwei Buchstaben, zum Beispiel DE oder AT."))
        return country


class _CheckedText(forms.Form):
    """A form with a text; `confirmed` appears once the text looks like health data."""

    confirmed = forms.BooleanField(
        label=_("Der Text sagt nichts über meine Krankheit."),
        required=False,
        widget=forms.CheckboxInput(attrs=_CHECK),
    )


class HelpForm(_CheckedText):
    """What kind of help is wanted."""

    field_order = ("kind", "wish", "confirmed")

    kind = forms.ChoiceField(
        label=_("Was hilft Ihnen?"),
        choices=[(kind.value, ASSISTANCE_KINDS[kind][0]) for kind in AssistanceKind],
        widget=forms.Select(attrs=_SELECT),
    )
    wish = forms.CharField(
        label=_("Was genau, und wann?"),
        required=False,
        max_length=1000,
        help_text=_("Bitte nichts über Ihre Krankheit: Das brauchen wir dafür nicht."),
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
    )


class FeedbackForm(_CheckedText):
    """How good it was."""

    field_order = ("score", "comment", "confirmed")

    score = forms.TypedChoiceField(
        label=_("Wie zufrieden sind Sie?"),
        coerce=int,
        choices=[
            (5, _("5, sehr zufrieden")),
            (4, _("4, zufrieden")),
            (3, _("3, geht so")),
            (2, _("2, eher nicht")),
            (1, _("1, gar nicht")),
        ],
        widget=forms.Select(attrs=_SELECT),
    )
    comment = forms.CharField(
        label=_("Was sollen wir wissen?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
    )
