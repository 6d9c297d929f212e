"""What must be equal in the books, each as one query over the whole of them.

A query finds what differs: a key that people know, what is expected, what was found (EUR, or a
number of rows). None finds anything in books that are right.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """An identity: its code, and the query for what breaks it (key, expected, found)."""

    code: str
    query: str


_BALANCED = """
SELECT transaction_id::text, 0, SUM(amount)
FROM billing_ledgerentry GROUP BY transaction_id HAVING SUM(amount) <> 0
"""
_BOOKED = """
SELECT t.id::text, 1, 0 FROM billing_ledgertransaction t
WHERE NOT EXISTS (SELECT FROM billing_ledgerentry e WHERE e.transaction_id = t.id)
"""
# What a booking takes from a receivable is what it settles of open items.
_SETTLES = """
SELECT id::text, -COALESCE(b.amount, 0), COALESCE(a.amount, 0)
FROM (
    SELECT e.transaction_id AS id, SUM(e.amount) AS amount
    FROM billing_ledgerentry e JOIN billing_ledgertransaction t ON t.id = e.transaction_id
    WHERE e.account = '1400' AND t.kind NOT IN ('STATEMENT', 'CHARGE')
    GROUP BY e.transaction_id
) b
FULL JOIN (
    SELECT transaction_id AS id, SUM(amount) AS amount FROM billing_allocation
    GROUP BY transaction_id
) a USING (id)
WHERE -COALESCE(b.amount, 0) <> COALESCE(a.amount, 0)
"""
_RECEIVABLES = """
SELECT c.number, COALESCE(i.amount, 0) - COALESCE(a.amount, 0), COALESCE(e.amount, 0)
FROM aupolicy_groupcontract c
LEFT JOIN (
    SELECT contract_id, SUM(amount) AS amount FROM billing_openitem GROUP BY contract_id
) i ON i.contract_id = c.id
LEFT JOIN (
    SELECT i.contract_id, SUM(a.amount) AS amount
    FROM billing_allocation a JOIN billing_openitem i ON i.id = a.open_item_id
    GROUP BY i.contract_id
) a ON a.contract_id = c.id
LEFT JOIN (
    SELECT contract_id, SUM(amount) AS amount FROM billing_ledgerentry
    WHERE account = '1400' GROUP BY contract_id
) e ON e.contract_id = c.id
WHERE COALESCE(e.amount, 0) <> COALESCE(i.amount, 0) - COALESCE(a.amount, 0)
"""
_WITHIN_ITEM = """
SELECT i.number, i.amount, SUM(a.amount)
FROM billing_allocation a JOIN billing_openitem i ON i.id = a.open_item_id
GROUP BY i.id
HAVING NOT SUM(a.amount) BETWEEN LEAST(i.amount, 0) AND GREATEST(i.amount, 0)
"""
_LINES_OF_STATEMENT = """
SELECT COALESCE(s.number, run_id || '/' || contract_id),
    COALESCE(s.total, 0), COALESCE(l.amount, 0) + COALESCE(s.tax, 0)
FROM (SELECT * FROM billing_statement WHERE number IS NOT NULL) s
FULL JOIN (
    SELECT run_id, contract_id, SUM(amount) AS amount, COUNT(*) AS lines
    FROM billing_premiumline GROUP BY run_id, contract_id
) l USING (run_id, contract_id)
WHERE COALESCE(s.total, 0) <> COALESCE(l.amount, 0) + COALESCE(s.tax, 0)
    OR s.id IS NULL OR s.line_count <> COALESCE(l.lines, 0)
"""
_ITEM_OF_STATEMENT = """
SELECT COALESCE(s.number, i.number), COALESCE(s.total, 0), COALESCE(i.amount, 0)
FROM (SELECT * FROM billing_statement WHERE number IS NOT NULL) s
FULL JOIN (SELECT * FROM billing_openitem WHERE kind = 'premium') i ON i.statement_id = s.id
WHERE COALESCE(s.total, 0) <> COALESCE(i.amount, 0) OR s.id IS NULL
    OR s.contract_id <> i.contract_id
"""
# Receivable, premium and tax of a statement, each against what the statement says.
_BOOKING_OF_STATEMENT = """
SELECT s.number || ' ' || side.account, side.expected, COALESCE(b.amount, 0)
FROM billing_statement s
CROSS JOIN LATERAL (
    VALUES ('1400', s.total), ('4000', s.tax - s.total), ('1776', -s.tax)
) AS side (account, expected)
LEFT JOIN (
    SELECT t.statement_id, e.account, SUM(e.amount) AS amount
    FROM billing_ledgertransaction t JOIN billing_ledgerentry e ON e.transaction_id = t.id
    WHERE t.kind = 'STATEMENT' GROUP BY t.statement_id, e.account
) b ON b.statement_id = s.id AND b.account = side.account
WHERE s.number IS NOT NULL AND side.expected <> COALESCE(b.amount, 0)
"""
_BOOKING_OF_CHARGE = """
SELECT i.number, i.amount, COALESCE(b.amount, 0)
FROM billing_openitem i
LEFT JOIN (
    SELECT t.charge_id, SUM(e.amount) AS amount
    FROM billing_ledgertransaction t JOIN billing_ledgerentry e ON e.transaction_id = t.id
    WHERE t.kind = 'CHARGE' AND e.account = '1400' GROUP BY t.charge_id
) b ON b.charge_id = i.id
WHERE i.kind <> 'premium' AND i.amount <> COALESCE(b.amount, 0)
"""
_DEBITS = """
SELECT d.end_to_end_id, d.expected, COALESCE(a.amount, 0)
FROM (
    SELECT id, end_to_end_id, CASE WHEN ended_how = '' THEN amount ELSE 0 END AS expected
    FROM billing_collectionitem
) d
LEFT JOIN (
    SELECT debit_id, SUM(amount) AS amount FROM billing_allocation GROUP BY debit_id
) a ON a.debit_id = d.id
WHERE d.expected <> COALESCE(a.amount, 0)
"""
_COLLECTIONS = """
SELECT c.message_id, c.control_sum, COALESCE(d.amount, 0)
FROM billing_collection c
LEFT JOIN (
    SELECT collection_id, SUM(amount) AS amount, COUNT(*) AS debits
    FROM billing_collectionitem GROUP BY collection_id
) d ON d.collection_id = c.id
WHERE c.control_sum <> COALESCE(d.amount, 0) OR c.debit_count <> COALESCE(d.debits, 0)
"""
# On their way: debits that were handed in, neither rejected nor credited by the bank yet.
_IN_TRANSIT = """
SELECT COALESCE(c.message_id, '–'), COALESCE(d.amount, 0) - COALESCE(b.amount, 0),
    COALESCE(l.amount, 0)
FROM billing_collection c
LEFT JOIN (
    SELECT collection_id, SUM(amount) AS amount FROM billing_collectionitem
    WHERE ended_how NOT IN ('discarded', 'rejected') GROUP BY collection_id
) d ON d.collection_id = c.id
LEFT JOIN (
    SELECT n.collection_id, SUM(
        CASE n.direction WHEN 'CRDT' THEN n.amount + n.charges ELSE n.charges - n.amount END
    ) AS amount
    FROM billing_ledgertransaction t JOIN billing_bankentry n ON n.id = t.bank_entry_id
    WHERE t.kind = 'SETTLEMENT' GROUP BY n.collection_id
) b ON b.collection_id = c.id
FULL JOIN (
    SELECT COALESCE(t.collection_id, d.collection_id, n.collection_id) AS collection_id,
        SUM(e.amount) AS amount
    FROM billing_ledgerentry e
    JOIN billing_ledgertransaction t ON t.id = e.transaction_id
    LEFT JOIN billing_collectionitem d ON d.id = t.debit_id
    LEFT JOIN billing_bankentry n ON n.id = t.bank_entry_id
    WHERE e.account = '1360' GROUP BY 1
) l ON l.collection_id = c.id
WHERE COALESCE(d.amount, 0) - COALESCE(b.amount, 0) <> COALESCE(l.amount, 0)
"""
# What moved on the account is what the bank told of it; sums of batches wait for their parts, and
# of a return that a clerk told first the bank's file is known.
_BANK = """
SELECT COALESCE(n.message_id || ' ' || n.position, '–'), COALESCE(n.moved, 0),
    COALESCE(b.amount, 0)
FROM (
    SELECT id, message_id, position,
        CASE direction WHEN 'CRDT' THEN amount ELSE -amount END AS moved
    FROM billing_bankentry
    WHERE outcome <> 'known'
        AND NOT (outcome = 'unclear' AND (direction = 'DBIT' OR batch_count IS NOT NULL))
) n
FULL JOIN (
    SELECT t.bank_entry_id, SUM(e.amount) AS amount
    FROM billing_ledgerentry e JOIN billing_ledgertransaction t ON t.id = e.transaction_id
    WHERE e.account = '1200' AND NOT (t.kind = 'RETURNED_DEBIT' AND t.bank_entry_id IS NULL)
    GROUP BY t.bank_entry_id
) b ON b.bank_entry_id = n.id
WHERE COALESCE(n.moved, 0) <> COALESCE(b.amount, 0)
"""
# Money nobody has told apart lies aside in full, what was matched by itself no longer.
_KEPT_ASIDE = """
SELECT n.message_id || ' ' || n.position, n.waiting, COALESCE(b.amount, 0)
FROM (
    SELECT id, message_id, position,
        CASE WHEN outcome = 'unclear' AND direction = 'CRDT' AND batch_count IS NULL
            THEN amount ELSE 0 END AS waiting
    FROM billing_bankentry WHERE outcome <> 'cleared'
) n
LEFT JOIN (
    SELECT t.bank_entry_id, -SUM(e.amount) AS amount
    FROM billing_ledgerentry e JOIN billing_ledgertransaction t ON t.id = e.transaction_id
    WHERE e.account = '1370' GROUP BY t.bank_entry_id
) b ON b.bank_entry_id = n.id
WHERE n.waiting <> COALESCE(b.amount, 0)
"""
_COMMISSION = """
SELECT id::text, COALESCE(c.amount, 0), COALESCE(b.amount, 0)
FROM (
    SELECT transaction_id AS id, SUM(amount) AS amount FROM billing_commissionentry
    GROUP BY transaction_id
) c
FULL JOIN (
    SELECT t.id, SUM(e.amount) AS amount
    FROM billing_ledgertransaction t
    JOIN billing_ledgerentry e ON e.transaction_id = t.id AND e.account = '4760'
    WHERE t.kind = 'COMMISSION' GROUP BY t.id
) b USING (id)
WHERE COALESCE(c.amount, 0) <> COALESCE(b.amount, 0)
"""
# What brokers are owed is what they earned, less the statements that were paid.
_COMMISSION_OWED = """
SELECT '1700', earned.amount - paid.amount, -booked.amount
FROM (SELECT COALESCE(SUM(amount), 0) AS amount FROM billing_commissionentry) earned
CROSS JOIN (
    SELECT COALESCE(SUM(total), 0) AS amount FROM billing_commissionstatement
    WHERE payout_id IS NOT NULL
) paid
CROSS JOIN (
    SELECT COALESCE(SUM(amount), 0) AS amount FROM billing_ledgerentry WHERE account = '1700'
) booked
WHERE earned.amount - paid.amount <> -booked.amount
"""
_WRITE_OFFS = """
SELECT i.number, w.amount, COALESCE(a.amount, 0)
FROM billing_writeoff w
JOIN billing_openitem i ON i.id = w.open_item_id
LEFT JOIN (
    SELECT transaction_id, open_item_id, SUM(amount) AS amount FROM billing_allocation
    GROUP BY transaction_id, open_item_id
) a ON a.transaction_id = w.booking_id AND a.open_item_id = w.open_item_id
WHERE w.outcome = 'approved' AND w.amount <> COALESCE(a.amount, 0)
UNION ALL
SELECT t.id::text, 1, 0 FROM billing_ledgertransaction t
WHERE t.kind = 'WRITE_OFF'
    AND NOT EXISTS (SELECT FROM billing_writeoff w WHERE w.booking_id = t.id)
"""
_PAYOUTS = """
SELECT p.end_to_end_id, p.amount, COALESCE(b.amount, 0)
FROM billing_payout p
LEFT JOIN (
    SELECT t.payout_id, -SUM(e.amount) AS amount
    FROM billing_ledgertransaction t JOIN billing_ledgerentry e ON e.transaction_id = t.id
    WHERE e.account = '1365' AND t.kind IN ('PAYOUT', 'REFUND', 'COMMISSION_PAYOUT')
    GROUP BY t.payout_id
) b ON b.payout_id = p.id
WHERE p.amount <> COALESCE(b.amount, 0)
"""
_ORDERS = """
SELECT o.message_id, o.control_sum, COALESCE(p.amount, 0)
FROM billing_payoutorder o
LEFT JOIN (
    SELECT order_id, SUM(amount) AS amount, COUNT(*) AS transfers FROM billing_payout
    GROUP BY order_id
) p ON p.order_id = o.id
WHERE o.control_sum <> COALESCE(p.amount, 0) OR o.transfer_count <> COALESCE(p.transfers, 0)
"""
# Numbers are unique; as many as the last one says, up to the last one, leave no gap.
_NUMBERS = """
SELECT COALESCE(n.key, g.key), COALESCE(n.last, 0), COALESCE(g.given, 0)
FROM (
    SELECT key, last FROM billing_numberseries
    WHERE key LIKE 'statement-%' OR key LIKE 'charge-%'
) n
FULL JOIN (
    SELECT 'statement-' || split_part(number, '-', 2) AS key, COUNT(*) AS given,
        MAX(split_part(number, '-', 3)::bigint) AS top
    FROM billing_statement WHERE number IS NOT NULL GROUP BY 1
    UNION ALL
    SELECT 'charge-' || split_part(number, '-', 2), COUNT(*),
        MAX(split_part(number, '-', 3)::bigint)
    FROM billing_openitem WHERE kind <> 'premium' GROUP BY 1
) g ON g.key = n.key
WHERE COALESCE(n.last, 0) <> COALESCE(g.given, 0) OR n.last <> g.top
"""
_CLOSED_MONTHS = """
WITH moved AS (
    SELECT date_trunc('month', t.booked_on)::date AS month, e.account, SUM(e.amount) AS amount
    FROM billing_ledgerentry e JOIN billing_ledgertransaction t ON t.id = e.transaction_id
    GROUP BY 1, 2
), stood AS (
    SELECT c.month, m.account, SUM(m.amount) AS amount
    FROM billing_closedmonth c JOIN moved m ON m.month <= c.month GROUP BY 1, 2
), told AS (
    SELECT c.month, b.key AS account, b.value::numeric AS amount
    FROM billing_closedmonth c CROSS JOIN LATERAL jsonb_each_text(c.balance) b
)
SELECT to_char(month, 'YYYY-MM') || ' ' || account, COALESCE(told.amount, 0),
    COALESCE(stood.amount, 0)
FROM told FULL JOIN stood USING (month, account)
WHERE COALESCE(told.amount, 0) <> COALESCE(stood.amount, 0)
"""

CHECKS = (
    Check("BALANCED", _BALANCED),
    Check("BOOKED", _BOOKED),
    Check("SETTLES", _SETTLES),
    Check("RECEIVABLES", _RECEIVABLES),
    Check("WITHIN_ITEM", _WITHIN_ITEM),
    Check("LINES_OF_STATEMENT", _LINES_OF_STATEMENT),
    Check("ITEM_OF_STATEMENT", _ITEM_OF_STATEMENT),
    Check("BOOKING_OF_STATEMENT", _BOOKING_OF_STATEMENT),
    Check("BOOKING_OF_CHARGE", _BOOKING_OF_CHARGE),
    Check("DEBITS", _DEBITS),
    Check("COLLECTIONS", _COLLECTIONS),
    Check("IN_TRANSIT", _IN_TRANSIT),
    Check("BANK", _BANK),
    Check("KEPT_ASIDE", _KEPT_ASIDE),
    Check("COMMISSION", _COMMISSION),
    Check("COMMISSION_OWED", _COMMISSION_OWED),
    Check("WRITE_OFFS", _WRITE_OFFS),
    Check("PAYOUTS", _PAYOUTS),
    Check("ORDERS", _ORDERS),
    Check("NUMBERS", _NUMBERS),
    Check("CLOSED_MONTHS", _CLOSED_MONTHS),
)
