"""The audit trail: who changed what from what to what, in words."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Model
from django.test import Client
from django.utils.translation import override

from aupolicy.models import Broker, Role, User, WorkItem
from aupolicy.operations import give_authority, give_grant
from aupolicy.operations.acting import name_actor
from aupolicy.operations.work import close_work
from billing.models import Mandate
from portal.queries.insurer import history
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


def _tracked_models() -> list[type[Model]]:
    return [history._event_model(name) for name in history._TRACKED]


@pytest.mark.parametrize("model", _tracked_models(), ids=lambda model: model.__name__)
def test_every_field_has_an_english_name(model: type[Model]) -> None:
    same_in_both = {"IBAN", "BIC", "Betriebsnummer", "Status", "Name"}
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
