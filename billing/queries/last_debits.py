"""What became of earlier debits, as far as it decides about the next one."""

from collections.abc import Iterable, Sequence

from django.db.models.functions import Coalesce

from billing.facts.debit import Amendment, Scheme
from billing.facts.mandate import MandateState
from billing.models import CollectionItem, Mandate, OpenItem
from billing.rules.mandate_amendment import find_amendment

_ENDED = CollectionItem.Ended


def find_returned_debits(items: Sequence[OpenItem]) -> dict[int, CollectionItem]:
    """Of each open item its latest debit, if the bank rejected or returned that one.

    A debit of a discarded file never reached a bank and does not count.
    """
    came_back = CollectionItem.objects.filter(
        open_item__in=[item.pk for item in items],
        ended_how__in=[_ENDED.REJECTED, _ENDED.RETURNED],
    )
    debits = came_back.select_related("returned_debit", "mandate").order_by("attempt")
    return {debit.open_item_id: debit for debit in debits}


def find_amendments(mandates: Iterable[Mandate]) -> dict[int, Amendment]:
    """What the next debit under each version of a mandate tells the bank, by version.

    Only mandates with later versions are looked at: of the first there is nothing to tell.
    """
    changed = {mandate.original_id: mandate for mandate in mandates if mandate.original_id}
    if not changed:
        return {}
    whose = Coalesce("mandate__original_id", "mandate_id")
    accepted = (
        CollectionItem.objects.filter(collection__released_at__isnull=False)
        .exclude(ended_how__in=[_ENDED.REJECTED, _ENDED.DISCARDED])
        .annotate(whose=whose)
        .filter(whose__in=changed)
        .order_by("whose", "-collection__due_date", "-pk")
        .distinct("whose")
        .select_related("mandate")
    )
    found = {}
    for debit in accepted:
        mandate = changed[debit.whose]
        amendment = find_amendment(last_accepted=_state(debit.mandate), now=_state(mandate))
        if amendment is not None:
            found[mandate.pk] = amendment
    return found


def _state(mandate: Mandate) -> MandateState:
    return MandateState(
        reference=mandate.reference,
        creditor_identifier=mandate.creditor_identifier,
        creditor_name=mandate.creditor_name,
        iban=mandate.iban,
        scheme=Scheme(mandate.scheme),
    )
