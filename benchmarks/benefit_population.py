"""People on long sick leave for the benchmark of benefit, made by SQL."""

from datetime import date

from benchmarks.database import Connection

# A hundred claims a contract. Leaves began 60 to 239 days before the month ends, so that each has
# benefit in it; certified by a first certificate of six weeks and follow-ups of four weeks.
_PEOPLE = """
INSERT INTO aupolicy_employer (id, legal_name, street, building_number, postal_code, town, country,
    betriebsnummer, contact_name, contact_email, contact_phone, requires_mfa)
SELECT n, 'Beispiel GmbH ' || n, 'Weg', '1', '99084', 'Erfurt', 'DE', '', '', '', '', false
FROM generate_series(1, {contracts}) n;
INSERT INTO aupolicy_groupcontract (id, number, employer_id, period)
SELECT n, 'GV-' || n, n, '[2024-01-01,)' FROM generate_series(1, {contracts}) n;
INSERT INTO aupolicy_contractversion (id, contract_id, period, tariff_key, co_insures_directors,
    pre_notification_days, collection_day)
SELECT n, n, '[2024-01-01,)', 'bau-2016', false, 14, 1 FROM generate_series(1, {contracts}) n;
INSERT INTO members_person (id, employer_id, personnel_number, first_name, last_name, birth_date)
SELECT n, (n - 1) / 100 + 1, n::text, 'Vorname', 'Name ' || n, date '1970-01-01' + n % 9000
FROM generate_series(1, {claims}) n;
INSERT INTO members_membership (id, contract_id, person_id, period, end_reason)
SELECT n, (n - 1) / 100 + 1, n, '[2024-01-01,2037-01-01)', 'RETIREMENT_AGE'
FROM generate_series(1, {claims}) n;
INSERT INTO members_insuredpay (membership_id, period, amount)
SELECT n, '[2024-01-01,2037-01-01)', 1500 + (n * 37 % 300000)::numeric / 100
FROM generate_series(1, {claims}) n;
INSERT INTO aupolicy_user (id, password, is_superuser, username, first_name, last_name, email,
    is_staff, is_active, date_joined, language)
VALUES (1, '!', false, 'vera', 'Vera', 'Beispiel', 'vera@example.org', false, true, now(), 'de');
"""
_CLAIMS = """
CREATE TEMP TABLE onset AS
SELECT n, date '{last}' - (60 + n * 7 % 180)::int AS day FROM generate_series(1, {claims}) n;
INSERT INTO claims_claim (id, number, person_id, contract_id, opened_at, registered_on, status,
    first_day, certified_until, benefit_from)
SELECT n, 'L-' || n, n, (n - 1) / 100 + 1, day, day, 'PAYING', day, date '{last}', day + 42
FROM onset;
INSERT INTO claims_sickleave (id, claim_id, person_id, employer_id, first_day, channel, reference,
    reported_at)
SELECT n, n, n, (n - 1) / 100 + 1, day, 'EMPLOYER', '', day FROM onset;
INSERT INTO claims_certificate (sick_leave_id, period, is_follow_up, established_on, accident,
    source, channel, received_at)
SELECT n, daterange(day, day + 42), false, day, false, 'PAPER', 'PERSON', day FROM onset
UNION ALL
SELECT n, daterange(day + 42 + 28 * k, day + 70 + 28 * k), true, day + 42 + 28 * k, false,
    'PAPER', 'PERSON', day
FROM onset, generate_series(0, 8) k WHERE day + 42 + 28 * k <= date '{last}';
INSERT INTO claims_decision (claim_id, kind, period, exclusion, reason_code, reason, terms,
    amount_at_once, needs_second, status, decided_by_id, decided_at, second_note)
SELECT n, 'GRANT', daterange(day + 42, NULL), '', '', '', '{{}}', 0, false, 'EFFECTIVE', 1, day, ''
FROM onset;
"""
_WITH_HISTORY = (
    "aupolicy_employer", "aupolicy_groupcontract", "aupolicy_contractversion", "aupolicy_user",
    "claims_sickleave", "claims_certificate",
)  # fmt: skip


def populate(connection: Connection, *, claims: int, last: date) -> None:
    """So many granted claims that are paid in the month that ends with `last`."""
    sizes = {"claims": claims, "contracts": -(-claims // 100), "last": last.isoformat()}
    # What the triggers of histories add to each row is not what is measured later.
    for table in _WITH_HISTORY:
        connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
    for script in (_PEOPLE, _CLAIMS):
        for statement in script.format(**sizes).strip().removesuffix(";").split(";\n"):
            connection.execute(statement.encode())
            # Foreign keys are looked up by plans made for what the database knows of the tables.
            connection.execute("ANALYZE")
    for table in _WITH_HISTORY:
        connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER".encode())
    connection.execute("VACUUM ANALYZE")
