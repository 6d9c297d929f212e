"""One contract: overview, people, statements, agreement and papers."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from aupolicy.models import GroupContract
from aupolicy.queries import ContractState, NoTermsInForce, preview_cancellation
from billing.models import Mandate
from members.facts import NoticeStatus
from members.models import NoticeRecord
from portal.facts import MonthAmount
from portal.queries.insurer.contract import (
    CHART_MONTHS,
    ContractHead,
    get_head,
    list_band_shares,
    list_statements,
    page_of_statements,
)
from portal.queries.insurer.parties import get_parties, list_mandate_changes
from portal.queries.people import PeopleFilter, filter_people, page_of_people, sum_people
from portal.views.access import InsurerRequest, insurer_only
from portal.views.charts import draw_months

_SHOWS = frozenset({"insured", "coming", "left", "all"})
_LAST_NOTICES = 8
# The others say nothing of statements, so none are read.
_TABS_WITH_MONTHS = frozenset({"overview", "papers"})


def find_contract(contract_id: int) -> GroupContract:
    """The contract of an address, else 404."""
    contracts = GroupContract.objects.select_related("employer", "broker", "application__quote")
    return get_object_or_404(contracts, pk=contract_id)


def open_contract(
    request: InsurerRequest, contract_id: int, tab: str
) -> tuple[ContractHead, dict[str, Any]]:
    """The head of a contract's pages and the context they share, else 404."""
    try:
        months = CHART_MONTHS if tab in _TABS_WITH_MONTHS else 0
        head = get_head(find_contract(contract_id), request.access.today, months=months)
    except NoTermsInForce as error:
        raise Http404 from error
    return head, {"head": head, "contract": head.contract, "tab": tab, "room": "contracts"}


@require_safe
@insurer_only
def show_contract(request: InsurerRequest, contract_id: int) -> HttpResponse:
    """What the contract costs by month, how its people spread over the bands, what came in."""
    head, context = open_contract(request, contract_id, "overview")
    last = head.last_statement
    months = [MonthAmount(s.month, s.total) for s in reversed(head.statements)]
    notices = NoticeRecord.objects.filter(contract=head.contract)
    context |= {
        "months": months,
        "chart": draw_months(months),
        "bands": list_band_shares(last, head.tariff) if last and head.tariff.bands else [],
        "open_notices": notices.filter(status=NoticeStatus.NEEDS_CLERK.value).count(),
        "notices": notices.order_by("-received_at", "-pk")[:_LAST_NOTICES],
    }
    return render(request, "portal/insurer/contract/overview.html", context)


@require_safe
@insurer_only
def list_people(request: InsurerRequest, contract_id: int) -> HttpResponse:
    """The people of a contract, found by name or personnel number."""
    head, context = open_contract(request, contract_id, "people")
    wanted = read_people_filter(request)
    day = max(request.access.today, head.contract.period.first_day)
    people = filter_people(head.contract, wanted, day)
    page, rows = page_of_people(
        people, page=request.GET.get("page", 1), day=day, tariff=head.tariff
    )
    is_insured = wanted.show == "insured"
    context |= {
        "wanted": wanted,
        "page": page,
        "rows": rows,
        "sums": sum_people(head.contract, wanted, day=day, tariff=head.tariff)
        if is_insured
        else None,
    }
    return render(request, "portal/insurer/contract/people.html", context)


def read_people_filter(request: InsurerRequest) -> PeopleFilter:
    """What the address narrows the people to."""
    show = request.GET.get("show", "insured")
    text = request.GET.get("q", "").strip()[:80]
    return PeopleFilter(text=text, show=show if show in _SHOWS else "insured")


@require_safe
@insurer_only
def list_contract_statements(request: InsurerRequest, contract_id: int) -> HttpResponse:
    """The posted statements of a contract, newest first."""
    head, context = open_contract(request, contract_id, "statements")
    page = page_of_statements(list_statements(head.contract), request.GET.get("page", 1))
    return render(request, "portal/insurer/contract/statements.html", {**context, "page": page})


@require_safe
@insurer_only
def show_agreement(request: InsurerRequest, contract_id: int) -> HttpResponse:
    """Terms with their dates, mandate, and which end a cancellation received today would have."""
    head, context = open_contract(request, contract_id, "agreement")
    today = request.access.today
    context |= {
        "changes": list_mandate_changes(head.contract),
        "mandates": Mandate.objects.filter(contract=head.contract).order_by("-period"),
        "cancellations": head.contract.cancellations.select_related("recorded_by").order_by("pk"),
        "effect": None
        if head.state is ContractState.ENDED
        else preview_cancellation(contract=head.contract, received=today),
    }
    return render(request, "portal/insurer/contract/agreement.html", context)


@require_safe
@insurer_only
def show_parties(request: InsurerRequest, contract_id: int) -> HttpResponse:
    """Broker and authority, users of the employer, application, files and work items."""
    head, context = open_contract(request, contract_id, "parties")
    context |= {
        "parties": get_parties(head.contract, request.access.today),
        "application": getattr(head.contract, "application", None),
    }
    return render(request, "portal/insurer/contract/parties.html", context)
