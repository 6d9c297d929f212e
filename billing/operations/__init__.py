"""Everything that changes what is owed and collected."""

from billing.operations.collect import UnableToCollect, create_collections
from billing.operations.fill_run import fill_slice
from billing.operations.post_run import post_run, request_posting
from billing.operations.run import UnableToStartRun, discard_run, start_run

__all__ = [
    "UnableToCollect",
    "UnableToStartRun",
    "create_collections",
    "discard_run",
    "fill_slice",
    "post_run",
    "request_posting",
    "start_run",
]
