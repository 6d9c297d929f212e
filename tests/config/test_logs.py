"""Logs say what happened and never to whom."""

import io
import json
import logging
import logging.config
from base64 import b64encode
from collections.abc import Iterator

import psycopg
import pytest
import structlog
from django.conf import settings
from django.db import IntegrityError, connection

from aupolicy.kernel.api_keys import make_client_secret, make_key
from config.logs import configure_logs

PERSON = "Erika Mustermann"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Production's logs, caught."""
    stream = io.StringIO()
    configuration = configure_logs(readable=False, level="INFO")
    configuration["handlers"]["stderr"]["stream"] = stream
    logging.config.dictConfig(configuration)
    yield stream
    structlog.reset_defaults()
    logging.config.dictConfig(settings.LOGGING)


def test_a_line_is_json_with_time_level_and_source(log: io.StringIO) -> None:
    structlog.get_logger("billing.tasks").info("slice filled", run=7, rows=2000)
    line = json.loads(log.getvalue())
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "slice filled",
        "level": "info",
        "logger": "billing.tasks",
        "run": 7,
        "rows": 2000,
    }


def test_personal_data_is_removed(log: io.StringIO) -> None:
    structlog.get_logger("members").warning("refused", row=14, last_name="Öztürk", pay="2400.00")
    line = json.loads(log.getvalue())
    assert (line["row"], line["last_name"], line["pay"]) == (14, "[removed]", "[removed]")


@pytest.mark.parametrize("secret", [make_key().text, make_client_secret()])
def test_keys_and_secrets_of_programs_are_removed(log: io.StringIO, secret: str) -> None:
    basic = b64encode(f"id:{secret}".encode()).decode()
    structlog.get_logger("api").warning("odd", header=f"Bearer {secret}", other=f"Basic {basic}")
    try:
        int(f"{secret} of role bau_web")
    except ValueError:
        logging.getLogger("django.request").exception("failed with %s", secret)
    written = log.getvalue()
    assert secret[-20:] not in written
    assert basic not in written
    assert "bau_web" in written


@pytest.mark.django_db
@pytest.mark.parametrize("through", ["structlog", "logging"])
def test_a_refused_row_is_not_repeated(log: io.StringIO, through: str) -> None:
    insert, row = "INSERT INTO people VALUES (%s)", [PERSON]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE people (name text UNIQUE)")
        cursor.execute(insert, row)
        try:
            cursor.execute("SAVEPOINT before")
            cursor.execute(insert, row)
        except IntegrityError:
            if through == "structlog":
                structlog.get_logger("members").exception("row refused")
            else:
                logging.getLogger("django.request").exception("row refused")
        cursor.execute("ROLLBACK TO SAVEPOINT before")
    line = json.loads(log.getvalue())
    assert psycopg.errors.UniqueViolation.__name__ in line["exception"]
    assert PERSON not in log.getvalue()
