"""Where the time of a run goes, watched from outside the product."""

import importlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import psycopg
from django.db import connection

# How statements of a run begin, and what they do.
_STATEMENTS = (
    ("WITH stretch", "fill: a new month, priced and written"),
    ("sha256", "post: digest"),
    ("concat_ws", "fill: query of cover and pay"),
    ('INSERT INTO "billing_statement"', "fill: statements"),
    ("FROM members_noticerecord", "fill: who has changed"),
    ("UPDATE billing_statement", "post: numbers"),
    ("ADD PRIMARY KEY", "post: index"),
    ("ATTACH PARTITION", "post: foreign keys, attach"),
    ("ANALYZE", "post: statistics"),
    ("JOIN LATERAL", "fill: where contracts stand"),
    ("INSERT INTO billing_ledgertransaction", "post: open items and ledger"),
    ("SET CONSTRAINTS", "post: checks of bookings"),
    ('UPDATE "billing_billingrun" SET "posted_at"', "post: proof"),
)
_COMMIT = "commits"


class Phases:
    """Seconds by phase and number of statements.

    Not detailed it only counts; `detailed` times statements, COPY and commits as well, which
    slows the run a little.
    """

    def __init__(self, *, detailed: bool) -> None:
        self.detailed = detailed
        self.queries = 0
        self.seconds: dict[str, float] = defaultdict(float)

    @contextmanager
    def time(self, name: str) -> Iterator[None]:
        """Add what happens inside to a phase."""
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] += time.perf_counter() - begin

    @contextmanager
    def observe(self) -> Iterator[None]:
        """Watch the product's connection."""
        with ExitStack() as stack:
            stack.enter_context(connection.execute_wrapper(self._execute))
            stack.enter_context(self._patched(psycopg.Cursor, "copy", self._count))
            if self.detailed:
                filling = importlib.import_module("billing.operations.fill_run")
                stack.enter_context(
                    self._patched(filling, "_list_new_months", self._timed("fill: query and group"))
                )
                stack.enter_context(self._patched(psycopg.Copy, "write", self._timed("fill: send")))
                stack.enter_context(
                    self._patched(psycopg.Copy, "finish", self._timed("fill: rest of COPY"))
                )
                stack.enter_context(
                    self._patched(psycopg.Connection, "commit", self._timed(_COMMIT))
                )
            yield

    def _execute(self, execute: Callable[..., Any], query: Any, *rest: Any) -> Any:
        self.queries += 1
        if not self.detailed:
            return execute(query, *rest)
        text = query if isinstance(query, str) else query.as_string(connection.connection)
        with self.time(_name(text)):
            return execute(query, *rest)

    @staticmethod
    @contextmanager
    def _patched(owner: object, name: str, wrap: Callable[..., Any]) -> Iterator[None]:
        original = getattr(owner, name)

        def method(*args: Any, **kwargs: Any) -> Any:
            return wrap(original, *args, **kwargs)

        with patch.object(owner, name, method):
            yield

    def _count(self, original: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self.queries += 1
        return original(*args, **kwargs)

    def _timed(self, name: str) -> Callable[..., Any]:
        def wrap(original: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
            with self.time(name):
                return original(*args, **kwargs)

        return wrap


def _name(text: str) -> str:
    for begin, name in _STATEMENTS:
        if begin in text:
            return name
    return "other statements"
