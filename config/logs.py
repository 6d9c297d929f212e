"""Structured logs on stderr: lines for people in development, JSON in production.

Logs go to operators and their tools, so they hold no personal data: say what happened
with numbers of contracts, runs and rows, never with names, pay or accounts.
"""

import logging
import re
import traceback
from types import TracebackType
from typing import Any, Final

import structlog
from structlog.typing import EventDict, ExcInfo, Processor

_PERSONAL_KEYS: Final = frozenset(
    {"address", "birth_date", "email", "first_name", "iban", "ip", "last_name", "name", "pay",
     "person", "phone", "remote_addr", "salary", "user", "username"}
)  # fmt: skip
# PostgreSQL repeats the refused row's values after DETAIL and CONTEXT.
_ROW_VALUES: Final = re.compile(r"^(DETAIL|CONTEXT|LINE \d+|PARAMETERS):.*$", re.MULTILINE)

# Addresses that are secrets themselves: whoever has them needs nothing else, or little. Keys and
# client secrets of programs, and what follows the kind in an Authorization header.
_SECRETS: Final = re.compile(
    r"(/(?:my-claim|invitations|password/new)/)[^/\s?\"']+"
    r"|(\b(?:bau_[a-z2-7]{8}|baus)_)[A-Za-z0-9_-]{20,}"
    r"|(\b(?:Bearer|Basic)\s+)[A-Za-z0-9._~+/=-]{16,}",
    re.IGNORECASE,
)


def hide_secrets(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Replace the secrets of links and programs wherever they stand in an event."""
    return {key: _hide(value) if isinstance(value, str) else value for key, value in event.items()}


def _hide(text: str) -> str:
    return _SECRETS.sub(lambda found: f"{found[1] or found[2] or found[3]}[removed]", text)


def drop_personal_data(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Replace the values of keys that hold personal data by a mark."""
    return {key: "[removed]" if key in _PERSONAL_KEYS else value for key, value in event.items()}


def format_exception_without_rows(exc_info: ExcInfo) -> str:
    """Return the traceback without the row values that PostgreSQL adds to its errors."""
    kind, error, trace = exc_info
    lines = traceback.format_exception(kind, error, trace)
    return _hide(_ROW_VALUES.sub(r"\1: [removed]", "".join(lines)).rstrip())


class _ShortFormatter(structlog.stdlib.ProcessorFormatter):
    """Uses our exception text also for records that come from the standard library."""

    def formatException(  # noqa: N802 -- the name is the standard library's
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        if ei[0] is None:
            return ""
        return format_exception_without_rows(ei)


def configure_logs(*, readable: bool, level: str) -> dict[str, Any]:
    """Set structlog up and return Django's LOGGING; `readable` chooses lines over JSON."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        drop_personal_data,
        hide_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=True,
    )
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=False)
        if readable
        else structlog.processors.JSONRenderer()
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": _ShortFormatter,
                "foreign_pre_chain": shared,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.ExceptionRenderer(format_exception_without_rows),
                    renderer,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own handlers would mail and print a second time.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            # Scanners ask for any name; each would leave a traceback.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            # Says every glyph and every unknown CSS property.
            "weasyprint": {"level": "ERROR"},
            "fontTools": {"level": "ERROR"},
        },
    }
