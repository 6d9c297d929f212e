"""Who did what about a claim and when: one list from the rows that record it, newest first.

One statement gathers them all. No reason, wording of a letter, account or diagnosis is read.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from claims.models import Claim

PAGE_SIZE = 50
_PERIOD = "'first', lower({0}), 'last', upper({0}) - 1"
_LEAVES = "(SELECT id FROM claims_sickleave WHERE claim_id = %(claim)s)"
# Event, moment, user, words as JSON; each text is a SELECT of these without the event.
_SOURCES = {
    "OPENED": "opened_at, NULL::bigint, jsonb_build_object('number', number)"
    " FROM claims_claim WHERE id = %(claim)s",
    "LEAVE": "reported_at, reported_by_id, jsonb_build_object('first', first_day, 'channel',"
    " channel) FROM claims_sickleave WHERE claim_id = %(claim)s",
    "LEAVE_WITHDRAWN": "withdrawn_at, withdrawn_by_id, jsonb_build_object('first', first_day)"
    " FROM claims_sickleave WHERE claim_id = %(claim)s AND withdrawn_at IS NOT NULL",
    "CERTIFICATE": "received_at, recorded_by_id, jsonb_build_object("
    + _PERIOD.format("period")
    + f", 'channel', channel) FROM claims_certificate WHERE sick_leave_id IN {_LEAVES}",
    "CERTIFICATE_WITHDRAWN": "withdrawn_at, withdrawn_by_id, jsonb_build_object("
    + _PERIOD.format("period")
    + f") FROM claims_certificate WHERE sick_leave_id IN {_LEAVES} AND withdrawn_at IS NOT NULL",
    "PLAN": "recorded_at, recorded_by_id, jsonb_build_object("
    + _PERIOD.format("period")
    + f") FROM claims_reintegration WHERE sick_leave_id IN {_LEAVES}",
    "PLAN_WITHDRAWN": "withdrawn_at, withdrawn_by_id, jsonb_build_object("
    + _PERIOD.format("period")
    + f") FROM claims_reintegration WHERE sick_leave_id IN {_LEAVES}"
    " AND withdrawn_at IS NOT NULL",
    "DECIDED": "decided_at, decided_by_id, jsonb_build_object('kind', kind, 'needs_second',"
    " needs_second) FROM claims_decision WHERE claim_id = %(claim)s",
    "APPROVED": "second_at, second_by_id, jsonb_build_object('kind', kind, 'status', status)"
    " FROM claims_decision WHERE claim_id = %(claim)s AND second_at IS NOT NULL",
    "HELD": "decided_at, decided_by_id, jsonb_build_object('percent', percent, 'first',"
    " lower(period)) FROM claims_hold WHERE claim_id = %(claim)s",
    "HOLD_LIFTED": "lifted_at, lifted_by_id, '{}'::jsonb"
    " FROM claims_hold WHERE claim_id = %(claim)s AND lifted_at IS NOT NULL",
    "REVIEW_PLANNED": "created_at, created_by_id, jsonb_build_object('day', due_on)"
    " FROM claims_review WHERE claim_id = %(claim)s",
    "REVIEWED": "done_at, done_by_id, '{}'::jsonb"
    " FROM claims_review WHERE claim_id = %(claim)s AND done_at IS NOT NULL",
    "ASKED": "asked_at, asked_by_id, jsonb_build_object('kind', kind, 'day', due_on)"
    " FROM claims_documentrequest WHERE claim_id = %(claim)s",
    "ASKED_CLOSED": "closed_at, closed_by_id, jsonb_build_object('kind', kind, 'received',"
    " received) FROM claims_documentrequest WHERE claim_id = %(claim)s AND closed_at IS NOT NULL",
    "CLEARED": "cleared_at, cleared_by_id, jsonb_build_object('code', code)"
    " FROM claims_checkclearance WHERE claim_id = %(claim)s",
    "NOTE": "written_at, written_by_id, jsonb_build_object('text', text, 'warned', warned)"
    " FROM claims_claimnote WHERE claim_id = %(claim)s",
    "LETTER": "created_at, NULL::bigint, jsonb_build_object('kind', kind)"
    " FROM documents_document WHERE claim_id = %(claim)s",
    "PAID": "created_at, NULL::bigint, jsonb_build_object('amount', amount::text)"
    " FROM billing_payout WHERE claim_id = %(claim)s",
    "LINK": "created_at, created_by_id, '{}'::jsonb"
    " FROM claims_personlink WHERE claim_id = %(claim)s",
    "CONSENT": "given_at, recorded_by_id, jsonb_build_object('given', given, 'channel',"
    " channel) FROM claims_consent WHERE claim_id = %(claim)s",
    "ACCOUNT": "given_at, given_by_id, jsonb_build_object('channel', channel)"
    " FROM claims_payee WHERE claim_id = %(claim)s",
    "ACCOUNT_CHECKED": "checked_at, checked_by_id, '{}'::jsonb"
    " FROM claims_payee WHERE claim_id = %(claim)s AND checked_at IS NOT NULL",
    "MEDICAL_READ": "read_at, read_by_id, jsonb_build_object('reason', reason)"
    " FROM claims_medicalread WHERE claim_id = %(claim)s",
}
# Put together from the texts above alone; what is asked for are parameters.
_QUERY = (
    "SELECT e.event, e.at, COALESCE(NULLIF(TRIM(u.first_name || ' ' || u.last_name), ''),"  # noqa: S608
    " u.username, ''), e.data FROM ("
    + " UNION ALL ".join(f"SELECT '{event}'::text, {text}" for event, text in _SOURCES.items())
    + ") AS e (event, at, user_id, data) LEFT JOIN aupolicy_user u ON u.id = e.user_id"
    " ORDER BY e.at DESC, e.event LIMIT %(limit)s OFFSET %(offset)s"
)


@dataclass(frozen=True, slots=True)
class ClaimEvent:
    """Something that happened: its code, moment, who did it ("" the product), its words' values."""

    event: str
    at: datetime
    by: str
    data: Mapping[str, Any]


def list_events(claim: Claim, *, page: int) -> tuple[list[ClaimEvent], bool]:
    """One page of what happened, newest first, and whether older events follow."""
    values = {"claim": claim.pk, "limit": PAGE_SIZE + 1, "offset": (page - 1) * PAGE_SIZE}
    with connection.cursor() as cursor:
        cursor.execute(_QUERY, values)
        rows = cursor.fetchall()
    found = [ClaimEvent(event, at, by, _read(data)) for event, at, by, data in rows[:PAGE_SIZE]]
    return found, len(rows) > PAGE_SIZE


def _read(data: Any) -> Mapping[str, Any]:
    values: Mapping[str, Any] = json.loads(data) if isinstance(data, str) else data
    return values
