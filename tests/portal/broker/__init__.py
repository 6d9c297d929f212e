"""Tests of a broker's room."""
