"""Reads of a broker's pages."""
