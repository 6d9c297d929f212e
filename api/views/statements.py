"""Statements: figures, the people they charge for, the letter."""

from datetime import date
from typing import Final

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from api.facts import Problem
from api.parsing.cursor import read_cursor
from api.parsing.fields import UnableToReadField, count, day, month, read_day, text
from api.queries.contracts import check_right, find_contract
from api.queries.statements import (
    find_line,
    find_statement,
    list_lines,
    list_statements,
    write_line,
    write_statement,
)
from api.serializers.explanations import ExplanationSerializer
from api.serializers.statements import LineSerializer, StatementSerializer
from api.views.gate.access import ApiRequest
from api.views.gate.answers import answer
from api.views.gate.description import describe
from api.views.gate.endpoint import Endpoint, operation
from api.views.gate.paging import (
    DEFAULT_LIMIT,
    PAGING,
    answer_page,
    answer_rows,
    page_of,
    query_parameters,
    read_query,
)
from api.views.papers import BINARY, PDF, send_paper
from aupolicy.facts.machine import ApiScope
from aupolicy.models import Right
from billing.exports.explanation import write_explanation
from billing.queries.explained_lines import explain_line
from documents.operations import issue_statement

LISTING: Final = (
    text("contract", "Number or id of the contract.", longest=36),
    month("month", "Of this month."),
    day("since", "Issued on this day or later."),
    *PAGING,
)
_PART = count("part", "0 is the letter; annexes count from 1.", least=0, most=999)
_BEGINNING = (0, date(1, 1, 1))


class StatementsView(Endpoint):
    """Posted statements."""

    @describe(
        "list_statements",
        "Statements in the order they were made",
        text="Figures only: a broker sees these without an authority, too.",
        answer=page_of(StatementSerializer),
        parameters=query_parameters(LISTING),
        group="Statements",
    )
    @operation(ApiScope.STATEMENTS_READ)
    def get(self, request: ApiRequest) -> HttpResponse:
        """One page."""
        access, wanted = request.access, read_query(request, LISTING)
        contract = None
        if "contract" in wanted:
            contract = find_contract(access.rights, wanted["contract"])
        found = list_statements(access.rights, contract, wanted)
        return answer_rows(request, found, wanted, write_statement)


class StatementView(Endpoint):
    """One statement."""

    @describe("get_statement", "One statement", answer=StatementSerializer, group="Statements")
    @operation(ApiScope.STATEMENTS_READ)
    def get(self, request: ApiRequest, statement_id: str) -> HttpResponse:
        """By its id or number."""
        read_query(request, ())
        return answer(write_statement(find_statement(request.access.rights, statement_id)))


class StatementLinesView(Endpoint):
    """What a statement charges for whom."""

    @describe(
        "list_statement_lines",
        "Lines of a statement, by person and month",
        answer=page_of(LineSerializer),
        parameters=query_parameters(PAGING),
        group="Statements",
    )
    @operation(ApiScope.STATEMENTS_READ)
    def get(self, request: ApiRequest, statement_id: str) -> HttpResponse:
        """One page."""
        rights, wanted = request.access.rights, read_query(request, PAGING)
        statement = find_statement(rights, statement_id)
        check_right(rights, statement.contract.employer_id, Right.READ)
        after = _read_place(wanted["cursor"]) if "cursor" in wanted else _BEGINNING
        limit = wanted.get("limit", DEFAULT_LIMIT)
        rows = list_lines(statement, after=after, limit=limit + 1)
        places = [[row[0], row[5].isoformat()] for row in rows]
        return answer_page(request, [write_line(r) for r in rows], limit=limit, places=places)


class StatementLineView(Endpoint):
    """Why a statement charges what it does for one person and month."""

    @describe(
        "explain_statement_line",
        "Why a line of a statement is what it is",
        text="The pay with the notice it comes from, the tariff's value with its day and source,"
        " the arithmetic step by step, what earlier statements charged, and why it differs from"
        " the run before. The person is the line's, the month YYYY-MM.",
        answer=ExplanationSerializer,
        group="Statements",
    )
    @operation(ApiScope.STATEMENTS_READ)
    def get(
        self, request: ApiRequest, statement_id: str, person_id: str, covered_month: str
    ) -> HttpResponse:
        """By the statement and the line's person and month."""
        rights = request.access.rights
        read_query(request, ())
        statement = find_statement(rights, statement_id)
        check_right(rights, statement.contract.employer_id, Right.READ)
        line = find_line(statement, person_id, covered_month)
        return answer(dict(write_explanation(explain_line(statement=statement, line=line))))


def _read_place(cursor: str) -> tuple[int, date]:
    person, covered_month = read_cursor(cursor, (int, str))
    try:
        return person, read_day(covered_month)
    except UnableToReadField:
        raise Problem(400, "INVALID_CURSOR") from None


class StatementPdfView(Endpoint):
    """The letter of a statement."""

    @describe(
        "download_statement",
        "The letter of a statement as PDF",
        text="Long lists of people are annexes of their own; a Link header with rel=next names"
        " the next part.",
        answer=BINARY,
        status=(200, PDF),
        parameters=query_parameters((_PART,)),
        group="Statements",
    )
    @operation(ApiScope.STATEMENTS_READ)
    def get(self, request: ApiRequest, statement_id: str) -> HttpResponseBase:
        """One part."""
        rights, part = request.access.rights, read_query(request, (_PART,)).get("part", 0)
        statement = find_statement(rights, statement_id)
        check_right(rights, statement.contract.employer_id, Right.READ)
        papers = issue_statement(statement=statement).documents
        if part >= len(papers):
            raise Problem(404, "NOT_FOUND")
        sent = send_paper(papers[part])
        if part + 1 < len(papers):
            address = request.build_absolute_uri(request.path)
            sent["Link"] = f'<{address}?part={part + 1}>; rel="next"'
        return sent
