"""One side of `benchmarks.upload_preview` in a process of its own; prints one line of JSON."""

import importlib
import json
import os
import resource
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import django
from python_calamine import CalamineWorkbook


def main(side: str, kind: str, path: str) -> None:
    """Measure, and tell."""
    found = run_calamine(Path(path)) if side == "calamine" else run_product(kind, Path(path))
    for key, who in (("megabytes", resource.RUSAGE_SELF),
                     ("megabytes_of_children", resource.RUSAGE_CHILDREN)):  # fmt: skip
        found[key] = resource.getrusage(who).ru_maxrss // 1024
    sys.stdout.write(json.dumps(found))


def read_cpu() -> float:
    """Processor seconds of this process and of those it waited for; the database's are apart."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def run_calamine(path: Path) -> dict[str, Any]:
    """Python values of all cells."""
    begin, cpu = time.perf_counter(), read_cpu()
    with CalamineWorkbook.from_path(str(path)) as workbook:
        rows = workbook.get_sheet_by_index(0).to_python()
    seconds, cpu = time.perf_counter() - begin, read_cpu() - cpu
    return {"seconds": seconds, "cpu": cpu, "rows": len(rows)}


def run_product(kind: str, path: Path) -> dict[str, Any]:
    """The preview of a received file, by the product's entry points, as a warm worker makes it."""
    django.setup()
    # Only now can the product be imported.
    facts = importlib.import_module("members.facts")
    uploads = importlib.import_module("members.operations.uploads")
    check = importlib.import_module("billing.operations.uploads").check_upload
    models = importlib.import_module("members.models")
    contract = importlib.import_module("aupolicy.models").GroupContract.objects.get()
    importlib.import_module("aupolicy.queries").tariffs()
    now = datetime(2026, 12, 3, 9, tzinfo=UTC)
    upload = uploads.receive_upload(
        contract=contract,
        kind=facts.UploadKind(kind.upper()),
        file_name=path.name,
        content=path.read_bytes(),
        effective=date(2026, 12, 1),
        sender=None,
        now=now,
    )
    begin, cpu = time.perf_counter(), read_cpu()
    check(upload_id=upload.pk, now=now)
    seconds, cpu = time.perf_counter() - begin, read_cpu() - cpu
    upload.refresh_from_db()
    summary = upload.summary
    models.UploadRow.objects.filter(upload=upload).delete()
    upload.delete()
    return {
        "seconds": seconds,
        "cpu": cpu,
        "kinds": summary["kinds"],
        "effect": summary["effect"],
        "digest": summary["digest"],
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
