"""Frozen values of the API: who asks, and what is wrong with what they ask."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request. `field` is where it stands ("notices/3/pay"), "" nowhere.

    `code` is for programs; `api.words` says it to people, with `params`.
    """

    code: str
    field: str = ""
    params: Mapping[str, str] = dataclasses.field(default_factory=dict)


class Problem(Exception):
    """Why a request is not answered as asked: an HTTP status, a code, and what is wrong where.

    `more` are further members of the answer (RFC 9457, section 3.2), plain values only.
    """

    def __init__(
        self,
        status: int,
        code: str,
        *,
        faults: tuple[Fault, ...] = (),
        more: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        **params: str,
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.faults = status, code, faults
        self.more, self.headers, self.params = dict(more or {}), dict(headers or {}), params
