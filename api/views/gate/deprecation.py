"""Operations and fields that will go: told in every answer and in the description."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.http.response import HttpResponseBase
from django.utils.http import http_date


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Since when something should not be used any more, and from when on it may be gone.

    `link` is where people read what to use instead.
    """

    since: date
    sunset: date | None = None
    link: str = ""

    def __str__(self) -> str:
        told = f"Deprecated since {self.since.isoformat()}."
        if self.sunset is not None:
            told += f" May be gone from {self.sunset.isoformat()} on."
        return f"{told} See {self.link}." if self.link else told


def announce(deprecated: Deprecation | None, response: HttpResponseBase) -> None:
    """Say so in an answer: `Deprecation` (RFC 9745), `Sunset` and its link (RFC 8594)."""
    if deprecated is None:
        return
    response.headers["Deprecation"] = f"@{_seconds(deprecated.since)}"
    if deprecated.sunset is not None:
        response.headers["Sunset"] = http_date(_seconds(deprecated.sunset))
    if deprecated.link:
        link = f'<{deprecated.link}>; rel="deprecation"; type="text/html"'
        others = response.headers.get("Link")
        response.headers["Link"] = f"{others}, {link}" if others else link


def _seconds(day: date) -> int:
    return int(datetime.combine(day, time(), tzinfo=UTC).timestamp())
