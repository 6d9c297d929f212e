import pgtrigger.migrations
from django.db import migrations

# As they were, but plain triggers of the database: those of pgtrigger ask at each row whether a
# setting of the session switches them off, which takes longer than what they look after.

_BALANCED = """
CREATE FUNCTION billing_ledger_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT SUM(amount) FROM billing_ledgerentry WHERE transaction_id = NEW.transaction_id) <> 0
    THEN
        RAISE EXCEPTION 'ledger transaction % does not balance', NEW.transaction_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_balanced AFTER INSERT ON billing_ledgerentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing_ledger_balanced();
"""

# An item is settled at most in full, and never beyond nothing: a credit likewise, below zero.
_WITHIN_ITEM = """
CREATE FUNCTION billing_allocation_within_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM billing_openitem i
        CROSS JOIN LATERAL (
            SELECT SUM(a.amount) AS settled FROM billing_allocation a WHERE a.open_item_id = i.id
        ) s
        WHERE i.id = NEW.open_item_id
          AND NOT s.settled BETWEEN LEAST(i.amount, 0) AND GREATEST(i.amount, 0)
    ) THEN
        RAISE EXCEPTION 'open item %: settled beyond its amount', NEW.open_item_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER allocation_within_item AFTER INSERT ON billing_allocation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing_allocation_within_item();
"""

# Once for all rows of a statement.
_MONTH_OPEN = """
CREATE FUNCTION billing_ledger_month_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closed date;
BEGIN
    SELECT MIN(booked.booked_on) INTO closed
    FROM (SELECT DISTINCT booked_on FROM posted) booked
    JOIN billing_closedmonth m ON m.month = date_trunc('month', booked.booked_on)::date;
    IF closed IS NOT NULL THEN
        RAISE EXCEPTION 'the month of % is closed', closed USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_month_open AFTER INSERT ON billing_ledgertransaction
    REFERENCING NEW TABLE AS posted
    FOR EACH STATEMENT EXECUTE FUNCTION billing_ledger_month_open();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0035_fewer_indexes"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="allocation",
            name="allocation_within_item",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="ledgerentry",
            name="ledger_balanced",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="ledgertransaction",
            name="ledger_month_open",
        ),
        migrations.RunSQL(_BALANCED, "DROP FUNCTION billing_ledger_balanced CASCADE"),
        migrations.RunSQL(_WITHIN_ITEM, "DROP FUNCTION billing_allocation_within_item CASCADE"),
        migrations.RunSQL(_MONTH_OPEN, "DROP FUNCTION billing_ledger_month_open CASCADE"),
    ]
