"""The audit trail: who changed what from what to what, in words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from pghistory.models import Event

from aupolicy.facts.machine import ApiScope, WebhookTopic
from aupolicy.models import ApiKey, Broker, Employer, Role, User, WorkItem
from aupolicy.operations import give_authority, give_grant
from aupolicy.operations.acting import name_actor
from aupolicy.operations.machines import MadeKey, create_client, create_key, create_oauth
from aupolicy.operations.work import close_work
from billing.models import Mandate, PayrollTarget
from documents.models import WebhookEndpoint
from documents.operations.webhooks import create_endpoint
from portal.queries.insurer import history
from portal.queries.insurer.history_sources import TRACKED
from portal.templatetags.history import change_field
from tests.portal.conftest import Insurer


def _texts(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ")


def test_a_change_shows_person_old_and_new(insurer: Insurer, clerk: Client) -> None:
    employer = insurer.world.contract.employer
    name_actor(insurer.people["clerk"])
    employer.town = "Hannover"
    employer.save()
    html = _texts(clerk, f"/history/employer/{employer.pk}/")
    assert "Arbeitgeber geändert" in html
    assert "<del>Wolfsburg</del> → <ins>Hannover</ins>" in html
    assert "Jana Petersen" in html


def test_a_contract_shows_terms_mandates_and_posted_statements(
    insurer: Insurer, clerk: Client
) -> None:
    contract = insurer.world.contract
    html = _texts(clerk, f"/history/contract/{contract.pk}/")
    assert "Gruppenversicherungsvertrag angelegt" in html
    assert "Vertragsstand angelegt" in html
    assert "SEPA-Mandat angelegt" in html
    assert "gebucht:" in html


def test_a_period_that_ends_is_told_in_days(insurer: Insurer, clerk: Client) -> None:
    mandate = Mandate.objects.get(contract=insurer.world.contract)
    last = insurer.world.today + timedelta(days=1)
    first = mandate.period.first_day
    mandate.period = type(mandate.period)(first, last)
    mandate.save()
    html = _texts(clerk, f"/history/contract/{mandate.contract_id}/?kind=money")
    assert f"<ins>{first:%d.%m.%Y} bis {last:%d.%m.%Y}</ins>" in html


def test_rights_show_names_instead_of_keys(insurer: Insurer, clerk: Client) -> None:
    employer, broker = insurer.world.contract.employer, Broker.objects.earliest("pk")
    give_authority(employer=employer, broker=broker, right=None, first_day=insurer.world.today)
    html = _texts(clerk, f"/history/employer/{employer.pk}/?kind=rights")
    assert broker.legal_name in html
    assert "Vollmacht" in html
    of_broker = _texts(clerk, f"/history/broker/{broker.pk}/")
    assert employer.legal_name in of_broker


def test_a_user_shows_rights_and_work_done(insurer: Insurer, clerk: Client) -> None:
    user = User.objects.create_user("neu", first_name="Nora", last_name="Neu")
    give_grant(user=user, role=Role.CLERK, first_day=insurer.world.today)
    item = WorkItem.objects.filter(done_at=None).latest("pk")
    close_work(
        kind=WorkItem.Kind(item.kind), subjects=[item.subject], by=user,
        now=datetime(2026, 11, 1, tzinfo=UTC), note="fertig",
    )  # fmt: skip
    html = _texts(clerk, f"/history/user/{user.pk}/")
    assert "Benutzer angelegt" in html
    assert "Berechtigung angelegt" in html
    assert "Sachbearbeitung" in html
    assert "Aufgabe geändert" in html


def _connect(party: Employer | Broker, by: User) -> MadeKey:
    now = timezone.now()
    name_actor(by)
    client = create_client(
        name="Lohnprogramm Süd", party=party, scopes=[ApiScope.NOTICES_READ], by=by, now=now
    )
    return create_key(client=client, expires_at=now + timedelta(days=90), by=by, now=now)


def test_a_program_and_its_key_show_who_made_them(insurer: Insurer, clerk: Client) -> None:
    employer, owner = insurer.world.contract.employer, insurer.people["hr"]
    made = _connect(employer, owner)
    secret = create_oauth(client=made.key.client)
    html = _texts(clerk, f"/history/employer/{employer.pk}/?kind=rights")
    for shown in ("Anbindung angelegt", "Schlüssel angelegt", "Lohnprogramm Süd",
                  "Meldungen lesen", "Anmeldung mit OAuth", made.key.prefix,
                  owner.get_full_name()):  # fmt: skip
        assert shown in html
    kept = ApiKey.objects.get(pk=made.key.pk).secret_sha256
    for hidden in (made.text, kept, secret.text):
        assert hidden not in html


def test_a_broker_shows_its_own_programs_only(insurer: Insurer, clerk: Client) -> None:
    broker = Broker.objects.earliest("pk")
    made = _connect(broker, insurer.people["broker"])
    assert made.key.prefix in _texts(clerk, f"/history/broker/{broker.pk}/?kind=rights")
    employer = insurer.world.contract.employer
    assert made.key.prefix not in _texts(clerk, f"/history/employer/{employer.pk}/?kind=rights")


def test_an_address_of_a_program_shows_no_secret(
    insurer: Insurer, clerk: Client, settings: Any
) -> None:
    settings.WEBHOOKS_ALLOW_PRIVATE = True
    employer, owner = insurer.world.contract.employer, insurer.people["hr"]
    client = _connect(employer, owner).key.client
    made = create_endpoint(
        client=client, url="https://127.0.0.1:8443/hooks/constructed-token?key=constructed-key",
        topics=[WebhookTopic.NOTICE_APPLIED], by=owner, now=timezone.now(),
    )  # fmt: skip
    html = _texts(clerk, f"/history/employer/{employer.pk}/?kind=rights")
    assert "Empfangsadresse angelegt" in html
    assert "https://127.0.0.1:8443/…" in html
    assert "Meldung wirksam" in html
    sealed = WebhookEndpoint.objects.get(pk=made.endpoint.pk).secret_sealed
    for hidden in ("constructed-token", "constructed-key", made.secret, sealed):
        assert hidden not in html


def test_where_payroll_files_go_is_told_with_money(insurer: Insurer, clerk: Client) -> None:
    employer = insurer.world.contract.employer
    name_actor(insurer.people["hr"])
    PayrollTarget.objects.create(
        employer=employer, file_format="lodas", wage_type="4711", changed_at=timezone.now()
    )
    html = _texts(clerk, f"/history/employer/{employer.pk}/?kind=money")
    assert "Einstellungen der Lohndatei angelegt" in html
    assert "DATEV LODAS" in html
    assert "4711" in html


def test_it_is_narrowed_by_kind_and_day(insurer: Insurer, clerk: Client) -> None:
    address = f"/history/contract/{insurer.world.contract.pk}/"
    money = _texts(clerk, address + "?kind=money")
    assert "SEPA-Mandat angelegt" in money
    assert "Vertragsstand angelegt" not in money
    before = insurer.world.today - timedelta(days=4000)
    assert "Kein Eintrag" in _texts(clerk, f"{address}?to={before}")
    later = insurer.world.today + timedelta(days=400)
    assert "Kein Eintrag" in _texts(clerk, f"{address}?from={later}")


def test_a_long_history_has_pages(
    insurer: Insurer, clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PAGE_SIZE", 2)
    address = f"/history/contract/{insurer.world.contract.pk}/"
    first, second = (clerk.get(f"{address}?page={n}").context["entries"] for n in (1, 2))
    assert len(first) == len(second) == 2
    assert first[-1].at >= second[0].at
    assert "Ältere" in _texts(clerk, address)


def test_an_unknown_subject_is_no_page(insurer: Insurer, clerk: Client) -> None:
    assert clerk.get("/history/planet/1/").status_code == 404
    assert clerk.get("/history/contract/0/").status_code == 404


# Kept, but shown to nobody here, with the reason.
_LEFT_OUT = {
    "claims.AssistanceCase": "health of a person",
    "claims.AssistanceOrder": "health of a person",
    "claims.Certificate": "health of a person",
    "claims.Payee": "tells that a person draws a benefit",
    "claims.Reintegration": "health of a person",
    "claims.SickLeave": "health of a person",
}


def test_every_kept_table_is_shown_or_left_out_for_a_reason() -> None:
    histories: list[Any] = [model for model in apps.get_models() if issubclass(model, Event)]
    kept = {each.pgh_tracked_model._meta.label for each in histories}
    assert kept == set(TRACKED) | set(_LEFT_OUT)
    assert not set(TRACKED) & set(_LEFT_OUT)


def _tracked_models() -> list[type[Model]]:
    return [history._event_model(name) for name in TRACKED]


@pytest.mark.parametrize("model", _tracked_models(), ids=lambda model: model.__name__)
def test_every_field_has_an_english_name(model: type[Model]) -> None:
    same_in_both = {"IBAN", "BIC", "Betriebsnummer", "Status", "Name", "Format"}
    missing = []
    with override("en"):
        for field in model._meta.concrete_fields:
            if field.name.startswith("pgh_") or field.name in history._SILENT:
                continue
            german = change_field_in("de", field)
            if german == change_field(history.Change(field, None, None)):
                missing.append(german)
    assert set(missing) <= same_in_both


def change_field_in(language: str, field: object) -> str:
    with override(language):
        return change_field(history.Change(field, None, None))  # type: ignore[arg-type]
