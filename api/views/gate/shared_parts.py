"""What operations of the API share in its description: headers, problems, security, groups."""

from typing import Any, Final

from aupolicy.facts.machine import ApiScope

PROBLEM: Final = "application/problem+json"
TOKEN_ADDRESS: Final = "/api/v1/oauth/token"  # noqa: S105 - an address

SCOPES: Final[dict[ApiScope, str]] = {
    ApiScope.NOTICES_WRITE: "Send and withdraw notices, hand in a payroll, confirm its jobs.",
    ApiScope.NOTICES_READ: "Read notices.",
    ApiScope.MEMBERS_READ: "Read who is insured, with insured pay, premium and benefit.",
    ApiScope.CONTRACTS_READ: "Read contracts and their terms.",
    ApiScope.STATEMENTS_READ: "Read statements and their lines.",
    ApiScope.CONFIRMATIONS_READ: "Read confirmations of cover.",
    ApiScope.PAYROLL_READ: "Read what must go on payslips, and files for payroll.",
    ApiScope.PAYROLL_WRITE: "Make files for payroll.",
    ApiScope.SICK_LEAVES_WRITE: "Report sick leaves.",
    ApiScope.QUOTES_WRITE: "Calculate quotes.",
}

GROUPS: Final[dict[str, str]] = {
    "Access": "Who a program is, what it may do, and its tokens.",
    "Notices": "Reports about people: joining, leaving, pay. The only way in which cover changes.",
    "Workforce": "The complete payroll of a day; the changes are worked out here.",
    "Jobs": "What takes longer than an answer may: its state, its progress, its confirmation.",
    "Members": "Who is insured, on any day.",
    "Contracts": "What was agreed.",
    "Statements": "What is owed for a month.",
    "Confirmations": "Confirmations of cover, as PDF.",
    "Payroll": "What must go on the payslips, and files for payroll programs.",
    "Sick leaves": "Reports that somebody is ill. Never with a diagnosis.",
    "Tariffs": "What cover costs and pays, and quotes.",
}


def _header(text: str, shape: dict[str, Any], example: Any) -> dict[str, Any]:
    return {"description": text, "schema": shape, "example": example}


_TEXT: Final = {"type": "string"}
_COUNT: Final = {"type": "integer", "minimum": 0}
HEADERS: Final[dict[str, dict[str, Any]]] = {
    "X-Request-Id": _header(
        "Id of this request: the one you sent, else a new one. Name it when you ask us.",
        {"type": "string", "maxLength": 64},
        "payroll-2026-12-01.1",
    ),
    "RateLimit-Limit": _header("Requests a minute; requests that write count double.", _COUNT, 600),
    "RateLimit-Remaining": _header("What is left of them.", _COUNT, 598),
    "RateLimit-Reset": _header("Seconds until the next minute.", _COUNT, 42),
    "Retry-After": _header("Seconds to wait.", _COUNT, 42),
    "ETag": _header(
        "Mark of this state, for If-None-Match and If-Match.",
        _TEXT,
        '"2c26b46b68ffc68ff99b453c1d304134"',
    ),
    "Link": _header(
        'Address of the next page, with rel="next"; not on the last page.',
        _TEXT,
        '</api/v1/notices?cursor=WzQyXQ>; rel="next"',
    ),
    "Location": _header("Where it can be read.", _TEXT, "/api/v1/jobs/5f0c"),
    "Idempotency-Replayed": _header(
        "`true` where this is the answer that was given to the same Idempotency-Key before.",
        {"type": "string", "enum": ["true"]},
        "true",
    ),
    "WWW-Authenticate": _header("How to sign in.", _TEXT, 'Bearer realm="api"'),
    "Allow": _header("The methods this address knows.", _TEXT, "GET, HEAD"),
    "Content-Disposition": _header(
        "The name of the file.", _TEXT, 'attachment; filename="statement.pdf"'
    ),
}

# Sent by whoever likes, with every request.
REQUEST_HEADERS: Final[dict[str, dict[str, Any]]] = {
    "X-Request-Id": {
        "name": "X-Request-Id",
        "in": "header",
        "description": "Your own id of this request: up to 64 letters, digits and . _ -; for"
        " any other a new one is given.",
        "schema": {"type": "string"},
    },
    "If-None-Match": {
        "name": "If-None-Match",
        "in": "header",
        "description": "ETag of what you have; while it is still so, the answer is 304.",
        "schema": {"type": "string"},
    },
    "If-Match": {
        "name": "If-Match",
        "in": "header",
        "description": "ETag of what you have read; if it has changed since, the answer is 412.",
        "schema": {"type": "string"},
    },
    "Idempotency-Key": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Your own key of this request, up to 255 visible ASCII characters. Sent"
        " again within seven days with the same body it gets the same answer and does nothing.",
        "schema": {"type": "string", "pattern": "^[!-~]{0,255}$"},
    },
}

# Status -> name of the component, what it says, its own headers.
PROBLEMS: Final[dict[int, tuple[str, str, tuple[str, ...]]]] = {
    400: ("BadRequest", "The request cannot be read; `errors` says where.", ()),
    401: ("NoKey", "No key, or none that is in force.", ("WWW-Authenticate",)),
    403: ("NotAllowed", "The key may not do this, or not from here.", ()),
    404: ("NotFound", "There is no such thing, or it is not yours.", ()),
    405: ("WrongMethod", "The address knows other methods.", ("Allow",)),
    409: (
        "Conflict",
        "Idempotency-Key stands for another request, or the state does not allow this.",
        ("Idempotency-Replayed",),
    ),
    411: ("LengthRequired", "It is not said how long the body is (Content-Length).", ()),
    412: (
        "Changed",
        "It has changed since it was read (If-Match).",
        ("Idempotency-Replayed",),
    ),
    413: ("TooLarge", "The body is too large.", ()),
    415: ("WrongType", "The body has a type that is not read here.", ()),
    422: (
        "CannotBeDone",
        "The request can be read and cannot be done; `errors` says why.",
        ("Idempotency-Replayed",),
    ),
    429: ("TooMany", "Too many requests, or too many wrong keys.", ("Retry-After",)),
}
COMMON_HEADERS: Final = ("X-Request-Id",)
COUNTED_HEADERS: Final = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
# Answers before anybody is known, which are not counted.
UNCOUNTED: Final = frozenset({401})


def make_security_schemes() -> dict[str, Any]:
    """The two ways to sign in."""
    return {
        "key": {
            "type": "http",
            "scheme": "bearer",
            "description": "A key of the program, made in the portal under “Anbindungen”.",
        },
        "oauth": {
            "type": "oauth2",
            "description": "An access token got with the program's client id and secret.",
            "flows": {
                "clientCredentials": {
                    "tokenUrl": TOKEN_ADDRESS,
                    "scopes": {scope.value: text for scope, text in SCOPES.items()},
                }
            },
        },
    }
