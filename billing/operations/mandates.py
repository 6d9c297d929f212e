"""Recording SEPA mandates and their later versions."""

from datetime import UTC, date, datetime, time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from aupolicy.kernel.file_store import FileStore
from aupolicy.kernel.identifiers import (
    bic_of,
    parse_creditor_identifier,
    parse_iban,
    parse_mandate_reference,
)
from aupolicy.kernel.period import ONE_DAY, Period
from aupolicy.models import GroupContract, User
from billing.facts.debit import Creditor, Scheme
from billing.facts.mandate import SignatureProof
from billing.models import Mandate, MandateChange, MandateSignature, MandateStop
from billing.queries.creditor import get_creditor
from billing.rules.mandate_amendment import names_creditor

_HOW = MandateSignature.How


class UnableToAmendMandate(ValueError):
    """A version that cannot follow another: `code` is NOT_LATEST or NOTHING_CHANGES."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def record_mandate(
    *,
    contract: GroupContract,
    creditor_identifier: str,
    reference: str,
    signed_on: date,
    account_holder: str,
    iban: str,
    scheme: Scheme = Scheme.CORE,
    b2b_confirmed_on: date | None = None,
    has_signature: bool = False,
) -> Mandate:
    """Record a signed mandate; IBAN, creditor identifier and reference are checked.

    Unless `has_signature`, whose proof the caller then records, it counts as one that came signed
    with the contract. Raises UnableToReadIdentifier, and ValidationError where the contract has a
    mandate already.
    """
    parsed_iban = parse_iban(iban)
    mandate = Mandate(
        contract=contract,
        creditor_identifier=parse_creditor_identifier(creditor_identifier),
        creditor_name=get_creditor().name[:70],
        reference=parse_mandate_reference(reference),
        scheme=scheme.value,
        signed_on=signed_on,
        account_holder=account_holder,
        iban=parsed_iban,
        bic=bic_of(parsed_iban) or "",
        b2b_confirmed_on=b2b_confirmed_on,
        period=Period(signed_on),
    )
    with transaction.atomic():
        GroupContract.objects.select_for_update(no_key=True).get(pk=contract.pk)
        if Mandate.objects.filter(contract=contract, period__contains=signed_on).exists():
            raise ValidationError("contract has a mandate", code="MANDATE_EXISTS")
        mandate.full_clean(validate_constraints=False)
        mandate.save()
        if not has_signature:
            MandateSignature.objects.create(
                contract=contract,
                mandate=mandate,
                how=_HOW.RECORDED,
                signed_on=signed_on,
                recorded_at=datetime.combine(signed_on, time(12), tzinfo=UTC),
            )
    return mandate


def record_signature(
    *, change: MandateChange, proof: SignatureProof, user: User, signed_on: date, now: datetime
) -> MandateSignature:
    """Keep the proof that somebody signed: the wording or the paper goes into the store."""
    store = FileStore(settings.FILES_ROOT)
    how = _HOW.DOCUMENT if proof.document else _HOW.TYPED
    return MandateSignature.objects.create(
        contract_id=change.contract_id,
        change=change,
        how=how,
        signed_on=signed_on,
        typed_name=proof.typed_name,
        wording_sha256=store.put(proof.wording.encode()) if proof.wording else "",
        document_name=proof.document_name,
        document_sha256=store.put(proof.document) if proof.document else "",
        recorded_at=now,
        ip_address=proof.ip_address,
        user=user,
    )


def amend_mandate(
    *,
    mandate: Mandate,
    first_day: date,
    user: User | None,
    now: datetime,
    iban: str | None = None,
    account_holder: str | None = None,
    creditor: Creditor | None = None,
) -> Mandate:
    """Give a mandate another account, holder or creditor: a version under the same reference.

    Its signature stays; the next debit tells the bank what changed. A new account lifts a
    suspension, and the debtor's bank must confirm a B2B mandate again. The version it follows
    keeps at least one day. Raises UnableToReadIdentifier and UnableToAmendMandate.
    """
    with transaction.atomic():
        GroupContract.objects.select_for_update(no_key=True).get(pk=mandate.contract_id)
        latest = Mandate.objects.filter(contract=mandate.contract_id).latest("period")
        if latest.pk != mandate.pk:
            raise UnableToAmendMandate("NOT_LATEST")
        later = _draft_version(latest, first_day, iban, account_holder, creditor)
        if _facts(later) == _facts(latest):
            raise UnableToAmendMandate("NOTHING_CHANGES")
        _end_before(latest, later.period.first_day)
        later.save()
        if later.iban != latest.iban:
            _lift(later, user, now)
    return later


def _draft_version(
    latest: Mandate,
    first_day: date,
    iban: str | None,
    account_holder: str | None,
    creditor: Creditor | None,
) -> Mandate:
    parsed = parse_iban(iban) if iban else latest.iban
    is_same_account = parsed == latest.iban
    return Mandate(
        contract_id=latest.contract_id,
        original_id=latest.original_id or latest.pk,
        version=latest.version + 1,
        creditor_identifier=creditor.identifier if creditor else latest.creditor_identifier,
        creditor_name=creditor.name[:70] if creditor else latest.creditor_name,
        reference=latest.reference,
        scheme=latest.scheme,
        signed_on=latest.signed_on,
        account_holder=account_holder or latest.account_holder,
        iban=parsed,
        bic=bic_of(parsed) or "",
        b2b_confirmed_on=latest.b2b_confirmed_on if is_same_account else None,
        period=Period(max(first_day, latest.period.first_day + ONE_DAY)),
    )


def _facts(version: Mandate) -> tuple[str, ...]:
    return (
        version.iban,
        version.account_holder,
        version.creditor_identifier,
        version.creditor_name,
    )


def _end_before(mandate: Mandate, day: date) -> None:
    if mandate.period.last_day is None or mandate.period.last_day >= day:
        mandate.period = Period(mandate.period.first_day, day - ONE_DAY)
        mandate.save(update_fields=["period"])


def _lift(version: Mandate, user: User | None, now: datetime) -> None:
    stops = MandateStop.objects.filter(
        mandate=version.original_id, kind=MandateStop.Kind.SUSPENDED, lifted_at=None
    )
    stops.update(lifted_at=now, lifted_by=user, lift_reason="Neue Bankverbindung")


def end_mandate(*, contract: GroupContract, today: date) -> date:
    """End the mandate in force, if there is one; returns the first day of the next one.

    A mandate counts for at least its first day, so one of today is followed tomorrow.
    """
    current = Mandate.objects.filter(contract=contract).order_by("-period").first()
    if current is None:
        return today
    first_day: date = max(today, current.period.first_day + ONE_DAY)
    _end_before(current, first_day)
    return first_day


def amend_creditor(*, creditor: Creditor, first_day: date) -> int:
    """Give every mandate in force a version that names the insurer as it is now called.

    Returns how many. Those that name it already stay as they are; a second call finds none.
    """
    with transaction.atomic():
        found = Mandate.objects.select_for_update(no_key=True).filter(period__endswith__isnull=True)
        changed = [mandate for mandate in found.order_by("pk") if _names_other(mandate, creditor)]
        later = [_draft_version(each, first_day, None, None, creditor) for each in changed]
        for former, version in zip(changed, later, strict=True):
            former.period = Period(former.period.first_day, version.period.first_day - ONE_DAY)
        Mandate.objects.bulk_update(changed, ["period"], batch_size=2_000)
        Mandate.objects.bulk_create(later, batch_size=2_000)
    return len(later)


def _names_other(mandate: Mandate, creditor: Creditor) -> bool:
    named = mandate.creditor_identifier
    is_named = names_creditor(named=named, creditor=creditor.identifier)
    return not is_named or mandate.creditor_name != creditor.name[:70]
