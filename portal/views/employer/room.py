"""What the pages of an employer's room share."""

from dataclasses import dataclass

from django.http import Http404

from aupolicy.models import GroupContract
from portal.queries.employer.contracts import choose_contract, list_contracts
from portal.views.access import EmployerRequest


@dataclass(frozen=True, slots=True)
class Room:
    """The contract a page is about, and the others of the employer."""

    contract: GroupContract
    contracts: list[GroupContract]


def find_room(request: EmployerRequest) -> Room | None:
    """The contract of the address (`contract`) or the one in force; None without any."""
    contracts = list_contracts(request.access.employer)
    wanted = request.GET.get("contract") or request.POST.get("contract", "")
    contract = choose_contract(contracts, request.access.today, wanted=wanted)
    return Room(contract, contracts) if contract else None


def open_room(request: EmployerRequest) -> Room:
    """The same for pages that make no sense without a contract: else 404."""
    room = find_room(request)
    if room is None:
        raise Http404
    return room
