"""The bank that answers our files."""

from tests.mockbank import mock_bank

__all__ = ["mock_bank"]
