"""What a broker types to make a quote: the employer, its payroll, an example employee."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from aupolicy.facts import TariffVersion
from aupolicy.facts.offer import ExampleEmployee, PayProblem
from aupolicy.facts.payroll import TaxClass
from aupolicy.kernel.money import UnableToReadAmount, parse_amount
from aupolicy.kernel.month import Month
from aupolicy.parsing.typed_payroll import parse_typed_payroll
from aupolicy.queries import list_tariffs
from members.facts import Ineligibility
from members.parsing.formats import LARGEST_FILE_BYTES
from members.parsing.notice_file import parse_payroll
from members.parsing.table import UnableToReadTable
from members.queries.payroll import split_payroll
from members.words import describe_problem

DAY_FORMATS = ["%d.%m.%Y", "%Y-%m-%d", "%d.%m.%y", "%d %b %Y", "%d/%m/%Y"]
TEXT = {"class": "form-control", "autocomplete": "off"}
SELECT = {"class": "form-select"}
NO_DAY = _("Diesen Tag gibt es nicht. Erwartet TT.MM.JJJJ, zum Beispiel 01.01.2027.")
_HOURS_OF_WEEK = Decimal(168)
_MOST_CHILDREN = 20
# All rows of a file may be left out; more words than this nobody reads.
_MOST_PROBLEMS = 20
_MEGABYTE = 1024 * 1024


def first_of_next_month(today: date) -> date:
    """The usual start of a contract."""
    return Month.of(today).plus(1).first_day


class AmountField(forms.CharField):
    """An amount in EUR as people type it: 2.400, 2400,00 or 2,400.00."""

    default_error_messages = {"amount": _("Das ist kein Betrag. Erwartet zum Beispiel 2.400,00.")}

    def to_python(self, value: Any) -> Any:
        """The amount as Decimal, None where nothing was typed."""
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse_amount(text)
        except UnableToReadAmount:
            raise ValidationError(self.error_messages["amount"], code="amount") from None


class HoursField(forms.CharField):
    """Hours of a week: 40, 38,5 or 38.5."""

    default_error_messages = {
        "hours": _("Das sind keine Stunden einer Woche. Erwartet zum Beispiel 38,5.")
    }

    def to_python(self, value: Any) -> Any:
        """The hours as Decimal with at most two decimals."""
        text = super().to_python(value)
        try:
            hours = Decimal(text.replace(",", ".")) if text else None
        except InvalidOperation:
            hours = Decimal(0)
        if hours is not None and not (hours.is_finite() and 1 <= hours <= _HOURS_OF_WEEK):
            raise ValidationError(self.error_messages["hours"], code="hours")
        return None if hours is None else hours.quantize(Decimal("0.01"))


class BasicsForm(forms.Form):
    """Who is to be insured from when, by which tariff."""

    employer_name = forms.CharField(
        label=_("Firma"),
        max_length=140,
        widget=forms.TextInput(attrs=TEXT),
        error_messages={"required": _("Geben Sie an, für wen das Angebot ist.")},
    )
    start = forms.DateField(
        label=_("Beginn"),
        help_text=_("Der Erste eines Monats."),
        input_formats=DAY_FORMATS,
        widget=forms.TextInput(attrs=TEXT),
        error_messages={"required": NO_DAY, "invalid": NO_DAY},
    )
    tariff = forms.ChoiceField(label=_("Tarif"), widget=forms.Select(attrs=SELECT))
    hours_week = HoursField(
        label=_("Stunden in der Woche"),
        help_text=_("Eines Vollzeitplatzes; daraus folgen die Kosten je Arbeitsstunde."),
        widget=forms.TextInput(attrs={**TEXT, "inputmode": "decimal"}),
        error_messages={"required": _("Geben Sie die Stunden einer Woche an.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["tariff"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
        field.choices = tariff_choices()

    def clean_start(self) -> date:
        """Cover begins with a month."""
        day: date = self.cleaned_data["start"]
        if day.day != 1:
            raise ValidationError(_("Der Vertrag beginnt mit dem Ersten eines Monats."))
        return day


def tariff_choices() -> list[tuple[str, str]]:
    """Keys and names of all tariffs."""
    language = (get_language() or "de")[:2]
    return [(tariff.key, tariff.name.get(language, tariff.key)) for tariff in list_tariffs()]


class PayrollForm(forms.Form):
    """The monthly gross pays: typed, or from a file of which only the pays are kept."""

    payroll = forms.CharField(
        label=_("Bruttoentgelte im Monat"),
        help_text=_("Eines je Zeile. Mehrere gleiche so: 4 x 2.400,00"),
        required=False,
        max_length=2_000_000,
        widget=forms.Textarea(attrs={**TEXT, "rows": 10, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("Oder eine Lohnliste hochladen"),
        help_text=_(
            "Excel, OpenDocument oder CSV bis 20 MB; nötig ist nur die Spalte Bruttoentgelt. Wir"
            " behalten nur die Entgelte, keine Namen. Die Datei ersetzt, was oben steht."
        ),
        required=False,
        widget=forms.FileInput(attrs={"class": "form-control"}),
        error_messages={"empty": _("Die Datei ist leer.")},
    )
    left_out = forms.CharField(required=False, max_length=2_000_000, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, priced: tuple[TariffVersion, date] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        # Tariff and start, by which a file's people are judged.
        self._priced = priced
        self.counts: Mapping[Decimal, int] = {}
        self.reasons: Mapping[int, Ineligibility] = {}

    def clean(self) -> dict[str, Any]:
        """Count the people of the file, or of the text where there is none."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        if cleaned.get("file"):
            self._read_file(cleaned["file"])
        else:
            self._read_text(cleaned["payroll"])
            self.reasons = parse_left_out(cleaned["left_out"])
        if not self.counts and not self.errors:
            text = _("Niemand zu versichern: geben Sie mindestens ein Entgelt an.")
            if self.reasons:
                text = _("Von den Personen dieser Datei kann niemand versichert werden.")
            self.add_error("payroll", text)
        return cleaned

    def _read_text(self, text: str) -> None:
        typed = parse_typed_payroll(text)
        for problem in typed.problems[:_MOST_PROBLEMS]:
            self.add_error("payroll", _describe_pay_problem(problem))
        self.counts = typed.counts

    def _read_file(self, file: Any) -> None:
        if file.size > LARGEST_FILE_BYTES:
            most = LARGEST_FILE_BYTES // _MEGABYTE
            text = _("Die Datei ist größer als %(most)s MB.")
            self.add_error("file", ValidationError(text, params={"most": most}))
            return
        assert self._priced is not None  # noqa: S101 -- only bound forms read files
        tariff, start = self._priced
        try:
            rows = parse_payroll(file.read(), as_of=start)
        except UnableToReadTable as error:
            for problem in error.problems[:_MOST_PROBLEMS]:
                self.add_error("file", describe_problem(problem))
            return
        found = split_payroll(rows, tariff=tariff, as_of=start)
        self.counts, self.reasons = found.counts, found.left_out


def _describe_pay_problem(problem: PayProblem) -> ValidationError:
    texts = {
        "NO_AMOUNT": _("Zeile %(line)s, „%(text)s“: das ist kein Betrag."),
        "NO_PEOPLE": _("Zeile %(line)s, „%(text)s“: wie viele Personen sind das?"),
        "TOO_MANY_PEOPLE": _("Zeile %(line)s, „%(text)s“: das sind zu viele Personen."),
    }
    words = {"line": problem.line, "text": problem.text}
    return ValidationError(texts[problem.code], code=problem.code, params=words)


def parse_left_out(text: str) -> dict[int, Ineligibility]:
    """Rows with their reasons from "3:OVER_AGE 7:TOO_YOUNG"; anything else is passed over."""
    found = {}
    for pair in text.split():
        row, _colon, code = pair.partition(":")
        if row.isdecimal() and code in Ineligibility.__members__:
            found[int(row)] = Ineligibility[code]
    return found


def write_left_out(reasons: Mapping[int, str]) -> str:
    """Rows with their reasons as the hidden field carries them."""
    return " ".join(f"{row}:{code}" for row, code in reasons.items())


class ExampleForm(forms.Form):
    """The employee for whom the gap is computed."""

    gross = AmountField(
        label=_("Bruttoentgelt im Monat, €"),
        widget=forms.TextInput(attrs={**TEXT, "inputmode": "decimal"}),
        error_messages={"required": _("Geben Sie ein Bruttoentgelt an.")},
    )
    tax_class = forms.ChoiceField(
        label=_("Steuerklasse"),
        choices=[
            ("I", _("I, alleinstehend")),
            ("III", _("III, verheiratet, höheres Entgelt")),
            ("IV", _("IV, verheiratet, ähnliches Entgelt")),
        ],
        widget=forms.Select(attrs=SELECT),
    )
    church_tax = forms.ChoiceField(
        label=_("Kirchensteuer"),
        choices=[
            ("none", _("keine")),
            ("8", _("8 % (Bayern, Baden-Württemberg)")),
            ("9", _("9 % (übrige Länder)")),
        ],
        widget=forms.Select(attrs=SELECT),
    )
    children = forms.IntegerField(
        label=_("Kinder unter 25"),
        min_value=0,
        max_value=_MOST_CHILDREN,
        widget=forms.NumberInput(attrs={**TEXT, "inputmode": "numeric"}),
        error_messages={
            name: _("Geben Sie eine Zahl von 0 bis 20 an.")
            for name in ("required", "invalid", "min_value", "max_value")
        },
    )

    def to_example(self) -> ExampleEmployee:
        """The employee; the form must be valid."""
        church = self.cleaned_data["church_tax"]
        return ExampleEmployee(
            gross=self.cleaned_data["gross"],
            tax_class=TaxClass(self.cleaned_data["tax_class"]),
            church_tax_percent=None if church == "none" else Decimal(church),
            children=self.cleaned_data["children"],
        )
