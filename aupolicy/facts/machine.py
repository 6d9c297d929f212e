"""What programs of employers and brokers may do through the API."""

from enum import StrEnum


class ApiScope(StrEnum):
    """One thing that a key may do; a key has some of them."""

    NOTICES_WRITE = "notices:write"
    NOTICES_READ = "notices:read"
    MEMBERS_READ = "members:read"
    CONTRACTS_READ = "contracts:read"
    STATEMENTS_READ = "statements:read"
    CONFIRMATIONS_READ = "confirmations:read"
    PAYROLL_READ = "payroll:read"
    PAYROLL_WRITE = "payroll:write"
    SICK_LEAVES_WRITE = "sick-leaves:write"
    QUOTES_WRITE = "quotes:write"


class WebhookTopic(StrEnum):
    """What a program can be told of without asking."""

    NOTICE_APPLIED = "notice.applied"
    NOTICE_NEEDS_CLERK = "notice.needs_clerk"
    NOTICE_DECIDED = "notice.decided"
    STATEMENT_POSTED = "statement.posted"
    CONFIRMATION_ISSUED = "confirmation.issued"
    JOB_FINISHED = "job.finished"
    ENDPOINT_TESTED = "endpoint.tested"


class KeyState(StrEnum):
    """Where a key stands."""

    IN_FORCE = "in_force"
    EXPIRES_SOON = "expires_soon"
    EXPIRED = "expired"
    REVOKED = "revoked"


class ProgramState(StrEnum):
    """Where a program stands: the first of these that holds from below."""

    IN_FORCE = "in_force"
    EXPIRES_SOON = "expires_soon"
    NO_KEY = "no_key"
    ENDED = "ended"
