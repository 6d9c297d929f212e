"""Reads for the pages of an employer's room."""
