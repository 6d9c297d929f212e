"""Tests of what the bank answers."""
