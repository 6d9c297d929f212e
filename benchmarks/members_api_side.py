"""One side of `benchmarks.api_members` in a process of its own; prints one line of JSON.

    python -m benchmarks.members_api_side key
    python -m benchmarks.members_api_side (product | peer) COUNT KEY

Both sides answer the same request through the same WSGI application with all of its middleware.
The peer is what a REST framework gives at once: a ModelSerializer with its related rows read
ahead, and pages by number. It is spared what the product does besides: no key, no row-level
security, no limits, no entity tags.
"""

import hashlib
import importlib
import io
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

PAGE = 100
WARM = 20
DAY = date(2026, 12, 1)
_PLACE = """
SELECT m.contract_id, m.person_id FROM members_membership m
JOIN aupolicy_groupcontract c ON c.id = m.contract_id AND c.period @> %s::date
WHERE m.period @> %s::date ORDER BY m.contract_id, m.person_id OFFSET %s LIMIT 1
"""
_COUNT = """
SELECT COUNT(*) FROM members_membership m
JOIN aupolicy_groupcontract c ON c.id = m.contract_id AND c.period @> %s::date
WHERE m.period @> %s::date
"""


def main(arguments: Sequence[str]) -> None:
    """Make a key, or measure a side."""
    django.setup()
    if arguments[0] == "key":
        print(make_key())
        return
    side, count, key = arguments[0], int(arguments[1]), arguments[2]
    settings.API_REQUESTS_A_MINUTE = 10_000_000
    if side == "peer":
        settings.ROOT_URLCONF = "benchmarks.members_api_peer"
    pages = max(ask_number(_COUNT) // PAGE, 1)
    first, last = PATHS[side](pages)
    print(json.dumps(measure(side, key, {"first": first, "last": last}, count)))


def make_key() -> str:
    """A key that may read the people of the only employer."""
    machines = importlib.import_module("aupolicy.operations.machines")
    scopes = importlib.import_module("aupolicy.facts.machine").ApiScope
    employer = importlib.import_module("aupolicy.models").Employer.objects.get()
    now = timezone.now()
    client = machines.create_client(
        name="Messung", party=employer, scopes=[scopes.MEMBERS_READ], by=None, now=now
    )
    made = machines.create_key(client=client, expires_at=now + timedelta(days=1), by=None, now=now)
    text: str = made.text
    return text


def ask_number(query: str) -> int:
    """How many people are insured on the day."""
    with connection.cursor() as cursor:
        cursor.execute(query, [DAY, DAY])
        return int(cursor.fetchone()[0])


def name_product_pages(pages: int) -> tuple[str, str]:
    """The first page, and the last full one by the cursor that leads to it."""
    write_cursor = importlib.import_module("api.parsing.cursor").write_cursor
    path = f"/api/v1/members?as_of={DAY}&limit={PAGE}"
    if pages == 1:
        return path, path
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, [DAY, DAY, (pages - 1) * PAGE - 1])
        place = list(cursor.fetchone())
    return path, f"{path}&cursor={write_cursor(place)}"


def name_peer_pages(pages: int) -> tuple[str, str]:
    """The same pages by number."""
    return f"/members?as_of={DAY}&page=1", f"/members?as_of={DAY}&page={pages}"


PATHS: dict[str, Callable[[int], tuple[str, str]]] = {
    "product": name_product_pages,
    "peer": name_peer_pages,
}


def measure(side: str, key: str, paths: dict[str, str], count: int) -> dict[str, Any]:
    """Median milliseconds of each page, how many queries it takes, and what it says."""
    ask = make_client(key)
    items = "items" if side == "product" else "results"
    found: dict[str, Any] = {"side": side}
    for path in paths.values():
        for _ in range(WARM):
            ask(path)
    seconds: dict[str, list[float]] = {name: [] for name in paths}
    cpu = time.process_time()
    for _ in range(count):
        for name, path in paths.items():
            begin = time.perf_counter()
            ask(path)
            seconds[name].append(time.perf_counter() - begin)
    found["cpu_milliseconds"] = (time.process_time() - cpu) / (2 * count) * 1000
    for name, path in paths.items():
        with CaptureQueriesContext(connection) as captured:
            body = json.loads(ask(path))
        told = json.dumps(body[items], sort_keys=True)
        found[name] = {
            "milliseconds": statistics.median(seconds[name]) * 1000,
            "queries": len(captured),
            "people": len(body[items]),
            "digest": hashlib.sha256(told.encode()).hexdigest(),
        }
    found["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def make_client(key: str) -> Callable[[str], bytes]:
    """What asks the application as a server does; an answer that is not 200 ends it."""
    application = get_wsgi_application()

    def ask(address: str) -> bytes:
        told: list[str] = []

        def start(status: str, _headers: Any, _error: Any = None) -> Callable[[bytes], object]:
            told.append(status)
            return lambda _body: None

        parts = urlsplit(address)
        environment = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_AUTHORIZATION": f"Bearer {key}",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
        }
        response = application(environment, start)
        body = b"".join(response)
        response.close()
        if not told[0].startswith("200"):
            raise RuntimeError(f"{address}: {told[0]} {body[:200]!r}")
        return body

    return ask


if __name__ == "__main__":
    main(sys.argv[1:])
