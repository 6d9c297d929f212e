"""What all pages of a claim share: who it is about, where it stands, and the tabs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from portal.views.access import InsurerRequest

# Key of the tab, name of its address, label. A tab whose address does not exist is left out.
TABS = (
    ("overview", "examiner:claim", _("Überblick")),
    ("evidence", "examiner:evidence", _("Nachweise")),
    ("requests", "examiner:requests", _("Unterlagen")),
    ("decisions", "examiner:decisions", _("Entscheidungen")),
    ("payments", "examiner:payments", _("Zahlungen")),
    ("person", "examiner:person", _("Versicherte Person")),
    ("assistance", "examiner:assistance", _("Assistance")),
    ("medical", "examiner:medical", _("Medizinisches")),
    ("notes", "examiner:notes", _("Verlauf")),
)
# Health data is for examiners, not for those who only read.
_FOR_EXAMINERS = frozenset({"medical"})


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of a claim in the row of its pages."""

    key: str
    address: str
    label: str | Promise


def claim_page(
    request: InsurerRequest,
    claim: Claim,
    tab: str,
    context: Mapping[str, Any],
    *,
    template: str = "",
    status: int = 200,
) -> HttpResponse:
    """A page of a claim within its frame: `portal/examiner/<tab>.html` unless named otherwise.

    The template extends "portal/examiner/frame.html" and fills its block `tab`; it may fill
    `headline` with a sentence of its own.
    """
    shared = {
        "room": "claims",
        "claim": claim,
        "person": claim.person,
        "contract": claim.contract,
        "tab": tab,
        "tabs": _list_tabs(request, claim),
    }
    name = template or f"portal/examiner/{tab}.html"
    return render(request, name, {**shared, **context}, status=status)


def posted(request: InsurerRequest) -> QueryDict | None:
    """What was sent, also where it is empty; None while a form is only shown."""
    return request.POST if request.method == "POST" else None


def _list_tabs(request: InsurerRequest, claim: Claim) -> list[Tab]:
    tabs = []
    for key, name, label in TABS:
        if key in _FOR_EXAMINERS and not request.access.can_write:
            continue
        try:
            address = reverse(name, args=[claim.pk])
        except NoReverseMatch:
            continue
        tabs.append(Tab(key, address, label))
    return tabs
