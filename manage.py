#!/usr/bin/env python
"""Django's command line; in development it brings the local services along."""

import os
import sys

from django.core.management import execute_from_command_line

from config.local.session import ensure_services


def main() -> None:
    """Run one management command, with PostgreSQL and Valkey started where they are missing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("BAU_ENV", "development")
    with ensure_services(sys.argv):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
