"""The web application as gunicorn and `runserver` load it."""

import os

from django.core.wsgi import get_wsgi_application
from django.db import connections

from aupolicy.facts.scope import BEGIN_AS_WEB

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("BAU_ENV", "production")


def _begin_as_web() -> None:
    """From now on a connection sees what the gate of a request allows, and before it nothing.

    Commands and workers never come here: they are the insurer's own and see every row.
    """
    connections.close_all()
    options = connections["default"].settings_dict["OPTIONS"]
    options["options"] = f"{options.get('options', '')} {BEGIN_AS_WEB}".strip()


application = get_wsgi_application()
_begin_as_web()
