"""Pictures of claims: the examiner's pages, payouts, what the employer sees, the person's page."""

from collections.abc import Iterator, Mapping
from functools import partial

from django.utils import timezone
from playwright.sync_api import Page

from claims.facts import Channel
from claims.models import Claim
from claims.operations.claimant import check_account, give_account
from claims.operations.links import create_link, set_pin
from tests.portal.world import World
from tests.web.shots import NOBODY, Shot

_PIN = "480315"


def list_claims_shots(world: World, claims: Mapping[str, Claim]) -> Iterator[Shot]:
    """The pages of claims in the states that show them best."""
    paying, plan, refusal = claims["paying"], claims["plan"], claims["approval"]
    for name, address in (
        ("claims", "/claims/"),
        ("claim", f"/claims/{paying.pk}/"),
        ("claim-gap", f"/claims/{claims['gap'].pk}/"),
        ("claim-relapse", f"/claims/{claims['relapse'].pk}/"),
        ("claim-evidence", f"/claims/{plan.pk}/evidence/"),
        ("claim-decisions", f"/claims/{refusal.pk}/decisions/"),
        ("claim-grant", f"/claims/{claims['to_examine'].pk}/decisions/new/GRANT/"),
        ("claim-payments", f"/claims/{paying.pk}/payments/"),
        ("claim-requests", f"/claims/{claims['evidence_missing'].pk}/requests/"),
        ("claim-person", f"/claims/{paying.pk}/person/"),
        ("claim-medical", f"/claims/{paying.pk}/medical/"),
        ("claim-history", f"/claims/{paying.pk}/notes/"),
        ("benefit-runs", "/claims/runs/"),
        ("assistance", "/claims/assistance/"),
    ):
        yield Shot(name, address, "examiner")
    yield Shot("payouts", "/payouts/")
    room = f"/employers/{world.contract.employer_id}"
    yield Shot("employer-sick-leaves", f"{room}/sick-leaves/", "hr")
    yield Shot("employer-report", f"{room}/sick-leaves/new/", "hr")
    yield Shot("employer-assistance", f"{room}/assistance/", "hr")
    yield from _list_person_shots(paying)


def _list_person_shots(claim: Claim) -> Iterator[Shot]:
    now = timezone.now()
    given = give_account(
        claim=claim,
        holder=f"{claim.person.first_name} {claim.person.last_name}",
        iban="DE02120300000000202051",
        first_day=timezone.localdate(now),
        channel=Channel.PERSON,
        user=None,
        now=now,
    )
    decided = claim.decisions.latest("pk")
    check_account(payee=given, user=decided.decided_by, now=now)
    created = create_link(claim=claim, email="", language="de", user=None, now=now)
    set_pin(link=created.link, pin=_PIN, now=now)
    start = f"/my-claim/{created.token}/"
    yield Shot("my-claim-pin", start, NOBODY)
    for name, page in (
        ("my-claim", ""),
        ("my-claim-documents", "documents/"),
        ("my-claim-days", "days/"),
        ("my-claim-payments", "payments/"),
        ("my-claim-assistance", "assistance/"),
    ):
        yield Shot(name, start, NOBODY, partial(_open, address=page))


def _open(page: Page, *, address: str) -> None:
    """Type the PIN where it is asked for, then go to a page."""
    if page.get_by_label("Ihre PIN").count():
        page.get_by_label("Ihre PIN").fill(_PIN)
        page.get_by_role("button", name="Öffnen").click()
    start = page.url.split("/pin/")[0].rstrip("/")
    page.goto(f"{start}/{address}")
