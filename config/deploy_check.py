"""A management command as production would run it, with an environment made up for it.

Without arguments it is Django's deployment check; building the image collects the static files.
"""

import base64
import os
import secrets
import subprocess
import sys
from pathlib import Path

from config.environment import DEVELOPMENT_INSURER

_PROJECT = Path(__file__).resolve().parents[1]
_DEPLOYMENT_CHECK = ("check", "--deploy", "--fail-level", "WARNING")
# Where things lie is the caller's business; who we are and what is secret is not.
_KEPT = ("PATH", "FILES_ROOT", "STATIC_ROOT")


def build_production_environment() -> dict[str, str]:
    """Return an environment production accepts: generated secrets, nobody's addresses."""
    insurer = {f"INSURER_{name.upper()}": value for name, value in DEVELOPMENT_INSURER.items()}
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {
        **kept,
        **insurer,
        "BAU_ENV": "production",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FIELD_ENCRYPTION_KEYS": f"check:{key}",
        "ALLOWED_HOSTS": "bau.example",
        "DATABASE_URL": "postgres://bau@127.0.0.1:9/bau",
        "EMAIL_URL": "smtp+tls://bau:secret@127.0.0.1:9",
        "PORTAL_URL": "https://bau.example",
        "REDIS_URL": "redis://127.0.0.1:9/0",
    }


def main() -> int:
    """Run the command of the arguments, or the deployment check; its warnings are failures."""
    command = [sys.executable, "manage.py", *(sys.argv[1:] or _DEPLOYMENT_CHECK)]
    return subprocess.run(
        command, cwd=_PROJECT, env=build_production_environment(), check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
