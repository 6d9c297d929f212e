"""Computing a claim anew after its papers changed: what the page says is what happens."""

from decimal import Decimal

from django.test import Client
from django.utils import timezone

from aupolicy.kernel.money import total
from claims.models import BenefitSlice, Certificate, Claim
from claims.operations.leaves import withdraw_certificate
from tests.portal.conftest import Insurer


def _owed(claim: Claim) -> Decimal:
    slices = BenefitSlice.objects.filter(claim=claim, cancelled_at=None)
    return total(slices.values_list("amount", flat=True))


def test_a_withdrawn_certificate_is_announced_and_computed_with_a_reason(
    insurer: Insurer, claims: dict[str, Claim], examiner: Client, auditor: Client
) -> None:
    claim = claims["evidence_missing"]
    address, compute = (f"/claims/{claim.pk}/payments/{page}" for page in ("", "compute/"))
    assert examiner.get(compute).context["recompute"] is None
    # The certificate that covers the last month with benefit goes.
    last = BenefitSlice.objects.filter(claim=claim, cancelled_at=None).latest("month")
    paper = Certificate.objects.filter(
        sick_leave__claim=claim, period__contains=last.payable[-1].last_day
    ).latest("pk")
    before = _owed(claim)
    withdraw_certificate(certificate=paper, user=insurer.people["examiner"], now=timezone.now())
    plan = examiner.get(compute).context["recompute"]
    assert plan is not None
    assert plan.difference < 0
    assert "Jetzt neu berechnen" in examiner.get(compute).content.decode()
    assert auditor.post(compute, {"reason": "x"}).status_code == 403
    # Without a reason, and with one that tells of an illness, nothing happens.
    for reason in ("", "Verdacht auf F32.1"):
        examiner.post(compute, {"reason": reason})
        assert _owed(claim) == before
    examiner.post(compute, {"reason": "Bescheinigung gehörte zu jemand anderem"})
    assert examiner.get(compute).context["recompute"] is None
    after = examiner.get(address).context
    assert after["owed"] == _owed(claim) == before + plan.difference
    cancelled = BenefitSlice.objects.get(pk=last.pk)
    assert cancelled.cancel_reason == "Bescheinigung gehörte zu jemand anderem"
    assert cancelled.cancelled_by == insurer.people["examiner"]
