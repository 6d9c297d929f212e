"""Bodies that hold a list, and beside it what counts for all of it."""

from collections.abc import Sequence
from typing import Any

from api.facts import Fault, Problem
from api.parsing.fields import Field, Reader


def read_list(
    body: Any, name: str, fields: Sequence[Field], *, most: int
) -> tuple[dict[str, Any], list[Any]]:
    """What is said of the list `name`, and its items as they were sent. Raises Problem (422)."""
    if type(body) is not dict or name not in body:
        raise Problem(422, "INVALID_BODY", faults=(Fault("MISSING", name),))
    items = body[name]
    found, faults = Reader(fields).read({key: body[key] for key in body if key != name})
    if type(items) is not list:
        faults.append(Fault("NOT_A_LIST", name))
    elif not items:
        faults.append(Fault("EMPTY", name))
    elif len(items) > most:
        faults.append(Fault("TOO_MANY", name, {"most": str(most)}))
    if faults:
        raise Problem(422, "INVALID_BODY", faults=tuple(faults))
    return found, items
