"""A test that commits leaves nothing to the next one."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection


@pytest.mark.django_db(transaction=True)
def test_rows_and_tables_of_runs_are_gone() -> None:
    get_user_model().objects.create_user("clerk")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE billing_premiumline_run (LIKE billing_premiumline)")
        cursor.execute(
            "CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'never'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER refuse BEFORE TRUNCATE ON aupolicy_user"
            " FOR EACH STATEMENT EXECUTE FUNCTION pg_temp.refuse()"
        )
    call_command("flush", interactive=False)
    assert not get_user_model().objects.exists()
    assert "billing_premiumline_run" not in connection.introspection.table_names()
    assert ContentType.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgenabled FROM pg_trigger WHERE tgname = 'refuse'")
        assert cursor.fetchall() == [("O",)]
        cursor.execute("DROP TRIGGER refuse ON aupolicy_user")
