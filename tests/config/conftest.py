"""An environment that production accepts, to be spoilt one value at a time."""

import pytest

from config.deploy_check import build_production_environment


@pytest.fixture
def production_environment() -> dict[str, str]:
    return build_production_environment()
