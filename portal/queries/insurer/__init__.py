"""Reads for the pages of the insurer."""
