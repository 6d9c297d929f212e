"""The health check that containers ask."""

import pytest
from django.test import Client


@pytest.mark.django_db
def test_all_is_well_while_database_and_broker_answer(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"database": True, "broker": True}
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
