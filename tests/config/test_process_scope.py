"""Who sees what from the start: the web server nothing, commands and workers everything."""

import subprocess
import sys

import pytest
from django.db import connection

from aupolicy.models import Employer
from aupolicy.operations.fence import ALL, acting_within
from tests.house.source import PROJECT

pytestmark = pytest.mark.django_db(transaction=True)
_ASK = """
from aupolicy.models import Employer, User
from aupolicy.operations.fence import ALL, acting_within
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT current_user")
    print(cursor.fetchone()[0], Employer.objects.count(), User.objects.count())
with acting_within(ALL):
    print(Employer.objects.count())
print(Employer.objects.count())
"""


def ask(first: str, env: dict[str, str]) -> list[str]:
    """What a program sees that begins like the web server, a worker or a command."""
    answered = subprocess.run(
        [sys.executable, "-c", first + _ASK],
        cwd=PROJECT, env=env, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return answered.stdout.split("\n")[:3]


@pytest.fixture
def employer() -> Employer:
    """An employer that every process could see."""
    return Employer.objects.create(
        legal_name="Beispiel GmbH", street="Weg", postal_code="12345", town="Ort"
    )


def test_the_web_server_sees_nothing_outside_of_a_gate(
    employer: Employer, process_env: dict[str, str]
) -> None:
    assert ask("import config.wsgi\n", process_env) == ["bau_web 0 0", "1", "0"]


@pytest.mark.parametrize(
    "first",
    ["import config.celery, django\ndjango.setup()\n", "import django\ndjango.setup()\n"],
)
def test_workers_and_commands_see_everything(
    first: str, employer: Employer, process_env: dict[str, str]
) -> None:
    assert ask(first, process_env) == ["bau 1 0", "1", "1"]


def test_roles_cannot_pass_row_level_security(employer: Employer) -> None:
    query = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname IN ('bau', 'bau_web')"
    with acting_within(ALL), connection.cursor() as cursor:
        cursor.execute(query)
        assert cursor.fetchall() == [(False,), (False,)]
