"""Who acts: told to the database, whose triggers write it beside every change."""

import json

from django.db import connection

from aupolicy.models import ApiClient, User

# What the triggers of aupolicy.models.history read. Set by hand: the library's own way puts it
# before each statement, which statements composed of parts and named cursors do not bear.
_SETTING = "pghistory.context_metadata"


def name_actor(user: User) -> None:
    """Changes until the end of the transaction are this person's, in savepoints too."""
    _name({"user": user.pk, "name": user.get_full_name() or user.get_username()})


def name_program(client: ApiClient) -> None:
    """Changes until the end of the transaction are this program's, in savepoints too."""
    _name({"program": client.pk, "name": client.name})


def _name(actor: dict[str, int | str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [_SETTING, json.dumps(actor)])
