"""The ordinary claims of a monthly run, settled by the database in one statement.

An ordinary claim is one leave of a person with nothing but that leave: certified without a gap,
granted from the first paid day on without an end, insured throughout under one tariff, without
hold, reintegration or exclusion, below the maximum, and recorded so far exactly as it is owed. All
that its month needs is then a few days and a sum. Whoever is anything else is left to the general
rule (`claims.rules.entitlement`), which would write the same rows for the ordinary too;
`tests/laws/test_ordinary_laws.py` holds the two equal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from aupolicy.kernel.month import Month
from aupolicy.kernel.period import ONE_DAY
from claims.queries.cover import list_benefit_prices

# Nothing is filtered before the end, and what is counted is looked up along an index (LATERAL, no
# EXISTS): what the database guesses of filtered groups is far off, and a join that it plans for one
# row takes a minute for thousands.
_FACTS = """
agreed AS MATERIALIZED (
    SELECT c.id AS contract_id, c.employer_id, range_agg(c.period * v.period) AS days,
        min(min(v.tariff_key)) OVER employer AS lowest,
        max(max(v.tariff_key)) OVER employer AS tariff_key
    FROM (SELECT DISTINCT employer_id FROM members_person WHERE id = ANY (%(people)s::bigint[])) p
    JOIN aupolicy_groupcontract c ON c.employer_id = p.employer_id
    JOIN aupolicy_contractversion v ON v.contract_id = c.id
    GROUP BY c.id, c.employer_id
    WINDOW employer AS (PARTITION BY c.employer_id)
),
covers AS MATERIALIZED (
    SELECT m.person_id, m.id, a.tariff_key, y.amount,
        a.days * multirange(m.period * y.period) AS days,
        a.lowest = a.tariff_key AND a.employer_id = p.employer_id AS is_plain
    FROM members_membership m
    JOIN members_person p ON p.id = m.person_id
    JOIN members_insuredpay y ON y.membership_id = m.id
    LEFT JOIN agreed a ON a.contract_id = m.contract_id
    WHERE m.person_id = ANY (%(people)s::bigint[]) AND p.id = ANY (%(people)s::bigint[])
        AND m.period IS NOT NULL
),
certified AS MATERIALIZED (
    SELECT p.person_id, l.id, l.claim_id, lower(d.days) AS first, upper(d.days) AS beyond,
        l.number = 1 AND NOT d.holes AS is_one
    FROM unnest(%(people)s::bigint[]) AS p (person_id)
    CROSS JOIN LATERAL (
        SELECT min(id) AS id, min(claim_id) AS claim_id, count(*) AS number
        FROM claims_sickleave WHERE person_id = p.person_id AND withdrawn_at IS NULL
    ) AS l
    CROSS JOIN LATERAL (
        SELECT range_merge(r.days) AS days, multirange(range_merge(r.days)) <> r.days AS holes
        FROM (
            SELECT range_agg(period) AS days FROM claims_certificate
            WHERE sick_leave_id = l.id AND withdrawn_at IS NULL
        ) AS r
    ) AS d
),
insured AS MATERIALIZED (
    SELECT d.person_id, d.id, d.claim_id, d.first, d.beyond, min(c.tariff_key) AS tariff_key,
        range_agg(c.days) AS days, min(c.amount) FILTER (WHERE c.days @> d.first) AS pay,
        d.is_one AND min(c.id) = max(c.id) AND coalesce(bool_and(c.is_plain), false) AS is_plain
    FROM certified d JOIN covers c ON c.person_id = d.person_id
    GROUP BY d.person_id, d.id, d.claim_id, d.first, d.beyond, d.is_one
),
priced AS (
    SELECT d.*, t.terms, t.band, t.since, paid.starts, paid.ends,
        coalesce(t.fixed, least(round(d.pay * t.percent / 100, 2), t.most)) AS benefit,
        daterange(paid.starts, greatest(paid.starts, paid.ends)) AS paid
    FROM insured d
    JOIN json_to_recordset(%(prices)s) AS t (
        tariff_key text, since date, until date, deferral_days int, until_day int, terms jsonb,
        above numeric, up_to numeric, band int, fixed numeric, percent numeric, most numeric
    ) ON t.tariff_key = d.tariff_key AND t.since <= d.first AND d.first < t.until
        AND t.above < d.pay AND d.pay <= t.up_to
    CROSS JOIN LATERAL (
        SELECT d.first + t.deferral_days AS starts, least(d.beyond, %(beyond)s::date) AS ends
    ) AS paid
    CROSS JOIN LATERAL (
        SELECT count(*) AS number, min(lower(period)) AS since,
            bool_and(kind IN ('GRANT', 'PARTLY_GRANT') AND upper_inf(period)) AS is_grant
        FROM claims_decision WHERE claim_id = d.claim_id AND status = 'EFFECTIVE'
    ) AS g
    WHERE d.is_plain AND g.number = 1 AND g.is_grant AND g.since <= paid.starts
        AND paid.ends <= d.first + t.until_day
        AND d.days @> daterange(d.first, greatest(d.first + 1, paid.ends))
        AND (SELECT count(*) FROM claims_hold
             WHERE claim_id = d.claim_id AND lifted_at IS NULL) = 0
        AND (SELECT count(*) FROM claims_reintegration
             WHERE sick_leave_id = d.id AND withdrawn_at IS NULL) = 0
)
"""
# A month in full is the full sum, another by thirtieths; below 1 EUR the general rule decides.
_AMOUNT = """CASE WHEN {days} = {month_days} THEN p.benefit
    ELSE least(p.benefit, round(p.benefit * ({days}) / 30, 2)) END"""
_RECORDED_AMOUNT = _AMOUNT.format(
    days="upper(s.payable) - lower(s.payable)", month_days="m.beyond - s.month"
)
# Every month that is recorded must be as it is owed, and none may be missing but the last.
_COMPARED = f"""
compared AS MATERIALIZED (
    SELECT p.*, owed.months - r.recorded AS missing
    FROM priced p
    CROSS JOIN LATERAL (
        SELECT CASE WHEN isempty(p.paid) THEN 0 ELSE
            12 * (extract(year FROM p.ends - 1) - extract(year FROM p.starts))
            + extract(month FROM p.ends - 1) - extract(month FROM p.starts) + 1 END AS months
    ) AS owed
    CROSS JOIN LATERAL (
        SELECT count(*) AS recorded,
            coalesce(bool_or(s.month = %(first)s::date), false) AS has_last,
            coalesce(bool_and(s.claim_id = p.claim_id AND s.amount = {_RECORDED_AMOUNT}
                AND s.payable = datemultirange(p.paid * daterange(s.month, m.beyond))
            ), true) AS is_right
        FROM claims_benefitslice s
        CROSS JOIN LATERAL (SELECT (s.month + interval '1 month')::date AS beyond) AS m
        WHERE s.person_id = p.person_id AND s.cancelled_at IS NULL
    ) AS r
    WHERE p.benefit >= 1 AND r.is_right AND (
        owed.months = r.recorded
        OR owed.months = r.recorded + 1 AND NOT r.has_last AND p.ends > %(first)s::date
    )
)
"""  # noqa: S608 - constants of this module
_NEW_AMOUNT = _AMOUNT.format(days="p.ends - d.starts", month_days="%(month_days)s")
_WRITTEN = f"""
written AS (
    INSERT INTO claims_benefitslice (
        claim_id, person_id, contract_id, month, days, amount, payable, parts, terms, computed_at,
        cancel_reason
    )
    SELECT p.claim_id, p.person_id, c.contract_id, %(first)s::date, p.ends - d.starts, a.amount,
        datemultirange(daterange(d.starts, p.ends)),
        jsonb_build_object(
            'days', p.ends - d.starts, 'percent_days', 100 * (p.ends - d.starts),
            'month_days', %(month_days)s, 'amount', a.amount::text,
            'pieces', CASE WHEN d.begins < p.starts THEN jsonb_build_array(
                jsonb_build_object('first', d.begins, 'last', p.starts - 1, 'state', 'DEFERRAL',
                    'first_number', d.begins - p.first + 1, 'percent', 0), d.piece)
            ELSE jsonb_build_array(d.piece) END),
        p.terms || jsonb_build_object(
            'first_day', p.first, 'sum_since', p.first, 'brought', 0, 'sum', p.benefit::text,
            'pay', p.pay::text, 'band', p.band, 'tariff', p.tariff_key, 'tariff_from', p.since),
        %(now)s, ''
    FROM compared p
    JOIN claims_claim c ON c.id = p.claim_id
    CROSS JOIN LATERAL (
        SELECT greatest(p.starts, %(first)s::date) AS starts,
            greatest(p.first, %(first)s::date) AS begins
    ) AS s
    CROSS JOIN LATERAL (
        SELECT s.*, jsonb_build_object('first', s.starts, 'last', p.ends - 1, 'state', 'PAID',
            'first_number', s.starts - p.first + 1, 'percent', 100) AS piece
    ) AS d
    CROSS JOIN LATERAL (SELECT {_NEW_AMOUNT} AS amount) AS a
    WHERE p.missing = 1
    RETURNING amount
)
"""  # noqa: S608 - constants of this module
_SETTLE = f"""
WITH {_FACTS}, {_COMPARED}, {_WRITTEN}
SELECT ARRAY(SELECT unnest(%(people)s::bigint[]) EXCEPT SELECT person_id FROM compared),
    count(*), coalesce(sum(amount), 0.00) FROM written
"""  # noqa: S608 - constants of this module


@dataclass(frozen=True, slots=True)
class OrdinaryReport:
    """The people whom the general rule has to settle; slices written for the others, their EUR."""

    left: list[int]
    created: int
    amount: Decimal


def settle_ordinary(*, person_ids: Sequence[int], month: Month, now: datetime) -> OrdinaryReport:
    """Settle the ordinary among some people, told once each, through a month that is over.

    Whoever calls holds them since before, and sees all of them.
    """
    values: dict[str, Any] = {
        "people": list(person_ids),
        "prices": list_benefit_prices(),
        "first": month.first_day,
        "beyond": month.last_day + ONE_DAY,
        "month_days": month.last_day.day,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, values)
        return OrdinaryReport(*cursor.fetchone())
