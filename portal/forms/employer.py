"""What HR types: single notices, one form a kind, read as the rows of files are."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.facts import Code, Employment, EndReason, Notice, NoticeKind
from members.parsing.cell_words import EMPLOYMENT_WORDS, REASON_WORDS
from members.parsing.problems import Problem
from members.parsing.typed_notice import read_typed_notice
from members.words import describe_code, describe_problem
from portal.forms.fields import TEXT
from portal.words import END_REASONS, PARAMETER_VALUES

_SELECT = {"class": "form-select"}
_LONGEST = 100
# The words that files use; the reader takes them from here too.
_EMPLOYMENTS = [
    (EMPLOYMENT_WORDS[Employment.REGULAR][0], _("Arbeitnehmerin oder Arbeitnehmer")),
    (EMPLOYMENT_WORDS[Employment.TRAINEE][0], _("Auszubildende oder Auszubildender")),
    (EMPLOYMENT_WORDS[Employment.MARGINAL][0], _("geringfügig beschäftigt (Minijob)")),
    (EMPLOYMENT_WORDS[Employment.DIRECTOR][0], PARAMETER_VALUES["director"]),
    (EMPLOYMENT_WORDS[Employment.OWNER][0], PARAMETER_VALUES["owner"]),
]
_OCCUPATIONS = [
    ("", _("nichts davon")),
    ("Berufssoldat", PARAMETER_VALUES["professional_soldier"]),
    ("Berufsfeuerwehrmann", PARAMETER_VALUES["professional_firefighter"]),
    ("Berufstaucher", PARAMETER_VALUES["professional_diver"]),
]
_REASONS = [
    (REASON_WORDS[reason][0], END_REASONS[reason])
    for reason in (
        EndReason.EMPLOYMENT_ENDED,
        EndReason.RETIREMENT_AGE,
        EndReason.DEATH,
        EndReason.OTHER,
    )
]
FIELDS = {
    NoticeKind.JOIN: (
        "first_name",
        "last_name",
        "birth_date",
        "personnel_number",
        "effective",
        "pay",
        "employment",
        "occupation",
        "reference",
    ),
    NoticeKind.LEAVE: ("personnel_number", "effective", "reason", "reference"),
    NoticeKind.PAY_CHANGE: ("personnel_number", "effective", "pay", "reference"),
    NoticeKind.PARENTAL_LEAVE: ("personnel_number", "effective", "reference"),
    NoticeKind.RETURN: ("personnel_number", "effective", "pay", "reference"),
    NoticeKind.NAME_CHANGE: (
        "personnel_number",
        "first_name",
        "last_name",
        "effective",
        "reference",
    ),
}
"""The kinds that have a form, with its fields in their order."""
_OPTIONAL = {"occupation", "reference"}
_DAYS = {
    NoticeKind.JOIN: (_("Versichert ab"), _("In der Regel der erste Arbeitstag.")),
    NoticeKind.LEAVE: (
        _("Letzter Tag des Arbeitsverhältnisses"),
        _("An diesem Tag endet die Versicherung."),
    ),
    NoticeKind.PAY_CHANGE: (_("Neues Entgelt ab"), ""),
    NoticeKind.PARENTAL_LEAVE: (
        _("Erster Tag der Elternzeit"),
        _("Die Versicherung endet am Tag davor. Die Rückkehr melden Sie, sobald sie feststeht."),
    ),
    NoticeKind.RETURN: (_("Wieder im Betrieb ab"), ""),
    NoticeKind.NAME_CHANGE: (_("Neuer Name ab"), ""),
}
_FIELD_OF_CODE = {
    "MISSING_NAME": "last_name",
    "MISSING_BIRTH_DATE": "birth_date",
    "BIRTH_DATE_IN_FUTURE": "birth_date",
    "TOO_YOUNG": "birth_date",
    "OVER_AGE": "birth_date",
    "MISSING_PAY": "pay",
    "MARGINAL_EMPLOYMENT": "employment",
    "NOT_EMPLOYED": "employment",
    "PROFESSIONAL_SOLDIER": "occupation",
    "PROFESSIONAL_FIREFIGHTER": "occupation",
    "PROFESSIONAL_DIVER": "occupation",
    "OUTSIDE_CONTRACT": "effective",
    "NO_TARIFF": "effective",
    "REFERENCE_USED": "reference",
}


class NoticeForm(forms.Form):
    """One notice. After `is_valid` the `notice` is what a row of a file would have made."""

    def __init__(
        self,
        kind: NoticeKind,
        *,
        received_at: datetime,
        data: Mapping[str, Any] | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.kind, self.received_at = kind, received_at
        self.notice: Notice | None = None
        for name in FIELDS[kind]:
            self.fields[name] = _make_field(name, kind)
        if kind is not NoticeKind.JOIN:
            self.fields["personnel_number"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Read the texts as a row of a file and say what is wrong in the same words."""
        texts = {name: str(self.cleaned_data.get(name, "")) for name in self.fields}
        read = read_typed_notice(self.kind, texts, received_at=self.received_at)
        for problem in read.problems:
            field = problem.column if problem.column in self.fields else None
            self.add_error(field, _describe(problem))
        self.notice = read.value
        return self.cleaned_data

    def refuse(self, codes: tuple[Code, ...]) -> None:
        """Say at their fields why the notice would be refused."""
        for code in codes:
            field = _FIELD_OF_CODE.get(code.value)
            self.add_error(field if field in self.fields else None, describe_code(code.value))


def _describe(problem: Problem) -> str:
    if problem.code == "EMPTY_CELL":
        return _EMPTY[problem.column] if problem.column in _EMPTY else describe_problem(problem)
    return describe_problem(replace(problem, row=None, column="", value=""))


_EMPTY: dict[str, Any] = {
    "first_name": _("Geben Sie den Vornamen an."),
    "last_name": _("Geben Sie den Nachnamen an."),
    "birth_date": _("Geben Sie das Geburtsdatum an, zum Beispiel 24.03.1988."),
    "personnel_number": _("Geben Sie die Personalnummer an."),
    "effective": _("Geben Sie einen Tag an, zum Beispiel 01.12.2026."),
    "pay": _("Geben Sie das Entgelt an, zum Beispiel 2.400,00."),
}


def _make_field(name: str, kind: NoticeKind) -> forms.Field:
    label: Any
    hint: Any
    if name in _CHOICES:
        label, choices = _CHOICES[name]
        widget = forms.Select(attrs=_SELECT)
        return forms.ChoiceField(
            label=label, choices=choices, widget=widget, required=name not in _OPTIONAL
        )
    label, hint = _DAYS[kind] if name == "effective" else _TEXTS[name]
    if name == "pay" and kind is NoticeKind.RETURN:
        hint = _("Nur wenn es sich geändert hat; sonst gilt das letzte weiter.")
    attrs = {**TEXT, **({"inputmode": "decimal"} if name == "pay" else {})}
    field = _ReaderField(
        label=label, help_text=hint, max_length=_LONGEST, widget=forms.TextInput(attrs=attrs)
    )
    field.required = name not in _OPTIONAL and not (name == "pay" and kind is NoticeKind.RETURN)
    return field


class _ReaderField(forms.CharField):
    """A text whose absence is for the reader of notices to tell."""

    def validate(self, value: Any) -> None:
        """Nothing: the reader says what is missing, in one place for files and forms."""


_CHOICES: dict[str, tuple[Any, list[tuple[str, Any]]]] = {
    "employment": (_("Beschäftigung"), _EMPLOYMENTS),
    "occupation": (_("Tätigkeit ohne Versicherungsschutz"), _OCCUPATIONS),
    "reason": (_("Grund"), _REASONS),
}
_TEXTS: dict[str, tuple[Any, Any]] = {
    "first_name": (_("Vorname"), ""),
    "last_name": (_("Nachname"), ""),
    "birth_date": (_("Geburtsdatum"), _("TT.MM.JJJJ")),
    "personnel_number": (_("Personalnummer"), _("Wie in Ihrem Lohnprogramm.")),
    "pay": (
        _("Bruttoentgelt im Monat, €"),
        _("Ohne Einmalzahlungen, mit vertraglichem Urlaubs- und Weihnachtsgeld (ein Zwölftel)."),
    ),
    "reference": (
        _("Ihr Zeichen"),
        _("Eine eigene Referenz, an der wir doppelte Meldungen erkennen."),
    ),
}
