"""What examiners type to decide, to hold benefit, to ask for papers and to review."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.facts import DecisionKind, ReasonCode
from claims.models import DocumentRequest
from claims.operations.decisions import DecisionDraft
from claims.words import describe_reason, describe_request
from portal.forms.fields import TEXT, DayField, PeriodForm

_SELECT = {"class": "form-select"}
_MOST_TEXT = 4000
Choices = Sequence[tuple[Any, str]]

_OPTIONAL_END = frozenset({DecisionKind.PARTLY_GRANT})
_FIRST = {
    DecisionKind.PARTLY_GRANT: _("Leistung erst ab"),
    DecisionKind.REFUSE: _("Ablehnen erst ab"),
}
_LAST = {
    DecisionKind.PARTLY_GRANT: _("Leistung nur bis einschließlich"),
    DecisionKind.END: _("Letzter bezahlter Tag"),
}
_WITH_CODE = frozenset({DecisionKind.PARTLY_GRANT, DecisionKind.REFUSE, DecisionKind.END})
_TEXT_OPTIONAL = frozenset({DecisionKind.GRANT, DecisionKind.END})
_ABOUT_LEAVE = frozenset({DecisionKind.EXCLUDE, DecisionKind.LIFT_EXCLUSION})


def _text_area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"class": "form-control", "rows": rows, "maxlength": _MOST_TEXT})


def _list_reasons() -> list[tuple[str, str]]:
    return [("", "–"), *((code.value, describe_reason(code)) for code in ReasonCode)]


class DecisionForm(forms.Form):
    """A decision of one kind: only what that kind needs."""

    def __init__(
        self,
        *args: Any,
        kind: DecisionKind,
        leaves: Choices = (),
        exclusions: Choices = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self._add_subject(leaves, exclusions)
        if kind in _FIRST:
            self.fields["first_day"] = DayField(label=_FIRST[kind], required=False)
        if kind in _LAST:
            required = kind not in _OPTIONAL_END
            self.fields["last_day"] = DayField(label=_LAST[kind], required=required)
        if kind in _WITH_CODE:
            self.fields["reason_code"] = forms.ChoiceField(
                label=_("Grund"),
                choices=_list_reasons,
                widget=forms.Select(attrs=_SELECT),
                error_messages={"required": _("Wählen Sie einen Grund.")},
            )
        self.fields["reason"] = forms.CharField(
            label=_("Begründung"),
            help_text=_("Die versicherte Person liest sie im Brief. Ohne Diagnosen und Befunde."),
            required=kind not in _TEXT_OPTIONAL,
            max_length=_MOST_TEXT,
            widget=_text_area(4),
            error_messages={"required": _("Schreiben Sie auf, warum Sie so entscheiden.")},
        )

    def _add_subject(self, leaves: Choices, exclusions: Choices) -> None:
        if self.kind in _ABOUT_LEAVE:
            self.fields["sick_leave"] = forms.TypedChoiceField(
                label=_("Für welche Erkrankung?"),
                coerce=int,
                choices=leaves,
                widget=forms.Select(attrs=_SELECT),
            )
        if self.kind is DecisionKind.EXCLUDE:
            self.fields["exclusion"] = forms.ChoiceField(
                label=_("Ausschluss der Bedingungen"),
                help_text=_("Was ihn belegt, gehört in „Medizinisches“."),
                choices=exclusions,
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
                error_messages={"required": _("Wählen Sie den Ausschluss.")},
            )

    @property
    def draft(self) -> DecisionDraft:
        """What was typed, as a draft; only of a valid form."""
        data = self.cleaned_data
        code = data.get("reason_code") or ""
        if self.kind is DecisionKind.EXCLUDE:
            code = ReasonCode.EXCLUSION.value
        return DecisionDraft(
            kind=self.kind,
            first_day=data.get("first_day"),
            last_day=data.get("last_day"),
            sick_leave_id=data.get("sick_leave"),
            exclusion=data.get("exclusion", ""),
            reason_code=ReasonCode(code) if code else None,
            reason=data["reason"],
        )


class HoldForm(PeriodForm):
    """A provisional decision: from when, how much is paid, until when it is looked at again."""

    first_day = DayField(label=_("Anhalten ab"))
    last_day = DayField(label=_("bis einschließlich"), required=False)
    percent = forms.IntegerField(
        label=_("Gezahlt werden, %"),
        help_text=_("0: nichts, 50: die Hälfte, höchstens 99."),
        min_value=0,
        max_value=99,
        initial=0,
        widget=forms.NumberInput(attrs={**TEXT, "inputmode": "numeric"}),
    )
    review_on = DayField(label=_("Wieder ansehen am"))
    reason = forms.CharField(
        label=_("Grund"),
        help_text=_("Ohne Diagnosen und Befunde."),
        max_length=_MOST_TEXT,
        widget=_text_area(3),
        error_messages={"required": _("Schreiben Sie auf, warum Sie anhalten.")},
    )


class RequestForm(PeriodForm):
    """What the insured person is asked for."""

    kind = forms.ChoiceField(
        label=_("Was fehlt?"),
        choices=lambda: [(kind.value, describe_request(kind)) for kind in DocumentRequest.Kind],
        widget=forms.Select(attrs=_SELECT),
    )
    first_day = DayField(label=_("für die Tage von"), required=False)
    last_day = DayField(label=_("bis"), required=False)
    text = forms.CharField(
        label=_("Was genau?"),
        help_text=_("Steht so im Brief. Ohne Diagnosen und Befunde."),
        required=False,
        max_length=_MOST_TEXT,
        widget=_text_area(3),
    )
    due_on = DayField(label=_("erbeten bis"))

    def clean(self) -> dict[str, Any]:
        """Both days or none, in their order."""
        data = super().clean()
        if bool(data.get("first_day")) != bool(data.get("last_day")):
            self.add_error("last_day", _("Geben Sie beide Tage an oder keinen."))
        return data


class ReviewForm(forms.Form):
    """A day on which a claim is looked at again."""

    due_on = DayField(label=_("Wieder ansehen am"))
    question = forms.CharField(
        label=_("Was ist dann zu klären?"),
        help_text=_("Ohne Diagnosen und Befunde."),
        max_length=200,
        widget=forms.TextInput(attrs=TEXT),
        error_messages={"required": _("Schreiben Sie auf, was zu klären ist.")},
    )


class ReviewResultForm(forms.Form):
    """What a review came to, and when the next one is."""

    result = forms.CharField(
        label=_("Ergebnis"),
        help_text=_("Ohne Diagnosen und Befunde."),
        max_length=_MOST_TEXT,
        widget=_text_area(3),
        error_messages={"required": _("Schreiben Sie auf, was die Nachprüfung ergeben hat.")},
    )
    next_on = DayField(label=_("Nächste Nachprüfung am"), required=False)
