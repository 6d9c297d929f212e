"""docs/openapi.json is the description of now, and nothing that programs rely on went away."""

import copy
from typing import Any

from api.views.schema import make_description
from tests.contract.committed import ADDRESS, PATH, find_breaks, read, write


def test_the_committed_description_is_that_of_now() -> None:
    made = write(make_description(address=ADDRESS))
    assert PATH.read_text(encoding="utf-8") == made, "make schema writes it anew"


def test_what_would_break_programs_is_found() -> None:
    now = read()
    assert find_breaks(now, now) == []
    before: dict[str, Any] = copy.deepcopy(now)
    before["paths"]["/gone"] = {"get": before["paths"]["/me"]["get"]}
    limit = {"name": "page", "in": "query", "schema": {"type": "integer"}}
    before["paths"]["/notices"]["get"]["parameters"].append(limit)
    before["components"]["schemas"]["Me"]["properties"]["mood"] = {"type": "string"}
    before["components"]["schemas"]["NewNotice"]["required"].remove("effective")
    before["components"]["schemas"]["Notice"]["properties"]["pay"]["type"] = "integer"
    assert find_breaks(before, now) == [
        "GET /notices does not take page any more.",
        "GET /gone is gone.",
        "Me.mood is gone.",
        "NewNotice.effective is demanded.",
        "Notice.pay is of another type.",
    ]
