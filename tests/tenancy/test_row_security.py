"""The database alone: whatever is asked, only rows of the scope are seen and written."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from aupolicy.facts.scope import MEDICAL as MEDICAL_SETTING
from aupolicy.facts.scope import WEB_ROLE
from aupolicy.kernel.period import Period
from aupolicy.models import Broker, Quote, WorkItem
from aupolicy.operations.fence import ALL, NOTHING, Scope, acting_within
from aupolicy.queries import get_rights
from billing.models import (
    BillingRun,
    BrokerAccount,
    Collection,
    CommissionAgreement,
    CommissionEntry,
    CommissionStatement,
    LedgerTransaction,
    OpenItem,
    PremiumLine,
)
from claims.models import Certificate, Claim, SickLeave
from claims.operations.medical import opened
from documents.models import Document
from members.models import InsuredPay, Membership, Person
from tests.tenancy.conftest import Tenants, count, list_tables
from tests.tenancy.owners import (
    COMMON,
    FIGURES,
    INSURERS,
    MEDICAL,
    OTHERS,
    OWNED,
    PEOPLE,
    owned_rows,
)

_STATE = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
_HISTORY = "event"


def scope_of(tenants: Tenants, name: str) -> Scope:
    """What one of the people may see."""
    return Scope.of(get_rights(tenants.people[name], tenants.world.today))


def keys(table: str, condition: str) -> list[str]:
    """The places of a table's rows whose owner fulfils a condition, seen by the product itself."""
    with connection.cursor() as cursor:
        query = owned_rows(table).replace("t.*", "t.tableoid::text || t.ctid::text AS place")
        cursor.execute(f"SELECT place FROM ({query}) rows WHERE {condition} ORDER BY place")
        return [place for (place,) in cursor.fetchall()]


def seen(table: str) -> list[str]:
    """The places of all rows that a query without any condition finds."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT tableoid::text || ctid::text FROM {table} ORDER BY 1")
        return [place for (place,) in cursor.fetchall()]


def touch(change: str, places: list[str], scope: Scope) -> int:
    """How many of some rows a statement changes; booked tables refuse it whomever it touches."""
    try:
        with acting_within(scope), connection.cursor() as cursor:
            cursor.execute(f"{change} WHERE tableoid::text || ctid::text = ANY(%s)", [places])
            return int(cursor.rowcount)
    except DatabaseError as error:
        if "Cannot update or delete" in str(error):
            return 0
        raise


def test_every_table_is_fenced_or_common(tenants: Tenants) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        fenced = {name for (name,) in cursor.fetchall()}
    tables = set(list_tables())
    history = {table for table in tables if table.endswith(_HISTORY)}
    assert tables - history == set(OWNED) | OTHERS | INSURERS | MEDICAL | set(COMMON)
    assert fenced & tables == set(OWNED) | OTHERS | INSURERS | MEDICAL | history


@pytest.mark.parametrize("table", sorted(OWNED))
def test_only_rows_of_the_own_employer_are_seen(table: str, tenants: Tenants) -> None:
    ours, theirs = tenants.ours.pk, tenants.theirs.pk
    own = keys(table, f"owner = {ours}")
    assert own
    assert keys(table, f"owner = {theirs}")
    with acting_within(scope_of(tenants, "hr")):
        assert seen(table) == own
    with acting_within(NOTHING):
        assert seen(table) == []
    with acting_within(ALL):
        assert set(seen(table)) > set(own)


@pytest.mark.parametrize("table", sorted(OWNED))
def test_nothing_of_another_employer_is_changed_or_deleted(table: str, tenants: Tenants) -> None:
    foreign = keys(table, f"owner = {tenants.theirs.pk}")
    column = "id" if table != "billing_premiumline" else "amount"
    for change in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
        assert touch(change, foreign, scope_of(tenants, "hr")) == 0
    assert keys(table, f"owner = {tenants.theirs.pk}") == foreign


@pytest.mark.parametrize("table", sorted(OWNED))
def test_nothing_is_inserted_for_another_employer(table: str, tenants: Tenants) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT to_jsonb(rows) - 'owner' FROM ({owned_rows(table)}) rows"
            f" WHERE owner = {tenants.theirs.pk} LIMIT 1"
        )
        (row,) = cursor.fetchone()
        insert = f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s)"
        # A partition of booked lines takes nothing from anybody.
        refusal = "never changed" if table == "billing_premiumline" else "row-level security"
        with (
            pytest.raises(DatabaseError, match=refusal),
            acting_within(scope_of(tenants, "hr")),
        ):
            cursor.execute(insert, [row])


def find_policies(role: str) -> dict[str, list[str]]:
    """Table -> the conditions under which a role sees and writes its rows; more than one are or."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, qual, with_check, cmd, permissive FROM pg_policies"
            " WHERE %s = ANY(roles) OR 'public' = ANY(roles)",
            [role],
        )
        found: dict[str, list[str]] = {}
        for table, condition, check, command, permissive in cursor.fetchall():
            assert (command, permissive) == ("ALL", "PERMISSIVE") or table.endswith(_HISTORY)
            assert check is None or table.endswith(_HISTORY)
            found.setdefault(table, []).append(condition)
        return found


def test_the_web_sees_no_claim_no_payout_and_no_health_data(tenants: Tenants) -> None:
    conditions = find_policies(WEB_ROLE)
    assert {conditions[table][0] for table in INSURERS | MEDICAL} == {"false"}
    assert {len(conditions[table]) for table in INSURERS | MEDICAL} == {1}
    filled = {table for table in INSURERS if seen(table)}
    assert filled > {"claims_claim", "claims_decision", "claims_payee", "claims_personlink"}
    for name in ("hr", "broker", "stranger"):
        with acting_within(scope_of(tenants, name)):
            assert [table for table in sorted(INSURERS | MEDICAL) if seen(table)] == []


def test_health_data_is_hidden_from_the_product_itself_unless_opened(tenants: Tenants) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (owner,) = cursor.fetchone()
    conditions = find_policies(owner)
    assert all(f"'{MEDICAL_SETTING}'" in conditions[table][0] for table in MEDICAL)
    assert [table for table in sorted(MEDICAL) if seen(table)] == []
    with acting_within(ALL):
        assert [table for table in sorted(MEDICAL) if seen(table)] == []
    with opened():
        assert [table for table in sorted(MEDICAL) if seen(table)] == sorted(MEDICAL)
    assert [table for table in sorted(MEDICAL) if seen(table)] == []


def test_an_employer_sees_what_it_reported_of_a_leave_and_not_what_it_became(
    tenants: Tenants,
) -> None:
    leaves = SickLeave.objects.filter(employer=tenants.ours)
    assert set(leaves.values_list("channel", flat=True)) == {"EMPLOYER", "EXAMINER"}
    with acting_within(scope_of(tenants, "hr")):
        assert set(leaves.values_list("channel", flat=True)) == {"EMPLOYER"}
        assert set(Certificate.objects.values_list("channel", flat=True)) == {"EMPLOYER"}
        assert not Claim.objects.exists()
        assert not WorkItem.objects.filter(kind="claim").exists()


def test_rows_are_not_given_away(tenants: Tenants) -> None:
    hr = scope_of(tenants, "hr")
    with pytest.raises(DatabaseError, match="row-level security"), acting_within(hr):
        Person.objects.filter(employer=tenants.ours).update(employer=tenants.theirs)


def test_a_query_that_forgets_its_condition_finds_no_stranger(tenants: Tenants) -> None:
    with acting_within(scope_of(tenants, "hairdresser")):
        people = list(Person.objects.all())
        pays = InsuredPay.objects.select_related("membership__person__employer")
        assert {person.employer_id for person in people} == {tenants.theirs.pk}
        assert {pay.membership.person.employer_id for pay in pays} == {tenants.theirs.pk}
        assert not Membership.objects.exclude(person__employer=tenants.theirs).exists()


def test_a_broker_sees_figures_of_all_its_clients_and_people_of_some(tenants: Tenants) -> None:
    client = tenants.world.contracts["Autohaus Fahrspaß GmbH"].employer.pk
    with acting_within(scope_of(tenants, "broker")):
        figures = {table: seen(table) for table in FIGURES}
        people = {table: seen(table) for table in PEOPLE}
    for table, places in figures.items():
        if table != "aupolicy_brokerauthority":
            assert places == keys(table, f"owner IN ({client}, {tenants.ours.pk})"), table
    for table, places in people.items():
        assert places == keys(table, f"owner = {tenants.ours.pk}"), table


def test_quotes_are_their_brokers(tenants: Tenants) -> None:
    broker = tenants.people["broker"].grants.get().broker
    own = Quote.objects.latest("pk")
    own.broker = broker
    own.save()
    assert Quote.objects.count() == 3
    with acting_within(scope_of(tenants, "broker")):
        assert list(Quote.objects.all()) == [own]
    for name in ("hr", "stranger"):
        with acting_within(scope_of(tenants, name)):
            assert not Quote.objects.exists()


def test_commission_is_its_broker_s_alone(tenants: Tenants) -> None:
    own = tenants.people["broker"].grants.get().broker
    assert own is not None
    other = Broker.objects.create(legal_name="Fremd KG", registration_number="D-XXXX-FREMD-00")
    user, now = tenants.people["clerk"], timezone.now()
    papers = {}
    for broker in (own, other):
        agreement = CommissionAgreement.objects.create(
            broker=broker, period=Period(tenants.world.today), first_year_percent=10,
            running_percent=3, agreed_by=user, agreed_at=now,
        )  # fmt: skip
        statement = CommissionStatement.objects.create(
            broker=broker, month=tenants.world.today.replace(day=1), number=f"CA-{broker.pk}",
            total=0, issued_on=tenants.world.today,
        )  # fmt: skip
        BrokerAccount.objects.create(
            broker=broker, holder="Makler", iban="DE02", recorded_by=user, recorded_at=now
        )
        transaction_id = LedgerTransaction.objects.earliest("pk").pk
        CommissionEntry.objects.create(
            broker=broker, agreement=agreement, open_item=OpenItem.objects.earliest("pk"),
            transaction_id=transaction_id, booked_on=tenants.world.today, percent=10, base=10,
            amount=1,
        )  # fmt: skip
        papers[broker] = Document.objects.create(
            kind="commission", commission_statement=statement, source_digest="x", sha256="x",
            byte_count=1, file_name="Courtage.pdf",
        )  # fmt: skip
    tables = (CommissionAgreement, CommissionStatement, CommissionEntry, BrokerAccount)
    with acting_within(scope_of(tenants, "broker")):
        for table in tables:
            assert set(table.objects.values_list("broker", flat=True)) == {own.pk}, table
        found = Document.objects.filter(commission_statement__isnull=False)
        assert list(found) == [papers[own]]
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            BrokerAccount.objects.create(
                broker=other, holder="Makler", iban="DE02", recorded_by=user, recorded_at=now
            )
    for name in ("hr", "stranger"):
        with acting_within(scope_of(tenants, name)):
            assert not any(table.objects.exists() for table in tables)
            assert not Document.objects.filter(commission_statement__isnull=False).exists()


def test_a_collection_is_seen_by_those_with_a_debit_in_it(tenants: Tenants) -> None:
    everything = set(Collection.objects.values_list("pk", flat=True))
    mine = Collection.objects.filter(items__open_item__contract__employer=tenants.ours)
    own = set(mine.values_list("pk", flat=True))
    assert own
    with acting_within(scope_of(tenants, "hr")):
        assert set(Collection.objects.values_list("pk", flat=True)) == own
    with acting_within(NOTHING):
        assert not Collection.objects.exists()
    assert everything >= own


def test_partitions_are_fenced_like_the_whole(tenants: Tenants) -> None:
    posted = BillingRun.objects.filter(posted_at__isnull=False).earliest("pk").lines_table
    everything = count(f"SELECT COUNT(*) FROM {posted}")
    with acting_within(scope_of(tenants, "hairdresser")):
        own = PremiumLine.objects.filter(run__posted_at__isnull=False)
        assert 0 < count(f"SELECT COUNT(*) FROM {posted}") < everything
        assert own.exists()
    with acting_within(NOTHING):
        assert count(f"SELECT COUNT(*) FROM {posted}") == 0


def test_a_preview_is_nobodys_but_the_insurers(tenants: Tenants) -> None:
    preview = BillingRun.objects.get(posted_at=None).lines_table
    assert count(f"SELECT COUNT(*) FROM {preview}")
    hr = scope_of(tenants, "hr")
    with pytest.raises(DatabaseError, match="permission denied"), acting_within(hr):
        count(f"SELECT COUNT(*) FROM {preview}")


def test_history_is_written_by_everybody_and_read_by_the_insurer(tenants: Tenants) -> None:
    event = apps.get_model("aupolicy", "EmployerEvent").objects
    before = event.count()
    with acting_within(scope_of(tenants, "hr")):
        tenants.ours.contact_name = "Ada Neu"
        tenants.ours.save()
        assert event.count() == 0
    assert event.count() == before + 1


def test_rows_point_at_rows_they_may_not_see_only_through_the_product(tenants: Tenants) -> None:
    """Foreign keys are checked by the owner; a policy does not make them fail or leak."""
    with acting_within(scope_of(tenants, "hr")):
        contract = tenants.world.contract
        person = Person.objects.create(
            employer=tenants.ours, personnel_number="neu", first_name="A", last_name="B",
            birth_date=tenants.world.today,
        )  # fmt: skip
        Membership.objects.create(contract=contract, person=person, period=contract.period)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_scopes_nest_and_end(tenants: Tenants) -> None:
    people = "SELECT COUNT(*) FROM members_person"
    everybody = count(people)
    with acting_within(scope_of(tenants, "hr")):
        mine = count(people)
        with acting_within(ALL):
            assert count(people) == everybody
        assert count(people) == mine
        with pytest.raises(LookupError), acting_within(NOTHING):
            raise LookupError
        assert count(people) == mine < everybody
    assert count(people) == everybody


def test_a_search_cannot_look_past_the_fence(tenants: Tenants) -> None:
    """A function that tells what it is given is not asked about rows of others."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.tell(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS"
            " $$ BEGIN PERFORM set_config('bau.told', concat(current_setting('bau.told', true), $1,"
            " ';'), true); RETURN true; END $$"
        )
        with acting_within(scope_of(tenants, "hairdresser")):
            cursor.execute("SELECT COUNT(*) FROM members_person WHERE pg_temp.tell(last_name)")
            cursor.execute("SELECT current_setting('bau.told')")
            told = set(cursor.fetchone()[0].strip(";").split(";"))
    own = Person.objects.filter(employer=tenants.theirs).values_list("last_name", flat=True)
    assert told == set(own)
