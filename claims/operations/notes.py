"""Notes about a claim, without medical content."""

from datetime import datetime

from django.utils import timezone

from aupolicy.models import Role, User
from aupolicy.operations.fence import ALL, acting_within
from aupolicy.queries import has_role
from claims.models import Claim, ClaimNote
from claims.rules.wording import find_medical_text


class UnableToNote(ValueError):
    """A note that cannot be written like this; `code` says why.

    NOT_EXAMINER, TEXT_MISSING, MEDICAL_TEXT (it looks like health data and was not confirmed).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, str] = {}


def write_note(
    *, claim: Claim, text: str, user: User, now: datetime, confirmed: bool = False
) -> ClaimNote:
    """Add a note, for good. `confirmed`: whoever writes says that it holds no health data.

    Raises UnableToNote.
    """
    with acting_within(ALL):
        if not has_role(user, {Role.EXAMINER}, timezone.localdate(now)):
            raise UnableToNote("NOT_EXAMINER")
        if not text.strip():
            raise UnableToNote("TEXT_MISSING")
        looks_medical = bool(find_medical_text(text))
        if looks_medical and not confirmed:
            raise UnableToNote("MEDICAL_TEXT")
        return ClaimNote.objects.create(
            claim=claim, text=text.strip(), warned=looks_medical, written_by=user, written_at=now
        )
