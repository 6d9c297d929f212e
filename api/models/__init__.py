"""What the API remembers: answers given, and jobs."""

from api.models.idempotency import GivenAnswer
from api.models.job import Job, JobRow

__all__ = ["GivenAnswer", "Job", "JobRow"]
