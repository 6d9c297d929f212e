"""Handing in a file, saying what its columns mean, putting a row right."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from aupolicy.models import GroupContract
from members.facts import UploadKind
from members.parsing.formats import LARGEST_FILE_BYTES
from portal.forms.fields import TEXT, DayField
from portal.words import UPLOAD_FIELDS, UPLOAD_KINDS

_MEGABYTES = LARGEST_FILE_BYTES // 1024**2


class UploadForm(forms.Form):
    """The file, what it is, and the day it holds for."""

    kind = forms.ChoiceField(
        label=_("Was steht in der Datei?"),
        choices=[(kind.value, UPLOAD_KINDS[kind]) for kind in UploadKind],
        initial=UploadKind.CHANGES.value,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    file = forms.FileField(
        label=_("Datei"),
        help_text=_(
            "CSV, XLSX, XLS oder ODS, wie Ihr Lohnprogramm sie ausgibt: bis 100.000 Zeilen."
        ),
        widget=forms.FileInput(
            attrs={"class": "form-control", "accept": ".csv,.txt,.xlsx,.xlsm,.xls,.ods"}
        ),
        error_messages={
            "required": _("Wählen Sie eine Datei aus."),
            "empty": _("Die Datei ist leer."),
        },
    )
    effective = DayField(
        label=_("Stichtag"),
        help_text=_(
            "Bei einer vollständigen Lohnliste der Tag, für den sie gilt; bei Änderungen der Tag"
            " für Zeilen ohne eigenes Datum."
        ),
        required=False,
    )

    def __init__(self, *args: Any, contracts: Sequence[GroupContract], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(contracts) > 1:
            self.fields["contract"] = forms.ChoiceField(
                label=_("Vertrag"),
                choices=[(contract.pk, contract.number) for contract in contracts],
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse what is too large before it is read."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE_BYTES:
            raise forms.ValidationError(
                _("Die Datei ist größer als %(megabytes)s MB. Teilen Sie sie auf."),
                params={"megabytes": _MEGABYTES},
            )
        return file

    def clean(self) -> dict[str, Any]:
        """A complete payroll needs its day."""
        data: dict[str, Any] = super().clean() or {}
        if (
            data.get("kind") == UploadKind.FULL_LIST
            and not data.get("effective")
            and "effective" not in self.errors
        ):
            self.add_error("effective", _("Für eine vollständige Lohnliste fehlt der Stichtag."))
        return data


class ColumnsForm(forms.Form):
    """One choice a column: what it means, or that it is left out."""

    remember = forms.BooleanField(
        label=_("Für die nächsten Dateien merken"),
        required=False,
        initial=True,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(
        self,
        *args: Any,
        headings: Sequence[str],
        fields: Sequence[str],
        mapping: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("nicht übernehmen")), *((f, UPLOAD_FIELDS.get(f, f)) for f in fields)]
        self.headings = list(headings)
        for index, heading in enumerate(headings):
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=heading,
                choices=choices,
                required=False,
                initial=mapping.get(heading, ""),
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def read_mapping(self) -> dict[str, str]:
        """Heading -> field, empty for a column that is left out."""
        return {
            heading: self.cleaned_data[f"column_{index}"]
            for index, heading in enumerate(self.headings)
            if heading
        }


class RowForm(forms.Form):
    """The cells of one row as text, to be put right."""

    def __init__(self, *args: Any, cells: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # In the order of our own template, however the row keeps its cells.
        known = [name for name in UPLOAD_FIELDS if name in cells]
        for name in dict.fromkeys([*known, *cells]):
            self.fields[name] = forms.CharField(
                label=UPLOAD_FIELDS.get(name, name),
                initial=cells[name],
                required=False,
                max_length=500,
                widget=forms.TextInput(attrs=TEXT),
            )

    def read_changes(self) -> dict[str, str]:
        """The cells that were changed (field -> text)."""
        return {name: self.cleaned_data[name] for name in self.changed_data}
