"""The rules for debits that come back, shipped and the insurer's own."""

from functools import cache

from billing.facts.reactions import MandateEffect, NextStep, Occurrence, Reaction, ReactionTable
from billing.models import ReturnReaction
from billing.parsing.reactions import parse_reactions


@cache
def get_shipped_reactions() -> ReactionTable:
    """The rules that come with the product."""
    return parse_reactions()


def list_own_reactions() -> list[Reaction]:
    """The insurer's own rules in the order they were recorded."""
    return [as_reaction(row) for row in ReturnReaction.objects.order_by("pk")]


def as_reaction(row: ReturnReaction) -> Reaction:
    """A recorded rule as a value."""
    return Reaction(
        code=row.code,
        occurrence=Occurrence(row.occurrence),
        valid_from=row.valid_from,
        mandate_effect=MandateEffect(row.mandate_effect),
        next_step=NextStep(row.next_step),
        retry_after_days=row.retry_after_days,
        charge_fee=row.charge_fee,
        source="insurer",
        own=True,
    )
