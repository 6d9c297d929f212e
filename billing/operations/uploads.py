"""Checking a file of notices: what each row would do, and what it costs."""

from datetime import datetime


def check_upload(*, upload_id: int, now: datetime) -> bool:
    """Write the preview of a received file; False where there is nothing to check (any more).

    Afterwards the file is CHECKED (rows and summary written), REFUSED (not readable: `problems`),
    or still RECEIVED with `problems` where its columns are not clear: then set_mapping is next.
    All in one transaction; nothing about insured people is written.

    `summary`: {"rows": 12, "outcomes": {"apply": 10, ...}, "kinds": {"JOIN": 3, ...} (of what is
    applied), "warnings": {code: count}, "errors": {code: count}, "effect": "125.30",
    "corrections": "12.00" (what of it is for months billed before), "month": "2026-12" (of the
    next statement), "people": 10 (whose premium changes), "notes": [problem, ...] (about the
    whole file), "changed_since_check": true (only where a release was given back)}.
    """
    raise NotImplementedError
