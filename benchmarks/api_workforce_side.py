"""One side of `benchmarks.api_workforce` in a process of its own; prints one line of JSON."""

import importlib
import json
import resource
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import django
from django.db import connection

PEOPLE = """
SELECT p.personnel_number, p.first_name, p.last_name, p.birth_date, i.amount
FROM members_membership m JOIN members_person p ON p.id = m.person_id
JOIN members_insuredpay i ON i.membership_id = m.id AND i.period @> %(day)s::date
WHERE m.period @> %(day)s::date
"""


def main(side: str, path: str, day: str) -> None:
    """Measure, and tell."""
    django.setup()
    content = Path(path).read_bytes()
    found = run_peer(content, date.fromisoformat(day)) if side == "peer" else run_product(content)
    found["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    found["bytes"] = len(content)
    sys.stdout.write("\n" + json.dumps(found) + "\n")


def run_peer(content: bytes, day: date) -> dict[str, Any]:
    """The values of the JSON, and the people as Python values."""
    connection.ensure_connection()
    begin = time.perf_counter()
    body = json.loads(content)
    parsed = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, {"day": day})
        rows = cursor.fetchall()
    end = time.perf_counter()
    return {
        "seconds": end - begin,
        "parsing": parsed - begin,
        "reading": end - parsed,
        "counts": [len(body["people"]), len(rows)],
    }


def run_product(content: bytes) -> dict[str, Any]:
    """The request through the whole gate, then the task as a warm worker runs it."""
    send, work, find = _prepare()
    # A process that has answered before: everything is imported, read and connected.
    send(b'{"people": []}')
    begin = time.perf_counter()
    job = send(content)
    answered = time.perf_counter()
    work(job["id"])
    end = time.perf_counter()
    return {
        "seconds": end - begin,
        "request": answered - begin,
        "work": end - answered,
        "found": find(job["id"]),
    }


def _prepare() -> tuple[Any, Any, Any]:
    """The product's entry points; only now can they be imported."""
    machines = importlib.import_module("aupolicy.operations.machines")
    scopes = importlib.import_module("aupolicy.facts.machine").ApiScope
    models = importlib.import_module("aupolicy.models")
    importlib.import_module("aupolicy.queries").tariffs()
    rows = importlib.import_module("api.models").JobRow
    tasks = importlib.import_module("api.tasks")
    now = datetime.now(UTC)
    client = machines.create_client(
        name="Lohnprogramm", party=models.Employer.objects.get(), scopes=tuple(scopes), by=None,
        now=now,
    )  # fmt: skip
    key = machines.create_key(client=client, expires_at=now + timedelta(days=1), by=None, now=now)
    http = importlib.import_module("django.test").Client()
    # The measurement works the job itself, at once.
    tasks.work_job.delay = lambda _job_id: None

    def send(content: bytes) -> Any:
        headers = {"authorization": f"Bearer {key.text}"}
        answer = http.put(
            "/api/v1/workforce", content, content_type="application/json", headers=headers
        )
        return answer.json()

    def find(job_id: str) -> list[list[str]]:
        found = rows.objects.filter(job_id=job_id, outcome="apply")
        return [list(row) for row in found.values_list("kind", "personnel_number")]

    return send, tasks.work_job, find


if __name__ == "__main__":
    main(*sys.argv[1:])
