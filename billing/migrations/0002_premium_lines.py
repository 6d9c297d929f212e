"""The partitioned table of premium lines, its guards, and the debit's bond to its statement."""

from django.db import migrations

# One partition a run. A run fills its partition bare; posting indexes and attaches it, so that
# foreign keys are checked as sets and not row by row.
CREATE = """
CREATE TABLE billing_premiumline (
    contract_id bigint NOT NULL,
    person_id bigint NOT NULL REFERENCES members_person (id),
    covered_month date NOT NULL,
    run_id bigint NOT NULL,
    amount numeric(12, 2) NOT NULL,
    covered_days smallint NOT NULL CHECK (covered_days BETWEEN 0 AND 31),
    pay numeric(12, 2),
    band smallint,
    tariff_id bigint REFERENCES aupolicy_tariffsnapshot (id),
    PRIMARY KEY (contract_id, person_id, covered_month, run_id),
    FOREIGN KEY (contract_id, run_id) REFERENCES billing_statement (contract_id, run_id),
    CHECK ((covered_days = 0) = (pay IS NULL)),
    CHECK (EXTRACT(DAY FROM covered_month) = 1)
) PARTITION BY LIST (run_id);

CREATE FUNCTION billing_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'booked rows of % are never changed; correct them with another row',
        TG_TABLE_NAME USING ERRCODE = 'raise_exception';
END $$;

CREATE TRIGGER premium_line_append_only BEFORE UPDATE OR DELETE ON billing_premiumline
    FOR EACH ROW EXECUTE FUNCTION billing_refuse_change();
"""
DROP = """
DROP TABLE billing_premiumline;
DROP FUNCTION billing_refuse_change();
"""
BIND_DEBIT = """
ALTER TABLE billing_collectionitem ADD CONSTRAINT debit_equals_statement
    FOREIGN KEY (statement_id, amount) REFERENCES billing_statement (id, total);
"""
RELEASE_DEBIT = "ALTER TABLE billing_collectionitem DROP CONSTRAINT debit_equals_statement;"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0001_initial"),
        ("members", "0001_initial"),
        ("aupolicy", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(CREATE, DROP),
        migrations.RunSQL(BIND_DEBIT, RELEASE_DEBIT),
    ]
