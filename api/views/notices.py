"""Notices: send, look what they would do, read back, withdraw."""

from dataclasses import replace
from typing import Any, Final

from django.http import HttpResponse

from api.facts import Problem
from api.operations.notices import SentNotices, look_at_notices, take_notices
from api.parsing.fields import choice, flag, moment, personnel_number, text
from api.parsing.files import FILE_QUERY
from api.parsing.notices import ReadNotice, read_envelope, read_notices
from api.queries.contracts import check_right, find_contract
from api.queries.notices import find_corrected, find_notice, list_notices, write_notice
from api.serializers.jobs import JobWithResultSerializer
from api.serializers.notices import NewNotices, NoticeSerializer, NoticesReportSerializer
from api.views.files import FILES, bodies, is_file, take_file
from api.views.gate.access import ApiAccess, ApiRequest
from api.views.gate.answers import answer, matches
from api.views.gate.description import describe
from api.views.gate.endpoint import Endpoint, operation
from api.views.gate.paging import (
    PAGING,
    answer_rows,
    page_of,
    query_parameters,
    read_query,
)
from api.views.gate.parsers import StrictJsonParser
from api.views.sent_notices import write_report
from aupolicy.facts.machine import ApiScope
from aupolicy.models import GroupContract, Right
from members.facts import Notice, NoticeKind, NoticeStatus, ShownStatus, UploadKind
from members.operations import make_correction

_CONTRACT = text("contract", "Number or id of the contract.", longest=36)
_DRY_RUN = flag("dry_run", "Only look what it would do; nothing is recorded.")
_MODE = choice(
    "mode",
    "all_or_nothing: where one notice is refused, none is taken (422). each: those that can be"
    " taken are, and the others are explained.",
    ["all_or_nothing", "each"],
)
SENDING: Final = (_DRY_RUN, _MODE)
LISTING: Final = (
    _CONTRACT,
    choice("status", "Where they stand.", [status.value for status in ShownStatus]),
    moment("since", "Received at this moment or later."),
    personnel_number("Of this person.", required=False),
    text("reference", "With this reference of yours.", longest=70),
    *PAGING,
)
_OPEN = frozenset({NoticeStatus.APPLIED, NoticeStatus.NEEDS_CLERK})


class NoticesView(Endpoint):
    """Notices of a contract."""

    parser_classes = (StrictJsonParser, *FILES)

    @describe(
        "list_notices",
        "Notices in the order they came",
        answer=page_of(NoticeSerializer),
        parameters=query_parameters(LISTING),
        group="Notices",
    )
    @operation(ApiScope.NOTICES_READ)
    def get(self, request: ApiRequest) -> HttpResponse:
        """One page."""
        access, wanted = request.access, read_query(request, LISTING)
        contract = None
        if "contract" in wanted:
            contract = find_contract(access.rights, wanted["contract"], needed=Right.READ)
        found = list_notices(access.rights, contract, wanted, access.today)
        return answer_rows(
            request, found, wanted, lambda record: write_notice(record, access.today)
        )

    @describe(
        "send_notices",
        "Send up to 1,000 notices",
        text="The body may also be a CSV or XLSX table as in the portal, of any length: then the"
        " address says the rest, the answer is 202 with a job, and nothing is applied until you"
        " confirm that, or with `apply=true`.",
        answer=NoticesReportSerializer,
        more={202: JobWithResultSerializer},
        body=bodies(NewNotices),
        parameters=query_parameters(FILE_QUERY),
        group="Notices",
    )
    @operation(ApiScope.NOTICES_WRITE)
    def post(self, request: ApiRequest) -> HttpResponse:
        """What became of each, and what changes on the next statement."""
        if is_file(request):
            return take_file(request, UploadKind.CHANGES)
        wanted = read_query(request, SENDING)
        name, items = read_envelope(request.data)
        contract = find_contract(request.access.rights, name, needed=Right.EDIT)
        return _send(request, contract, items, wanted)


def _send(
    request: ApiRequest, contract: GroupContract, items: list[Any], wanted: dict[str, Any]
) -> HttpResponse:
    access, dry_run = request.access, wanted.get("dry_run", False)
    only_whole = wanted.get("mode", "all_or_nothing") == "all_or_nothing"
    read = _name_corrected(contract, read_notices(items, access.now))
    notices = [one for one in read if isinstance(one, Notice)]
    unread = len(read) - len(notices)
    writes = not (dry_run or (only_whole and unread))
    sent = _plan(access, contract, notices, writes=writes, only_whole=only_whole)
    report = write_report(read, items, sent, number=contract.number, dry_run=dry_run)
    _insist(sent, unread, report, only_whole=only_whole and not dry_run)
    return answer(report)


def _plan(
    access: ApiAccess,
    contract: GroupContract,
    notices: list[Notice],
    *,
    writes: bool,
    only_whole: bool,
) -> SentNotices:
    """What notices do, or would do where nothing is to be written."""
    if not writes:
        return look_at_notices(contract=contract, notices=notices, today=access.today)
    return take_notices(
        contract=contract,
        notices=notices,
        only_whole=only_whole,
        source_name=access.source_name,
        now=access.now,
        today=access.today,
    )


def _insist(sent: SentNotices, unread: int, report: dict[str, Any], *, only_whole: bool) -> None:
    """All or nothing: raises Problem where one is refused. Nothing has been written then."""
    refused = sent.refused + unread
    if only_whole and refused:
        faults = [error for one in report["results"] if one["errors"] for error in one["errors"]]
        more = {"errors": faults, "results": report["results"]}
        raise Problem(422, "NOTICES_NOT_TAKEN", more=more, count=str(refused))


def _name_corrected(contract: GroupContract, read: list[ReadNotice]) -> list[ReadNotice]:
    """Corrections name what they correct by our own number where they were sent our key."""
    corrections = {
        place: one
        for place, one in enumerate(read)
        if isinstance(one, Notice) and one.kind is NoticeKind.CORRECTION
    }
    ours = find_corrected(contract, (one.corrects for one in corrections.values()))
    named = list(read)
    for place, one in corrections.items():
        named[place] = replace(one, corrects=ours.get(one.corrects, one.corrects))
    return named


class NoticeView(Endpoint):
    """One notice."""

    @describe("get_notice", "One notice", answer=NoticeSerializer, group="Notices")
    @operation(ApiScope.NOTICES_READ)
    def get(self, request: ApiRequest, notice_id: str) -> HttpResponse:
        """By its id or your reference."""
        record = find_notice(request.access.rights, notice_id)
        return answer(write_notice(record, request.access.today))


class NoticeWithdrawalView(Endpoint):
    """Taking a notice back."""

    @describe(
        "withdraw_notice",
        "Take a notice back",
        text="Records a correction. With If-Match only if the notice reads as it did.",
        answer=NoticesReportSerializer,
        parameters=query_parameters((_DRY_RUN,)),
        if_match=True,
        group="Notices",
    )
    @operation(ApiScope.NOTICES_WRITE)
    def post(self, request: ApiRequest, notice_id: str) -> HttpResponse:
        """What taking it back does."""
        access = request.access
        dry_run = read_query(request, (_DRY_RUN,)).get("dry_run", False)
        record = find_notice(access.rights, notice_id)
        contract = record.contract
        check_right(access.rights, contract.employer_id, Right.EDIT)
        if not matches(request, write_notice(record, access.today)):
            raise Problem(412, "CHANGED_MEANWHILE")
        if record.status not in _OPEN:
            raise Problem(409, "CANNOT_BE_WITHDRAWN")
        correction = make_correction(record, access.now)
        sent = _plan(access, contract, [correction], writes=not dry_run, only_whole=False)
        return answer(
            write_report([correction], [{}], sent, number=contract.number, dry_run=dry_run)
        )
