"""Files for payroll: what each delivers, and that together they deliver what is owed, once."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aupolicy.kernel.month import Month
from aupolicy.models import Employer, GroupContract
from billing.facts.payroll_file import PayrollFormat, PayrollTarget
from billing.models import (
    PayrollFile,
    PayrollFileLine,
    PayrollFileWithdrawal,
    PremiumLine,
)
from billing.operations.payroll_files import (
    UnableToMakePayrollFile,
    UnableToSavePayrollTarget,
    UnableToWithdrawPayrollFile,
    create_payroll_file,
    save_payroll_target,
    withdraw_payroll_file,
)
from billing.queries.payroll_files import (
    get_file_name,
    get_payroll_target,
    list_payroll_files,
    preview_payroll_file,
    read_payroll_file,
)
from tests.laws.world import agree, at, bill, notice, rolled_back, settle, tell

pytestmark = pytest.mark.django_db
JAN, FEB, MAR = Month(2026, 1), Month(2026, 2), Month(2026, 3)
NOW = at(date(2026, 4, 1))
LODAS = PayrollTarget(
    PayrollFormat.LODAS,
    wage_type="235",
    consultant_number=12345,
    client_number=678,
    processing_key=2,
)


@pytest.fixture
def contract() -> GroupContract:
    """Two people, 13.00 and 19.10 a month, billed for January."""
    contract = agree(start=JAN.first_day)
    first = JAN.first_day
    tell(contract, notice("JOIN", "1", first, "2400"), notice("JOIN", "2", first, "6000"))
    bill("2026-01")
    save_payroll_target(employer=contract.employer, target=LODAS, by=None, now=NOW)
    return contract


def make(
    contract: GroupContract,
    month: Month,
    file_format: PayrollFormat = PayrollFormat.LODAS,
    now: datetime = NOW,
) -> PayrollFile:
    file = create_payroll_file(
        employer=contract.employer, month=month, file_format=file_format, by=None, now=now
    )
    settle()
    return file


def data(file: PayrollFile) -> list[str]:
    """The data lines of a LODAS file."""
    text = read_payroll_file(file).decode("cp1252")
    return text.split("[Bewegungsdaten]\r\n")[1].splitlines()


def owed(employer: Employer, last: Month) -> dict[tuple[str, date], Decimal]:
    lines = PremiumLine.objects.filter(
        contract__employer=employer, covered_month__lte=last.first_day
    )
    sums = lines.values_list("person__personnel_number", "covered_month").annotate(Sum("amount"))
    return {(number, month): amount for number, month, amount in sums if amount}


def delivered(employer: Employer, last: Month) -> dict[tuple[str, date], Decimal]:
    lines = PayrollFileLine.objects.filter(
        file__employer=employer, file__withdrawal=None, value_month__lte=last.first_day
    )
    sums = lines.values_list("person__personnel_number", "value_month").annotate(Sum("amount"))
    return {(number, month): amount for number, month, amount in sums if amount}


def test_the_first_file_has_the_value_of_the_month(contract: GroupContract) -> None:
    file = make(contract, JAN)
    assert data(file) == ["1;01.01.2026;13,00;2;235;1;", "1;01.01.2026;19,10;2;235;2;"]
    assert (file.number, file.people, file.amount) == (1, 2, Decimal("32.10"))
    assert file.byte_count == len(read_payroll_file(file))
    assert get_file_name(file) == "Geldwerter_Vorteil_2026-01_0001_lodas.txt"


def test_a_late_pay_change_comes_as_differences_of_its_months(contract: GroupContract) -> None:
    make(contract, JAN)
    tell(contract, notice("PAY_CHANGE", "1", JAN.first_day, "6000", received=FEB.first_day))
    tell(contract, notice("PAY_CHANGE", "2", JAN.first_day, "2400", received=FEB.first_day))
    bill("2026-02")
    second = make(contract, FEB)
    assert data(second) == [
        "1;01.01.2026;6,10;2;235;1;",
        "1;01.02.2026;19,10;2;235;1;",
        "1;01.01.2026;-6,10;2;235;2;",
        "1;01.02.2026;13,00;2;235;2;",
    ]
    assert (second.number, second.people, second.amount) == (2, 2, Decimal("32.10"))
    assert delivered(contract.employer, FEB) == owed(contract.employer, FEB)


def test_the_same_file_again_is_refused_and_leaves_nothing(contract: GroupContract) -> None:
    first = make(contract, JAN)
    with pytest.raises(UnableToMakePayrollFile) as refused:
        make(contract, JAN)
    assert (refused.value.code, refused.value.params) == ("NOTHING_NEW", {"month": "2026-01"})
    # Whatever the format: what a file carried is delivered.
    with pytest.raises(UnableToMakePayrollFile):
        make(contract, JAN, PayrollFormat.CSV)
    assert list(list_payroll_files(contract.employer)) == [first]


def test_a_correction_of_the_month_itself_is_a_second_file_of_it(contract: GroupContract) -> None:
    make(contract, JAN)
    tell(contract, notice("PAY_CHANGE", "1", JAN.first_day, "6000", received=FEB.first_day))
    bill("2026-02")
    # February is not asked for: its values wait for its own file.
    assert data(make(contract, JAN)) == ["1;01.01.2026;6,10;2;235;1;"]
    assert len(data(make(contract, FEB))) == 2


def test_who_left_before_the_month_is_taken_back(contract: GroupContract) -> None:
    make(contract, JAN)
    # Left before the first day: reported in February that the cover never came about.
    tell(contract, notice("LEAVE", "2", date(2026, 1, 1), received=FEB.first_day))
    bill("2026-02")
    lines = data(make(contract, FEB))
    assert "1;01.01.2026;-" in "".join(line for line in lines if line.endswith(";2;"))


def test_months_before_the_first_one_are_never_delivered(contract: GroupContract) -> None:
    bill("2026-02")
    target = PayrollTarget(PayrollFormat.CSV, first_month=FEB)
    save_payroll_target(employer=contract.employer, target=target, by=None, now=NOW)
    with pytest.raises(UnableToMakePayrollFile) as refused:
        make(contract, JAN, PayrollFormat.CSV)
    assert refused.value.code == "BEFORE_FIRST_MONTH"
    make(contract, FEB, PayrollFormat.CSV)
    months = PayrollFileLine.objects.values_list("value_month", flat=True)
    assert set(months) == {FEB.first_day}


def test_a_file_taken_back_is_delivered_again(contract: GroupContract) -> None:
    first = make(contract, JAN)
    withdraw_payroll_file(file=first, by=None, now=NOW)
    with pytest.raises(UnableToWithdrawPayrollFile):
        withdraw_payroll_file(file=first, by=None, now=NOW)
    again = make(contract, JAN)
    assert again.number == 2
    assert read_payroll_file(again) == read_payroll_file(first)


def test_the_preview_is_the_file(contract: GroupContract) -> None:
    preview = preview_payroll_file(employer=contract.employer, month=JAN)
    assert preview.problem is None
    assert PayrollFile.objects.count() == 0
    assert (preview.people, preview.amount, preview.corrections) == (2, Decimal("32.10"), 0)
    assert preview.get_file().content == read_payroll_file(make(contract, JAN))
    after = preview_payroll_file(employer=contract.employer, month=JAN)
    assert after.problem is not None
    assert after.problem.code == "NOTHING_NEW"
    assert [row.delivered for row in after.rows] == [Decimal("13.00"), Decimal("19.10")]


def test_sums_of_the_year_begin_anew_in_january() -> None:
    december, january = Month(2026, 12), Month(2027, 1)
    contract = agree(start=date(2026, 11, 1))
    tell(contract, notice("JOIN", "1", date(2026, 11, 1), "2400"))
    for month in ("2026-11", "2026-12", "2027-01"):
        bill(month)
    make(contract, december, PayrollFormat.CSV)
    rows = preview_payroll_file(employer=contract.employer, month=january).rows
    assert [row.line.year_sum for row in rows] == [Decimal("13.00")]
    rows = preview_payroll_file(employer=contract.employer, month=december).rows
    assert [row.line.year_sum for row in rows] == [Decimal("26.00")]


def test_the_limit_is_for_the_value_of_a_month(monkeypatch: pytest.MonkeyPatch) -> None:
    contract = agree(start=JAN.first_day)
    tell(contract, notice("JOIN", "1", JAN.first_day, "6000"))
    bill("2026-01")
    bill("2026-02")
    for limit, expected in (("19.10", 0), ("19.09", 1)):
        # Of the constructed tariffs none is beyond 50 EUR; the arithmetic is the same.
        monkeypatch.setattr("billing.queries.payroll_files.MONTHLY_LIMIT", Decimal(limit))
        preview = preview_payroll_file(employer=contract.employer, month=FEB)
        assert preview.over_limit == expected


def test_only_billed_months_have_a_file(contract: GroupContract) -> None:
    for month in (FEB, Month(2025, 12)):
        with pytest.raises(UnableToMakePayrollFile) as refused:
            make(contract, month)
        assert refused.value.code == "NOTHING_BILLED"


def test_datev_needs_settings_and_plain_csv_none(contract: GroupContract) -> None:
    other = agree(start=JAN.first_day)
    tell(other, notice("JOIN", "1", JAN.first_day, "2400"))
    bill("2026-02")
    with pytest.raises(UnableToMakePayrollFile) as refused:
        make(other, FEB)
    assert refused.value.code == "TARGET_MISSING"
    assert make(other, FEB, PayrollFormat.CSV).amount == Decimal("26.00")
    target = PayrollTarget(PayrollFormat.LEXWARE, wage_type="100")
    save_payroll_target(employer=contract.employer, target=target, by=None, now=NOW)
    with pytest.raises(UnableToMakePayrollFile) as refused:
        make(contract, FEB)
    assert refused.value.code == "TARGET_INCOMPLETE"
    assert refused.value.params["fields"] == [
        "consultant_number", "client_number", "processing_key",
    ]  # fmt: skip


def test_settings_that_do_not_fit_are_not_kept(contract: GroupContract) -> None:
    wrong = PayrollTarget(PayrollFormat.LUG, wage_type="6500")
    with pytest.raises(UnableToSavePayrollTarget) as refused:
        save_payroll_target(employer=contract.employer, target=wrong, by=None, now=NOW)
    assert refused.value.fields == ("consultant_number", "client_number", "wage_type")
    assert get_payroll_target(contract.employer) == LODAS


def test_settings_before_are_in_the_history(contract: GroupContract) -> None:
    target = PayrollTarget(PayrollFormat.SAGE, wage_type="9X")
    save_payroll_target(employer=contract.employer, target=target, by=None, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT wage_type FROM billing_payrolltargetevent ORDER BY pgh_id")
        assert [wage_type for (wage_type,) in cursor.fetchall()] == ["235", "9X"]


def test_people_without_a_number_for_datev_are_named_and_nothing_is_written(
    contract: GroupContract,
) -> None:
    tell(contract, notice("JOIN", "A-17", FEB.first_day, "2400"))
    bill("2026-02")
    with pytest.raises(UnableToMakePayrollFile) as refused:
        make(contract, FEB)
    assert refused.value.code == "PERSONNEL_NUMBERS"
    assert refused.value.params["people"] == ["Müller A-17, Zoë (A-17)"]
    assert "Müller" not in str(refused.value)
    assert not PayrollFile.objects.exists()


def test_of_two_at_once_the_second_waits(contract: GroupContract) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(6820021, %s)", [contract.employer_id])
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
        with pytest.raises(OperationalError, match="lock timeout"), transaction.atomic():
            make(contract, JAN)
    finally:
        other.close()
    assert make(contract, JAN).number == 1


@pytest.mark.parametrize(
    "table",
    ["billing_payrollfile", "billing_payrollfileline", "billing_payrollfilewithdrawal"],
)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_files_are_append_only(table: str, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match=r"Cannot update or delete|cannot truncate"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


@pytest.mark.parametrize(("people", "amount"), [(1, "12.00"), (2, "13.00")])
def test_a_file_that_differs_from_its_lines_is_refused(
    contract: GroupContract, people: int, amount: str
) -> None:
    person = PremiumLine.objects.filter(contract=contract).values_list("person_id").first()
    assert person is not None
    with pytest.raises(DatabaseError, match="differ from its sum"), transaction.atomic():  # noqa: PT012
        file = PayrollFile.objects.create(
            employer=contract.employer, month=JAN.first_day, file_format="csv", number=9,
            created_at=NOW, sha256="0" * 64, byte_count=1, people=people, amount=Decimal(amount),
        )  # fmt: skip
        PayrollFileLine.objects.create(
            file=file, person_id=person[0], value_month=JAN.first_day, amount=Decimal("13.00")
        )
        settle()


_STEPS = st.lists(
    st.one_of(
        st.just(("bill",)),
        st.tuples(st.just("file"), st.integers(0, 3)),
        st.tuples(st.just("withdraw"), st.integers(0, 5)),
        st.tuples(
            st.just("pay"),
            st.sampled_from("12"),
            st.integers(0, 3),
            st.sampled_from([700, 2400, 6000]),
        ),
    ),
    max_size=8,
)


@settings(
    deadline=None, derandomize=True, max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(steps=_STEPS)
def test_all_files_together_are_what_is_owed(
    contract: GroupContract, steps: Sequence[tuple[str | int, ...]]
) -> None:
    with rolled_back():
        last = JAN
        for step in steps:
            match step:
                case ("bill",):
                    last = last.plus(1)
                    bill(str(last))
                case ("file", int(back)):
                    _make_if_new(contract, max(JAN, last.plus(-back)))
                case ("withdraw", int(index)):
                    files = PayrollFile.objects.filter(withdrawal=None).order_by("number")
                    for file in files[index : index + 1]:
                        withdraw_payroll_file(file=file, by=None, now=NOW)
                case ("pay", str(person), int(back), int(pay)):
                    day = max(JAN, last.plus(-back)).first_day
                    tell(
                        contract,
                        notice("PAY_CHANGE", person, day, str(pay), received=last.first_day),
                    )
        bill(str(last.plus(1)))
        _make_if_new(contract, last.plus(1))
        assert delivered(contract.employer, last.plus(1)) == owed(contract.employer, last.plus(1))
        _check_numbers()


def _make_if_new(contract: GroupContract, month: Month) -> None:
    try:
        file = make(contract, month)
    except UnableToMakePayrollFile as error:
        assert error.code == "NOTHING_NEW"  # noqa: PT017 - both ways are fine
    else:
        assert delivered(contract.employer, month) == owed(contract.employer, month)
        assert file.lines.count() == len(data(file))


def _check_numbers() -> None:
    numbers = PayrollFile.objects.order_by("number").values_list("number", flat=True)
    assert all(after == before + 1 for before, after in pairwise(numbers))
    assert PayrollFileWithdrawal.objects.count() <= len(numbers)
