"""The words of files of notices, as tags: where they stand, what their rows do and lack."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from members.facts import UploadKind, UploadStatus
from members.models import Upload
from members.parsing.problems import Problem
from members.words import describe_problem, describe_row_finding
from portal.words import (
    PAYROLL_PROGRAMS,
    UPLOAD_FIELDS,
    UPLOAD_KIND_WORDS,
    UPLOAD_OUTCOMES,
    UPLOAD_STATUSES,
    UPLOAD_WARNINGS,
)

register = template.Library()

_STATUS = "portal/parts/status.html"


@register.inclusion_tag(_STATUS)
def upload_status(upload: Upload) -> dict[str, Any]:
    """Where a file of notices stands, and whether its columns are still to be explained."""
    if upload.status == UploadStatus.RECEIVED and upload.problems:
        return _marked(("attention", _("Spalten zuordnen")))
    return _marked(UPLOAD_STATUSES[UploadStatus(upload.status)])


@register.filter
def upload_kind(value: str) -> Any:
    """What a file of notices holds."""
    return UPLOAD_KIND_WORDS[UploadKind(value)]


@register.inclusion_tag(_STATUS)
def row_outcome(value: str) -> dict[str, Any]:
    """What becomes of a row."""
    return _marked(UPLOAD_OUTCOMES[value])


@register.filter
def finding_text(finding: dict[str, Any]) -> str:
    """A finding about a row as a sentence."""
    return describe_row_finding(
        finding["code"],
        finding.get("params") or {},
        column=finding.get("column", ""),
        value=finding.get("value", ""),
    )


@register.filter
def warning_word(code: str) -> Any:
    """What a warning is about, in a word or two."""
    return UPLOAD_WARNINGS.get(code, code)


@register.filter
def problem_text(problem: dict[str, Any]) -> str:
    """A problem of a whole file as a sentence."""
    return describe_problem(Problem(**problem))


@register.filter
def code_counts(counts: dict[str, int]) -> list[tuple[str, int]]:
    """Codes with their counts, the most frequent first."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


@register.filter
def field_word(name: str) -> Any:
    """What a column of a file means."""
    return UPLOAD_FIELDS.get(name, name)


@register.filter
def program_name(key: str) -> str:
    """The program whose export a file seems to be."""
    return PAYROLL_PROGRAMS.get(key, key)


def _marked(value: tuple[str, Any]) -> dict[str, Any]:
    return {"mark": value[0], "word": value[1]}
