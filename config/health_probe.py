"""Asks the web server of this container how it is: the container's health check."""

import os
import sys
import urllib.error
import urllib.request

_URL = "http://127.0.0.1:8000/healthz"
_TIMEOUT_SECONDS = 4


def main() -> int:
    """Return 0 if the server answers that all is well, else 1."""
    # Django answers only to its own names.
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    request = urllib.request.Request(_URL, headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310
            return 0 if answer.status == 200 else 1
    except (urllib.error.URLError, TimeoutError):
        return 1


if __name__ == "__main__":
    sys.exit(main())
