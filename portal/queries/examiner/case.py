"""One claim: the row that every page of it needs."""

from django.shortcuts import get_object_or_404

from claims.models import Claim


def get_claim(claim_id: int) -> Claim:
    """The claim of an address with its person, contract, employer and examiner, else 404."""
    claims = Claim.objects.select_related("person", "contract__employer", "examiner", "joined_to")
    return get_object_or_404(claims, pk=claim_id)
