"""Every change leaves who, when and what behind, however it was made, and nobody edits that."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from aupolicy.kernel.period import Period
from aupolicy.models import Employer, GroupContract, User
from aupolicy.operations.acting import name_actor

pytestmark = pytest.mark.django_db


def _events(model: str) -> Any:
    app = "billing" if model.startswith(("Bookkeeping", "Mandate", "Payroll")) else "aupolicy"
    return apps.get_model(app, f"{model}Event")


def _employer() -> Employer:
    return Employer.objects.create(
        legal_name="Muster GmbH", street="Hauptstraße", postal_code="50667", town="Köln"
    )


def test_create_change_and_delete_are_kept_with_the_person() -> None:
    anna = User.objects.create_user("anna", first_name="Anna", last_name="Amt")
    name_actor(anna)
    employer = _employer()
    employer.town = "Bonn"
    employer.save()
    employer.delete()
    events = _events("Employer").objects.order_by("pgh_id")
    kept = list(events.values_list("pgh_label", "town", "pgh_context__user"))
    assert kept == [
        ("insert", "Köln", anna.pk),
        ("update", "Bonn", anna.pk),
        ("delete", "Bonn", anna.pk),
    ]
    assert events[0].pgh_context["name"] == "Anna Amt"


def test_bulk_changes_and_plain_sql_are_kept_too() -> None:
    employer = _employer()
    Employer.objects.update(town="Aachen")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE aupolicy_employer SET town = 'Essen' WHERE id = %s", [employer.pk])
    towns = _events("Employer").objects.order_by("pgh_id").values_list("town", flat=True)
    assert list(towns) == ["Köln", "Aachen", "Essen"]


def test_saving_the_same_values_leaves_nothing() -> None:
    employer = _employer()
    employer.save()
    assert _events("Employer").objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_actor_ends_with_the_transaction_that_named_them() -> None:
    with transaction.atomic():
        name_actor(User.objects.create_user("anna"))
        _employer()
    _employer()
    actors = _events("Employer").objects.order_by("pgh_id").values_list("pgh_context__name")
    assert list(actors) == [("anna",), (None,)]


def test_a_sign_in_and_a_new_password_are_no_history() -> None:
    user = User.objects.create_user("bert", password="constructed-for-tests-only")
    fields = {field.name for field in _events("User")._meta.fields}
    assert fields.isdisjoint({"password", "last_login"})
    user.set_password("another-constructed-one")
    user.save()
    assert _events("User").objects.count() == 1


@pytest.mark.parametrize(
    "model",
    ["ApiClient", "ApiKey", "Application", "BookkeepingTarget", "Broker", "BrokerAuthority",
     "ContractVersion", "Employer", "Grant", "GroupContract", "Mandate", "MandateChange",
     "PayrollTarget", "User", "WorkItem"],
)  # fmt: skip
def test_every_tracked_table_has_its_history_and_it_is_append_only(model: str) -> None:
    table = _events(model)._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM pg_trigger WHERE tgrelid = %s::regclass"
            " AND tgname LIKE 'pgtrigger_append_only%%'",
            [table],
        )
        assert cursor.fetchone() == (1,)


def test_nobody_edits_or_deletes_what_was_kept() -> None:
    contract = GroupContract.objects.create(
        number="GV-1", employer=_employer(), period=Period(date(2026, 1, 1))
    )
    events = _events("GroupContract").objects.filter(pgh_obj=contract)
    for spoil in (lambda: events.update(number="GV-2"), events.delete):
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
            spoil()
    assert events.get().number == "GV-1"
