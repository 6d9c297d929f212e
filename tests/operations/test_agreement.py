"""Contracts, terms and cancellations."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from aupolicy.facts import Party
from aupolicy.kernel.file_store import FileStore
from aupolicy.kernel.period import Period
from aupolicy.models import (
    Cancellation,
    ContractVersion,
    Employer,
    Grant,
    GroupContract,
    Role,
    TariffSnapshot,
    User,
)
from aupolicy.operations import (
    Terms,
    UnableToAgree,
    agree_terms,
    give_grant,
    receive_cancellation,
    sign_contract,
    snapshot_tariff,
)
from aupolicy.queries import (
    ContractState,
    NoTermsInForce,
    UnknownTariff,
    get_contract_state,
    get_tariff,
    get_tariff_version,
    get_terms,
    has_role,
    preview_cancellation,
)

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
JAN = date(2026, 1, 1)


def sign(start: date = JAN, number: str = "T-1", **terms: object) -> GroupContract:
    employer = Employer.objects.create(
        legal_name="Beispiel GmbH", street="Weg", postal_code="12345", town="Ort"
    )
    agreed = Terms(**({"tariff_key": "bau-2016"} | terms))  # type: ignore[arg-type]
    return sign_contract(number=number, employer=employer, broker=None, start=start, terms=agreed)


def cancel(contract: GroupContract, received_at: datetime, document: bytes = b"x") -> Cancellation:
    return receive_cancellation(
        contract=contract,
        party=Party.POLICYHOLDER,
        received_at=received_at,
        document_name="../kuendigung.pdf",
        document=document,
    )


def test_a_cancellation_ends_the_contract_and_keeps_the_paper() -> None:
    contract = sign()
    # 30 November, late in the evening in Berlin: still the last day.
    found = cancel(contract, datetime(2026, 11, 30, 23, 59, tzinfo=BERLIN), b"Hiermit ...")
    contract.refresh_from_db()
    assert (found.end, found.in_time) == (date(2026, 12, 31), True)
    assert contract.period == Period(JAN, date(2026, 12, 31))
    assert FileStore(Path(settings.FILES_ROOT)).get(found.document_sha256) == b"Hiermit ..."
    assert found.document_name == "kuendigung.pdf"


def test_the_preview_says_what_a_cancellation_today_would_do() -> None:
    contract = sign()
    effect = preview_cancellation(contract=contract, received=date(2026, 12, 1))
    assert (effect.end, effect.in_time, effect.deadline) == (
        date(2027, 12, 31),
        False,
        date(2026, 11, 30),
    )
    found = cancel(contract, datetime(2026, 12, 1, 0, 0, tzinfo=BERLIN))
    assert (found.end, found.in_time) == (effect.end, effect.in_time)


def test_a_second_cancellation_may_shorten_and_never_lengthens() -> None:
    contract = sign()
    cancel(contract, datetime(2026, 12, 15, 9, tzinfo=BERLIN))
    second = cancel(contract, datetime(2027, 1, 5, 9, tzinfo=BERLIN))
    assert second.end == date(2027, 12, 31)
    with pytest.raises(UnableToAgree) as caught:
        cancel(contract, datetime(2028, 1, 5, 9, tzinfo=BERLIN))
    assert caught.value.code == "CONTRACT_ENDED"


def test_a_cancellation_without_a_paper_is_refused_and_changes_nothing() -> None:
    contract = sign()
    with pytest.raises(UnableToAgree) as caught:
        cancel(contract, datetime(2026, 6, 1, tzinfo=BERLIN), b"")
    contract.refresh_from_db()
    assert (caught.value.code, contract.period.last_day) == ("NO_DOCUMENT", None)


def test_a_cancellation_on_record_is_never_changed() -> None:
    found = cancel(sign(), datetime(2026, 6, 1, tzinfo=BERLIN))
    with pytest.raises(DatabaseError), transaction.atomic():
        Cancellation.objects.filter(pk=found.pk).update(end=date(2030, 1, 1))
    with pytest.raises(DatabaseError), transaction.atomic():
        found.delete()


def test_states() -> None:
    contract = sign()
    assert get_contract_state(contract, date(2025, 12, 31)) is ContractState.AGREED
    assert get_contract_state(contract, JAN) is ContractState.IN_FORCE
    contract.period = Period(JAN, date(2026, 12, 31))
    assert get_contract_state(contract, date(2026, 12, 31)) is ContractState.CANCELLED
    assert get_contract_state(contract, date(2027, 1, 1)) is ContractState.ENDED


def test_new_terms_leave_earlier_days_alone() -> None:
    contract = sign()
    agree_terms(contract=contract, first_day=date(2026, 7, 1), terms=Terms("percent-2026"))
    assert get_tariff_version(contract, date(2026, 6, 30)).key == "bau-2016"
    assert get_tariff_version(contract, date(2026, 7, 1)).key == "percent-2026"
    for day, code in [(date(2026, 8, 15), "NOT_FIRST_OF_MONTH"), (JAN, "TERMS_ALREADY_FOLLOW")]:
        with pytest.raises(UnableToAgree) as caught:
            agree_terms(contract=contract, first_day=day, terms=Terms("bau-2016"))
        assert caught.value.code == code


def test_the_database_refuses_overlapping_terms() -> None:
    contract = sign()
    with pytest.raises(DatabaseError, match="contract_version_no_overlap"), transaction.atomic():
        ContractVersion.objects.create(
            contract=contract, period=Period(date(2026, 5, 1)), tariff_key="bau-2016"
        )


def test_terms_that_cannot_be() -> None:
    with pytest.raises(UnknownTariff) as unknown:
        sign(tariff_key="gold")
    assert "bau-2016" in unknown.value.params["known"]
    with pytest.raises(UnableToAgree) as early:
        sign(start=date(2016, 7, 1))
    assert early.value.code == "TARIFF_NOT_IN_FORCE"
    with pytest.raises(ValidationError):
        sign(collection_day=29)
    with pytest.raises(NoTermsInForce):
        get_terms(sign(number="T-2"), date(2025, 1, 1))


def test_a_tariff_is_kept_as_applied_once_and_for_good() -> None:
    version = get_tariff("bau-2016").versions[0]
    first, second = snapshot_tariff(version), snapshot_tariff(version)
    assert first == second
    assert first.content["bands"][0]["premium"]["value"] == "6.80"
    with pytest.raises(DatabaseError), transaction.atomic():
        TariffSnapshot.objects.filter(pk=first.pk).update(content={})


def test_a_grant_counts_from_its_day_and_is_given_once() -> None:
    user = User.objects.create(username="clerk")
    give_grant(user=user, role=Role.CLERK, first_day=JAN)
    give_grant(user=user, role=Role.CLERK, first_day=date(2026, 5, 1))
    assert Grant.objects.count() == 1
    assert has_role(user, {Role.CLERK}, JAN)
    assert not has_role(user, {Role.CLERK}, date(2025, 12, 31))
    assert not has_role(user, {Role.AUDITOR}, JAN)
