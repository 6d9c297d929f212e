"""Reads of the claims pages."""
