"""Where the events of a history come from: tracked tables, and rows that are a record themselves.

Changes come from the tables that triggers write (`aupolicy.models.history`), other events from
the rows that are their record: files of notices, decisions, statements, papers, cancellations.
"""

from dataclasses import dataclass
from enum import StrEnum


class Subject(StrEnum):
    """Whose history is shown."""

    CONTRACT = "contract"
    EMPLOYER = "employer"
    BROKER = "broker"
    USER = "user"


class Kind(StrEnum):
    """What the list can be narrowed to."""

    AGREEMENT = "agreement"
    MONEY = "money"
    RIGHTS = "rights"
    PEOPLE = "people"
    PAPERS = "papers"
    WORK = "work"


_CONTRACTS = "(SELECT id FROM aupolicy_groupcontract WHERE employer_id = %(id)s)"
_CONTRACTS_OF = {Subject.CONTRACT: "(%(id)s)", Subject.EMPLOYER: _CONTRACTS}
_OF_EMPLOYER = {Subject.EMPLOYER: "employer_id = %(id)s"}
_OF_PARTY = {**_OF_EMPLOYER, Subject.BROKER: "broker_id = %(id)s"}
_OF_CONTRACT = {
    Subject.CONTRACT: "contract_id = %(id)s",
    Subject.EMPLOYER: f"contract_id IN {_CONTRACTS}",
}
# A program keeps the party that it was made for.
_OF_CLIENT = {
    Subject.EMPLOYER: "client_id IN (SELECT id FROM aupolicy_apiclient WHERE employer_id = %(id)s)",
    Subject.BROKER: "client_id IN (SELECT id FROM aupolicy_apiclient WHERE broker_id = %(id)s)",
}
# Table of a model -> its kind, and by subject the condition that finds its rows.
TRACKED: dict[str, tuple[Kind, dict[Subject, str]]] = {
    "aupolicy.Employer": (Kind.AGREEMENT, {Subject.EMPLOYER: "pgh_obj_id = %(id)s"}),
    "aupolicy.Broker": (Kind.AGREEMENT, {Subject.BROKER: "pgh_obj_id = %(id)s"}),
    "aupolicy.GroupContract": (
        Kind.AGREEMENT,
        {Subject.CONTRACT: "pgh_obj_id = %(id)s", **_OF_PARTY},
    ),
    "aupolicy.ContractVersion": (Kind.AGREEMENT, _OF_CONTRACT),
    "aupolicy.Application": (
        Kind.AGREEMENT,
        {
            Subject.CONTRACT: "pgh_obj_id IN"
            " (SELECT id FROM aupolicy_application WHERE contract_id = %(id)s)",
            Subject.EMPLOYER: "pgh_obj_id IN"
            " (SELECT id FROM aupolicy_application WHERE employer_id = %(id)s)",
            Subject.BROKER: "broker_id = %(id)s",
        },
    ),
    "billing.Mandate": (Kind.MONEY, _OF_CONTRACT),
    "billing.MandateChange": (Kind.MONEY, _OF_CONTRACT),
    "billing.BookkeepingTarget": (Kind.MONEY, _OF_EMPLOYER),
    "billing.PayrollTarget": (Kind.MONEY, _OF_EMPLOYER),
    "aupolicy.Grant": (Kind.RIGHTS, {**_OF_PARTY, Subject.USER: "user_id = %(id)s"}),
    "aupolicy.BrokerAuthority": (Kind.RIGHTS, _OF_PARTY),
    "aupolicy.ApiClient": (Kind.RIGHTS, _OF_PARTY),
    "aupolicy.ApiKey": (Kind.RIGHTS, _OF_CLIENT),
    "documents.WebhookEndpoint": (Kind.RIGHTS, _OF_CLIENT),
    "aupolicy.User": (Kind.RIGHTS, {Subject.USER: "pgh_obj_id = %(id)s"}),
    "aupolicy.WorkItem": (
        Kind.WORK,
        {
            **_OF_EMPLOYER,
            Subject.USER: "claimed_by_id = %(id)s OR done_by_id = %(id)s",
        },
    ),
}


@dataclass(frozen=True, slots=True)
class Record:
    """An event that a row itself records: its SQL, with {which} for the contracts or the user."""

    kind: Kind
    text: str
    of_contracts: str
    of_user: str = ""

    def find_condition(self, subject: Subject) -> str:
        """What takes the place of {which}; empty where a subject has no such events."""
        if subject is Subject.USER:
            return self.of_user
        contracts = _CONTRACTS_OF.get(subject)
        return self.of_contracts.format(contracts=contracts) if contracts else ""


# Columns: id, moment, user id, words of the event as JSON.
RECORDS = {
    "UPLOAD_RECEIVED": Record(
        Kind.PEOPLE,
        "SELECT id, received_at, sender_id, jsonb_build_object('file', file_name)"
        " FROM members_upload WHERE {which}",
        "contract_id IN {contracts}",
        "sender_id = %(id)s",
    ),
    "UPLOAD_RELEASED": Record(
        Kind.PEOPLE,
        "SELECT id, released_at, released_by_id, jsonb_build_object('file', file_name)"
        " FROM members_upload WHERE released_at IS NOT NULL AND ({which})",
        "contract_id IN {contracts}",
        "released_by_id = %(id)s",
    ),
    "NOTICE_DECIDED": Record(
        Kind.PEOPLE,
        "SELECT d.id, d.decided_at, d.decided_by_id, jsonb_build_object('notice', n.id, 'kind',"
        " n.kind, 'number', n.personnel_number, 'verdict', d.verdict, 'note', d.note)"
        " FROM members_noticedecision d JOIN members_noticerecord n ON n.id = d.notice_id"
        " WHERE {which}",
        "n.contract_id IN {contracts}",
        "d.decided_by_id = %(id)s",
    ),
    "STATEMENT_POSTED": Record(
        Kind.MONEY,
        "SELECT s.id, r.posted_at, r.posting_requested_by_id, jsonb_build_object('number',"
        " s.number, 'month', s.month, 'total', s.total::text)"
        " FROM billing_statement s JOIN billing_billingrun r ON r.id = s.run_id"
        " WHERE s.number IS NOT NULL AND {which}",
        "s.contract_id IN {contracts}",
    ),
    "PAPER_ISSUED": Record(
        Kind.PAPERS,
        "SELECT MIN(id), date_trunc('minute', created_at), NULL::bigint,"
        " jsonb_build_object('kind', kind, 'count', COUNT(*))"
        " FROM documents_document WHERE {which} GROUP BY kind, date_trunc('minute', created_at)",
        "contract_id IN {contracts}",
    ),
    "CANCELLED": Record(
        Kind.AGREEMENT,
        "SELECT id, received_at, recorded_by_id, jsonb_build_object('party', party, 'end',"
        " \"end\", 'file', document_name) FROM aupolicy_cancellation WHERE {which}",
        "contract_id IN {contracts}",
        "recorded_by_id = %(id)s",
    ),
}
