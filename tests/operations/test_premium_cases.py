"""The project's own premium cases, through the real notices and billing runs."""

from pathlib import Path

import pytest

from aupolicy.models import Employer
from billing.models import BillingRun
from config.cases.checking import check_case
from config.cases.reading import case_files, read_case

PREMIUM = case_files(Path(__file__).parents[1] / "cases" / "premium")


@pytest.mark.django_db
@pytest.mark.parametrize("path", PREMIUM, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    assert check_case(read_case(path)) == []
    assert not Employer.objects.exists()
    assert not BillingRun.objects.exists()
